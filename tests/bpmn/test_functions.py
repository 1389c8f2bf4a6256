from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpmn.expressions import ExpressionFault, compile_expression
from bpmn.functions import FUNCTIONS

NAMES = {
    "order": {"deadline": "2013-05-06", "note": None},
    "rows": [{"unit": "a", "days": 3}, {"unit": "b", "days": 5}],
    "performers": {"issue_order": "officer1"},
}


def value(text, moment):
    return compile_expression(text).evaluate(NAMES, moment)


def written(text, moment):
    return value(f"text({text})", moment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today()", "2013-04-19"),
        ("now()", "2013-04-19T09:00:00+08:00"),
        ("date('2013-05-06')", "2013-05-06"),
        ("date('2013-05-06T20:00Z')", "2013-05-07"),
        ("date(2013, 5, 6)", "2013-05-06"),
        ("date(wd(1))", "2013-04-22"),
        ("datetime('2013-05-06')", "2013-05-06T17:30:00+08:00"),
        ("datetime('2013-05-06T09:00')", "2013-05-06T09:00:00+08:00"),
        ("duration('P1Y2M3DT4H5M6S')", "P1Y2M3DT4H5M6S"),
        ("duration(duration('P3D'))", "P3D"),
        ("wd(10)", "2013-05-06T17:30:00+08:00"),
        ("wd(3, '2013-04-26')", "2013-05-02T17:30:00+08:00"),
        ("wd(-10, order.deadline)", "2013-04-19T17:30:00+08:00"),
        ("wd(1.0)", "2013-04-22T17:30:00+08:00"),
        ("wd(0)", "2013-04-19T17:30:00+08:00"),
        ("cd(7)", "2013-04-26T17:30:00+08:00"),
        ("cd(-1, order.deadline)", "2013-05-05T17:30:00+08:00"),
        ("wd_of_week(5, 16)", "2013-04-19T16:00:00+08:00"),
        ("wd_of_week(1, 9)", "2013-04-22T09:00:00+08:00"),
        ("wd_of_quarter(5)", "2013-07-05T17:30:00+08:00"),
        ("wd_of_quarter(-1)", "2013-06-28T17:30:00+08:00"),
        ("wd_of_month(-5)", "2013-04-24T17:30:00+08:00"),
        ("wd_of_month(-1)", "2013-04-28T17:30:00+08:00"),
        ("wd_of_month(1)", "2013-05-02T17:30:00+08:00"),
        ("wd_of_month(1, '2013-10-20')", "2013-10-08T17:30:00+08:00"),
        ("wd_of_month(-1, '2013-02-01')", "2013-02-28T17:30:00+08:00"),
    ],
)
def test_time(text, expected, moment):
    assert written(text, moment) == expected


def test_a_weekly_day_moves_before_a_holiday_and_passes_over_a_week_without_work(at):
    assert written("wd_of_week(5, 16)", at("2013-04-19T16:00")) == "2013-04-26T16:00:00+08:00"
    assert written("wd_of_week(5, 16)", at("2013-09-16T09:00")) == "2013-09-18T16:00:00+08:00"  # 19 to 21 is holiday
    assert written("wd_of_week(5, 16)", at("2013-09-30T17:00")) == "2013-10-11T16:00:00+08:00"
    assert written("wd_of_week(3, 16)", at("2013-10-01T09:00")) == "2013-10-09T16:00:00+08:00"
    assert written("wd_of_week(1, 16)", at("2013-10-01T09:00")) == "2013-10-14T16:00:00+08:00"


def test_the_next_such_day_of_a_quarter(at):
    assert written("wd_of_quarter(5)", at("2013-10-10T09:00")) == "2013-10-12T17:30:00+08:00"  # a worked Saturday
    assert written("wd_of_quarter(5)", at("2013-10-12T17:30")) == "2014-01-07T17:30:00+08:00"
    assert written("wd_of_quarter(-1)", at("2013-12-30T09:00")) == "2013-12-31T17:30:00+08:00"


