from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.expressions import ExpressionFault
from bpmn.instants import parse_duration
from bpmn.moment import BEIJING
from bpmn.unary import SOMETIME, compile_unary
from faults import Fault


@pytest.mark.parametrize(
    ("cell", "fits", "fails"),
    [
        ("", [1, "a", None, True], []),
        ("-", [1, "a", None, True], []),
        (" - ", [1], []),
        ("5", [5, 5.0], [4, "5", None]),
        ("-5", [-5], [5]),
        ('"red"', ["red"], ["blue", None, 1]),
        ("'red'", ["red"], ["blue"]),
        ('"red","yellow"', ["red", "yellow"], ["green", None]),
        ('"a,b", "c"', ["a,b", "c"], ["a", "b"]),
        ("1, 3, [5..7]", [1, 3, 5, 7], [2, 4, 8]),
        ("> 30", [31], [30, 29, None]),
        (">= 30", [30], [29]),
        ("<30", [29], [30]),
        ("<= 30", [30, -1], [31]),
        ("= 30", [30], [31, None]),
        ("!= 30", [31, None, "a"], [30]),
        ("[10..30]", [10, 20, 30], [9, 31, None]),
        ("(10..30)", [11, 29], [10, 30]),
        ("]10..30[", [11, 29], [10, 30]),
        ("[10..30)", [10], [30]),
        ("(10..30]", [30], [10]),
        ("]10..30]", [30], [10]),
        ("[10..30[", [10], [30]),
        ("[-10..-1]", [-10, -1], [0]),
        ("[1.5..2.5]", [1.5, 2], [3]),
        ("[1..2], ]4..6[", [1, 5], [3, 4, 6]),
        ('["a".."c"]', ["a", "b", "c"], ["d"]),
        ("not(5)", [4, None, "x"], [5]),
        ('not("red","yellow")', ["green"], ["red", "yellow"]),
        ("not([10..30])", [9, 31], [10, 20]),
        ("not( > 3 )", [3], [4]),
        ("not(null)", [1, "", False], [None]),
        ("null", [None], [0, "", False]),
        ("true", [True], [False, None, 1]),
        ("false", [False], [True, None, 0]),
        ("not(true)", [False, None], [True]),
        ("[1, 2]", [1, 2], [3]),
        ("low", [3], [4]),
        ("> low", [4], [3]),
        ("[low..high]", [3, 7], [2, 8]),
        ("(low + 1)", [4], [3]),
        ("kinds", ["a", "b"], ["c"]),
        ("order.kind", ["major"], ["minor"]),
        ("? > 3 and ? < 6", [4, 5], [3, 6]),
        ('contains(?, "拆")', ["拆除"], ["绿化"]),
        ("? == low or ? == high", [3, 7], [4]),
        ('"a?b"', ["a?b"], ["a"]),
        ('date("2013-04-19")', [date(2013, 4, 19), "2013-04-19"], [date(2013, 4, 20), None, "x"]),
        ('> date("2013-04-19")', ["2013-04-20", date(2013, 4, 20)], ["2013-04-19", None]),
        ('[date("2013-04-01")..date("2013-04-30")]', ["2013-04-01", "2013-04-30"], ["2013-05-01"]),
        ("<= today()", ["2013-04-19"], ["2013-04-20"]),
        (
            '< date and time("2013-04-19T12:00:00")',
            [datetime(2013, 4, 19, 11, tzinfo=BEIJING), "2013-04-19T11:00:00+08:00"],
            ["2013-04-19T13:00:00+08:00"],
        ),
        ('> duration("P3D")', [parse_duration("P4D"), "P4D"], [parse_duration("P3D"), "PT1H", None]),
        ('[duration("PT1H")..duration("PT2H")]', ["PT90M"], ["PT3H"]),
    ],
)
def test_every_form(cell, fits, fails, moment):
    test = compile_unary(cell)
    names = {"low": 3, "high": 7, "kinds": ["a", "b"], "order": {"kind": "major"}}
    assert [value for value in fits if not test.holds(value, names, moment)] == []
    assert [value for value in fails if test.holds(value, names, moment)] == []


@pytest.mark.parametrize(
    "cell",
    [
        ">", "> >", "1,", ",1", "1,,2", "[1..]", "[..2]", "not(", "not(1", "red red", '"red', "[1..2", "1..2", "(1..2",
        "][", "[]..[]", "=", "? ?", "> 3 4", "date(", "x" * 5000, "1 / 0", "a = 1", "“红”",
    ],
)  # fmt: skip
def test_what_can_not_be_read(cell):
    with pytest.raises(ExpressionFault):
        compile_unary(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [("> 30", "a"), ("[1..2]", "a"), ('> "a"', 1), ('> date("2013-04-19")', "x")]
)
def test_what_can_not_be_compared_is_no_silent_no(cell, value, moment):
    with pytest.raises((TypeError, ValueError)):
        compile_unary(cell).holds(value, {}, moment)


def test_a_condition_must_be_true_or_false(moment):
    with pytest.raises(TypeError):
        compile_unary("? + 1").holds(1, {}, moment)


def test_a_missing_name_is_a_fault(moment):
    with pytest.raises(ExpressionFault) as caught:
        compile_unary("red").holds("red", {}, moment)
    assert caught.value.code == "unknown_name"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text(alphabet='[]()".,?<>=!-0123not a', max_size=25)))
def test_any_cell_is_a_test_or_a_fault(cell):
    with suppress(Fault):
        compile_unary(cell)


@settings(max_examples=200, deadline=None)
@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-60, 60), st.sampled_from("[(]"), st.sampled_from("])["))
def test_intervals_agree_with_arithmetic(low, high, value, opening, closing):
    above = value >= low if opening == "[" else value > low
    below = value <= high if closing == "]" else value < high
    assert compile_unary(f"{opening}{low}..{high}{closing}").holds(value, {}, SOMETIME) is (above and below)
