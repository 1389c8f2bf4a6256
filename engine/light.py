"""How urgent a task is: green, yellow (due within three working days), red (overdue)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bpmn.moment import Moment

Light = Literal["green", "yellow", "red"]

YELLOW_DAYS = 3
# Beyond it nobody counts working days; it also bounds the loop.
FARTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Limits:
    """The instants that part the lights: red before ``red``, yellow until ``yellow``, then green."""

    red: datetime
    yellow: datetime


def limits(moment: Moment) -> Limits:
    return Limits(red=moment.now, yellow=moment.working_days(YELLOW_DAYS))


def light(due: datetime | None, bounds: Limits) -> Light | None:
    """None without a due time. The one place that decides, for lists and pages alike."""
    if due is None:
        return None
    if due < bounds.red:
        return "red"
    return "yellow" if due <= bounds.yellow else "green"


def days_left(due: datetime, moment: Moment) -> int:
    """Working days between today and the day of ``due``: 0 today, negative when it is past."""
    day = due.astimezone(moment.calendar.zone).date()
    day = max(min(day, moment.today + FARTHEST), moment.today - FARTHEST)
    first, last = sorted((moment.today, day))
    count = sum(moment.calendar.is_working_day(first + timedelta(days=n + 1)) for n in range((last - first).days))
    return count if day >= moment.today else -count
