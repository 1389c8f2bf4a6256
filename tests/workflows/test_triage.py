"""D3: where a problem goes, each row of the table; its numbers are parameters."""

from datetime import datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS

TABLE = Path("bpmn/decisions/D3_problem_triage.dmn")
CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone), CALENDAR)
DEFAULTS = {name: parameter.default for name, parameter in PARAMETERS.items()}
ORDINARY = {
    "corruption": False,
    "verified": True,
    "founded": True,
    "cause": "execution",
    "beyond_authority": False,
    "units_disagree": False,
    "districts": 1,
    "tasks": 1,
    "parameters": DEFAULTS,
}


@pytest.fixture(scope="module")
def table():
    return read_decision(TABLE.read_bytes())


def route(table, **facts):
    found = table.decide(ORDINARY | facts, FRIDAY)
    assert found["basis"]
    return found["route"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"corruption": True}, "transfer"),
        ({"verified": False}, "verify"),
        ({"founded": False}, "unfounded"),
        ({"cause": "funding", "beyond_authority": True}, "decision"),
        ({"cause": "approval", "beyond_authority": True}, "decision"),
        ({"cause": "land", "beyond_authority": True}, "decision"),
        ({"cause": "policy", "beyond_authority": True}, "decision"),
        ({"cause": "land"}, "local"),
        ({"cause": "coordination", "beyond_authority": True}, "local"),
        ({"units_disagree": True}, "decision"),
        ({"districts": 3}, "common"),
        ({"districts": 2}, "local"),
        ({"tasks": 2}, "common"),
        ({}, "local"),
    ],
)
def test_every_row(table, facts, expected):
    assert route(table, **facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"corruption": True, "verified": False, "founded": False}, "transfer"),
        ({"verified": False, "founded": False, "districts": 9}, "verify"),
        ({"founded": False, "units_disagree": True, "districts": 9}, "unfounded"),
        ({"units_disagree": True, "districts": 9}, "decision"),
    ],
)
def test_what_comes_first_wins(table, facts, expected):
    assert route(table, **facts) == expected


def test_an_administrator_may_set_other_numbers(table):
    stricter = DEFAULTS | {"common_districts": 2, "common_tasks": 3}
    assert route(table, districts=2, parameters=stricter) == "common"
    assert route(table, tasks=2, parameters=stricter) == "local"


def test_a_fact_that_is_missing_is_a_fault_not_a_guess(table):
    facts = {name: value for name, value in ORDINARY.items() if name != "verified"}
    with pytest.raises(DecisionFault):
        table.decide(facts, FRIDAY)


def test_the_table_has_no_problems():
    assert check_decision(TABLE.read_bytes()) == ()
