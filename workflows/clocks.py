"""Explains a date in words: from which day it is counted, how far, and which holidays and worked weekends lie between.

"notice of 2013-04-19 + 10 working days, 04-29–05-01 off (Labour Day), 04-27/28 worked".  The days are those of the
calendar by which the date was computed; the names of holidays come from the library that it follows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any

import chinese_calendar

from bpmn.expressions import ExpressionFault, compile_expression
from bpmn.instants import Mismatch, Unfit, to_date
from bpmn.moment import Calendar, Moment
from faults import N_
from workflows.calendar import is_known
from workflows.working_time import between

Words = tuple[str, dict[str, Any]]

ARRIVAL, NOTICE, DAY, SET = "arrival", "notice", "day", "set"
_FIRST: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (ARRIVAL, "wd"): N_("arrival on {start} + {count} working days"),
        (ARRIVAL, "cd"): N_("arrival on {start} + {count} calendar days"),
        (NOTICE, "wd"): N_("notice of {start} + {count} working days"),
        (NOTICE, "cd"): N_("notice of {start} + {count} calendar days"),
        (DAY, "wd"): N_("{start} + {count} working days"),
        (DAY, "cd"): N_("{start} + {count} calendar days"),
        (SET, "wd"): N_("a set day, {count} working days after {start}"),
    }
)
_BEFORE: Mapping[str, str] = MappingProxyType(
    {"wd": N_("{count} working days before {start}"), "cd": N_("{count} calendar days before {start}")}
)
_BACK = N_("working day {count} of the month, counted from its end")
_OFF = N_("{days} off ({name})")
_WORKED = N_("{days} worked")
_HOLIDAYS: Mapping[str, str] = MappingProxyType(
    {
        "New Year's Day": N_("New Year's Day"),
        "Spring Festival": N_("Spring Festival"),
        "Tomb-sweeping Day": N_("Tomb-sweeping Day"),
        "Labour Day": N_("Labour Day"),
        "Dragon Boat Festival": N_("Dragon Boat Festival"),
        "National Day": N_("National Day"),
        "Mid-autumn Festival": N_("Mid-autumn Festival"),
        "Anti-Fascist 70th Day": N_("Anti-Fascist 70th Day"),
    }
)
_HOLIDAY = N_("holiday")
# What a service has computed from the day of the notice (which came with the start), by its path in expressions.
_COUNTED: Mapping[str, str] = MappingProxyType({"open_ledgers.due": "wd", "open_ledgers.illegal_due": "cd"})
_NOTICE_DAY = "notice_date"
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Clock:
    """``count`` days (``unit`` wd or cd) lead from ``start``, which is the day of ``origin``, to ``due``.

    ``off`` are the weekdays between that were not worked, with the name of their holiday; ``worked`` the weekend days
    that were.
    """

    origin: str
    unit: str
    start: date
    due: date
    count: int
    off: tuple[tuple[date, str], ...]
    worked: tuple[date, ...]


def counted(origin: str, unit: str, start: date, due: date, calendar: Calendar) -> Clock:
    """The way from one day to another."""
    count = between(start, due, calendar) if unit == "wd" else (due - start).days
    low, high = sorted((start, due))
    days = [low + timedelta(days=number) for number in range(1, (high - low).days + 1)]
    if due < start:
        days = [low, *days[:-1]]
    off = [day for day in days if day.weekday() < 5 and not calendar.is_working_day(day)]
    worked = [day for day in days if day.weekday() >= 5 and calendar.is_working_day(day)]
    if unit == "cd":
        off, worked = [], []
    return Clock(origin, unit, start, due, count, tuple((day, _holiday(day)) for day in off), tuple(worked))


def of_rule(
    rule: str | None, names: Mapping[str, Any], since: datetime | None, due: datetime, calendar: Calendar
) -> Clock | None:
    """The clock behind a due time that an expression of a diagram gave.

    ``names`` are the variables of the case, ``since`` is when the count began (None: unknown).  None if the rule does
    not say how the day is counted and it is unknown since when, or the way is longer than a year.
    """
    zone = calendar.zone
    due_day = due.astimezone(zone).date()
    start = since.astimezone(zone).date() if since else None
    origin, unit, first = SET, "wd", start
    if rule is not None:
        moment = Moment(since or due, calendar)
        try:
            tree = compile_expression(rule).tree
            found = _term(tree, names, moment, due_day) or _computed(tree, names, moment)
        except (ExpressionFault, Mismatch, Unfit):
            found = None
        if found is not None:
            origin, unit, first = found[0], found[1], found[2] or start
    if first is None or abs(due_day - first) > _LONGEST:
        return None
    return counted(origin, unit, first, due_day, calendar)


def of_day_of_month(due: datetime, calendar: Calendar) -> Words:
    """For what is due on a working day counted from the end of its month."""
    day = due.astimezone(calendar.zone).date()
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return _BACK, {"count": between(day, following - timedelta(days=1), calendar) + 1}


def words(clock: Clock) -> tuple[Words, ...]:
    """Templates with their params, to be joined by commas."""
    template = _FIRST[clock.origin, clock.unit] if clock.count >= 0 else _BEFORE[clock.unit]
    first = template, {"start": clock.start.isoformat(), "count": abs(clock.count)}
    off: list[Words] = [
        (_OFF, {"days": spans(day for day, _ in group), "name": name})
        for name, group in groupby(clock.off, key=lambda one: one[1])
    ]
    worked: list[Words] = [(_WORKED, {"days": spans(clock.worked)})] if clock.worked else []
    return (first, *off, *worked)


def spans(days: Iterable[date]) -> str:
    """``04-27/28``, ``04-29–05-01``, ``06-10``: runs of days, several with a blank between."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return " ".join(_span(run) for run in runs)


