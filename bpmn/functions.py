"""The table of functions that expressions may call.

To add one: write it, give it a row, describe it in docs/expressions.md.

Each gets a `Context` and the values it was called with; it raises TypeError or ValueError for values that it can't
take, and `Lacking` where something named does not exist.  None has an effect, none looks at a clock.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bpmn.instants import Duration, Mismatch, Unfit, parse_duration, to_date, to_instant
from bpmn.moment import Moment
from bpmn.values import LONGEST_TEXT, TooMuch, as_text, equal
from faults import N_

MOST_WORKING_DAYS = 2_500  # about ten years
MOST_DAYS = 36_600
MOST_NUMBERS = 10_000  # that range() makes


class Lacking(Exception):
    """``performer('x')`` of a task that nobody has completed yet, or a path that does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Context:
    moment: Moment
    names: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """``usage`` as an author writes it; ``least`` and ``most`` are counts of arguments (most None: any number)."""

    usage: str
    run: Callable[..., Any]
    least: int
    most: int | None

    @property
    def name(self) -> str:
        return self.usage.partition("(")[0]


# ---- time


def _today(context: Context) -> date:
    return context.moment.today


def _now(context: Context) -> datetime:
    return context.moment.now.astimezone(context.moment.calendar.zone)


def _date(context: Context, *parts: Any) -> date:
    if len(parts) == 1:
        return to_date(parts[0], context.moment)
    year, month, day = (_whole(part) for part in parts)
    return date(year, month, day)


def _datetime(context: Context, value: Any) -> datetime:
    return to_instant(value, context.moment)


def _duration(context: Context, value: Any) -> Duration:
    return value if isinstance(value, Duration) else parse_duration(_text(value))


def _wd(context: Context, count: Any, start: Any = None) -> datetime:
    return context.moment.working_days(_whole(count, MOST_WORKING_DAYS), _start(context, start))


def _cd(context: Context, count: Any, start: Any = None) -> datetime:
    return context.moment.calendar_days(_whole(count, MOST_DAYS), _start(context, start))


def _start(context: Context, start: Any) -> date:
    return context.moment.today if start is None else to_date(start, context.moment)


def _wd_of_month(context: Context, count: Any, month: Any = None) -> datetime:
    number = _whole(count, 23)
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


def _working_days_between(context: Context, start: Any, end: Any) -> int:
    first, last = to_date(start, context.moment), to_date(end, context.moment)
    if abs((last - first).days) > MOST_DAYS:
        raise TooMuch
    sign, (low, high) = (1, (first, last)) if first <= last else (-1, (last, first))
    days = (low + timedelta(days=n + (sign > 0)) for n in range((high - low).days))
    return sign * sum(context.moment.calendar.is_working_day(day) for day in days)


def _days_between(context: Context, start: Any, end: Any) -> int:
    return (to_date(end, context.moment) - to_date(start, context.moment)).days


def _is_working_day(context: Context, day: Any) -> bool:
    return context.moment.calendar.is_working_day(to_date(day, context.moment))


def _year(context: Context, day: Any) -> int:
    return to_date(day, context.moment).year


def _month(context: Context, day: Any) -> int:
    return to_date(day, context.moment).month


def _day(context: Context, day: Any) -> int:
    return to_date(day, context.moment).day


# ---- numbers


def _round(context: Context, value: Any, places: Any = 0) -> int | float:
    number, digits = _real(value), _whole(places, 15)
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return int(rounded) if digits <= 0 else float(rounded)


def _floor(context: Context, value: Any) -> int:
    return math.floor(_real(value))


def _ceil(context: Context, value: Any) -> int:
    return math.ceil(_real(value))


def _abs(context: Context, value: Any) -> int | float:
    return abs(_real(value))


def _number(context: Context, value: Any) -> int | float:
    if isinstance(value, str):
        if len(value) > 40 or not value.isascii() or "_" in value:
            raise Unfit(N_("not a number"))
        number = float(value)
        if not math.isfinite(number):
            raise Unfit(N_("not a number"))
        return int(value) if value.strip().lstrip("+-").isdigit() else number
    return _real(value)


