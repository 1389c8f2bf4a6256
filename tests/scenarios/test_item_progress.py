"""Stories of P03, tracking a ledger item, as the people concerned would tell them. Each runs on both databases.

The item: 朝阳区 has to retire 26,000 old vehicles by Friday 2013-11-29.
"""

import pytest

from engine.access import NotYours
from engine.record import verify
from engine.tables import Message
from tests.scenarios.items import Ground, install
from workflows.tables import Urging


@pytest.fixture
def ground(sessions, hashed_password, tmp_path) -> Ground:
    found = install(sessions, tmp_path / "attachments", hashed_password)
    found.put("sample_percent", 0)
    return found


@pytest.mark.clause("S2.1", "S2.8", "S3.1", "S4.2a")
def test_a_year_of_one_item_until_it_is_closed(ground):
    item = ground.item()
    assert item.row.status == "in_progress"
    assert item.due("sign_item") == "2013-05-07 17:30"
    item.sign()
    assert item.open == [], "the window of the May report is not open yet"

    ground.live_until("2013-05-20 10:00")
    assert item.due("report_progress") == "2013-05-27 17:30", "the fifth-last working day of May"
    item.report(800)
    assert (item.row.reported_value, item.row.verified_value) == (800, None), "reported is not verified"
    assert item.due("district_verify") == "2013-05-22 17:30"
    item.verify(760)
    assert item.row.verified_value == 760
    assert item.light == ("green", "on_schedule")

    for day, value in (("06-21", 5400), ("07-23", 8900), ("08-22", 12800), ("09-18", 15500), ("10-23", 20500)):
        ground.live_until(f"2013-{day} 10:00")
        item.tell(value)
        assert item.light == ("green", "on_schedule"), day
    ground.live_until("2013-11-20 10:00")
    item.tell(26000, claim_completion=True)
    assert item.row.status == "verifying"
    assert item.open == ["verify_completion"]
    with pytest.raises(NotYours):
        item.do("verify_completion", "chaoyang-supervision-01", verdict="pass", method=["desk"])
    item.do("verify_completion", "air-officer-01", verdict="pass", method=["desk", "onsite"])
    item.do("close_item", "air-lead-01", verdict="close", publish=True)

    assert (item.status, item.ended_at) == ("completed", "closed")
    assert (item.row.status, item.light) == ("closed", ("grey", "ended"))
    assert item.instance.result["result"] == "closed"
    assert [report.period for report in item.reports] == [f"2013-{month:02}" for month in range(5, 12)]
    assert all(report.on_time for report in item.reports)
    assert ground.notices("chaoyang-air-01").count("urging_1") == 0
    assert ground.incidents() == []
    with ground.stage.sessions.read() as session:
        assert verify(session, item.case).broken_at is None


