"""Periods that are assessed: ``2013-Q2``, a quarter, and ``2013``, a year. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from faults import N_, Fault

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"\d{4}")


class NoPeriod(Fault):
    """“{period}” is no period. Write a quarter as 2013-Q2, a year as 2013."""


@dataclass(frozen=True, slots=True)
class Period:
    """``last`` belongs to it."""

    name: str
    first: date
    last: date

    @property
    def is_year(self) -> bool:
        return len(self.name) == 4

    @property
    def title(self) -> str:
        """As it stands in titles of cases and papers, which are Chinese."""
        return f"{self.name}年度" if self.is_year else f"{self.name[:4]}年第{'一二三四'[int(self.name[-1]) - 1]}季度"


def read(name: str) -> Period:
    """Raises NoPeriod."""
    if found := _QUARTER.fullmatch(name):
        year, quarter = int(found[1]), int(found[2])
        return Period(name, date(year, 3 * quarter - 2, 1), _last_of_month(year, 3 * quarter))
    if _YEAR.fullmatch(name) and int(name) > 0:
        return Period(name, date(int(name), 1, 1), date(int(name), 12, 31))
    raise NoPeriod(period=name)


def quarter(day: date) -> Period:
    """The quarter in which the day lies."""
    return read(f"{day.year}-Q{(day.month + 2) // 3}")


def year(day: date) -> Period:
    return read(f"{day.year:04}")


def ended(day: date) -> Period:
    """The quarter that ended last before the day."""
    return quarter(quarter(day).first - timedelta(days=1))


def _last_of_month(year_: int, month: int) -> date:
    return date(year_, month, 28) + timedelta(days=(31 if month in (3, 12) else 30) - 28)


WORDS = {"quarter": N_("Quarter"), "year": N_("Year")}
