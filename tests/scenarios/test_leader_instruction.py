"""Stories of P04, leaders' instructions, as the people concerned would tell them. Each runs on both databases.

Tuesday 2013-06-04 is the day on which instructions come in; 10 to 12 June are holidays, the 8th and 9th are worked.
"""

import pytest

from engine.access import NotYours
from engine.record import verify
from engine.tables import Incident, Task
from forms.answers import AnswersRefused
from tests.scenarios.instructions import AIR, PLANNING, REFORM, WATER, Desk, install


@pytest.fixture
def desk(sessions, hashed_password, tmp_path) -> Desk:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S3.2", "S4.6a")
def test_from_the_comment_on_paper_to_the_file(desk):
    case = desk.receive()
    assert desk.open(case) == ["propose_handling"]
    assert desk.row(case).number == "督批字〔2013〕1号"
    desk.propose(case, co_units=[REFORM])
    desk.approve(case)
    (sign,) = desk.open_tasks(case, "unit_sign")
    assert (sign.org, desk.due(sign)) == (WATER, "2013-06-05 17:30")

    desk.sign_for(case)
    desk.do(case, "co_opinion", "co-unit-01", position="agree_with_comment", opinion="投资计划可以调整。")
    (report,) = desk.open_tasks(case, "report_handling")
    assert desk.due(report) == "2013-06-28 17:30"
    desk.feed_back(case)
    desk.review(case, "pass")
    desk.report_up(case, "satisfied", opinion="很好。")
    desk.file(case)

    assert desk.ended(case) == ("completed", "archived")
    row = desk.row(case)
    assert (row.status, row.verdict, row.quality, row.file_no) == ("archived", "satisfied", "fair", "2013-DC-017")
    assert (row.lead_unit, row.co_units) == (WATER, [REFORM])
    assert desk.rows(Incident) == []
    with desk.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S3.2")
def test_what_is_only_to_be_read_is_filed_at_once(desk):
    case = desk.receive(action_required="read_only")
    desk.propose(case)
    assert desk.open(case) == ["archive_instruction"]
    desk.file(case)
    assert desk.ended(case) == ("completed", "archived")
    assert desk.row(case).dispatched_at is None


@pytest.mark.clause("S3.2", "S1.4")
def test_the_deputy_director_may_ask_for_another_proposal_or_file_it(desk):
    case = desk.receive()
    desk.propose(case)
    desk.approve(case, "change")
    assert desk.open(case) == ["propose_handling"]
    (task,) = desk.open_tasks(case)
    assert desk.seen(task, "synthesis-lead-01")["lead_unit"] == WATER, "what was proposed stands there"
    desk.propose(case, lead_unit=AIR)
    desk.approve(case, "file")
    assert desk.open(case) == ["archive_instruction"]


def test_who_proposes_does_not_approve_and_outsiders_have_nothing_to_sign(desk):
    case = desk.receive()
    desk.propose(case)
    (approval,) = desk.open_tasks(case)
    assert "|synthesis-lead-01|" in approval.barred
    desk.approve(case)
    with pytest.raises(NotYours):
        desk.do(case, "unit_sign", "air-unit-01", accepted=True)


def test_a_deadline_in_the_morning_for_noon_comes_back_unless_it_is_urgent(desk):
    case = desk.receive()
    desk.propose(case, deadline="2013-06-04")
    assert desk.open(case) == ["propose_handling"]
    desk.propose(case, deadline="2013-06-05")
    assert desk.open(case) == ["approve_dispatch"]

    urgent = desk.receive(urgency="extra_urgent")
    desk.propose(urgent, deadline="2013-06-04")
    desk.approve(urgent)
    (sign,) = desk.open_tasks(urgent, "unit_sign")
    assert desk.due(sign) == "2013-06-04 13:00", "four hours"


