"""Whole stories of P06, rectification, as the people concerned would tell them. Each runs on both databases.

Friday 2013-04-26 is the day on which orders are issued; 29 April to 1 May are holidays, the 27th and 28th are worked.
"""

import pytest

from engine.access import NotYours
from engine.record import verify
from engine.tables import Record
from forms.answers import AnswersRefused
from workflows import publicity
from workflows.stage import NoSuchTask


@pytest.mark.clause("S4.2d", "S2.8", "S4.2a")
def test_the_whole_way_with_a_returned_plan_and_a_failed_recheck(office):
    order = office.issue(publicise=True)
    assert order.open == ["sign_order"]
    assert order.due("sign_order") == "2013-04-27 17:30", "the Saturday is worked"

    office.go_to("2013-04-27 10:00")
    order.sign()
    assert order.due("submit_plan") == "2013-05-07 17:30"

    office.go_to("2013-05-02 10:00")
    order.plan()
    order.judge_plan("return")
    assert order.open == ["submit_plan"]
    order.plan()
    order.judge_plan("pass")
    assert order.due("report_rectification") == "2013-05-20 17:30"

    office.go_to("2013-05-13 10:00")
    order.report()
    order.recheck("fail")
    assert order.open == ["report_rectification"]
    assert order.variables["fail_count"] == 1
    assert office.messages("msg_accountability_referral") == [], "one failure is not yet referred"

    office.go_to("2013-05-16 10:00")
    order.report()
    order.recheck("pass", who="air-officer-02")
    assert order.open == [], "the result is announced for five days"
    with office.stage.sessions.read() as session:
        (notice,), _ = publicity.shown(session, "", office.stage.moment, 10, 0)
    assert (notice.unit, notice.text) == ("朝阳区环保局", "已淘汰两千辆。")

    office.go_to("2013-05-21 17:30")
    assert order.open == ["close_order"]
    with office.stage.sessions.read() as session:
        office.stage.now = office.stage.now.replace(hour=18)
        assert publicity.shown(session, "", office.stage.moment, 10, 0) == ([], 0)
    order.close()
    assert order.open == []

    office.go_to("2013-06-20 17:29")
    assert order.open == [], "thirty days are not over"
    office.go_to("2013-06-20 17:30")
    assert order.open == ["look_back"]
    order.look_back(rebound=False)
    assert (order.status, order.ended_at) == ("completed", "closed")
    assert office.incidents() == []
    with office.stage.sessions.read() as session:
        assert verify(session, order.id).broken_at is None


@pytest.mark.clause("S4.7e", "S4.5c")
def test_a_false_report_is_referred_and_exposure_is_asked_for(office):
    order = office.issue()
    order.up_to_report()
    order.report()
    order.recheck("false")

    (referral,) = office.messages("msg_accountability_referral")
    (exposure,) = office.messages("msg_exposure_request")
    assert (referral.status, exposure.status) == ("delivered", "delivered"), "their processes have begun"
    assert referral.payload["conduct"] == "false"
    assert referral.payload["subject_unit"] == "110105-HB"
    assert exposure.payload["order_id"] == order.id
    assert order.open == ["report_rectification"]
    assert office.incidents() == []


@pytest.mark.clause("S4.2d", "S4.7e", "S4.5c")
def test_the_second_failure_is_referred_and_a_partial_pass_is_not_counted(office):
    order = office.issue()
    order.up_to_report()
    for verdict in ("fail", "partial"):
        order.report()
        order.recheck(verdict)
    assert office.messages("msg_accountability_referral") == []
    order.report()
    order.recheck("fail")
    assert [message.payload["conduct"] for message in office.messages("msg_accountability_referral")] == ["inadequate"]
    order.report()
    order.recheck("fail")
    keys = {message.payload["referral_id"] for message in office.messages("msg_accountability_referral")}
    assert len(keys) == 2, "each referral is one of its own"


