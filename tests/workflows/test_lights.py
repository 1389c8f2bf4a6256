"""D1: what turns a light, each row of the table; the facts that it sees; the judgement of all items at night."""

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, update

from bpmn.decisions import check_decision, read_decision
from bpmn.moment import Moment
from engine.tables import Message, Process
from workflows import lights, nights
from workflows.calendar import WorkingCalendar
from workflows.lights import LIMITS, RHYTHM, missed, planned_percent
from workflows.parameters import PARAMETERS
from workflows.tables import Change, LedgerItem, LightChange, Night

CALENDAR = WorkingCalendar()
TABLE = Path("bpmn/decisions/D1_light.dmn")
NUMBERS = {name: PARAMETERS[name].default for name in (*LIMITS, *RHYTHM)}
QUIET = {
    "status": "in_progress", "past_deadline": False, "days_left": 60, "falsified": False, "gap": 0.0,
    "missed_reports": 0, "rectification_overdue": False,
}  # fmt: skip


def at(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone), CALENDAR)


def decide(numbers=NUMBERS, **facts):
    found = read_decision(TABLE.read_bytes()).decide({**QUIET, **facts, "parameters": numbers}, at("2013-07-01T09:00"))
    return found["light"], found["rule"]


def test_the_table_is_sound():
    assert check_decision(TABLE.read_bytes()) == ()


@pytest.mark.parametrize(
    ("facts", "light", "rule"),
    [
        ({"status": "closed"}, "grey", "ended"),
        ({"status": "cancelled"}, "grey", "ended"),
        ({"status": "merged", "past_deadline": True, "falsified": True}, "grey", "ended"),
        ({"status": "suspended", "past_deadline": True, "gap": 80.0}, "blue", "suspended"),
        ({"past_deadline": True, "days_left": -1, "falsified": True}, "red", "past_deadline"),
        ({"falsified": True, "gap": 50.0}, "red", "falsified"),
        ({"gap": 30.01}, "red", "far_behind"),
        ({"missed_reports": 2}, "red", "reports_missed"),
        ({"rectification_overdue": True, "gap": 20.0}, "red", "rectification_overdue"),
        ({"gap": 30.0}, "yellow", "behind"),
        ({"gap": 10.0, "days_left": 2}, "yellow", "behind"),
        ({"days_left": 3, "missed_reports": 1}, "yellow", "near_deadline"),
        ({"missed_reports": 1}, "yellow", "report_missed"),
        ({"gap": 9.99, "days_left": 4}, "green", "on_schedule"),
        ({"status": "verifying"}, "green", "on_schedule"),
        ({"status": "reopened"}, "green", "on_schedule"),
    ],
)
def test_every_row(facts, light, rule):
    assert decide(**facts) == (light, rule)


@pytest.mark.parametrize(
    ("name", "value", "facts", "rule"),
    [
        ("light_red_gap", 20, {"gap": 25.0}, "far_behind"),
        ("light_yellow_gap", 5, {"gap": 6.0}, "behind"),
        ("light_near_days", 10, {"days_left": 9}, "near_deadline"),
        ("light_red_missed", 3, {"missed_reports": 2}, "report_missed"),
        ("light_yellow_missed", 2, {"missed_reports": 1}, "on_schedule"),
    ],
)
def test_the_numbers_are_parameters(name, value, facts, rule):
    assert decide(NUMBERS | {name: value}, **facts)[1] == rule


@pytest.mark.parametrize(
    ("day", "planned"),
    [("2013-04-30", 0), ("2013-05-01", 0), ("2013-05-31", 10), ("2013-06-30", 20), ("2013-08-15", 40),
     ("2013-09-30", 60), ("2013-12-30", 100), ("2014-03-01", 100)],
)  # fmt: skip
def test_what_is_planned_is_linear_between_milestones(day, planned):
    milestones = [{"date": "2013-09-30", "planned_percent": 60}, {"date": "2013-06-30", "planned_percent": 20}]
    found = planned_percent(date(2013, 5, 1), date(2013, 12, 30), milestones, date.fromisoformat(day))
    assert found == pytest.approx(planned, abs=0.01)


def test_without_milestones_it_is_linear_from_start_to_deadline():
    found = planned_percent(date(2013, 5, 1), date(2013, 5, 11), [], date(2013, 5, 6))
    assert found == 50


@pytest.mark.parametrize(
    ("now", "count"),
    [("2013-05-27T17:00", 0), ("2013-05-27T17:31", 1), ("2013-06-24T17:29", 1), ("2013-06-25T00:00", 2),
     ("2013-07-25T18:00", 3)],
)  # fmt: skip
def test_missed_monthly_reports_are_counted_in_a_row(now, count):
    due = at("2013-05-27T17:30").now
    assert missed(due, False, NUMBERS, at(now)) == count
    assert missed(None, False, NUMBERS, at(now)) == 0


def test_missed_weekly_reports_are_counted_by_weeks():
    due = at("2013-05-27T17:30").now
    assert [missed(due, True, NUMBERS, at(f"2013-06-{day}T18:00")) for day in ("02", "03", "10")] == [1, 2, 3]


