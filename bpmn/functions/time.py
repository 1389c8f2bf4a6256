"""Dates, instants, durations and working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from bpmn.functions.arguments import Context, a_text, a_whole
from bpmn.instants import Duration, Mismatch, Unfit, parse_date, parse_duration, to_date, to_instant
from bpmn.moment import Moment
from faults import N_

MOST_WORKING_DAYS = 2_500  # about ten years
MOST_DAYS = 36_600
_FREE_WEEKS = 14  # more weeks without a working day are an error of the calendar


def today(context: Context) -> date:
    return context.moment.today


def now(context: Context) -> datetime:
    return context.moment.now.astimezone(context.moment.calendar.zone)


def as_date(context: Context, *parts: Any) -> date:
    """From a text or an instant, or from year, month and day."""
    if len(parts) == 1:
        return to_date(parts[0], context.moment)
    if len(parts) != 3:
        raise Mismatch(N_("neither one value nor year, month and day"))
    year, month, day = (a_whole(part) for part in parts)
    return parse_date(f"{year:04d}-{month:02d}-{day:02d}")


def as_instant(context: Context, value: Any) -> datetime:
    return to_instant(value, context.moment)


def as_duration(context: Context, value: Any) -> Duration:
    return value if isinstance(value, Duration) else parse_duration(a_text(value))


def wd(context: Context, count: Any, start: Any = None) -> datetime:
    number = a_whole(count, MOST_WORKING_DAYS)
    context.budget.charge(abs(number))
    return context.moment.working_days(number, _begin(context, start))


def cd(context: Context, count: Any, start: Any = None) -> datetime:
    return context.moment.calendar_days(a_whole(count, MOST_DAYS), _begin(context, start))


def _begin(context: Context, start: Any) -> date:
    return context.moment.today if start is None else to_date(start, context.moment)


def wd_of_month(context: Context, count: Any, month: Any = None) -> datetime:
    """The next such instant after now; in the given month, if one is given."""
    context.budget.charge(31)
    number = a_whole(count, 23)
    if not number:
        raise Unfit(N_("the 0th working day"))
    if month is not None:
        return _month_day(context.moment, number, to_date(month, context.moment))
    this = _month_day(context.moment, number, context.moment.today)
    if this > context.moment.now:
        return this
    return _month_day(context.moment, number, context.moment.today.replace(day=28) + timedelta(days=4))


def _month_day(moment: Moment, number: int, month: date) -> datetime:
    first = month.replace(day=1)
    days = [first + timedelta(days=n) for n in range(31)]
    worked = [day for day in days if day.month == first.month and moment.calendar.is_working_day(day)]
    if abs(number) > len(worked):
        raise Unfit(N_("a month with fewer working days"))
    return moment.end_of(worked[number - 1 if number > 0 else number])


def wd_of_quarter(context: Context, count: Any) -> datetime:
    """The next such instant after now."""
    context.budget.charge(2 * 92)
    number = a_whole(count, 66)
    if not number:
        raise Unfit(N_("the 0th working day"))
    today = context.moment.today
    first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    this = _quarter_day(context.moment, number, first)
    return this if this > context.moment.now else _quarter_day(context.moment, number, _next_quarter(first))


def _quarter_day(moment: Moment, number: int, first: date) -> datetime:
    days = [first + timedelta(days=n) for n in range((_next_quarter(first) - first).days)]
    worked = [day for day in days if moment.calendar.is_working_day(day)]
    if abs(number) > len(worked):
        raise Unfit(N_("a quarter with fewer working days"))
    return moment.end_of(worked[number - 1 if number > 0 else number])


def _next_quarter(first: date) -> date:
    return (first + timedelta(days=100)).replace(day=1)


def wd_of_week(context: Context, day: Any, hour: Any) -> datetime:
    """The next such instant after now; weeks in which no day up to that one is worked are passed over."""
    weekday, clock = a_whole(day, 7), a_whole(hour, 23)
    if weekday < 1 or clock < 0:
        raise Unfit(N_("no day of a week with an hour"))
    moment = context.moment
    monday = moment.today - timedelta(days=moment.today.weekday())
    for week in range(_FREE_WEEKS):
        context.budget.charge(7)
        days = [monday + timedelta(days=7 * week + number) for number in range(weekday)]
        worked = [one for one in days if moment.calendar.is_working_day(one)]
        due = datetime.combine(worked[-1], time(clock), moment.calendar.zone) if worked else None
        if due is not None and due > moment.now:
            return due
    raise Unfit(N_("a quarter without a working day"))


def working_days_between(context: Context, start: Any, end: Any) -> int:
    """The count with which wd() leads from start to end."""
    first, last = to_date(start, context.moment), to_date(end, context.moment)
    context.budget.charge(abs((last - first).days))
    sign, (low, high) = (1, (first, last)) if first <= last else (-1, (last, first))
    days = (low + timedelta(days=n + (sign > 0)) for n in range((high - low).days))
    return sign * sum(context.moment.calendar.is_working_day(day) for day in days)


def days_between(context: Context, start: Any, end: Any) -> int:
    return (to_date(end, context.moment) - to_date(start, context.moment)).days


def is_working_day(context: Context, day: Any) -> bool:
    return context.moment.calendar.is_working_day(to_date(day, context.moment))


def year_of(context: Context, day: Any) -> int:
    return to_date(day, context.moment).year


def month_of(context: Context, day: Any) -> int:
    return to_date(day, context.moment).month


def day_of(context: Context, day: Any) -> int:
    return to_date(day, context.moment).day
