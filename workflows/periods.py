"""Weeks, months and quarters by which the supervision reports. Pure: no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK, _MONTH, _QUARTER = (
    re.compile(r"(\d{4})-W(\d{2})"),
    re.compile(r"(\d{4})-(\d{2})"),
    re.compile(r"(\d{4})-Q([1-4])"),
)
_ORDINALS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """``key`` sorts and is stored (2013-W17, 2013-04, 2013-Q2); ``label`` is read; both days are part of it."""

    key: str
    label: str
    first: date
    last: date


def week(day: date) -> Period:
    """The ISO week of the day, Monday to Sunday."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    year, number, _ = day.isocalendar()
    label = f"{year}年第{number}周（{first.month}月{first.day}日至{last.month}月{last.day}日）"
    return Period(f"{year}-W{number:02d}", label, first, last)


def month(day: date) -> Period:
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(f"{day.year}-{day.month:02d}", f"{day.year}年{day.month}月", first, last)


def quarter(day: date) -> Period:
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    last = (first + timedelta(days=100)).replace(day=1) - timedelta(days=1)
    return Period(f"{day.year}-Q{number + 1}", f"{day.year}年第{_ORDINALS[number]}季度", first, last)


def read(key: str) -> Period:
    """The period of a key; a day stands for itself. Raises ValueError."""
    if found := _WEEK.fullmatch(key):
        return week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := _MONTH.fullmatch(key):
        return month(date(int(found[1]), int(found[2]), 1))
    if found := _QUARTER.fullmatch(key):
        return quarter(date(int(found[1]), 3 * int(found[2]) - 2, 1))
    day = date.fromisoformat(key[:10])
    return Period(key, f"{day.year}年{day.month}月{day.day}日", day, day)
