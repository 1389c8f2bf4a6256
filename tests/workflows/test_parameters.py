"""Parameters: defaults of the guide, values from a day on, nothing overwritten, administrators only."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bpmn.moment import Moment
from engine.access import NotYours
from workflows import parameters
from workflows.documents import DECISIONS, PROCESSES
from workflows.parameters import PARAMETERS, NoSuchParameter, ParameterRefused

MOMENT = Moment(datetime(2013, 5, 6, 1, 30, tzinfo=UTC))
MAY, JUNE = date(2013, 5, 6), date(2013, 6, 1)


def test_defaults_lie_within_their_bounds():
    for one in PARAMETERS.values():
        assert one.least <= one.default <= one.most, one.name


def test_a_value_counts_from_its_day_on(sessions, cast):
    with sessions.begin() as session:
        assert parameters.value(session, "ledger_days", MAY) == 10
        parameters.put(session, cast.admin, "ledger_days", 12, JUNE, "补报", MOMENT)
        assert parameters.value(session, "ledger_days", date(2013, 5, 31)) == 10
        assert parameters.value(session, "ledger_days", JUNE) == 12
        assert parameters.values(session, JUNE)["ledger_days"] == 12
        assert set(parameters.values(session, JUNE)) == set(PARAMETERS)
        assert parameters.is_changed(session) == {"ledger_days"}


def test_the_last_word_on_a_day_counts_and_the_history_keeps_all(sessions, cast):
    with sessions.begin() as session:
        parameters.put(session, cast.admin, "light_red_gap", 25, JUNE, "a", MOMENT)
        parameters.put(session, cast.admin, "light_red_gap", 27.5, JUNE, "b", MOMENT)
        assert parameters.value(session, "light_red_gap", JUNE) == 27.5
        assert [one.value for one in parameters.history(session, "light_red_gap")] == [27.5, 25, 30]


def test_only_administrators_set_them(sessions, cast):
    with sessions.begin() as session, pytest.raises(NotYours):
        parameters.put(session, cast.officer, "ledger_days", 12, JUNE, "x", MOMENT)


def test_all_mistakes_are_told_at_once(sessions, cast):
    with sessions.begin() as session:
        with pytest.raises(ParameterRefused) as refused:
            parameters.put(session, cast.admin, "ledger_days", 0, date(2013, 5, 1), " ", MOMENT)
        assert [problem.code for problem in refused.value.problems] == ["bounds", "past", "required"]
        with pytest.raises(ParameterRefused) as refused:
            parameters.put(session, cast.admin, "ledger_days", 2.5, JUNE, "x", MOMENT)
        assert [problem.code for problem in refused.value.problems] == ["whole"]


def test_unknown_names_are_refused(sessions, cast):
    with sessions.begin() as session:
        for ask in (
            lambda: parameters.value(session, "luck", MAY),
            lambda: parameters.history(session, "luck"),
            lambda: parameters.put(session, cast.admin, "luck", 1, JUNE, "x", MOMENT),
        ):
            with pytest.raises(NoSuchParameter):
                ask()


NUMBER = re.compile(r"\b(?:wd|cd)\(\s*-?(\d+)|\bPT?(\d+)[DHMW]\b")
DOCUMENTS = [*PROCESSES.glob("*.bpmn"), *DECISIONS.glob("*.dmn")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_no_document_states_a_number_of_days_that_an_administrator_should_set(path):
    """One working day is no term but the next day: a rhythm, or the shortest that anybody may be given."""
    found = [first or second for first, second in NUMBER.findall(path.read_text("utf-8"))]
    assert [number for number in found if number not in ("0", "1")] == []


def test_every_parameter_is_read_by_somebody():
    sources = [*PROCESSES.glob("*.bpmn"), *DECISIONS.glob("*.dmn"), *Path(parameters.__file__).parent.rglob("*.py")]
    texts = "".join(path.read_text("utf-8") for path in sources if path.name != "parameters.py")
    assert [name for name in PARAMETERS if name not in texts] == []
