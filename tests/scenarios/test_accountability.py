"""Stories of M7b, accountability, as the people concerned would tell them. Each runs on both databases.

Monday 2013-05-13 is the day on which a unit is referred.
"""

import pytest

from engine import accounts
from engine.access import NotYours
from engine.record import verify
from forms.answers import AnswersRefused
from tests.scenarios.accountability import DISCIPLINE, HEAD, LEAD, Committee, install
from tests.scenarios.problems import CHAOYANG, FENGTAI
from workflows import referrals
from workflows.referrals import NotAwaited, ResultRefused


@pytest.fixture
def committee(sessions, hashed_password, tmp_path) -> Committee:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.7e")
def test_who_does_not_act_is_reminded_after_facts_are_verified_and_the_unit_is_heard(committee):
    case = committee.refer()
    assert committee.referral_of(case).number == "督移字〔2013〕1号"
    (task,) = committee.open_tasks(case)
    assert committee.seen(task, LEAD)["subject_unit"] == CHAOYANG
    committee.register(case)
    committee.verify(case)
    committee.state(case)
    (task,) = committee.open_tasks(case, "propose_measure")
    seen = committee.seen(task, DISCIPLINE)
    assert (seen["measure"], seen["rule_says"], seen["statement"]) == (
        "remind",
        "其余的，提醒",
        "资金没有到位，已向区政府报告。",
    )
    committee.propose(case)
    assert committee.referral_of(case).measure is None, "nothing holds before a leader has decided"
    committee.approve(case)
    assert committee.papers(case)["accountability_proposal"].number == "督责字〔2013〕1号"
    committee.answer(case, "已书面提醒。")
    committee.record(case)
    assert committee.ended(case) == ("completed", "closed")
    found = committee.referral_of(case)
    assert (found.measure, found.outcome, found.status) == ("remind", "已书面提醒。", "closed")
    assert committee.incidents() == []
    with committee.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.7e")
def test_it_takes_two_to_verify_the_facts(committee):
    case = committee.refer()
    committee.register(case)
    committee.verify(case, verifiers=[DISCIPLINE])
    assert committee.open(case) == ["verify_facts"], "one person does not verify alone"
    committee.verify(case)
    assert committee.open(case) == ["unit_statement"]


@pytest.mark.clause("S4.7e")
def test_what_is_not_true_has_no_consequences(committee):
    case = committee.refer()
    committee.register(case)
    committee.verify(case, verified=False, opinion="进度属实，系统漏报。")
    assert committee.ended(case) == ("completed", "unfounded")
    assert committee.referral_of(case).outcome == "进度属实，系统漏报。"


@pytest.mark.clause("S4.7e")
def test_silence_of_the_unit_is_noted_and_is_no_confession(committee):
    case = committee.refer()
    committee.register(case)
    committee.verify(case)
    committee.go_to("2013-05-20 17:29")
    assert committee.open(case) == ["unit_statement"]
    committee.go_to("2013-05-20 17:30")
    (task,) = committee.open_tasks(case, "propose_measure")
    assert committee.seen(task, DISCIPLINE)["statement"] == "期限内没有陈述。"
    assert committee.seen(task, DISCIPLINE)["measure"] == "remind", "not worse than with a statement"


@pytest.mark.clause("S4.7e")
def test_the_second_time_there_is_a_talk_and_a_second_talk_becomes_a_circular(committee):
    first = committee.concluded()
    assert committee.referral_of(first).measure == "remind"
    second = committee.concluded()
    assert committee.referral_of(second).measure == "talk"
    assert committee.papers(second)["talk_record"].number == "督约字〔2013〕1号"
    third = committee.up_to_proposal()
    (task,) = committee.open_tasks(third, "propose_measure")
    seen = committee.seen(task, DISCIPLINE)
    assert (seen["measure"], seen["talks"], seen["earlier"]) == ("circulate", 1, 2)
    committee.propose(third)
    committee.approve(third)
    committee.answer(third, "已通报批评。")
    committee.record(third, publish=True)
    circular = committee.papers(third)["circular"]
    assert (circular.number, circular.title) == ("督通字〔2013〕1号", "关于朝阳区环保局不作为问题的通报")
    assert "已通报批评。" in circular.body


def test_another_unit_starts_anew(committee):
    committee.concluded()
    case = committee.refer(unit=FENGTAI)
    committee.register(case)
    committee.verify(case)
    committee.do(case, "unit_statement", "leader-110106", statement="已经整改。")
    (task,) = committee.open_tasks(case, "propose_measure")
    assert committee.seen(task, DISCIPLINE)["measure"] == "remind"


@pytest.mark.clause("S4.7e")
def test_who_tried_in_good_faith_is_let_off(committee):
    case = committee.up_to_proposal(good_faith=True, consequence="serious")
    committee.propose(case)
    committee.approve(case)
    assert committee.ended(case) == ("completed", "no_measure")
    assert committee.referral_of(case).measure == "none"