@pytest.mark.clause("S4.2d")
def test_a_declined_order_goes_back_and_is_issued_to_another_unit(office):
    order = office.issue()
    order.sign(accepted=False)
    assert order.open == ["issue_order"]
    assert office.messages("msg_objection_filed") == []

    order.reissue("110106-HB")
    with pytest.raises(NotYours):
        order.sign()
    order.sign(who="fengtai-supervision-01")
    order.plan(who="fengtai-air-01")
    assert order.open == ["approve_plan"]


@pytest.mark.clause("S4.2d")
def test_a_rebound_reopens_the_order(office):
    order = office.issue()
    order.up_to_report()
    order.report()
    order.recheck("pass")
    order.close()
    office.go_to("2013-06-03 10:00")
    order.look_back(rebound=True)
    assert order.open == ["issue_order"], "the old deadline is past: a new one is set, and signed for"

    order.reissue(deadline="2013-06-20")
    office.go_to("2013-06-04 10:00")
    order.up_to_report()
    assert order.due("report_rectification") == "2013-06-20 17:30"
    assert order.status == "active"


@pytest.mark.clause("S4.2d")
def test_an_objection_is_filed_and_the_order_goes_on_until_it_is_revoked(office):
    order = office.issue()
    order.sign(objection=True)
    (objection,) = office.messages("msg_objection_filed")
    assert objection.status == "delivered", "the review of objections takes it up"
    assert (objection.payload["conclusion_id"], objection.payload["authors"]) == (order.id, ["air-officer-01"])
    assert order.open == ["submit_plan"], "the order goes on"

    office.go_to("2013-05-03 10:00")
    office.stage.send("msg_objection_decided", order.id, {"conclusion_id": order.id, "decision": "revoke"})
    assert (order.status, order.ended_at, order.open) == ("completed", "cancelled", [])
    assert "notice" in office.notices("chaoyang-air-01")
    assert "notice" in office.notices("chaoyang-supervision-01")


def test_an_upheld_objection_changes_nothing_and_an_amended_one_moves_the_deadline(office):
    order = office.issue()
    order.sign(objection=True)
    office.stage.send("msg_objection_decided", order.id, {"decision": "uphold"})
    assert order.open == ["submit_plan"]
    order.plan()
    order.judge_plan("pass")
    office.stage.send("msg_objection_decided", order.id, {"decision": "amend", "deadline": "2013-05-31"})
    assert order.due("report_rectification") == "2013-05-31 17:30"
    order.report()
    order.recheck("fail")
    assert order.due("report_rectification") == "2013-05-31 17:30", "and stays there in the next round"


@pytest.mark.clause("S4.2d")
def test_a_granted_change_extends_the_deadline(office):
    order = office.issue()
    order.up_to_report()
    office.stage.send("msg_change_requested", order.id, {"item_id": order.id})
    (change,) = order.children()
    assert order.open == ["report_rectification"], "the order goes on meanwhile"

    change.do(
        "apply_change",
        "chaoyang-air-01",
        change_type="extension",
        reason_code="approval",
        reason="注销手续等待上级系统开放。",
        new_deadline="2013-06-10",
        progress_so_far="已淘汰一千五百辆。",
    )
    change.do("unit_opinion_on_change", "chaoyang-supervision-01", district_position="support")
    assert order.due("report_rectification") == "2013-05-20 17:30", "nothing is granted yet"
    with pytest.raises(NotYours):
        change.do("decide_change", "air-lead-01", verdict="approve", granted_deadline="2013-06-10")
    change.do("decide_change", "office-deputy-01", verdict="partial", granted_deadline="2013-05-31")

    assert change.status == "completed"
    assert order.due("report_rectification") == "2013-05-31 17:30"
    assert "changed" in office.notices("chaoyang-air-01")
    assert [message.status for message in office.messages("msg_change_decided")] == ["handed_out"]
    office.live_until("2013-05-24 10:00")
    assert order.task("report_rectification").urged == 0, "urging follows the new deadline"
    (issued,) = office.rows(Record, Record.instance_id == order.id, Record.element == "issue_order")
    assert issued.data["answers"]["deadline"] == "2013-05-20", "the first deadline stays on record"


