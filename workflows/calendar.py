"""Working days of China: holidays and the weekends that are worked in exchange (调休上班).

The days come from the library `chinese_calendar`, which follows the yearly notices of the State Council.  A year
that it does not know is warned of once in the log and counted as Monday to Friday.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

from bpmn.moment import BEIJING

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A `bpmn.moment.Calendar`; the working day ends at ``day_end`` in ``zone``."""

    zone: ZoneInfo = BEIJING
    day_end: time = time(17, 30)

    def is_working_day(self, day: date) -> bool:
        return _is_working_day(day)


@lru_cache(maxsize=10_000)  # the library takes its time, and counting to a deadline asks for hundreds of days
def _is_working_day(day: date) -> bool:
    if is_known(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


@cache
def is_known(year: int) -> bool:
    """Whether the holidays of the year are known; the first time that they are not, the log says so."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        log.warning(
            "No holidays are known for %s: its working days are counted as Monday to Friday. "
            "Update the package chinesecalendar.",
            year,
        )
        return False
    return True