@pytest.mark.clause("S3.2", "S1.3")
def test_declined_twice_it_is_passed_on_and_then_the_director_rules(desk):
    case = desk.hand_out(co_units=[REFORM])
    desk.decline(case, WATER, suggested=AIR)
    assert desk.open(case) == ["redispatch"]
    (task,) = desk.open_tasks(case)
    assert desk.seen(task, "synthesis-lead-01")["lead_unit"] == AIR, "the suggestion stands there"
    desk.do(case, "redispatch", "synthesis-lead-01", lead_unit=AIR, reason="排口在环保监管范围。")
    desk.decline(case, AIR, suggested=PLANNING)
    desk.do(case, "redispatch", "synthesis-lead-01", lead_unit=PLANNING, reason="涉及规划。")
    assert desk.row(case).lead_unit == PLANNING

    desk.decline(case, PLANNING, suggested=WATER)
    assert desk.open(case) == ["rule_handling"], "the third time it is not passed on any more"
    desk.do(case, "rule_handling", "office-director-01", lead_unit=WATER, ruling="按三定方案由水务局主办。")
    assert desk.open(case) == ["co_opinion"], "what was ruled is not signed for again"
    assert (desk.row(case).lead_unit, desk.row(case).declines) == (WATER, 3)
    desk.do(case, "co_opinion", "co-unit-01", position="agree")
    desk.feed_back(case)
    assert desk.open(case) == ["review_feedback"]


@pytest.mark.clause("S3.2", "S4.1d")
def test_the_silence_of_a_co_unit_is_noted_and_is_no_consent(desk):
    case = desk.hand_out(co_units=[REFORM, AIR])
    desk.sign_for(case)
    desk.do(case, "co_opinion", "air-unit-01", lambda task: task.org == AIR, position="object", opinion="不宜。")
    assert desk.open(case) == ["co_opinion"]
    desk.go_to("2013-06-07 17:30")
    assert desk.open(case) == ["report_handling"]
    desk.feed_back(case)
    (handling,) = desk.variables(case)["handling"]
    positions = [(one["unit"], one["position"]) for one in handling["co_opinions"]]
    assert positions == [(REFORM, "no_reply"), (AIR, "object")]