@pytest.mark.clause("S2.1", "S3.1")
def test_nothing_new_is_one_tap_and_leaves_the_verified_value(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.tell(1300)
    ground.live_until("2013-06-21 10:00")
    item.report_no_change(5)
    item.verify(1300)
    assert item.row.verified_value == 1300
    assert item.light == ("yellow", "behind"), "15 points behind the plan"


@pytest.mark.clause("S2.1", "S4.2a")
def test_a_returned_report_is_still_awaited_and_is_late_if_it_comes_late(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-24 10:00")
    item.report(9000)
    item.send_back("inconsistent_figure", "insufficient_evidence")
    assert item.due("report_progress") == "2013-05-27 17:30", "the same day as before"
    assert item.row.verified_value is None
    ground.live_until("2013-05-28 10:00")
    item.tell(900)
    assert [(report.verdict, report.on_time) for report in item.reports] == [("return", True), ("pass", False)]
    assert item.reports[0].return_reason == ["inconsistent_figure", "insufficient_evidence"]


@pytest.mark.clause("S2.1", "S4.2a")
def test_who_reports_does_not_verify(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.report(900)
    with pytest.raises(NotYours):
        item.verify(900, who="chaoyang-air-01")
    with pytest.raises(NotYours):
        item.verify(900, who="fengtai-supervision-01")


@pytest.mark.clause("S2.1", "S4.2b")
def test_missed_reports_turn_the_light_yellow_then_red_and_reports_become_weekly(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-28 10:00")
    assert item.light == ("yellow", "report_missed")
    ground.live_until("2013-06-26 10:00")
    assert item.light == ("red", "reports_missed"), "the day of June is over as well"
    (request,) = ground.messages("msg_onsite_request")
    assert (request.payload["reason"], request.payload["item_id"]) == ("red_light", item.id)

    item.tell(500)
    assert item.light == ("yellow", "behind"), "it has reported again"
    ground.live_until("2013-07-22 10:00")
    assert item.due("report_progress") == "2013-07-25 17:30"


@pytest.mark.clause("S2.1", "S4.2b")
def test_a_gap_of_more_than_thirty_points_is_red_and_reports_are_weekly(ground):
    item = ground.signed_item()
    ground.live_until("2013-08-22 10:00")
    item.tell(1300)
    assert item.row.planned_percent is not None
    assert item.light[0] == "red"
    assert item.due("report_progress") == "2013-08-29 17:30", "again within a week"
    item.tell(13000)
    assert item.light == ("green", "on_schedule")
    assert item.open == [], "monthly again"
    assert len(ground.messages("msg_onsite_request")) == 1, "asked once"


@pytest.mark.clause("S2.1", "S4.2b")
def test_at_night_a_light_turns_red_and_an_early_report_is_wanted(ground):
    item = ground.signed_item(milestones=[{"date": "2013-06-05", "planned_percent": 80},
                                          {"date": "2013-11-29", "planned_percent": 100}])  # fmt: skip
    ground.live_until("2013-05-15 12:00")
    assert item.open == []
    ground.live_until("2013-05-22 10:00")
    assert item.light == ("red", "far_behind")
    assert [message.status for message in ground.messages("msg_light_changed")] == ["delivered"]
    assert item.open == ["report_progress"]
    (asked,) = ground.messages("msg_onsite_request")
    assert asked.payload["reason"] == "red_light"
    assert asked.key == asked.payload["request_id"] == item.case


@pytest.mark.clause("S2.1", "S4.7e")
def test_the_ladder_is_climbed_by_working_days_to_the_talk_and_the_referral(ground):
    item = ground.signed_item()
    ground.live_until("2013-06-14 10:00")
    # Due on Monday 05-27; reminded three working days before. 06-10 to 06-12 are holidays, 06-08 and 06-09 are worked.
    assert item.rungs == [
        ("05-22", 1), ("05-27", 2), ("05-28", 3), ("05-30", 4), ("06-03", 5), ("06-08", 6),
    ]  # fmt: skip
    (referral,) = ground.messages("msg_accountability_referral")
    assert (referral.payload["conduct"], referral.payload["subject_unit"]) == ("inaction", "110105-HB")
    assert referral.payload["item_id"] == item.id
    assert ground.notices("chaoyang-leader-01") == ["supervision_order", "talk_proposed"]
    numbers = [row.number for row in ground.rows(Urging) if row.number]
    assert numbers == ["督催字〔2013〕1号", "督催字〔2013〕2号", "督字〔2013〕1号"]


@pytest.mark.clause("S2.1")
def test_the_deadline_itself_is_urged_for(ground):
    late_plan = [{"date": "2013-05-30", "planned_percent": 20}, {"date": "2013-05-31", "planned_percent": 100}]
    item = ground.signed_item(deadline="2013-05-31", milestones=late_plan)
    ground.live_until("2013-05-22 10:00")
    item.tell(20000)
    ground.live_until("2013-06-04 10:00")
    assert item.light == ("red", "past_deadline")
    assert item.rungs == [("05-28", 1), ("05-31", 2), ("06-03", 3)], "three days before, on the day, one day after"
    assert "reports_missed" not in [rule for _, _, rule in item.lights]


def test_urging_stands_still_while_a_change_that_was_filed_in_time_is_decided(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-27 10:00")
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2013-12-13")
    ground.live_until("2013-05-30 10:00")
    assert item.rungs == [("05-22", 1)], "the report was due on 05-27, but the clock stands still"
    change.decide("air-lead-01", "reject")
    ground.live_until("2013-06-01 10:00")
    assert item.rungs[1:] == [("05-30", 2), ("05-31", 3)], "three working days did not count"


@pytest.mark.clause("S4.7e")
def test_the_third_overdue_case_of_an_item_is_referred_at_once(ground):
    item = ground.signed_item()
    for evening, value in (("2013-05-28 10:00", 900), ("2013-06-26 10:00", 5300)):
        ground.live_until(evening)
        item.tell(value)
    assert ground.messages("msg_accountability_referral") == []
    ground.live_until("2013-07-26 10:00")
    assert item.rungs[-1][1] == 6
    assert len(ground.messages("msg_accountability_referral")) == 1


@pytest.mark.clause("S3.3", "S4.1b", "S4.2c")
def test_a_problem_that_the_unit_discloses_goes_to_the_pool_once(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    blocker = {"has_blocker": True, "blocker": "报废补贴未到位。", "needs_decision": True, "self_disclosed": True}
    item.tell(900, **blocker)
    (problem,) = ground.messages("msg_problem_reported")
    assert problem.key == problem.payload["problem_id"]
    assert problem.payload["description"] == "报废补贴未到位。"
    assert (problem.payload["needs_decision"], problem.payload["self_disclosed"]) == (True, True)
    assert problem.payload["first_needed_on"] == "2013-05-22"
    assert problem.payload["number"] == "督问字〔2013〕1号"

    ground.live_until("2013-06-21 10:00")
    item.tell(5300, **blocker)
    assert len(ground.messages("msg_problem_reported")) == 1, "the same difficulty is not reported again"
    ground.live_until("2013-07-23 10:00")
    item.tell(9000, **blocker | {"blocker": "回收企业停业。"})
    assert [one.payload["first_needed_on"] for one in ground.messages("msg_problem_reported")] == ["2013-05-22"] * 2


@pytest.mark.clause("S2.8", "S4.2b", "S4.7e")
def test_a_suspected_false_report_does_not_count_and_is_confirmed_on_site(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.tell(900)
    ground.put("sample_percent", 100)
    ground.live_until("2013-06-21 10:00")
    item.tell(9900)
    assert item.open == ["desk_check"]
    with pytest.raises(NotYours):
        item.do("desk_check", "chaoyang-supervision-01", verdict="pass", onsite_needed=False)
    item.do("desk_check", "air-officer-01", verdict="suspect_false", onsite_needed=True)
    assert item.row.verified_value == 900, "what is doubted is not taken"
    assert item.row.falsified is False, "a suspicion is no finding"
    assert [one.payload["reason"] for one in ground.messages("msg_onsite_request")] == ["suspect_false"]

    item.found_on_site("false", measured_value=1000, opinion="车辆仍在使用。")
    assert (item.row.falsified, item.row.verified_value) == (True, 1000)
    assert item.light == ("red", "falsified")
    (referral,) = ground.messages("msg_accountability_referral")
    assert (referral.payload["conduct"], referral.payload["facts"]) == ("false", "车辆仍在使用。")
    item.found_on_site("consistent", measured_value=5000)
    assert item.light[0] != "red", "corrected, and seen"


@pytest.mark.clause("S2.8")
def test_a_report_returned_by_the_desk_check_is_given_again(ground):
    ground.put("sample_percent", 100)
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.tell(900)
    item.do("desk_check", "air-officer-01", verdict="return", onsite_needed=False)
    assert item.open == ["report_progress"]
    assert item.row.verified_value is None
    item.tell(800)
    item.do("desk_check", "air-officer-01", verdict="pass", onsite_needed=False)
    assert item.row.verified_value == 800
    assert item.open == []


@pytest.mark.clause("S2.8")
def test_a_completion_that_is_not_confirmed_goes_on_and_a_closing_may_be_returned(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.tell(26000, claim_completion=True)
    item.do("verify_completion", "air-officer-01", verdict="partial", method=["onsite"])
    assert item.row.status == "in_progress"
    assert item.open == []
    item.want_report()
    assert item.open == ["report_progress"], "the unit need not wait for the window"
    item.tell(26000, claim_completion=True)
    item.do("verify_completion", "air-officer-01", verdict="pass", method=["onsite"])
    item.do("close_item", "air-lead-01", verdict="return")
    assert item.open == ["verify_completion"]
    item.do("verify_completion", "air-officer-02", verdict="pass", method=["onsite"])
    item.do("close_item", "air-lead-01", verdict="close")
    assert item.row.status == "closed"


@pytest.mark.clause("S2.8")
def test_a_closed_item_is_reopened(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.tell(26000, claim_completion=True)
    item.do("verify_completion", "air-officer-01", verdict="pass", method=["onsite"])
    item.do("close_item", "air-lead-01", verdict="close")
    before = item.case
    payload = {
        "item_id": item.id,
        "title": "A3",
        "org": "110105",
        "task_code": "air",
        "campaign_id": ground.campaign_id,
    }
    ground.stage.send("msg_item_reopened", item.id, payload)
    assert item.case != before
    assert item.row.status == "reopened"
    assert item.open == ["sign_item"]
    assert item.light[0] != "grey"


@pytest.mark.clause("S3.1", "S2.8")
def test_the_unit_declines_and_the_ruling_gives_the_item_to_another(ground):
    item = ground.item()
    item.decline("车辆登记在丰台区。")
    assert item.open == []
    change = item.change()
    change.apply("reassign", new_unit="110106-HB", reason="车辆登记在丰台区。")
    change.give_opinion()
    with pytest.raises(NotYours):
        change.decide("air-lead-01", "approve", "2013-11-29")
    change.decide("synthesis-lead-01", "approve", "2013-11-29")
    assert (item.row.responsible_unit, item.row.district) == ("110106-HB", "110106")
    assert item.open == ["sign_item"]
    item.sign(who="fengtai-air-01")
    ground.live_until("2013-05-22 10:00")
    item.report(100, who="fengtai-air-01")
    item.verify(100, who="fengtai-supervision-01")


@pytest.mark.clause("S3.1")
def test_a_dispute_that_is_ruled_against_the_unit_binds_it(ground):
    item = ground.item()
    item.decline("不属本局职责。")
    change = item.change()
    change.apply("reassign", new_unit="110105-SR", reason="不属本局职责。")
    change.give_opinion("oppose")
    change.decide("air-lead-01", "reject")
    assert item.row.responsible_unit == "110105-HB"
    ground.live_until("2013-05-22 10:00")
    assert item.open == ["report_progress"], "the ruling stands for the signature"


def test_a_campaign_that_is_cancelled_ends_its_items_with_the_reason(ground):
    item, other = ground.signed_item(), ground.item(item_name="清洁能源改造", sub_item="A2")
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2013-12-13")
    ground.cancel_campaign("机构改革，任务移交。")
    for one in (item, other):
        assert (one.status, one.ended_at) == ("completed", "campaign_ended")
        assert one.instance.result == {"result": "cancelled", "reason": "机构改革，任务移交。"}
        assert (one.row.status, one.light) == ("cancelled", ("grey", "ended"))
        assert one.open == []
    assert [one.status for one in item.changes] == ["withdrawn"]
    assert change.status in ("cancelled", "completed")
    assert ground.rows(Message, Message.status == "failed") == []
