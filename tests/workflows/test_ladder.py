"""D2: which rung of urging a lateness has reached, each row of the table; working days with pauses."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bpmn.decisions import check_decision, read_decision
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS
from workflows.roles import ROLES
from workflows.urging import NUMBERS, RUNGS
from workflows.working_time import Lateness, Pause, between, day_of_month, lateness

CALENDAR = WorkingCalendar()
TABLE = Path("bpmn/decisions/D2_urging.dmn")
DEFAULTS = {name: PARAMETERS[name].default for name in NUMBERS}


def at(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone), CALENDAR)


def decide(numbers=DEFAULTS, **facts):
    names = {"paused": False, "subordinate": True, "days_late": 0, "overdue_count": 1, **facts, "parameters": numbers}
    found = read_decision(TABLE.read_bytes()).decide(names, at("2013-07-01T09:00"))
    return found["rung"], found["kind"], found["at_once"]


def test_the_table_is_sound():
    assert check_decision(TABLE.read_bytes()) == ()


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"paused": True, "days_late": 20, "overdue_count": 5}, (0, "none", False)),
        ({"subordinate": False, "days_late": -2}, (1, "reminder", False)),
        ({"subordinate": False, "days_late": 30, "overdue_count": 9}, (1, "reminder", False)),
        ({"subordinate": False, "days_late": -4}, (0, "none", False)),
        ({"days_late": 0, "overdue_count": 3}, (6, "referral", True)),
        ({"days_late": -1, "overdue_count": 3}, (1, "reminder", False)),
        ({"days_late": 10}, (6, "referral", False)),
        ({"days_late": 9}, (5, "talk", False)),
        ({"days_late": 5}, (5, "talk", False)),
        ({"days_late": 4}, (4, "order", False)),
        ({"days_late": 3}, (4, "order", False)),
        ({"days_late": 2}, (3, "slip", False)),
        ({"days_late": 1}, (3, "slip", False)),
        ({"days_late": 0, "overdue_count": 2}, (2, "slip", False)),
        ({"days_late": -3}, (1, "reminder", False)),
        ({"days_late": -4}, (0, "none", False)),
    ],
)
def test_every_row(facts, found):
    assert decide(**facts) == found


@pytest.mark.parametrize(
    ("name", "value", "facts", "rung"),
    [
        ("urge_remind_days", 5, {"days_late": -5}, 1),
        ("urge_second_days", 2, {"days_late": 1}, 2),
        ("urge_order_days", 2, {"days_late": 2}, 4),
        ("urge_talk_days", 4, {"days_late": 4}, 5),
        ("urge_referral_days", 8, {"days_late": 8}, 6),
        ("urge_referral_count", 2, {"overdue_count": 2}, 6),
    ],
)
def test_the_numbers_are_parameters(name, value, facts, rung):
    assert decide(DEFAULTS | {name: value}, **facts)[0] == rung


def test_each_rung_tells_somebody_who_exists():
    assert sorted(RUNGS) == [1, 2, 3, 4, 5, 6]
    assert all(role in ROLES for rung in RUNGS.values() for role in (*rung.district, *rung.city))


@pytest.mark.parametrize(
    ("now", "days"),
    [("2013-04-23T10:00", -3), ("2013-04-26T10:00", -1), ("2013-04-26T17:30", 0), ("2013-04-27T09:00", 1),
     ("2013-04-28T09:00", 2), ("2013-05-01T09:00", 2), ("2013-05-02T09:00", 3)],
)  # fmt: skip
def test_lateness_counts_working_days(now, days):
    assert lateness(at("2013-04-26T17:30").now, (), at(now)).days == days


def test_pauses_are_taken_off():
    due = at("2013-05-06T17:30").now
    decided = Pause(date(2013, 5, 7), date(2013, 5, 10))
    assert lateness(due, [decided], at("2013-05-13T09:00")) == Lateness(2, 3, False)
    open_pause = Pause(date(2013, 5, 7), None)
    assert lateness(due, [open_pause], at("2013-06-20T09:00")).days == 0
    assert lateness(due, [open_pause], at("2013-06-20T09:00")).is_paused
    assert lateness(due, [decided, Pause(date(2013, 5, 9), date(2013, 5, 11))], at("2013-05-13T09:00")).days == 1


@pytest.mark.parametrize(("start", "end", "count"), [("2013-09-18", "2013-09-24", 3), ("2013-09-24", "2013-09-18", -3)])
def test_between_is_the_inverse_of_wd(start, end, count):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert between(first, last, CALENDAR) == count
    assert at("2013-05-06T09:00").working_days(count, first).date() == last
    assert between(first, first, CALENDAR) == 0


@pytest.mark.parametrize(("month", "day"), [(4, 24), (5, 27), (6, 24), (9, 25), (12, 25)])
def test_the_fifth_last_working_day_of_a_month(month, day):
    moment = at("2013-05-06T09:00")
    assert day_of_month(5, date(2013, month, 1), moment) == moment.end_of(date(2013, month, day))
