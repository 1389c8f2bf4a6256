"""D5: how a verified problem is brought up, each row of the table; its number is a parameter."""

from datetime import datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS

TABLE = Path("bpmn/decisions/D5_media_channel.dmn")
CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone), CALENDAR)
DEFAULTS = {name: parameter.default for name, parameter in PARAMETERS.items()}
ORDINARY = {
    "verification": "true",
    "release_ok": None,
    "classification": "public",
    "already_rectified": False,
    "first_time": True,
    "fail_count": 0,
    "severity": "general",
    "public_interest": False,
    "cause": "execution",
    "parameters": DEFAULTS,
}


@pytest.fixture(scope="module")
def table():
    return read_decision(TABLE.read_bytes())


def channel(table, **facts):
    found = table.decide(ORDINARY | facts, FRIDAY)
    assert found["basis"]
    return found["channel"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"verification": "partly"}, "hold"),
        ({"verification": "false"}, "hold"),
        ({"verification": "pending"}, "hold"),
        ({"release_ok": False}, "hold"),
        ({"release_ok": True}, "exposure"),
        ({"classification": "internal"}, "internal_reference"),
        ({"classification": "work_secret"}, "internal_reference"),
        ({"already_rectified": True}, "hold"),
        ({"already_rectified": True, "first_time": False}, "exposure"),
        ({"fail_count": 2}, "both"),
        ({"fail_count": 1}, "exposure"),
        ({"severity": "serious", "public_interest": True}, "both"),
        ({"severity": "major", "public_interest": True}, "both"),
        ({"severity": "major"}, "exposure"),
        ({"public_interest": True}, "exposure"),
        ({"cause": "policy"}, "internal_reference"),
        ({"cause": "funding"}, "internal_reference"),
        ({"cause": "land"}, "internal_reference"),
        ({"cause": "approval"}, "exposure"),
        ({}, "exposure"),
    ],
)
def test_every_row(table, facts, expected):
    assert channel(table, **facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"verification": "partly", "fail_count": 9}, "hold"),
        ({"release_ok": False, "classification": "internal"}, "hold"),
        ({"classification": "internal", "fail_count": 9}, "internal_reference"),
        ({"already_rectified": True, "fail_count": 9}, "hold"),
        ({"fail_count": 2, "cause": "policy"}, "both"),
    ],
)
def test_what_comes_first_wins(table, facts, expected):
    assert channel(table, **facts) == expected


def test_an_administrator_may_set_another_number(table):
    assert channel(table, fail_count=2, parameters=DEFAULTS | {"exposure_fail_count": 3}) == "exposure"


def test_a_fact_that_is_missing_is_a_fault_not_a_guess(table):
    facts = {name: value for name, value in ORDINARY.items() if name != "verification"}
    with pytest.raises(DecisionFault):
        table.decide(facts, FRIDAY)


def test_the_table_has_no_problems():
    assert check_decision(TABLE.read_bytes()) == ()
