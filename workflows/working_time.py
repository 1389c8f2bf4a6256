"""Counting working days, also where a clock stands still for a while. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bpmn.moment import Calendar, Moment


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which nothing is counted: from ``since`` until the day before ``until`` (None: until further notice)."""

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Lateness:
    """``days`` working days after the due day, pauses taken off; negative while it is not due yet.

    ``paused`` working days were taken off; ``is_paused``: the clock stands still today.
    """

    days: int
    paused: int
    is_paused: bool


def between(start: date, end: date, calendar: Calendar) -> int:
    """The count with which ``wd`` leads from start to end; negative when end is earlier."""
    low, high = sorted((start, end))
    shift = 1 if end >= start else 0
    days = (low + timedelta(days=number + shift) for number in range((high - low).days))
    count = sum(calendar.is_working_day(day) for day in days)
    return count if end >= start else -count


def lateness(due: datetime, pauses: Iterable[Pause], moment: Moment) -> Lateness:
    """How late it is now with what was due at an instant."""
    pauses = tuple(pauses)
    today, day = moment.today, due.astimezone(moment.calendar.zone).date()
    is_paused = any(pause.covers(today) for pause in pauses)
    if moment.now < due:
        # On the day itself it is not late yet, but nothing is left of it either.
        return Lateness(min(-1, -between(today, day, moment.calendar)), 0, is_paused)
    passed = [day + timedelta(days=number + 1) for number in range((today - day).days)]
    worked = [one for one in passed if moment.calendar.is_working_day(one)]
    paused = sum(any(pause.covers(one) for pause in pauses) for one in worked)
    return Lateness(len(worked) - paused, paused, is_paused)


def day_of_month(count: int, month: date, moment: Moment) -> datetime:
    """The end of the count-th working day of the month, counted from its last one (1: the last)."""
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return moment.working_days(-count, last)
