"""Dates, instants and durations as ISO 8601 writes them, and arithmetic on them.

A `Duration` keeps months and time apart, because a month has no fixed length (ISO 8601-1:2019, 5.5.2).
Adding months keeps the day where the target month has it and otherwise takes that month's last day.
Days are counted on the wall clock of the calendar's zone; hours, minutes and seconds are absolute.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from bpmn.moment import Moment
from faults import N_

EARLIEST, LATEST = 1900, 2200  # years; anything else is a slip of the pen
LONGEST_MONTHS = 1200
LONGEST = timedelta(days=36600)

Read = TypeVar("Read")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)


class Unfit(ValueError):
    """A value that can't be used so; the text, a key into the catalogues, says why."""


class Mismatch(TypeError):
    """A value of a kind that can't be used so; the text, a key into the catalogues, says why."""


@dataclass(frozen=True, slots=True)
class Duration:
    """``months`` and ``time`` have the same sign or one of them is nothing."""

    months: int = 0
    time: timedelta = timedelta()

    def __post_init__(self) -> None:
        if abs(self.months) > LONGEST_MONTHS or abs(self.time) > LONGEST:
            raise Unfit(N_("a duration of more than a hundred years"))

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.time)

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.months + other.months, self.time + other.time)

    def times(self, factor: float) -> Duration:
        """``factor`` times as long; only whole factors for months."""
        if self.months and factor != int(factor):
            raise Unfit(N_("a part of a month"))
        return Duration(self.months * int(factor), self.time * factor)

    def __bool__(self) -> bool:
        return bool(self.months or self.time)

    @property
    def positive(self) -> bool:
        return bool(self) and self.months >= 0 and self.time >= timedelta()

    def __str__(self) -> str:
        return format_duration(self)


def parse_date(text: str) -> date:
    """``2013-04-19``. Raises Unfit."""
    if not _DATE.fullmatch(text):
        raise Unfit(N_("not a date"))
    day = _existing(date.fromisoformat, text)
    if not EARLIEST <= day.year <= LATEST:
        raise Unfit(N_("a year out of range"))
    return day


def parse_instant(text: str, moment: Moment) -> datetime:
    """``2013-04-19T17:30``, seconds and zone optional (then that of the calendar). Raises Unfit."""
    if not _INSTANT.fullmatch(text):
        raise Unfit(N_("not a date and time"))
    instant = _existing(datetime.fromisoformat, text)
    if not EARLIEST <= instant.year <= LATEST:
        raise Unfit(N_("a year out of range"))
    return instant if instant.tzinfo else instant.replace(tzinfo=moment.calendar.zone)


def parse_duration(text: str) -> Duration:
    """``P3D``, ``PT10M``, ``P1Y2M``, ``-P1W``. Raises Unfit."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise Unfit(N_("not a duration"))
    try:
        part = {name: float(value or 0) for name, value in match.groupdict().items() if name != "sign"}
        months = int(part["years"]) * 12 + int(part["months"])
        time = timedelta(
            weeks=part["weeks"],
            days=part["days"],
            hours=part["hours"],
            minutes=part["minutes"],
            seconds=part["seconds"],
        )
    except OverflowError as error:
        raise Unfit(N_("a duration of more than a hundred years")) from error
    duration = Duration(months, time)
    return -duration if match["sign"] else duration


def format_duration(duration: Duration) -> str:
    """The ISO 8601 text; a negative one starts with ``-``."""
    sign = "-" if duration.months < 0 or duration.time < timedelta() else ""
    years, months = divmod(abs(duration.months), 12)
    time = abs(duration.time)
    hours, rest = divmod(time.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    exact = f"{seconds}.{time.microseconds:06d}".rstrip("0") if time.microseconds else str(seconds)
    day_part = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (time.days, "D")) if n)
    time_part = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (exact, "S")) if n not in (0, "0"))
    return f"{sign}P{day_part}{'T' if time_part else ''}{time_part}" if day_part or time_part else "PT0S"


def is_duration(text: str) -> bool:
    return bool(_DURATION.fullmatch(text))


def is_moment_in_time(text: str) -> bool:
    return bool(_DATE.fullmatch(text) or _INSTANT.fullmatch(text))


def to_instant(value: Any, moment: Moment) -> datetime:
    """An instant out of an instant, a date (then the end of that working day) or the text of one.

    Raises Unfit for text that is neither, Mismatch for other values.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=moment.calendar.zone)
    if isinstance(value, date):
        return moment.end_of(value)
    if isinstance(value, str):
        return moment.end_of(parse_date(value)) if _DATE.fullmatch(value) else parse_instant(value, moment)
    raise Mismatch(N_("neither a date nor a date and time"))


def to_date(value: Any, moment: Moment) -> date:
    """The day of an instant in the calendar's zone, a date itself, or the text of either. Raises as `to_instant`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        return parse_date(value)
    return to_instant(value, moment).astimezone(moment.calendar.zone).date()


def shift_date(day: date, duration: Duration) -> date:
    """``day`` + ``duration``, which must be whole days. Raises Unfit."""
    if duration.time % timedelta(days=1):
        raise Unfit(N_("hours can't be added to a date without a time"))
    return _in_range(_add_months(day, duration.months) + duration.time)


def shift_instant(instant: datetime, duration: Duration, moment: Moment) -> datetime:
    """``instant`` + ``duration``: months and days by the wall clock, the rest absolute. Raises Unfit."""
    try:
        local = instant.astimezone(moment.calendar.zone)
        days, rest = divmod(duration.time, timedelta(days=1))
        if duration.time < timedelta():
            days, rest = -(-duration.time // timedelta(days=1)), -(-duration.time % timedelta(days=1))
        wall = datetime.combine(
            _add_months(local.date(), duration.months) + timedelta(days=days), local.time(), moment.calendar.zone
        ).replace(fold=local.fold)
        shifted = (wall.astimezone(UTC) + rest).astimezone(moment.calendar.zone)
    except OverflowError as error:
        raise Unfit(N_("a year out of range")) from error
    _in_range(shifted.date())
    return shifted


def _existing(read: Callable[[str], Read], text: str) -> Read:
    try:
        return read(text)
    except ValueError:
        raise Unfit(N_("no such day or time")) from None


def _add_months(day: date, months: int) -> date:
    if not months:
        return day
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not EARLIEST <= year <= LATEST:
        raise Unfit(N_("a year out of range"))
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _in_range(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise Unfit(N_("a year out of range"))
    return day
