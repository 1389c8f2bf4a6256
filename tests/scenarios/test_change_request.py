"""Stories of P09, changes of ledger items, as the people concerned would tell them. Each runs on both databases.

The item: 朝阳区 has to retire 26,000 old vehicles by Friday 2013-11-29.
"""

import pytest

from engine import accounts
from engine.access import NotYours
from tests.scenarios.items import UNIT, Ground, install
from workflows import baselines, changes
from workflows.changes import NothingToWithdraw
from workflows.tables import Baseline


@pytest.fixture
def ground(sessions, hashed_password, tmp_path) -> Ground:
    found = install(sessions, tmp_path / "attachments", hashed_password)
    found.put("sample_percent", 0)
    return found


@pytest.fixture
def item(ground):
    return ground.signed_item()


def versions(ground):
    return [row for row in ground.rows(Baseline) if row.ledger_id == ground.ledger_id]


@pytest.mark.clause("S2.8")
def test_a_short_extension_before_the_deadline_is_granted_by_the_task_group(ground, item):
    ground.live_until("2013-11-14 10:00")
    change = item.ask_for_change()
    assert change.due("apply_change") == "2013-11-21 17:30"
    change.apply("extension", new_deadline="2013-12-13")
    assert change.due("unit_opinion_on_change") == "2013-11-18 17:30"
    change.give_opinion()
    assert change.due("decide_change") == "2013-11-19 17:30"
    change.decide("air-lead-01", "approve", "2013-12-13")

    assert f"{item.row.deadline}" == "2013-12-13"
    assert f"{item.row.original_deadline}" == "2013-11-29", "the first deadline stays visible"
    (row,) = item.changes
    assert (row.status, row.in_time, row.count, row.approver) == ("approved", True, 1, "task_group_lead")
    assert row.number == "督变字〔2013〕1号"
    first, second = versions(ground)
    (changed,) = [one for one in baselines.changes(first.content, second.content) if one["field"] == "deadline"]
    assert (changed["before"], changed["after"]) == ("2013-11-29", "2013-12-13")
    assert (second.kind, second.reason) == ("change", "督变字〔2013〕1号")
    assert [message.status for message in ground.messages("msg_change_decided")] == ["handed_out"]
    assert "change_decided" in ground.notices(UNIT)
    ground.live_until("2013-12-02 10:00")
    assert item.light[1] != "past_deadline"
    assert ground.incidents() == []


@pytest.mark.clause("S2.1", "S2.8")
def test_after_the_deadline_the_light_stays_red_until_it_is_decided(ground, item):
    ground.live_until("2013-11-20 10:00")
    item.tell(20000)
    ground.live_until("2013-12-02 10:00")
    assert item.light == ("red", "past_deadline")
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2013-12-13")
    change.give_opinion()
    (row,) = item.changes
    assert row.in_time is False
    before = len(item.rungs)
    ground.live_until("2013-12-04 10:00")
    assert item.light == ("red", "past_deadline")
    assert len(item.rungs) > before, "urging goes on as well"
    change.decide("air-lead-01", "approve", "2013-12-13")
    assert item.light == ("green", "on_schedule"), "from here on evenly to the new deadline"


def test_an_application_filed_in_time_holds_light_and_ladder_until_it_is_decided(ground, item):
    ground.live_until("2013-11-20 10:00")
    item.tell(23500)
    ground.live_until("2013-11-28 10:00")
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2014-01-10")
    ground.live_until("2013-12-03 10:00")
    assert change.open == ["decide_change"], "the district's silence is no consent, and holds nothing up"
    assert item.light == ("yellow", "near_deadline")
    assert 2 not in [rung for day, rung in item.rungs if day >= "11-29"]
    with pytest.raises(NotYours):
        change.decide("air-lead-01", "approve", "2014-01-10")
    change.decide("office-deputy-01", "reject")
    assert item.light == ("red", "past_deadline")


def test_a_partly_granted_extension_counts_as_granted(ground, item):
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2013-12-31")
    change.give_opinion("oppose")
    change.decide("office-deputy-01", "partial", "2013-12-06")
    (row,) = item.changes
    assert (row.status, f"{row.asked_deadline}", f"{row.granted_deadline}") == ("partial", "2013-12-31", "2013-12-06")
    assert f"{item.row.deadline}" == "2013-12-06"
    assert item.row.milestones[-1]["date"] == "2013-12-06", "the plan is stretched with the deadline"


@pytest.mark.parametrize(
    ("days", "approver"),
    [("2013-12-13", "air-lead-01"), ("2014-01-10", "office-deputy-01"), ("2014-03-10", "group-leader-01")],
)
@pytest.mark.clause("S2.8")
def test_the_longer_the_higher(ground, item, days, approver):
    change = item.ask_for_change()
    change.apply("extension", new_deadline=days)
    change.give_opinion()
    for other in {"air-lead-01", "office-deputy-01", "group-leader-01", UNIT} - {approver}:
        with pytest.raises(NotYours):
            change.decide(other, "approve", days)
    change.decide(approver, "approve", days)
    assert change.status == "completed"


def test_the_second_extension_goes_to_the_office_and_the_third_to_the_meeting(ground, item):
    for number, (deadline, approver) in enumerate(
        [("2013-12-02", "air-lead-01"), ("2013-12-03", "office-deputy-01"), ("2013-12-04", "group-leader-01")], start=1
    ):
        change = item.ask_for_change()
        change.apply("extension", new_deadline=deadline)
        change.give_opinion()
        change.decide(approver, "approve", deadline)
        assert item.changes[-1].count == number
    assert f"{item.row.original_deadline}" == "2013-11-29"
    assert [row.version for row in versions(ground)] == [1, 2, 3, 4]


