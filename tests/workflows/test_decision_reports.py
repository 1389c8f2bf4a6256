"""What is said of a decision table: tests see the parameters of their day, parameters are named with their dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bpmn.moment import Moment
from bpmn.table_tests import TableTest, with_tests
from workflows import decision_reports, parameters
from workflows.documents import DECISIONS

MOMENT = Moment(datetime(2013, 5, 6, 1, 30, tzinfo=UTC))
JUNE = date(2013, 6, 3)
TABLE = with_tests((DECISIONS / "D2_urging.dmn").read_bytes(), [])
LATE = {"paused": "false", "subordinate": "true", "days_late": "3", "overdue_count": "0"}


@pytest.fixture
def changed(sessions, cast):
    with sessions.begin() as session:
        parameters.put(session, cast.admin, "urge_order_days", 4, JUNE, "放宽", MOMENT)


def test_the_tests_of_shipped_tables_pass(sessions):
    with sessions.read() as session:
        found = {
            path.stem: decision_reports.report(session, path.read_bytes(), MOMENT) for path in DECISIONS.glob("*.dmn")
        }
    tested = {name: one for name, one in found.items() if one.tests}
    assert "D2_urging" in tested
    for name, one in tested.items():
        assert (one.passed, one.untested) == (len(one.tests), ()), name


def report(sessions, *tests, data=TABLE):
    with sessions.read() as session:
        return decision_reports.report(session, with_tests(data, tests), MOMENT)


def test_a_test_sees_the_parameters_of_its_day(sessions, changed):
    order = {"kind": '"order"'}
    found = report(
        sessions,
        TableTest("today", None, LATE, order),
        TableTest("in june", JUNE, LATE, order),
        TableTest("its own", JUNE, LATE | {"parameters.urge_order_days": "2"}, order),
    )
    assert [one.state for one in found.verdicts] == ["passed", "failed", "passed"]
    assert (found.passed, found.failed) == (2, 1)
    assert [one.rules for one in found.verdicts] == [(6,), (7,), (6,)]


def test_rules_are_reached_only_where_something_was_expected(sessions):
    assert 6 in report(sessions, TableTest("", None, LATE)).untested
    assert 6 not in report(sessions, TableTest("", None, LATE, {"rung": "4"})).untested
    assert report(sessions, TableTest("", None, {}, {"rung": "4"})).failed == 1


def test_parameters_are_named_with_what_they_will_be(sessions, changed):
    used = {one.parameter.name: one for one in report(sessions).used}
    assert set(used) == {
        "urge_remind_days", "urge_second_days", "urge_order_days", "urge_talk_days", "urge_referral_days",
        "urge_referral_count",
    }  # fmt: skip
    assert used["urge_order_days"].now.value == 3
    assert [(one.value, one.valid_from) for one in used["urge_order_days"].later] == [(4, JUNE)]
    assert used["urge_talk_days"].later == ()


def test_a_parameter_that_does_not_exist_is_named(sessions):
    data = TABLE.replace(b"parameters.urge_talk_days", b"parameters.urge_talks")
    found = report(sessions, TableTest("", None, LATE, {"rung": "4"}), data=data)
    assert found.unknown == ("urge_talks",)
    assert found.failed == 1


@pytest.mark.parametrize(
    "data", [b"", b"<x/>", TABLE.replace(b">FIRST<", b"><").replace(b"days_late</text>", b"1 +</text>")]
)
def test_a_table_with_errors_has_problems_and_no_verdicts(sessions, data):
    with sessions.read() as session:
        found = decision_reports.report(session, data, MOMENT)
    assert found.problems
    assert (found.decision, found.verdicts, found.untested) == (None, (), ())


def test_all_shipped_tables_are_reported_in_one_statement_each(sessions, count):
    with sessions.read() as session:
        for path in sorted(DECISIONS.glob("*.dmn")):
            with count(session.get_bind()) as counted:
                found = decision_reports.report(session, path.read_bytes(), MOMENT)
            assert found.decision is not None, path
            assert found.unknown == ()
            assert len(counted) <= 1