def test_the_next_such_day_of_a_month_is_in_the_next_month_once_it_is_over(at):
    assert written("wd_of_month(-5)", at("2013-04-24T17:29")) == "2013-04-24T17:30:00+08:00"
    assert written("wd_of_month(-5)", at("2013-04-24T17:30")) == "2013-05-27T17:30:00+08:00"
    assert written("wd_of_month(1)", at("2013-12-31T18:00")) == "2014-01-01T17:30:00+08:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("working_days_between(today(), wd(10))", 10),
        ("working_days_between(wd(10), today())", -10),
        ("working_days_between('2013-04-26', '2013-04-28')", 2),
        ("working_days_between(today(), today())", 0),
        ("days_between(today(), order.deadline)", 17),
        ("days_between(order.deadline, today())", -17),
        ("is_working_day('2013-04-28')", True),
        ("is_working_day('2013-05-01')", False),
        ("year(order.deadline)", 2013),
        ("month(order.deadline)", 5),
        ("day(order.deadline)", 6),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(0.285, 2)", 0.29),
        ("round(1234, -2)", 1200),
        ("round(1.005, 2)", 1.01),
        ("floor(-1.5)", -2),
        ("ceil(1.2)", 2),
        ("abs(-3)", 3),
        ("number('1234.50')", 1234.5),
        ("number(' 12 ')", 12),
        ("number(3)", 3),
        ("int('7')", 7),
        ("int(-7.9)", -7),
        ("len(rows)", 2),
        ("len('事项')", 2),
        ("len(order)", 2),
        ("count(rows)", 2),
        ("count([1, 2, 1, true], 1)", 2),
        ("sum([1, 2, 3])", 6),
        ("sum(1, 2)", 3),
        ("sum([])", 0),
        ("min(3, 1)", 1),
        ("max([r.days for r in rows])", 5),
        ("mean([1, 2])", 1.5),
        ("any([])", False),
        ("any(false, true)", True),
        ("all([])", True),
        ("all(r.days > 3 for r in rows)", False),
        ("sorted([3, 1, 2])", [1, 2, 3]),
        ("unique(['b', 'a', 'b', 1, true])", ["b", "a", 1, True]),
        ("flatten([[1, 2], 3, []])", [1, 2, 3]),
        ("range(3)", [0, 1, 2]),
        ("range(3, 0, -1)", [3, 2, 1]),
        ("list([1])", [1]),
        ("keys(order)", ["deadline", "note"]),
        ("values(order)", ["2013-05-06", None]),
        ("get(order, 'deadline')", "2013-05-06"),
        ("get(order, 'x')", None),
        ("get(order, 'x', 1)", 1),
        ("text(1.5)", "1.5"),
        ("text(null)", ""),
        ("str(true)", "true"),
        ("upper('aB')", "AB"),
        ("lower('aB')", "ab"),
        ("strip(' a ')", "a"),
        ("startswith('abc', 'ab')", True),
        ("endswith('abc', 'bc')", True),
        ("contains('abc', 'b')", True),
        ("replace('a-b-c', '-', '/')", "a/b/c"),
        ("split('a,b', ',')", ["a", "b"]),
        ("join(['a', 1, today()], '、')", "a、1、2013-04-19"),
        ("join(['a', 'b'])", "ab"),
        ("exists('order.deadline')", True),
        ("exists('order.zzz')", False),
        ("exists('zzz')", False),
        ("value('order.deadline', 'none')", "2013-05-06"),
        ("value('order.note', 'none')", None),
        ("value('order.deadline.x', 'none')", "none"),
        ("value('zzz')", None),
        ("value('order._x', 1)", 1),
        ("performer('issue_order')", "officer1"),
        ("superior('110105')", "110105/.."),
        ("superior(superior('110105'))", "110105/../.."),
    ],
)
def test_values(text, expected, moment):
    result = value(text, moment)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        "date('soon')", "date(2013, 2, 30)", "date(2013, 1)", "date(9999, 1, 1)", "datetime(3)", "duration('3 days')",
        "wd(1.5)", "wd('1')", "wd(2501)", "cd(40000)", "wd(1, 'x')", "wd_of_month(0)",
        "wd_of_week(0, 9)", "wd_of_week(8, 9)", "wd_of_week(5, 24)", "wd_of_week(5, -1)", "wd_of_quarter(0)",
        "wd_of_quarter(66)", "wd_of_month(23, '2013-02-01')",
        "working_days_between('1900-01-01', '2199-01-01') + working_days_between('1900-01-01', '2199-01-01')"
        " + working_days_between('1900-01-01', '2199-01-01')", "round('1')", "round(1, 16)", "round(1, -1000)",
        "number('')", "number('x')", "number('1_000')", "number('nan')", "number('inf')", "number('１２')",
        "number(null)", "len(3)", "count(3)", "sum('abc')", "sum(['a'])", "min([])", "max(1, 'a')", "mean([])",
        "any(1)", "sorted([1, 'a'])", "sorted(3)", "unique([[1]])", "range(100000)", "range(1, 2, 0)", "keys([])",
        "get([], 1)", "get(order, [1])", "text(rows)", "upper(1)", "replace('a', '', 'b')", "split('a', '')",
        "join('abc', 1)", "join([[1]], ',')", "exists(1)", "performer('close_order')", "performer(1)", "performer([])",
        "superior(null)", "superior([])",
    ],
)  # fmt: skip
def test_unfit_arguments_are_faults(text, moment):
    with pytest.raises(ExpressionFault):
        value(text, moment)


def test_nobody_has_done_anything_yet(moment):
    with pytest.raises(ExpressionFault) as caught:
        compile_expression("performer('issue_order')").evaluate({}, moment)
    assert caught.value.code == "performer"


def test_every_function_is_described_for_authors():
    page = Path("docs/expressions.md").read_text(encoding="utf-8")
    section = page.partition("## Functions")[2].partition("\n## ")[0]
    described = re.findall(r"^\| `(\w+\(.*?\))` \|", section, re.MULTILINE)
    assert described == [function.usage for function in FUNCTIONS.values()]


def test_every_function_has_a_test():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS if f"{name}(" not in text] == []
