"""Times in scenarios, as they are typed and shown: a date and time, or so many working days later."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import request

from bpmn.moment import Moment
from engine.rehearsal import Script
from engine.scripts import BadScenario
from faults import N_
from web.transaction import moment
from web.wiring import wiring

BAD_TIME = N_("This is no date and time. Write it as 2013-05-06T09:30.")
TOO_EARLY = N_("Nothing can be done before the start.")
BAD_WORKDAYS = N_("“{text}” is no number of working days from 0 to {most}.")
MOST_WORKDAYS = 2_000


def instant(typed: str) -> datetime:
    """A local time as the browser writes it. Raises BadScenario."""
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=wiring().calendar.zone)
    except ValueError:
        raise BadScenario(BAD_TIME) from None


def local(when: datetime) -> str:
    """For an input of the browser, which knows no seconds."""
    return when.astimezone(wiring().calendar.zone).strftime("%Y-%m-%dT%H:%M")


def working_days_after(since: datetime, typed: str) -> datetime:
    """So many working days later, at the same time of the day. Raises BadScenario."""
    text = typed.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= MOST_WORKDAYS):
        raise BadScenario(BAD_WORKDAYS, text=text[:20], most=MOST_WORKDAYS)
    if int(text) == 0:
        return since
    here = since.astimezone(wiring().calendar.zone)
    day = Moment(since, moment().calendar).working_days(int(text)).date()
    return datetime.combine(day, here.time(), here.tzinfo)


def working_day(since: datetime, when: datetime) -> int | None:
    """Which working day after that of ``since`` it is, or was last; None if it is too far away to be counted."""
    zone = wiring().calendar.zone
    day, last = since.astimezone(zone).date(), when.astimezone(zone).date()
    if (last - day).days > MOST_WORKDAYS:
        return None
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += moment().calendar.is_working_day(day)
    return count


def after_start(script: Script, field: str, shown: timedelta, since: datetime) -> timedelta:
    """How long after the start the instant in the field lies; ``shown`` is what stood there.

    ``<field>_workdays``, if filled in, counts from ``since`` instead.  An input of the browser knows no seconds: what
    was not changed is taken as it was.  Raises BadScenario.
    """
    days, typed = request.form.get(f"{field}_workdays", "").strip(), request.form.get(field, "")
    if not days and typed == local(script.starts_at + shown):
        return shown
    after = (working_days_after(since, days) if days else instant(typed)) - script.starts_at
    if after <= timedelta(minutes=-1):
        raise BadScenario(TOO_EARLY)
    return max(after, timedelta())