def _span(run: list[date]) -> str:
    first, last = run[0], run[-1]
    if first == last:
        return f"{first:%m-%d}"
    if (last - first).days == 1 and first.month == last.month:
        return f"{first:%m-%d}/{last:%d}"
    return f"{first:%m-%d}–{last:%m-%d}"


def _holiday(day: date) -> str:
    if not is_known(day.year):
        return _HOLIDAY
    name = chinese_calendar.get_holiday_detail(day)[1]
    return _HOLIDAYS.get(name or "", _HOLIDAY)


Found = tuple[str, str, date | None]


def _term(tree: ast.expr, names: Mapping[str, Any], moment: Moment, due: date) -> Found | None:
    """Origin, unit and first day (None: when it began) of the ``wd`` or ``cd`` that gave the day."""
    if isinstance(tree, ast.IfExp):
        chosen = tree.body if _value(tree.test, names, moment) else tree.orelse
        return _term(chosen, names, moment, due)
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    if tree.func.id in ("wd", "cd"):
        if len(tree.args) < 2:
            return ARRIVAL, tree.func.id, None
        return DAY, tree.func.id, to_date(_value(tree.args[1], names, moment), moment)
    if tree.func.id in ("max", "min"):
        for part in tree.args:
            if to_date(_value(part, names, moment), moment) == due:
                return _term(part, names, moment, due) or _computed(part, names, moment)
    return None


def _computed(tree: ast.expr, names: Mapping[str, Any], moment: Moment) -> Found | None:
    """Where the day comes from a service that counted from a day of its own, such as the notice."""
    for node in ast.walk(tree):
        unit = _COUNTED.get(ast.unparse(node)) if isinstance(node, ast.Attribute) else None
        payload = names.get(str(names.get("started_by")))
        if unit is not None and isinstance(payload, Mapping) and payload.get(_NOTICE_DAY):
            return NOTICE, unit, to_date(payload[_NOTICE_DAY], moment)
    return None


def _value(tree: ast.expr, names: Mapping[str, Any], moment: Moment) -> Any:
    return compile_expression(ast.unparse(tree)).evaluate(names, moment)
