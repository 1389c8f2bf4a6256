"""Days (``2013-05-06``) and instants (``2013-05-06T17:30:00+08:00``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from faults import N_
from forms.field import Field
from forms.fields.kind import Fault, Posted, Shown, Words

ZONE = ZoneInfo("Asia/Shanghai")  # an HTML form gives wall-clock time without saying where
_YEARS = "^(19|20|21)[0-9]{2}-"


def day_schema(field: Field) -> dict[str, Any]:
    return {"type": "string", "format": "date", "pattern": _YEARS, "maxLength": 10}


def instant_schema(field: Field) -> dict[str, Any]:
    return {"type": "string", "format": "date-time", "pattern": _YEARS, "maxLength": 40}


def parse_day(field: Field, posted: Posted, name: str) -> str | None:
    """``2013/5/6`` and ``2013年5月6日`` are understood too, for browsers without a date picker."""
    text = posted.one(name)
    if text is None:
        return None
    parts = text.translate({ord("/"): "-", ord("."): "-", ord("年"): "-", ord("月"): "-", ord("日"): None}).split("-")
    if len(parts) == 3 and all(part.isdecimal() and len(part) <= 4 for part in parts):
        year, month, day = (int(part) for part in parts)
        return f"{year:04}-{month:02}-{day:02}"
    return text


def parse_instant(field: Field, posted: Posted, name: str) -> str | None:
    text = posted.one(name)
    return text and str(tidy_instant(text))


def tidy_instant(value: Any) -> Any:
    """With the offset of `ZONE`; a time without offset is meant there."""
    try:
        instant = datetime.fromisoformat(value)
        aware = instant.replace(tzinfo=ZONE) if instant.tzinfo is None else instant.astimezone(ZONE)
        return aware.replace(microsecond=0).isoformat()
    except (TypeError, ValueError, OverflowError):
        return value


def check_day(field: Field, value: Any, today: date | None) -> Fault | None:
    day = date.fromisoformat(value)
    least, most = _limit(field.min, today), _limit(field.max, today)
    if least is not None and day < least:
        return Fault("minimum", N_("Must not be before {limit}."), {"limit": least.isoformat()})
    if most is not None and day > most:
        return Fault("maximum", N_("Must not be after {limit}."), {"limit": most.isoformat()})
    return None


def check_instant(field: Field, value: Any, today: date | None) -> Fault | None:
    try:
        datetime.fromisoformat(value)
    except ValueError:  # JSON Schema admits leap seconds, Python has none
        return Fault("format", N_("Enter a date and time such as 2013-05-06 17:30."), {})
    return None


def show_day(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", str(value))


def show_instant(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", str(tidy_instant(value))[:16].replace("T", " "))


def write_instant(value: Any) -> str:
    """As an input of type datetime-local wants it: wall-clock time, ``2013-05-06T17:30``."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return str(value)
    return str(tidy_instant(value))[:16]


def _limit(given: Any, today: date | None) -> date | None:
    if given == "today":
        return today
    return date.fromisoformat(given) if isinstance(given, str) else None
