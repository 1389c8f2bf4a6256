"""D10: whether a matter takes the statutory procedure of major decisions, each row of the table."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from workflows.profiles import PROFILES

TABLE = Path("bpmn/decisions/D10_major_decision.dmn")
MOMENT = Moment(datetime(2013, 6, 3, 1, tzinfo=UTC))
SUBJECTS = ("policy", "plan", "project", "land", "public_interest", "fiscal", "legislation", "emergency", "other")


@pytest.fixture(scope="module")
def table():
    return read_decision(TABLE.read_bytes())


def decide(table, profile, subject):
    names = {"major_decision": PROFILES[profile].major_decision, "subject": subject}
    return table.decide(names, MOMENT)


@pytest.mark.parametrize(
    ("subject", "procedure"),
    [
        ("policy", "statutory"),
        ("plan", "statutory"),
        ("project", "statutory"),
        ("land", "statutory"),
        ("public_interest", "statutory"),
        ("fiscal", "exempt"),
        ("legislation", "exempt"),
        ("emergency", "exempt"),
        ("other", "ordinary"),
    ],
)
def test_every_row_under_the_profile_of_2021(table, subject, procedure):
    found = decide(table, "profile_2021", subject)
    assert found["procedure"] == procedure
    assert found["basis"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_first_row_under_the_profile_of_2013(table, subject):
    assert decide(table, "profile_2013", subject)["procedure"] == "ordinary"


def test_without_a_profile_it_is_a_fault_not_a_guess(table):
    with pytest.raises(DecisionFault):
        table.decide({"major_decision": None, "subject": "other"}, MOMENT)


def test_the_table_has_no_problems():
    assert check_decision(TABLE.read_bytes()) == ()
