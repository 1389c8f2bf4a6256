"""Periods that are assessed: ``2013-Q2``, a quarter, and ``2013``, a year. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from faults import Fault
from workflows import periods
from workflows.periods import Period, quarter

__all__ = ["NoPeriod", "Period", "ended", "quarter", "read", "year"]

_QUARTER, _YEAR = re.compile(r"\d{4}-Q[1-4]"), re.compile(r"[1-9]\d{3}")


class NoPeriod(Fault):
    """“{period}” is no period. Write a quarter as 2013-Q2, a year as 2013."""


def read(key: str) -> Period:
    """Raises NoPeriod."""
    if _QUARTER.fullmatch(key):
        return periods.read(key)
    if _YEAR.fullmatch(key):
        return year(date(int(key), 1, 1))
    raise NoPeriod(period=key)


def year(day: date) -> Period:
    """The year in which the day lies."""
    return Period(f"{day.year}", f"{day.year}年度", date(day.year, 1, 1), date(day.year, 12, 31))


def ended(day: date) -> Period:
    """The quarter that ended last before the day."""
    return quarter(quarter(day).first - timedelta(days=1))