def test_a_rejected_change_leaves_the_deadline_and_a_cancellation_ends_the_order(office):
    order = office.issue()
    order.up_to_report()
    _ask_for_cancellation(office, order, verdict="reject")
    assert order.open == ["report_rectification"]
    assert order.due("report_rectification") == "2013-05-20 17:30"
    _ask_for_cancellation(office, order, verdict="approve")
    assert (order.status, order.ended_at) == ("completed", "cancelled")


def test_a_reassigned_order_moves_to_the_other_unit(office):
    order = _reassigned(office, "110106-HB")
    with pytest.raises(NotYours):
        order.report()
    order.report(who="fengtai-air-01")
    assert order.open == ["recheck"]


@pytest.mark.clause("S4.2d")
def test_a_municipal_unit_signs_and_rectifies_itself_and_the_group_looks_back(office):
    order = office.issue("110000-HBJ")
    with pytest.raises(NotYours):
        order.sign()
    order.sign(who="air-unit-01")
    order.plan("air-unit-01")
    order.judge_plan("pass")
    order.report("air-unit-01")
    order.recheck("pass")
    order.close()
    office.go_to("2013-05-27 09:00")
    assert order.open == ["look_back"]
    with pytest.raises(NotYours):
        order.look_back(rebound=False)
    order.look_back(rebound=False, who="air-officer-02")
    assert order.ended_at == "closed"
    assert office.incidents() == []


def test_an_order_that_moves_to_a_municipal_unit_is_looked_back_at_by_the_group(office):
    order = _reassigned(office, "110000-HBJ")
    order.report(who="air-unit-01")
    order.recheck("pass")
    order.close()
    office.go_to("2013-05-27 09:00")
    assert order.task("look_back").roles == ["task_group_officer"]


@pytest.mark.clause("S2.1", "S4.2d")
def test_who_is_late_is_reminded_and_urged_ever_higher(office):
    order = office.issue()
    order.up_to_report()
    office.live_until("2013-05-16 09:00")
    assert office.notices("chaoyang-air-01") == ["reminder"], "three working days before"
    office.live_until("2013-05-20 18:00")
    assert order.task("report_rectification").urged == 1
    assert office.notices("chaoyang-air-01")[-1] == "urging_1"
    office.live_until("2013-05-24 09:00")
    assert order.task("report_rectification").urged == 3
    assert office.notices("chaoyang-leader-01") == ["supervision_order"]
    assert "supervision_order" in office.notices("air-officer-01")
    office.live_until("2013-06-04 09:00")
    assert order.task("report_rectification").urged == 5
    assert office.notices("synthesis-lead-01") == ["referral_proposed"]
    order.report()
    before = len(office.notices("chaoyang-air-01"))
    office.live_until("2013-06-14 09:00")
    assert len(office.notices("chaoyang-air-01")) == before, "who has reported is left in peace"


def test_a_receipt_that_does_not_come_is_urged(office):
    order = office.issue()
    office.live_until("2013-04-27 18:00")
    assert order.task("sign_order").urged == 1
    assert office.notices("chaoyang-supervision-01") == ["urging_1"]


def test_rungs_missed_while_no_worker_ran_are_made_up_one_by_one(office):
    order = office.issue()
    office.go_to("2013-05-08 18:00")
    assert order.task("sign_order").urged == 4
    kinds = office.notices("chaoyang-supervision-01")
    assert kinds == ["urging_1", "urging_2", "supervision_order", "talk_proposed"]


@pytest.mark.clause("S4.2d")
def test_an_order_asked_for_by_a_message_tells_its_origin_when_it_is_closed(office):
    office.stage.send(
        "msg_rectify_order",
        "problem-7",
        {"problem_id": "problem-7", "title": "朝阳区黄标车问题", "org": "110105", "task_code": "air"},
    )
    order = office.order_of(title="朝阳区黄标车问题")
    assert order.open == ["issue_order"]
    order.reissue()
    order.up_to_report()
    order.report()
    order.recheck("pass")
    order.close()
    (resolved,) = office.messages("msg_problem_resolved")
    assert (resolved.key, resolved.status) == ("problem-7", "handed_out"), "nobody here waits for it"
    told = {"problem_id": "problem-7", "result": "solved", "order_id": order.id}
    assert told.items() <= resolved.payload.items()


