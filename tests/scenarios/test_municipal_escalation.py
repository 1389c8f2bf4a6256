"""Stories of P07, matters for a municipal decision, as the people concerned would tell them. On both databases.

Tuesday 2013-06-04 is the day on which a decision is asked for; 10 to 12 June are holidays, the 8th and 9th are worked.
"""

from decimal import Decimal
from uuid import uuid4

import pytest

from engine.access import NotYours
from engine.record import verify
from engine.tables import Incident
from tests.scenarios.instructions import PLANNING, REFORM, WATER, Desk, install
from workflows.tables import Matter

MATTER = "通州区再生水厂建设用地"


@pytest.fixture
def desk(sessions, hashed_password, tmp_path) -> Desk:
    return install(sessions, tmp_path / "attachments", hashed_password, "municipal_escalation")


def ask(desk, **facts):
    """Another process asks for a decision; returns (id of the matter, id of the case)."""
    matter_id = uuid4().hex
    desk.stage.send("msg_decision_request", matter_id, {
        "matter_id": matter_id, "title": MATTER, "org": "110000", "task_code": "water", "matter": MATTER,
        "background": "两座再生水厂选址未落实。", "units": [PLANNING], "first_needed_on": "2013-05-28",
        "source": "common_problem",
    } | facts)  # fmt: skip
    return matter_id, desk.cases("municipal_escalation")[-1].id


def draft(desk, case, **answers):
    desk.do(case, "draft_request", "synthesis-officer-01", **{
        "matter": MATTER,
        "background": "两座再生水厂选址未落实。",
        "tried": "规划、国土两次会商，未达成一致。",
        "options": [
            {"option": "调整规划", "content": "调整为市政用地。", "pros_cons": "周期三个月。", "cost": "12000000.00"},
            {"option": "另行选址", "content": "移至下游。", "pros_cons": "管线加长。"},
        ],
        "recommended": "调整规划",
        "fund_amount": "12000000.00",
        "urgency": "urgent",
        "subject": "project",
    } | answers)  # fmt: skip


def countersign(desk, case, unit, position="agree"):
    head = {WATER: "water-head-01", PLANNING: "illegal-head-01"}[unit]
    desk.do(case, "countersign", head, lambda task: task.org == unit, position=position)


def countersigned(desk, **facts):
    """Asked for, drafted and countersigned by all."""
    matter_id, case = ask(desk, **facts)
    draft(desk, case)
    countersign(desk, case, WATER)
    countersign(desk, case, PLANNING)
    return matter_id, case


def review(desk, case, verdict="submit"):
    desk.do(case, "office_review", "office-director-01", verdict=verdict)


def decide(desk, case, verdict, **answers):
    desk.do(case, "leader_decide", "leader-01", verdict=verdict, **answers)


def record(desk, case):
    desk.do(
        case,
        "record_decision",
        "synthesis-officer-01",
        decision_text="同意调整规划，规划委六月底前办结。",
        handling_units=[PLANNING, WATER],
        deadline="2013-06-28",
    )


def row(desk, matter_id):
    (found,) = desk.rows(Matter, Matter.id == matter_id)
    return found


def answers(desk):
    return desk.messages("msg_decision_issued")


@pytest.mark.clause("S2.2", "S3.3", "S4.1c", "S3.2")
def test_from_the_request_to_the_decision_that_is_handed_out(desk):
    matter_id, case = ask(desk)
    assert row(desk, matter_id).number == "督请字〔2013〕1号"
    assert desk.variables(case)["registration"]["timely"] is True, "five working days after the first need"
    (task,) = desk.open_tasks(case, "draft_request")
    assert desk.seen(task, "synthesis-officer-01")["background"] == "两座再生水厂选址未落实。"
    draft(desk, case)
    assert sorted(task.org for task in desk.open_tasks(case, "countersign")) == [PLANNING, WATER]
    countersign(desk, case, PLANNING, "agree_with_comment")
    countersign(desk, case, WATER)
    assert desk.open(case) == ["office_review"], "the rules of 2013 know no statutory procedure"
    review(desk, case)
    assert row(desk, matter_id).status == "submitted"
    decide(desk, case, "approve", opinion="同意。")
    record(desk, case)

    assert desk.ended(case) == ("completed", "decided")
    (answer,) = answers(desk)
    assert (answer.key, answer.payload["verdict"], answer.payload["deadline"]) == (matter_id, "approve", "2013-06-28")
    (instruction,) = desk.cases("leader_instruction")
    (task,) = desk.open_tasks(instruction.id, "register_instruction")
    assert desk.seen(task, "synthesis-officer-01")["instruction_text"] == "同意调整规划，规划委六月底前办结。"
    desk.enter(instruction.id, source_kind="decision")
    assert desk.row(instruction.id).id == answer.payload["instruction_id"]
    (task,) = desk.open_tasks(instruction.id, "propose_handling")
    assert desk.seen(task, "synthesis-lead-01")["lead_unit"] == PLANNING

    found = row(desk, matter_id)
    assert (found.status, found.verdict, found.procedure) == ("decided", "approve", "ordinary")
    assert (found.addressee, found.fund_amount) == ("110000", Decimal(12000000))
    assert desk.rows(Incident) == []
    with desk.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.1c", "S4.1d")
