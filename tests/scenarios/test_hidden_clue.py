"""The story of a clue of corruption: from the pool to the authority, seen by nobody whom it does not concern.

What the pages show is told in tests/web/test_restricted.py. Each story runs on both databases.
"""

import pytest

from engine import accounts, history, inbox, instances
from engine.access import NotFound
from engine.record import verify
from tests.scenarios.accountability import CHAOYANG, DISCIPLINE, LEAD, Committee, install
from workflows import deploy, opinions, register_lists
from workflows.tables import Opinion, Problem

OFFICER = "synthesis-officer-01"
CURIOUS = (OFFICER, LEAD, "leader-01", "air-lead-01", "leader-110105", f"unit-{CHAOYANG}", "admin-01", "auditor-01")


@pytest.fixture
def committee(sessions, hashed_password, tmp_path) -> Committee:
    return install(sessions, tmp_path / "attachments", hashed_password)


def seen_by(committee: Committee, who: str) -> set[str]:
    """The cases that somebody finds in his lists: of cases, to do, done, and in the register of problems."""
    with committee.stage.sessions.read() as session:
        actor = accounts.actor(session, who)
        found = {row.id for row in history.instances(session, actor).rows}
        found |= {row.instance_id for row in inbox.open_tasks(session, actor, committee.stage.moment).rows}
        found |= {row.instance_id for row in inbox.done_tasks(session, actor, committee.stage.moment).rows}
        for name in ("problems", "referrals", "opinions"):
            rows, _ = register_lists.entries(session, actor, register_lists.get(name), None, "", "", 50, 0)
            found |= {row.instance_id for row in rows}
        return found


@pytest.mark.clause("S4.7f", "S4.7e")
def test_a_clue_of_corruption_disappears_and_is_handed_over(committee):
    pooled = committee.report(CHAOYANG, "渣土车队无证运输", description="收受施工方礼金。")
    other = committee.report("110106-HB", "黄标车淘汰滞后")
    assert pooled in seen_by(committee, OFFICER)
    committee.triage(pooled, "transfer", corruption=True)
    (referred,) = (case.id for case in committee.referral_cases())
    clue = {pooled, referred}
    assert committee.ended(pooled) == ("completed", "transferred")

    for who in CURIOUS:
        assert not clue & seen_by(committee, who) or who == LEAD, who
    assert clue <= seen_by(committee, LEAD), "he has to register it"
    committee.register(referred)
    for who in CURIOUS:
        assert not clue & seen_by(committee, who), who
    assert other in seen_by(committee, OFFICER), "nothing else is hidden"
    assert clue <= seen_by(committee, DISCIPLINE)
    with committee.stage.sessions.read() as session:
        for who in CURIOUS:
            with pytest.raises(NotFound):
                history.instance(session, accounts.actor(session, who), referred, committee.stage.moment)

    committee.do(referred, "transfer_clue", DISCIPLINE, authority="市纪委（监察局）", transferred_on="2013-05-13")
    committee.answer(referred, "已立案。")
    committee.record(referred, publish=True)
    assert committee.ended(referred) == ("completed", "closed")
    assert set(committee.papers(referred)) == {"transfer_letter"}, "a clue is never circulated"
    assert committee.incidents() == []
    with committee.stage.sessions.read() as session:
        assert verify(session, referred).broken_at is None


@pytest.mark.clause("S4.7f", "S4.4c")
def test_what_a_citizen_said_of_it_disappears_too_and_is_answered_by_those_who_know(committee):
    with committee.stage.sessions.begin() as session:
        deploy.deploy_file(session, deploy.PROCESSES / "public_opinion.bpmn", committee.stage.moment)
        said = opinions.submit(session, "portal", "施工方送了礼金。", None, None, True, (), committee.stage.moment).id
    committee.stage.work()
    (opinion,) = committee.rows(Opinion, Opinion.id == said)
    (task,) = committee.open_tasks(opinion.instance_id, "accept_opinion")
    seen = committee.seen(task, OFFICER)
    known = {name: seen[name] for name in ("channel", "content", "anonymous")}
    committee.complete(task, OFFICER, **known, opinion_route="problem", task_code="air", about_unit=CHAOYANG)
    (problem,) = committee.rows(Problem)
    committee.triage(problem.instance_id, "transfer", corruption=True)
    (referred,) = (case.id for case in committee.referral_cases())
    committee.register(referred)
    clue = {opinion.instance_id, problem.instance_id, referred}
    for who in CURIOUS:
        assert not clue & seen_by(committee, who), who
    assert clue <= seen_by(committee, DISCIPLINE)
    for task in committee.open_tasks(opinion.instance_id):
        assert task.roles == ["discipline_officer"], "nothing waits for people who can't see it"


@pytest.mark.clause("S4.7f")
def test_nobody_can_break_off_what_he_may_not_see(committee):
    case = committee.refer("corruption")
    committee.register(case)
    with committee.stage.sessions.begin() as session, pytest.raises(NotFound):
        instances.cancel(session, accounts.actor(session, "admin-01"), case, "不办了", committee.stage.moment)
    assert committee.open(case) == ["transfer_clue"]


@pytest.mark.clause("S4.7f")
def test_a_clue_does_not_count_against_the_unit_in_other_cases(committee):
    clue = committee.refer("corruption")
    committee.register(clue)
    committee.do(clue, "transfer_clue", DISCIPLINE, authority="市纪委（监察局）", transferred_on="2013-05-13")
    case = committee.up_to_proposal()
    (task,) = committee.open_tasks(case, "propose_measure")
    assert committee.seen(task, DISCIPLINE)["earlier"] == 0, "else its number would tell of it"