def _int(context: Context, value: Any) -> int:
    return math.trunc(_number(context, value))


# ---- lists and mappings


def _len(context: Context, value: Any) -> int:
    if not isinstance(value, str | list | tuple | dict):
        raise Mismatch(N_("neither a list nor a text"))
    return len(value)


def _count(context: Context, items: Any, wanted: Any = ...) -> int:
    if wanted is ...:
        return len(_list(items))
    return sum(equal(item, wanted, context.moment) for item in _list(items))


def _sum(context: Context, *items: Any) -> Any:
    values = _spread(items)
    if values and all(isinstance(value, Duration) for value in values):
        total = Duration()
        for value in values:
            total = total + value
        return total
    return sum(_real(value) for value in values)


def _min(context: Context, *items: Any) -> Any:
    return min(_some(items))


def _max(context: Context, *items: Any) -> Any:
    return max(_some(items))


def _mean(context: Context, *items: Any) -> float:
    values = _some(items)
    return sum(_real(value) for value in values) / len(values)


def _any(context: Context, *items: Any) -> bool:
    return any(_spread(items))


def _all(context: Context, *items: Any) -> bool:
    return all(_spread(items))


def _sorted(context: Context, items: Any) -> list[Any]:
    return sorted(_list(items))


def _unique(context: Context, items: Any) -> list[Any]:
    kept: list[Any] = []
    values = _list(items)
    if len(values) > 1_000:
        raise TooMuch
    for item in values:
        if item not in kept:
            kept.append(item)
    return kept


def _flatten(context: Context, items: Any) -> list[Any]:
    return [inner for item in _list(items) for inner in (item if isinstance(item, list | tuple) else [item])]


def _range(context: Context, *bounds: Any) -> list[int]:
    numbers = range(*(_whole(bound) for bound in bounds))
    if len(numbers) > MOST_NUMBERS:
        raise TooMuch
    return list(numbers)


def _as_list(context: Context, value: Any) -> list[Any]:
    return list(_list(value))


def _keys(context: Context, value: Any) -> list[Any]:
    return list(_mapping(value))


def _values(context: Context, value: Any) -> list[Any]:
    return list(_mapping(value).values())


def _get(context: Context, value: Any, key: Any, otherwise: Any = None) -> Any:
    return _mapping(value).get(key, otherwise)


# ---- text


def _as_text(context: Context, value: Any) -> str:
    return as_text(value)


def _upper(context: Context, value: Any) -> str:
    return _text(value).upper()


def _lower(context: Context, value: Any) -> str:
    return _text(value).lower()


def _strip(context: Context, value: Any) -> str:
    return _text(value).strip()


def _startswith(context: Context, value: Any, start: Any) -> bool:
    return _text(value).startswith(_text(start))


def _endswith(context: Context, value: Any, end: Any) -> bool:
    return _text(value).endswith(_text(end))


def _contains(context: Context, value: Any, part: Any) -> bool:
    return _text(part) in _text(value)


def _replace(context: Context, value: Any, old: Any, new: Any) -> str:
    text, old, new = _text(value), _text(old), _text(new)
    if not old:
        raise Unfit(N_("an empty text can't be replaced"))
    if len(text) + text.count(old) * len(new) > LONGEST_TEXT:
        raise TooMuch
    return text.replace(old, new)


def _split(context: Context, value: Any, by: Any) -> list[str]:
    return _text(value).split(_text(by))


def _join(context: Context, items: Any, by: Any = "") -> str:
    parts, glue = [as_text(item) for item in _list(items)], _text(by)
    if sum(map(len, parts)) + len(glue) * len(parts) > LONGEST_TEXT:
        raise TooMuch
    return glue.join(parts)


# ---- names


def _exists(context: Context, path: Any) -> bool:
    try:
        _follow(context.names, _text(path))
    except Lacking:
        return False
    return True


def _value(context: Context, path: Any, otherwise: Any = None) -> Any:
    try:
        return _follow(context.names, _text(path))
    except Lacking:
        return otherwise


def _performer(context: Context, task: Any) -> Any:
    performers = context.names.get("performers", {})
    if not isinstance(performers, Mapping) or task not in performers:
        raise Lacking(_text(task))
    return performers[task]


