"""Working days of China: holidays and the weekends that are worked in exchange (调休上班).

The days come from the library `chinese_calendar`, which follows the yearly notices of the State Council.  A year
that it does not know is warned of once and counted as Monday to Friday.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar


class YearUnknown(UserWarning):
    """Holidays of a year are not known; its working days are counted as Monday to Friday."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A `bpmn.moment.Calendar`; the working day ends at ``day_end`` in ``zone``."""

    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    day_end: time = time(17, 30)

    def is_working_day(self, day: date) -> bool:
        if _is_known(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5


@cache
def _is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        warnings.warn(
            f"No holidays are known for {year}: its working days are counted as Monday to Friday. "
            "Update the package chinesecalendar.",
            YearUnknown,
            stacklevel=4,
        )
        return False
    return True
