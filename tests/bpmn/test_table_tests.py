"""Tests beside a decision table: kept in its document, played, and told which rules they reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bpmn import table_columns
from bpmn.blank_table import blank_table
from bpmn.decisions import check_decision, read_decision
from bpmn.table_compare import compare
from bpmn.table_tests import MOST_TESTS, TableTest, TooManyTests, play, read_tests, said, with_tests
from faults import Refused

LATE = TableTest('晚 <b>&"', date(2013, 5, 6), {"days": "12"}, {"color": '"red"', "rows": "2"})


@pytest.fixture
def lights(table):
    rules = [["> parameters.limit", "-", '"red"'], ["-", '"major"', '"yellow"'], ["-", "-", '"green"']]
    return table("FIRST", ["days", "kind"], ["color"], rules)


def test_they_are_kept_in_the_document(lights):
    kept = with_tests(lights, [LATE, TableTest("")])
    assert read_tests(kept) == (LATE, TableTest(""))
    assert read_tests(lights) == ()
    assert check_decision(kept) == check_decision(lights)
    assert compare(read_decision(kept), read_decision(lights)) == ()
    assert read_tests(with_tests(kept, [LATE])) == (LATE,)


def test_without_any_the_document_is_as_before(lights):
    assert with_tests(lights, []) == lights
    bare = with_tests(with_tests(lights, [LATE]), [])
    assert b"tests" not in bare
    assert b"extensionElements" not in bare


def test_other_extensions_and_the_description_stay(lights):
    text = lights.decode()
    at = text.index(">", text.index("<decision ")) + 1
    own = '<description>Why</description><extensionElements><x:y xmlns:x="https://x.example"/></extensionElements>'
    kept = with_tests((text[:at] + own + text[at:]).encode(), [LATE])
    assert read_tests(kept) == (LATE,)
    assert b"x.example" in with_tests(kept, [])
    assert check_decision(kept) == check_decision(lights)


def test_what_xml_has_no_room_for_is_left_out(lights):
    kept = with_tests(lights, [TableTest("a\0b\x0b", None, {"days\ud800": "1\x1f"})])
    assert read_tests(kept) == (TableTest("ab", None, {"days": "1"}),)


def test_there_is_a_limit(lights):
    with pytest.raises(TooManyTests):
        with_tests(lights, [LATE] * (MOST_TESTS + 1))


@pytest.mark.parametrize("data", [b"", b"<x/>", b"<definitions/>"])
def test_what_is_no_table_is_refused(data):
    with pytest.raises(Refused):
        read_tests(data)
    with pytest.raises(Refused):
        with_tests(data, [])


def test_one_table_to_a_document(lights):
    text = lights.decode()
    begin, end = text.index("<decision "), text.index("</decision>") + len("</decision>")
    with pytest.raises(Refused) as caught:
        read_tests((text[:begin] + text[end:]).encode())
    assert [problem.code for problem in caught.value.problems] == ["no_decision"]


@pytest.mark.parametrize(
    ("given", "expected", "state", "rules", "wrong"),
    [
        ({"days": "12", "kind": "null"}, {"color": '"red"'}, "passed", (1,), ()),
        ({"days": "3", "kind": '"major"'}, {"color": '"yellow"'}, "passed", (2,), ()),
        ({"days": "3", "kind": '"major"'}, {"color": '"red"'}, "failed", (2,), ("color",)),
        ({"days": "3", "kind": '"major"'}, {}, "open", (2,), ()),
        ({"days": "3", "kind": '""', "parameters.limit": "2"}, {"color": '"red"'}, "passed", (1,), ()),
        ({"days": "3", "kind": '""'}, {"colour": '"green"'}, "failed", (3,), ("colour",)),
    ],
)
def test_how_they_end(given, expected, state, rules, wrong, lights, moment):
    verdict = play(read_decision(lights), TableTest("", None, given, expected), {"parameters": {"limit": 10}}, moment)
    assert (verdict.state, verdict.rules, verdict.wrong) == (state, rules, wrong)


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"days": "12"}, {}), ({"days": "1 +", "kind": "null"}, {}), ({"days": "1", "kind": "null"}, {"color": "red"})],
)
def test_what_can_not_be_played_says_why(given, expected, lights, moment):
    names = {"parameters": {"limit": 10}}
    verdict = play(read_decision(lights), TableTest("", None, given, expected), names, moment)
    assert verdict.state == "fault"
    assert "{" not in str(verdict.fault)
    assert names == {"parameters": {"limit": 10}}


def test_a_list_of_answers_is_expected_output_by_output(table, moment):
    decision = read_decision(table("RULE ORDER", ["n"], ["x"], [["> 1", "1"], ["> 2", "2"], ["> 3", "3"]]))
    test = TableTest("", None, {"n": "3"}, {"x": "[1, 2]"})
    verdict = play(decision, test, {}, moment)
    assert (verdict.state, verdict.answer, verdict.rules) == ("passed", {"x": [1, 2]}, (1, 2))
    assert play(decision, replace(test, expected={"x": "[2, 1]"}), {}, moment).state == "failed"


def test_dates_are_what_answers_keep(table, moment):
    decision = read_decision(table("FIRST", ["day"], ["x"], [['> date("2013-05-01")', 'date("2013-05-31")']]))
    test = TableTest("", None, {"day": 'date("2013-05-02")'}, {"x": 'date("2013-05-31")'})
    assert play(decision, test, {}, moment).state == "passed"


def test_columns_offer_what_the_table_knows(lights):
    decision = read_decision(lights)
    assert [(one.name, one.options) for one in table_columns.given(decision)] == [
        ("days", ()),
        ("kind", ('"major"',)),
        ("parameters.limit", ()),
    ]
    assert [one.options for one in table_columns.expected(decision)] == [('"red"', '"yellow"', '"green"')]


def test_they_are_compared_as_text():
    test = TableTest("late", date(2013, 5, 6), {"days": "12", "kind": "null"}, {"color": '"red"'})
    assert said([test, TableTest("")]) == 'late 2013-05-06: days = 12, kind = null -> color = "red"\n -> '


def test_a_new_table_says_what_it_lacks():
    codes = [problem.code for problem in check_decision(blank_table("D_new", "新 <表>"))]
    assert codes == ["input_empty", "no_rules"]
