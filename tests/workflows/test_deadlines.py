"""D4: the latest day for a rectification, each row of the table."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS

TABLE = Path("bpmn/decisions/D4_rectification_deadline.dmn")
CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone), CALENDAR)

DEFAULTS = {name: parameter.default for name, parameter in PARAMETERS.items()}


@pytest.fixture(scope="module")
def table():
    return read_decision(TABLE.read_bytes())


def decide(table, task_code, kind):
    names = {"task_code": task_code, "rectification_kind": kind, "campaign_end": "2013-12-31", "parameters": DEFAULTS}
    return table.decide(names, FRIDAY)


@pytest.mark.parametrize(
    ("task_code", "kind", "latest", "plan_required"),
    [
        ("illegal", "immediate", date(2013, 5, 3), False),
        ("air", "immediate", date(2013, 5, 2), False),
        ("water", "general", date(2013, 5, 20), True),
        ("env", "major", date(2013, 6, 8), True),
        ("illegal", "general", date(2013, 5, 20), True),
        ("illegal", "major", date(2013, 6, 8), True),
        ("air", "long_term", date(2013, 12, 31), True),
    ],
)
def test_every_row(table, task_code, kind, latest, plan_required):
    found = decide(table, task_code, kind)
    assert found["latest"] == latest.isoformat()
    assert found["plan_required"] is plan_required
    assert found["basis"]


def test_an_administrator_may_set_other_days(table):
    names = {"task_code": "air", "rectification_kind": "immediate", "campaign_end": "2013-12-31"}
    found = table.decide(names | {"parameters": DEFAULTS | {"rectify_immediate_days": 1}}, FRIDAY)
    assert found["latest"] == "2013-04-27"


def test_an_unknown_kind_is_a_fault_not_a_guess(table):
    with pytest.raises(DecisionFault):
        decide(table, "air", "someday")


def test_the_table_has_no_problems():
    assert check_decision(TABLE.read_bytes()) == ()