@pytest.mark.clause("S4.7e")
def test_who_proposes_otherwise_than_the_rule_says_why(committee):
    case = committee.up_to_proposal()
    committee.propose(case, measure="circulate")
    assert committee.open(case) == ["propose_measure"]
    committee.propose(case, measure="circulate", deviation_reason="影响面大，群众反映强烈。")
    assert committee.open(case) == ["approve_measure"]


@pytest.mark.clause("S4.7e")
def test_the_leader_decides_and_may_change_or_reject(committee):
    changed = committee.up_to_proposal()
    committee.propose(changed)
    with pytest.raises(AnswersRefused):
        committee.approve(changed, "change")
    committee.approve(changed, "change", changed_measure="talk")
    assert committee.referral_of(changed).measure == "talk"
    rejected = committee.up_to_proposal()
    committee.propose(rejected)
    committee.approve(rejected, "reject", opinion="证据不足。")
    assert committee.ended(rejected) == ("completed", "rejected")
    assert committee.referral_of(rejected).measure is None


@pytest.mark.clause("S4.7e")
def test_an_authority_that_has_not_answered_after_thirty_days_is_asked_about_and_may_answer_later(committee):
    case = committee.up_to_proposal()
    committee.propose(case)
    committee.approve(case)
    committee.go_to("2013-06-12 17:29")
    assert committee.notices(DISCIPLINE) == []
    committee.go_to("2013-06-12 17:30")
    assert committee.notices(DISCIPLINE) == ["notice"], "a reminder, not an urging: it is not subordinate"
    assert committee.open(case) == []
    committee.go_to("2013-07-15 09:00")
    assert committee.notices(DISCIPLINE) == ["notice", "notice"]
    committee.answer(case)
    committee.record(case)
    assert committee.ended(case) == ("completed", "closed")


def test_an_answer_is_entered_only_where_one_is_awaited_and_by_whom_it_concerns(committee):
    case = committee.up_to_proposal()
    with pytest.raises(NotAwaited):
        committee.answer(case)
    committee.propose(case)
    committee.approve(case)
    with pytest.raises(ResultRefused):
        committee.answer(case, "  ")
    with committee.stage.sessions.read() as session:
        for who, enters in ((DISCIPLINE, True), (LEAD, False)):
            found = referrals.awaited(session, accounts.actor(session, who), case)
            assert (found is not None) is enters


def test_a_message_from_the_authority_does_as_well(committee):
    case = committee.up_to_proposal()
    committee.propose(case)
    committee.approve(case)
    key = committee.referral_of(case).referral_id
    committee.stage.send("msg_authority_result", key, {"referral_id": key, "result": "已约谈。"})
    assert committee.open(case) == ["record_result"]


@pytest.mark.clause("S4.7e")
def test_a_false_report_found_in_a_recheck_comes_before_the_committee(committee):
    order = committee.issued_order()
    worker = f"unit-{CHAOYANG}"
    pictures = [committee.stage.photo(worker, "before"), committee.stage.photo(worker, "after")]
    answers = {"result": "已经淘汰。", "before_after": pictures, "similar_check": "已排查。"}
    committee.do(order, "report_rectification", worker, **answers)
    committee.do(order, "recheck", "air-officer-01", verdict="false", checkers=["air-officer-01", "air-officer-02"],
        evidence=[committee.stage.photo("air-officer-01", "recheck")], opinion="照片是旧的。")  # fmt: skip
    (case,) = committee.referral_cases()
    found = committee.referral_of(case.id)
    assert (found.conduct, found.source, found.source_instance_id) == ("false", "rectification", order)
    committee.register(case.id)
    committee.verify(case.id, consequence="none")
    committee.do(case.id, "unit_statement", HEAD, statement="照片传错了。")
    (task,) = committee.open_tasks(case.id, "propose_measure")
    assert committee.seen(task, DISCIPLINE)["measure"] == "refer"


def test_it_ends_with_its_campaign(committee):
    campaign = committee.open_campaign()
    case = committee.refer(campaign_id=campaign)
    other = committee.refer(conduct="corruption", campaign_id=campaign)
    committee.cancel_campaign(campaign, "机构调整")
    assert committee.ended(case) == ("completed", "cancelled")
    assert committee.referral_of(case).outcome == "机构调整"
    assert committee.ended(other)[0] == "active", "a clue of corruption outlives the campaign"


def test_no_one_but_the_head_of_the_unit_states_for_it(committee):
    case = committee.refer()
    committee.register(case)
    committee.verify(case)
    with pytest.raises(NotYours):
        committee.do(case, "unit_statement", "leader-110106", statement="不是我们的事。")
    assert committee.open(case) == ["unit_statement"]
    assert committee.referral_of(case).status == "registered"
