"""Numbers of documents: one series for each kind and year, without gaps, also when many ask at once."""

from datetime import UTC, datetime

import pytest

from bpmn.moment import Moment
from engine.services import ServiceFault
from workflows import serials

IN_2013 = Moment(datetime(2013, 12, 31, 1, 0, tzinfo=UTC))
IN_2014 = Moment(datetime(2013, 12, 31, 16, 30, tzinfo=UTC))  # new year in Beijing


def test_each_kind_and_year_counts_by_itself(sessions):
    with sessions.begin() as session:
        given = [serials.next_number(session, kind, IN_2013) for kind in ("problem", "problem", "matter")]
        assert given == ["督问字〔2013〕1号", "督问字〔2013〕2号", "督请字〔2013〕1号"]
        assert serials.next_number(session, "problem", IN_2014) == "督问字〔2014〕1号"


def test_bulletins_count_their_issues(sessions):
    with sessions.begin() as session:
        given = [serials.next_number(session, "flash_bulletin", IN_2013) for _ in range(2)]
        assert [*given, serials.next_number(session, "flash_bulletin", IN_2014)] == ["第1期", "第2期", "第1期"]


def test_what_is_rolled_back_leaves_no_gap(sessions):
    with sessions() as session:
        serials.next_number(session, "change", IN_2013)
        session.rollback()
    with sessions.begin() as session:
        assert serials.next_number(session, "change", IN_2013) == "督变字〔2013〕1号"


def test_many_at_once_get_different_numbers(sessions, at_once):
    def ask():
        with sessions.begin() as session:
            return serials.next_number(session, "problem", IN_2013)

    assert sorted(at_once(*[ask] * 8)) == [f"督问字〔2013〕{number}号" for number in range(1, 9)]


def test_the_service_gives_a_number_and_an_id(sessions):
    with sessions.begin() as session:
        first, second = (serials.assign(session, None, {"kind": "problem"}, IN_2013) for _ in range(2))
    assert first["number"] != second["number"]
    assert first["id"] != second["id"]


def test_an_unknown_kind_is_refused(sessions):
    with sessions.begin() as session, pytest.raises(ServiceFault, match="no series"):
        serials.assign(session, None, {"kind": "poem"}, IN_2013)