def _follow(names: Mapping[str, Any], path: str) -> Any:
    here: Any = names
    for part in path.split("."):
        if not isinstance(here, Mapping) or part not in here or part.startswith("_"):
            raise Lacking(path)
        here = here[part]
    return here


# ---- what arguments must be


def _whole(value: Any, most: int = 10**9) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise Mismatch(N_("not a whole number"))
    if abs(value) > most:
        raise Unfit(N_("a number that is too high"))
    return value


def _real(value: Any) -> int | float:
    if type(value) in (int, float, bool):
        return value  # type: ignore[no-any-return]
    raise Mismatch(N_("not a number"))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Mismatch(N_("not a text"))
    return value


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    if type(value) not in (list, tuple):
        raise Mismatch(N_("not a list"))
    return value  # type: ignore[no-any-return]


def _mapping(value: Any) -> dict[Any, Any]:
    if type(value) is not dict:
        raise Mismatch(N_("not a mapping"))
    return value


def _spread(items: tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    """min([1, 2]) and min(1, 2) mean the same."""
    return _list(items[0]) if len(items) == 1 else items


def _some(items: tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    values = _spread(items)
    if not values:
        raise Unfit(N_("an empty list"))
    return values


FUNCTIONS: Mapping[str, Function] = {
    row.name: row
    for row in (
        Function("today()", _today, 0, 0),
        Function("now()", _now, 0, 0),
        Function("date(text)", _date, 1, 3),
        Function("datetime(text)", _datetime, 1, 1),
        Function("duration(text)", _duration, 1, 1),
        Function("wd(count, start)", _wd, 1, 2),
        Function("cd(count, start)", _cd, 1, 2),
        Function("wd_of_month(count, month)", _wd_of_month, 1, 2),
        Function("working_days_between(start, end)", _working_days_between, 2, 2),
        Function("days_between(start, end)", _days_between, 2, 2),
        Function("is_working_day(day)", _is_working_day, 1, 1),
        Function("year(day)", _year, 1, 1),
        Function("month(day)", _month, 1, 1),
        Function("day(day)", _day, 1, 1),
        Function("round(number, places)", _round, 1, 2),
        Function("floor(number)", _floor, 1, 1),
        Function("ceil(number)", _ceil, 1, 1),
        Function("abs(number)", _abs, 1, 1),
        Function("number(text)", _number, 1, 1),
        Function("int(number)", _int, 1, 1),
        Function("len(list)", _len, 1, 1),
        Function("count(list, value)", _count, 1, 2),
        Function("sum(list)", _sum, 1, None),
        Function("min(list)", _min, 1, None),
        Function("max(list)", _max, 1, None),
        Function("mean(list)", _mean, 1, None),
        Function("any(list)", _any, 1, None),
        Function("all(list)", _all, 1, None),
        Function("sorted(list)", _sorted, 1, 1),
        Function("unique(list)", _unique, 1, 1),
        Function("flatten(list)", _flatten, 1, 1),
        Function("range(count)", _range, 1, 3),
        Function("list(list)", _as_list, 1, 1),
        Function("keys(mapping)", _keys, 1, 1),
        Function("values(mapping)", _values, 1, 1),
        Function("get(mapping, key, otherwise)", _get, 2, 3),
        Function("text(value)", _as_text, 1, 1),
        Function("str(value)", _as_text, 1, 1),
        Function("upper(text)", _upper, 1, 1),
        Function("lower(text)", _lower, 1, 1),
        Function("strip(text)", _strip, 1, 1),
        Function("startswith(text, start)", _startswith, 2, 2),
        Function("endswith(text, end)", _endswith, 2, 2),
        Function("contains(text, part)", _contains, 2, 2),
        Function("replace(text, old, new)", _replace, 3, 3),
        Function("split(text, by)", _split, 2, 2),
        Function("join(list, by)", _join, 1, 2),
        Function("exists(path)", _exists, 1, 1),
        Function("value(path, otherwise)", _value, 1, 2),
        Function("performer(task)", _performer, 1, 1),
    )
}