@pytest.mark.clause("S3.2")
def test_feedback_is_returned_by_the_head_and_by_the_office(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    desk.feed_back(case, verdict="return")
    assert desk.open(case) == ["report_handling"]
    desk.feed_back(case)
    desk.review(case, "return")
    assert desk.open(case) == ["report_handling"], "it is not signed for again"
    desk.feed_back(case)
    desk.review(case, "pass")
    assert desk.open(case) == ["report_to_leader"]


def test_who_reports_for_the_unit_does_not_sign_off(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    desk.do(case, "report_handling", "water-unit-01", stage="done", measures_text="已截污。", result="达标。")
    (sign_off,) = desk.open_tasks(case)
    assert "|water-unit-01|" in sign_off.barred


@pytest.mark.clause("S3.2", "S4.2b")
def test_the_office_has_it_checked_on_the_spot(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    desk.feed_back(case)
    desk.review(case, "onsite")
    (request,) = desk.messages("msg_onsite_request")
    assert (request.key, request.payload["org"]) == (request.payload["request_id"], WATER)
    assert desk.open(case) == [], "the result is waited for"

    desk.stage.send("msg_onsite_result", request.key, {"request_id": request.key, "verdict": "lagging"})
    assert desk.open(case) == ["review_feedback"]
    assert desk.variables(case)["onsite_result"]["verdict"] == "lagging"
    desk.review(case, "onsite")
    keys = {message.key for message in desk.messages("msg_onsite_request")}
    assert len(keys) == 2, "each request is one of its own"


@pytest.mark.clause("S3.2")
def test_a_further_comment_becomes_an_instruction_of_its_own(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    desk.feed_back(case)
    desk.review(case, "pass")
    desk.report_up(case, "further", new_text="请继续跟踪，七月底再报。")
    assert desk.open(case) == ["archive_instruction"]

    first, second = desk.cases("leader_instruction")
    assert (first.id, second.status) == (case, "active")
    (task,) = desk.open_tasks(second.id, "register_instruction")
    assert desk.seen(task, "synthesis-officer-01")["instruction_text"] == "请继续跟踪，七月底再报。"
    desk.enter(second.id, instruction_text="请继续跟踪，七月底再报。")
    row = desk.row(second.id)
    assert (row.parent_id, row.number) == (desk.row(case).id, "督批字〔2013〕2号")
    (task,) = desk.open_tasks(second.id, "propose_handling")
    assert desk.seen(task, "synthesis-lead-01")["lead_unit"] == WATER
    desk.file(case)
    assert desk.row(case).verdict == "further"


@pytest.mark.clause("S3.2")
def test_the_leader_withdraws(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    desk.feed_back(case)
    desk.review(case, "pass")
    desk.report_up(case, "cancel")
    assert desk.ended(case) == ("completed", "cancelled")
    assert (desk.row(case).status, desk.row(case).reason) == ("cancelled", "领导撤回批示。")
    assert "notice" in desk.notices("water-unit-01")
    assert desk.rows(Incident) == []


@pytest.mark.clause("S3.2", "S4.1d")
def test_a_decision_for_several_units_is_handled_by_each(desk):
    desk.stage.send("msg_instruction_registered", "i-7", {
        "instruction_id": "i-7", "title": "关于再生水厂用地的决定", "org": "110000", "task_code": "water",
        "source_kind": "decision", "leader_post": "市政府", "instruction_date": "2013-06-03",
        "instruction_text": "同意。", "action_required": "report_back", "urgency": "normal",
        "classification": "internal", "handling_units": [WATER, PLANNING], "deadline": "2013-06-28",
    })  # fmt: skip
    (case,) = [one.id for one in desk.cases("leader_instruction")]
    (task,) = desk.open_tasks(case, "register_instruction")
    seen = desk.seen(task, "synthesis-officer-01")
    assert (seen["source_kind"], seen["instruction_text"]) == ("decision", "同意。")
    desk.enter(case, source_kind="decision", instruction_text="同意。")
    assert desk.row(case).id == "i-7"
    desk.propose(case, co_units=[REFORM])
    desk.approve(case)
    assert sorted(task.org for task in desk.open_tasks(case, "unit_sign")) == [PLANNING, WATER]

    desk.sign_for(case, PLANNING)
    desk.feed_back(case, PLANNING)
    assert desk.open(case) == ["unit_sign"], "the office looks at it when all have answered"
    desk.sign_for(case, WATER)
    desk.do(case, "co_opinion", "co-unit-01", position="agree")
    desk.feed_back(case, WATER)
    desk.review(case, "return")
    assert sorted(task.org for task in desk.open_tasks(case, "report_handling")) == [PLANNING, WATER]


@pytest.mark.clause("S3.2", "S4.6a")
def test_a_long_term_matter_reports_each_month(desk):
    case = desk.hand_out({"urgency": "long_term"}, deadline="2013-12-20")
    desk.sign_for(case)
    (report,) = desk.open_tasks(case, "report_handling")
    assert desk.due(report) == "2013-06-24 17:30", "the fifth-last working day of June"
    desk.feed_back(case, stage="in_progress")
    assert desk.open(case) == []
    assert desk.notices("synthesis-officer-01") == ["notice"]
    desk.go_to("2013-06-24 17:30")
    (report,) = desk.open_tasks(case, "report_handling")
    assert desk.due(report) == "2013-07-25 17:30"
    desk.feed_back(case)
    assert desk.open(case) == ["review_feedback"]


@pytest.mark.clause("S3.2")
def test_an_interim_report_leaves_the_deadline_as_it_is(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    desk.feed_back(case, stage="in_progress")
    (report,) = desk.open_tasks(case, "report_handling")
    assert desk.due(report) == "2013-06-28 17:30"
    assert desk.row(case).status == "handling"


@pytest.mark.parametrize("text", ["机密★10年 关于……", "转发【秘密】件。"])
def test_state_secrets_are_not_taken(desk, text):
    case = desk.receive(instruction_text=text)
    assert desk.ended(case) == ("completed", "refused")
    with pytest.raises(AnswersRefused):
        desk.receive(classification="secret")
    assert desk.rows(Task, Task.instance_id == case, Task.status == "open") == []
    assert desk.rows(Incident) == []


def test_a_campaign_that_is_cancelled_takes_its_own_instructions_with_it_and_no_others(desk):
    before = desk.hand_out()
    campaign = desk.open_campaign()
    case = desk.hand_out()
    assert (desk.row(before).campaign_id, desk.row(case).campaign_id) == (None, campaign)
    desk.broadcast("sig_campaign_cancelled", campaign_id="another", reason="另一个。")
    assert desk.open(case) == ["unit_sign"]

    desk.broadcast("sig_campaign_cancelled", campaign_id=campaign, reason="机构调整。")
    assert desk.ended(case) == ("completed", "cancelled")
    assert (desk.row(case).status, desk.row(case).reason) == ("cancelled", "机构调整。")
    assert desk.open(before) == ["unit_sign"]


@pytest.mark.clause("S3.2", "S2.1", "S4.7e")
def test_who_is_late_is_urged_up_to_the_referral_and_the_others_are_left_in_peace(desk):
    case = desk.hand_out(deadline="2013-06-14")
    desk.sign_for(case)
    desk.live_until("2013-06-13 18:00")
    assert desk.notices("water-unit-01") == ["reminder"]
    desk.live_until("2013-06-14 18:00")
    assert desk.notices("water-unit-01")[-1] == "urging_1"
    desk.live_until("2013-06-30 18:00")
    assert desk.notices("water-unit-01")[-1] == "referral_proposed"
    (referral,) = desk.messages("msg_accountability_referral")
    assert (referral.payload["subject_unit"], referral.payload["conduct"]) == (WATER, "inaction")
    assert referral.payload["source_ref"] == case
    desk.feed_back(case)
    before = len(desk.notices("water-unit-01"))
    desk.live_until("2013-07-12 18:00")
    assert len(desk.notices("water-unit-01")) == before
    assert desk.rows(Incident) == []


@pytest.mark.clause("S3.2")
def test_the_deadline_is_extended_and_a_unit_that_was_merged_is_replaced(desk):
    case = desk.hand_out()
    desk.sign_for(case)
    change = desk.change(case, WATER, change_type="extension", new_deadline="2013-07-05", reason="需会商。")
    assert desk.due(*desk.open_tasks(case, "report_handling")) == "2013-06-28 17:30", "nothing is granted yet"
    desk.grant(change, "2013-07-05")
    assert desk.due(*desk.open_tasks(case, "report_handling")) == "2013-07-05 17:30"

    change = desk.change(case, WATER, change_type="reassign", new_unit=PLANNING, reason="该处室并入规划委。")
    desk.grant(change, "2013-07-05")
    (report,) = desk.open_tasks(case, "report_handling")
    assert (report.org, desk.row(case).lead_unit) == (PLANNING, PLANNING)
    desk.feed_back(case, PLANNING)
    assert desk.row(case).deadline.isoformat() == "2013-07-05"
    desk.review(case, "return")
    (report,) = desk.open_tasks(case, "report_handling")
    assert (report.org, desk.due(report)) == (PLANNING, "2013-07-05 17:30"), "and so it stays in the next round"


def test_a_granted_cancellation_ends_the_instruction(desk):
    case = desk.hand_out()
    change = desk.change(case, WATER, change_type="cancel", reason="与另一件重复。")
    desk.grant(change, "2013-06-28")
    assert desk.ended(case) == ("completed", "cancelled")
    assert desk.row(case).reason == "经批准撤销或并入其他事项。"