def test_silence_in_countersigning_is_noted_and_is_no_consent(desk):
    _, case = ask(desk)
    draft(desk, case)
    countersign(desk, case, WATER, "object")
    desk.go_to("2013-06-09 17:29")
    assert desk.open(case) == ["countersign"]
    desk.go_to("2013-06-09 17:30")
    assert desk.open(case) == ["office_review"], "five working days, the Saturday and the Sunday are worked"
    signed = {one["unit"]: one["position"] for one in desk.variables(case)["countersigning"]}
    assert signed == {WATER: "object", PLANNING: "no_reply"}


def test_units_that_an_option_concerns_countersign_as_well(desk):
    _, case = ask(desk, units=[])
    option = {"option": "调整规划", "content": "调整。", "pros_cons": "快。", "units": [PLANNING, REFORM]}
    draft(desk, case, options=[option, option | {"units": [WATER]}])
    assert sorted(task.org for task in desk.open_tasks(case)) == sorted([WATER, PLANNING, REFORM])


@pytest.mark.clause("S2.2", "S4.1c")
def test_a_decision_that_is_returned_is_drafted_and_countersigned_again(desk):
    matter_id, case = countersigned(desk)
    review(desk, case)
    decide(desk, case, "return", opinion="请补充资金来源。")
    (task,) = desk.open_tasks(case)
    assert task.element == "draft_request"
    assert desk.seen(task, "synthesis-officer-01")["tried"] == "规划、国土两次会商，未达成一致。"
    draft(desk, case, background="资金由市财政安排。")
    countersign(desk, case, WATER)
    countersign(desk, case, PLANNING)
    review(desk, case)
    decide(desk, case, "amend")
    record(desk, case)
    assert row(desk, matter_id).verdict == "amend"
    assert len(answers(desk)) == 1


@pytest.mark.clause("S1.3", "S2.2")
def test_the_director_sends_it_back_to_be_redrafted_or_coordinated_again(desk):
    _, case = countersigned(desk)
    review(desk, case, "coordinate_again")
    assert desk.open(case) == ["countersign", "countersign"]
    countersign(desk, case, WATER)
    countersign(desk, case, PLANNING)
    review(desk, case, "return")
    assert desk.open(case) == ["draft_request"]


def test_who_drafts_does_not_review_and_only_leaders_decide(desk):
    _, case = countersigned(desk)
    (task,) = desk.open_tasks(case)
    assert "|synthesis-officer-01|" in task.barred
    review(desk, case)
    with pytest.raises(NotYours):
        desk.do(case, "leader_decide", "office-director-01", verdict="approve")


@pytest.mark.clause("S4.1c")
def test_a_meeting_decides(desk):
    matter_id, case = countersigned(desk)
    review(desk, case)
    decide(desk, case, "meeting")
    desk.go_to("2013-06-18 10:00")
    desk.do(case, "hold_meeting", "synthesis-officer-01", held_on="2013-06-17", meeting="协调小组第二次会议",
            conclusion="amend", minutes="原则同意，分期建设。")  # fmt: skip
    (task,) = desk.open_tasks(case)
    assert desk.seen(task, "synthesis-officer-01")["decision_text"] == "原则同意，分期建设。"
    record(desk, case)
    assert row(desk, matter_id).verdict == "amend"
    (instruction,) = desk.cases("leader_instruction")
    (task,) = desk.open_tasks(instruction.id)
    seen = desk.seen(task, "synthesis-officer-01")
    assert (seen["source_kind"], seen["instruction_date"]) == ("meeting", "2013-06-17")


