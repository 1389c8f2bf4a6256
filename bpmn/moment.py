"""The time that an operation is given, and the calendar by which it counts working days.

Nothing below the web layer looks at a clock: a `Moment` is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


class Calendar(Protocol):
    """Which days are worked, when the working day ends, and in which zone."""

    @property
    def zone(self) -> ZoneInfo: ...

    @property
    def day_end(self) -> time: ...

    def is_working_day(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class WeekdayCalendar:
    """Monday to Friday, no holidays: for tests and for years without data."""

    zone: ZoneInfo = BEIJING
    day_end: time = time(17, 30)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5


@dataclass(frozen=True, slots=True)
class Moment:
    """``now`` is aware; all instants handed out are aware."""

    now: datetime
    calendar: Calendar = WeekdayCalendar()

    @property
    def today(self) -> date:
        return self.now.astimezone(self.calendar.zone).date()

    def end_of(self, day: date) -> datetime:
        """The instant a working day ends on ``day`` (17:30 Asia/Shanghai unless configured)."""
        return datetime.combine(day, self.calendar.day_end, self.calendar.zone)

    def working_days(self, count: int, start: date | None = None) -> datetime:
        """``wd(count)``: the end of the count-th working day after ``start`` (today); negative counts back."""
        day = start or self.today
        step = timedelta(days=1 if count >= 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.calendar.is_working_day(day)
        return self.end_of(day)

    def calendar_days(self, count: int, start: date | None = None) -> datetime:
        """``cd(count)``: the end of the day ``count`` calendar days after ``start`` (today)."""
        return self.end_of((start or self.today) + timedelta(days=count))