def test_a_lower_target_is_for_the_meeting_and_a_higher_one_for_the_group(ground, item):
    change = item.ask_for_change()
    change.apply("target", new_target=24000)
    change.give_opinion()
    with pytest.raises(NotYours):
        change.decide("air-lead-01", "approve", "2013-11-29")
    change.decide("group-leader-01", "approve", "2013-11-29")
    assert item.row.target_value == 24000
    higher = item.ask_for_change()
    higher.apply("target", new_target=25000)
    higher.give_opinion()
    higher.decide("air-lead-01", "approve", "2013-11-29")
    assert item.row.target_value == 25000
    assert f"{item.row.deadline}" == "2013-11-29"


@pytest.mark.clause("S2.8")
def test_a_suspended_item_is_blue_not_urged_and_resumes_with_as_much_time_as_it_had(ground, item):
    ground.live_until("2013-05-28 10:00")
    assert item.open == ["report_progress"]
    change = item.ask_for_change()
    change.apply("suspend", new_deadline="2014-02-28", reason_code="land")
    change.give_opinion()
    change.decide("group-leader-01", "approve", "2014-02-28")
    assert item.light == ("blue", "suspended")
    row = item.row
    assert (row.status, f"{row.suspended_on}", f"{row.deadline}") == ("suspended", "2013-05-28", "2014-02-28")
    rungs = len(item.rungs)
    ground.live_until("2013-07-10 10:00")
    assert item.light == ("blue", "suspended")
    assert len(item.rungs) == rungs, "the clock stands still"

    ground.live_until(f"{row.resumes_on} 19:00")
    assert item.row.status == "in_progress"
    assert item.light[0] != "blue"
    assert len(item.rungs) == rungs


def test_a_suspension_may_be_ended_early(ground, item):
    change = item.ask_for_change()
    change.apply("suspend", new_deadline="2014-01-31")
    change.give_opinion()
    change.decide("group-leader-01", "approve", "2014-01-31")
    assert item.row.status == "suspended"
    again = item.ask_for_change()
    again.apply("extension", new_deadline="2014-01-31")
    again.give_opinion()
    again.decide("air-lead-01", "approve", "2014-01-31")
    assert item.row.status == "in_progress"
    assert item.light[0] == "green"


@pytest.mark.parametrize(("kind", "approver", "status"), [("cancel", "group-leader-01", "cancelled"),
                                                          ("merge", "office-deputy-01", "merged")])  # fmt: skip
@pytest.mark.clause("S2.8")
def test_a_cancelled_or_merged_item_ends_with_its_reason(ground, item, kind, approver, status):
    change = item.ask_for_change()
    change.apply(kind, reason="与朝阳区清洁空气行动重复。", reason_code="duplicate")
    change.give_opinion()
    change.decide(approver, "approve", "2013-11-29")
    assert (item.status, item.ended_at) == ("completed", "cancelled")
    assert item.instance.result == {"result": status, "reason": "与朝阳区清洁空气行动重复。"}
    assert (item.row.status, item.light) == (status, ("grey", "ended"))
    assert "notice" in ground.notices(UNIT)
    assert all(one["id"] != item.id for one in versions(ground)[-1].content["items"]), "no longer part of the plan"


@pytest.mark.clause("S2.8", "S4.2a")
def test_another_unit_of_the_district_takes_the_open_report_over(ground, item):
    ground.live_until("2013-05-22 10:00")
    change = item.ask_for_change()
    change.apply("reassign", new_unit="110105-CG", reason_code="other")
    change.give_opinion()
    change.decide("air-lead-01", "approve", "2013-11-29")
    assert item.row.responsible_unit == "110105-CG"
    with pytest.raises(NotYours):
        item.report(900)


def test_a_withdrawn_application_changes_nothing(ground, item):
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2013-12-13")
    (row,) = item.changes
    with ground.stage.sessions.begin() as session:
        with pytest.raises(NotYours):
            changes.withdraw(session, accounts.actor(session, "fengtai-air-01"), row.id, ground.stage.moment)
        changes.withdraw(session, accounts.actor(session, UNIT), row.id, ground.stage.moment)
    ground.stage.work()
    assert (change.status, change.ended_at) == ("completed", "withdrawn")
    assert change.instance.result["verdict"] == "withdrawn"
    assert [row.status for row in item.changes] == ["withdrawn"]
    assert len(versions(ground)) == 1
    with ground.stage.sessions.begin() as session, pytest.raises(NothingToWithdraw):
        changes.withdraw(session, accounts.actor(session, UNIT), row.id, ground.stage.moment)


def test_an_application_that_never_comes_lapses(ground, item):
    change = item.ask_for_change()
    ground.live_until("2013-05-14 10:00")
    assert (change.status, change.ended_at) == ("completed", "lapsed")
    assert item.changes == []
    assert item.status == "active"


def test_who_applies_neither_comments_nor_decides(ground, item):
    change = item.ask_for_change()
    change.apply("extension", new_deadline="2013-12-13")
    with pytest.raises(NotYours):
        change.do("unit_opinion_on_change", UNIT, district_position="support")
    change.give_opinion()
    with pytest.raises(NotYours):
        change.decide(UNIT, "approve", "2013-12-13")