@pytest.mark.parametrize("by", ["leader", "meeting"])
@pytest.mark.clause("S4.1c")
def test_a_rejection_is_told_to_whoever_asked(desk, by):
    matter_id, case = countersigned(desk)
    review(desk, case)
    if by == "leader":
        decide(desk, case, "reject", opinion="资金未落实。")
    else:
        decide(desk, case, "meeting")
        desk.do(case, "hold_meeting", "synthesis-officer-01", held_on="2013-06-04", meeting="协调小组会议",
                conclusion="reject", minutes="资金未落实。")  # fmt: skip
    assert desk.ended(case) == ("completed", "rejected")
    (answer,) = answers(desk)
    assert (answer.key, answer.payload["verdict"]) == (matter_id, "reject")
    assert answer.payload["decision_text"] == "资金未落实。"
    assert (row(desk, matter_id).status, row(desk, matter_id).verdict) == ("decided", "reject")
    assert desk.cases("leader_instruction") == []


@pytest.mark.clause("S4.1c")
def test_a_withdrawn_request_ends_and_nobody_waits_for_it(desk):
    matter_id, case = countersigned(desk)
    review(desk, case)
    desk.stage.send("msg_request_withdrawn", matter_id, {"matter_id": matter_id, "reason": "两家已协商一致。"})
    assert desk.ended(case) == ("completed", "withdrawn")
    assert desk.open(case) == []
    assert [message.payload["verdict"] for message in answers(desk)] == ["withdrawn"]
    assert (row(desk, matter_id).status, row(desk, matter_id).reason) == ("withdrawn", "两家已协商一致。")
    assert "notice" in desk.notices("office-director-01")


def test_under_the_rules_of_2021_a_major_decision_takes_the_statutory_procedure(desk):
    campaign_id = desk.open_campaign("profile_2021")
    matter_id, case = countersigned(desk, campaign_id=campaign_id)
    assert desk.open(case) == ["track_procedure"]
    assert row(desk, matter_id).status == "procedure"
    step = {"started_on": "2013-05-02", "finished_on": "2013-05-03", "result": "已完成。"}
    steps = [step | {"step": name} for name in ("public_comment", "expert", "risk", "legality", "collective")]
    desk.do(case, "track_procedure", "water-unit-01", steps=steps)
    assert desk.open(case) == ["track_procedure"]
    assert desk.variables(case)["check"]["missing"] == ["public_comment", "legality"], "done in too short a time"
    steps[0] |= {"finished_on": "2013-06-01"}
    steps[3] |= {"finished_on": "2013-05-13"}
    desk.do(case, "track_procedure", "water-unit-01", steps=steps)
    assert desk.open(case) == ["office_review"]
    assert row(desk, matter_id).procedure == "statutory"


def test_under_the_rules_of_2021_an_emergency_is_exempt(desk):
    campaign_id = desk.open_campaign("profile_2021")
    matter_id, case = ask(desk, campaign_id=campaign_id, units=[])
    draft(desk, case, subject="emergency")
    countersign(desk, case, WATER)
    assert desk.open(case) == ["office_review"]
    assert row(desk, matter_id).procedure == "exempt"


@pytest.mark.clause("S2.2")
def test_leaders_are_not_urged_only_their_office_is_reminded(desk):
    _, case = countersigned(desk)
    review(desk, case)
    desk.live_until("2013-06-20 18:00")
    (task,) = desk.open_tasks(case, "leader_decide")
    assert task.urged == 0
    assert desk.notices("leader-01") == []
    assert desk.notices("office-director-01") == ["notice", "notice"], "every five working days"


@pytest.mark.clause("S3.3")
def test_the_same_matter_is_not_handled_twice_and_a_late_one_is_said_to_be_late(desk):
    matter_id, case = ask(desk, first_needed_on="2013-05-02")
    assert desk.variables(case)["registration"]["timely"] is False
    _, again = ask(desk, matter_id=matter_id)
    assert desk.ended(again) == ("completed", "already_open")
    assert len(desk.rows(Matter)) == 1


def test_a_campaign_that_is_cancelled_ends_its_matters_with_the_reason(desk):
    campaign_id = desk.open_campaign()
    matter_id, case = countersigned(desk, campaign_id=campaign_id)
    desk.broadcast("sig_campaign_cancelled", campaign_id="another")
    assert desk.open(case) == ["office_review"]
    desk.broadcast("sig_campaign_cancelled", campaign_id=campaign_id, reason="机构调整。")
    assert desk.ended(case) == ("completed", "cancelled")
    assert (row(desk, matter_id).status, row(desk, matter_id).reason) == ("cancelled", "机构调整。")
    assert answers(desk) == [], "whoever asked is cancelled as well"


def test_state_secrets_are_not_taken(desk):
    _, case = ask(desk, classification="secret")
    assert desk.ended(case) == ("completed", "refused")
    assert desk.rows(Matter) == []