def test_nobody_is_told_of_an_order_that_was_started_by_hand(office):
    order = office.issue()
    order.up_to_report()
    order.report()
    order.recheck("pass")
    order.close("return")
    assert order.open == ["recheck"], "the lead may send it back to be rechecked"
    order.recheck("pass")
    order.close()
    assert office.messages("msg_problem_resolved") == []


@pytest.mark.clause("S4.2d")
def test_an_immediate_rectification_needs_no_plan(office):
    order = office.issue(rectification_kind="immediate", deadline="2013-05-02")
    order.sign()
    assert order.open == ["report_rectification"]


@pytest.mark.clause("S2.7", "S4.2d")
def test_a_new_illegal_building_has_seven_days(office):
    order = office.issue("110105-CG", "illegal", rectification_kind="immediate", deadline="2013-05-03")
    assert order.open == ["sign_order"]


@pytest.mark.parametrize(
    ("kind", "deadline"), [("general", "2013-05-21"), ("immediate", "2013-05-03"), ("general", "2013-04-26")]
)
def test_a_deadline_that_the_table_does_not_allow_comes_back_to_the_officer(office, kind, deadline):
    order = office.issue(rectification_kind=kind, deadline=deadline)
    assert order.open == ["issue_order"]
    assert order.variables["deadline_rule"]["basis"]
    order.reissue(rectification_kind="general", deadline=order.variables["deadline_rule"]["latest"])
    assert order.open == ["sign_order"] or kind == "immediate"


@pytest.mark.clause("S4.2d")
def test_who_rectified_does_not_recheck_and_outsiders_see_nothing_to_do(office):
    order = office.issue()
    with pytest.raises(NotYours):
        order.sign(who="fengtai-supervision-01")
    order.sign()
    with pytest.raises(NotYours):
        order.plan(who="chaoyang-illegal-01")
    order.plan()
    order.judge_plan("pass")
    with pytest.raises(NoSuchTask):
        order.plan()
    order.report()
    assert "|chaoyang-air-01|" in order.task("recheck").barred
    with pytest.raises(NotYours):
        order.recheck("pass", who="illegal-officer-01")


def test_answers_with_faults_change_nothing(office):
    order = office.issue()
    before = order.events
    with pytest.raises(AnswersRefused):
        order.do("sign_order", "chaoyang-supervision-01", accepted="perhaps")
    assert (order.open, order.events) == (["sign_order"], before)


def test_an_administrator_cancels_an_order(office):
    order = office.issue()
    order.up_to_report()
    order.cancel("重复交办")
    assert (order.status, order.open) == ("cancelled", [])
    office.live_until("2013-05-24 09:00")
    assert office.notices("chaoyang-air-01") == []


def _reassigned(office, unit):
    """An order to 朝阳区环保局 that has been given over to another unit."""
    order = office.issue()
    order.up_to_report()
    office.stage.send("msg_change_requested", order.id, {})
    (change,) = order.children()
    change.do("apply_change", "chaoyang-air-01", change_type="reassign", reason_code="other",
              reason="车辆登记在其他单位。", new_unit=unit, progress_so_far="已核对名单。")  # fmt: skip
    change.do("unit_opinion_on_change", "chaoyang-supervision-01", district_position="support")
    change.do("decide_change", "synthesis-lead-01", verdict="approve", granted_deadline="2013-05-20")
    return order


def _ask_for_cancellation(office, order, verdict):
    office.stage.send("msg_change_requested", order.id, {})
    (change,) = (child for child in order.children() if child.status == "active")
    change.do("apply_change", "chaoyang-air-01", change_type="cancel", reason_code="duplicate",
              reason="与另一整改单重复。", progress_so_far="无。")  # fmt: skip
    change.do("unit_opinion_on_change", "chaoyang-supervision-01", district_position="oppose")
    granted = {"granted_deadline": "2013-05-20"} if verdict != "reject" else {}
    change.do("decide_change", "group-leader-01", verdict=verdict, **granted)