def _tracked(office, **columns):
    item = office.add(office.ledger())
    for name, value in {"status": "in_progress", "light": "green", "light_rule": "on_schedule", **columns}.items():
        setattr(item, name, value)
    office.session.flush()
    return item


def test_at_night_an_item_turns_red_with_its_rule_and_its_process_is_told(office):
    office.opened()
    item = _tracked(office)
    night = lights.nightly(office.session, at("2013-09-02T18:00"))
    assert night.judged == 1
    office.session.refresh(item)
    assert (item.light, item.light_rule, item.light_since) == ("red", "far_behind", date(2013, 9, 2))
    (change,) = office.session.scalars(select(LightChange))
    assert (change.before, change.after, change.rule) == ("green", "red", "far_behind")
    assert change.facts["limits"]["light_red_gap"] == 30
    assert change.facts["planned_percent"] == float(item.planned_percent)
    (message,) = office.session.scalars(select(Message))
    assert (message.name, message.key, message.payload["rule"]) == ("msg_light_changed", item.id, "far_behind")
    again = lights.nightly(office.session, at("2013-09-02T19:00"))
    assert again.turns == (), "nothing has changed since"
    assert len(office.session.scalars(select(Message)).all()) == 1


def test_an_unverified_report_turns_no_light_green(office):
    office.opened()
    item = _tracked(office, reported_value=26000, progress_percent=100)
    lights.nightly(office.session, at("2013-09-02T18:00"))
    office.session.refresh(item)
    assert item.light == "red"


def test_a_change_filed_in_time_holds_the_deadline_and_a_late_one_does_not(office):
    office.opened()
    item = _tracked(office, verified_percent=100)
    change = Change(id=office.instance.id, number="1", title="t", item_id=item.id, status="filed", in_time=True,
                    filed_at=at("2013-12-19T10:00").now)  # fmt: skip
    office.session.add(change)
    office.session.flush()
    assert [turn.rule for turn in lights.judge(office.session, [item.id], at("2013-12-23T18:00"))] == ["near_deadline"]
    change.in_time = False
    assert [turn.rule for turn in lights.judge(office.session, [item.id], at("2013-12-23T18:00"))] == ["past_deadline"]


def test_a_rectification_past_its_deadline_turns_its_item_red(office):
    office.opened()
    item = _tracked(office, verified_percent=100)
    process = Process(key="rectification", name="整改", current_version_id=office.instance.version_id)
    office.session.add(process)
    office.session.flush()
    office.instance.process_key = process.key
    office.instance.variables = {"item_id": item.id, "deadline": "2013-06-14"}
    assert lights.judge(office.session, [item.id], at("2013-06-14T10:00")) == ()
    (turn,) = lights.judge(office.session, [item.id], at("2013-06-17T10:00"))
    assert (turn.rule, turn.is_newly_red) == ("rectification_overdue", True)


@pytest.mark.parametrize("about", [{"item_id": "another"}, {"item_id": None}, {}], ids=["another", "none", "no item"])
def test_a_late_rectification_of_something_else_leaves_the_item_as_it_is(office, about):
    office.opened()
    item = _tracked(office, verified_percent=100)
    office.session.add(Process(key="rectification", name="整改", current_version_id=office.instance.version_id))
    office.session.flush()
    office.instance.process_key = "rectification"
    office.instance.variables = {**about, "deadline": "2013-06-14"}
    assert lights.judge(office.session, [item.id], at("2013-06-17T10:00")) == ()
    assert lights.nightly(office.session, at("2013-06-17T18:00")).turns == ()


def test_each_night_is_kept_once(office):
    office.opened()
    item = _tracked(office)
    evening, morning = at("2013-09-02T18:00"), at("2013-09-03T08:00")
    assert nights.keep(office.session, at("2013-09-02T17:45")) is not None, "that of the day before was left to do"
    found = nights.keep(office.session, evening)
    assert (found.judged, found.turns) == (1, ())
    assert nights.keep(office.session, morning) is None
    assert [(row.day, row.judged, row.turned) for row in office.session.scalars(select(Night).order_by(Night.day))] == [
        (date(2013, 9, 1), 1, 1),
        (date(2013, 9, 2), 1, 0),
    ]
    assert item.light == "red"


def test_a_thousand_items_are_judged_in_few_statements(office, count):
    office.opened()
    item = _tracked(office)
    columns = {column.name: getattr(item, column.name) for column in LedgerItem.__table__.columns}
    rows = [
        columns | {"id": uuid4().hex, "position": number, "deadline": date(2013, 9, 1) + timedelta(days=number % 120)}
        for number in range(2, 1001)
    ]
    office.session.execute(insert(LedgerItem), rows)
    office.session.execute(update(LedgerItem).values(verified_percent=90))
    with count(office.session.get_bind().engine) as statements:
        night = lights.nightly(office.session, at("2013-09-02T18:00"))
    assert night.judged == 1000
    assert any(turn.is_newly_red for turn in night.turns)
    assert len(statements) <= 12, "the messages to those that have turned red included"
