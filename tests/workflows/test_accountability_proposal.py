"""D7: which measure is proposed, each row of the table; its numbers are parameters."""

from datetime import datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS

TABLE = Path("bpmn/decisions/D7_accountability_proposal.dmn")
CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone), CALENDAR)
DEFAULTS = {name: parameter.default for name, parameter in PARAMETERS.items()}
ORDINARY = {
    "conduct": "inaction",
    "good_faith": False,
    "consequence": "minor",
    "talks": 0,
    "earlier": 0,
    "parameters": DEFAULTS,
}


@pytest.fixture(scope="module")
def table():
    return read_decision(TABLE.read_bytes())


def measure(table, **facts):
    found = table.decide(ORDINARY | facts, FRIDAY)
    assert found["basis"]
    return found["measure"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"conduct": "corruption"}, "transfer"),
        ({"good_faith": True}, "none"),
        ({"conduct": "false"}, "refer"),
        ({"conduct": "obstruct"}, "refer"),
        ({"consequence": "grave"}, "refer"),
        ({"consequence": "serious"}, "circulate"),
        ({"talks": 1, "earlier": 1}, "circulate"),
        ({"earlier": 1}, "talk"),
        ({"earlier": 3}, "talk"),
        ({}, "remind"),
        ({"consequence": "none", "earlier": 2, "talks": 1}, "remind"),
        ({"conduct": "wrongful"}, "remind"),
        ({"conduct": "absence"}, "remind"),
        ({"conduct": "inadequate"}, "remind"),
    ],
)
def test_every_row(table, facts, expected):
    assert measure(table, **facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"conduct": "corruption", "good_faith": True, "consequence": "none"}, "transfer"),
        ({"good_faith": True, "conduct": "false", "consequence": "grave"}, "none"),
        ({"conduct": "false", "consequence": "serious"}, "refer"),
        ({"consequence": "serious", "earlier": 1}, "circulate"),
    ],
)
def test_what_comes_first_wins(table, facts, expected):
    assert measure(table, **facts) == expected


def test_an_administrator_may_set_other_numbers(table):
    milder = DEFAULTS | {"accountability_talks": 2, "accountability_earlier": 2}
    assert measure(table, talks=1, earlier=1, parameters=milder) == "remind"
    assert measure(table, talks=1, earlier=2, parameters=milder) == "talk"


def test_a_fact_that_is_missing_is_a_fault_not_a_guess(table):
    facts = {name: value for name, value in ORDINARY.items() if name != "talks"}
    with pytest.raises(DecisionFault):
        table.decide(facts, FRIDAY)


def test_the_table_has_no_problems():
    assert check_decision(TABLE.read_bytes()) == ()
