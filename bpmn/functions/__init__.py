"""The table of functions that expressions may call.

To add one: write it in the file of its subject, give it a row here, describe it in docs/expressions.md.  Each gets a
`Context` and the values it was called with; it raises Mismatch or Unfit for values that it can't take, and `Lacking`
where something named does not exist.  None has an effect, none looks at a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.functions import lists, names, numbers, texts, time
from bpmn.functions.arguments import Context
from bpmn.functions.names import Lacking

__all__ = ["FUNCTIONS", "Context", "Function", "Lacking"]


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


FUNCTIONS: Mapping[str, Function] = {
    row.name: row
    for row in (
        Function("today()", time.today, 0, 0),
        Function("now()", time.now, 0, 0),
        Function("date(text)", time.as_date, 1, 3),
        Function("datetime(text)", time.as_instant, 1, 1),
        Function("duration(text)", time.as_duration, 1, 1),
        Function("wd(count, start)", time.wd, 1, 2),
        Function("cd(count, start)", time.cd, 1, 2),
        Function("wd_of_week(day, hour)", time.wd_of_week, 2, 2),
        Function("wd_of_month(count, month)", time.wd_of_month, 1, 2),
        Function("wd_of_quarter(count)", time.wd_of_quarter, 1, 1),
        Function("working_days_between(start, end)", time.working_days_between, 2, 2),
        Function("days_between(start, end)", time.days_between, 2, 2),
        Function("is_working_day(day)", time.is_working_day, 1, 1),
        Function("year(day)", time.year_of, 1, 1),
        Function("month(day)", time.month_of, 1, 1),
        Function("day(day)", time.day_of, 1, 1),
        Function("round(number, places)", numbers.rounded, 1, 2),
        Function("floor(number)", numbers.floor, 1, 1),
        Function("ceil(number)", numbers.ceiling, 1, 1),
        Function("abs(number)", numbers.absolute, 1, 1),
        Function("number(text)", numbers.as_number, 1, 1),
        Function("int(number)", numbers.whole_part, 1, 1),
        Function("len(list)", lists.length, 1, 1),
        Function("count(list, value)", lists.count, 1, 2),
        Function("sum(list)", lists.total, 1, None),
        Function("min(list)", lists.least, 1, None),
        Function("max(list)", lists.greatest, 1, None),
        Function("mean(list)", lists.mean, 1, None),
        Function("any(list)", lists.any_true, 1, None),
        Function("all(list)", lists.all_true, 1, None),
        Function("sorted(list)", lists.in_order, 1, 1),
        Function("unique(list)", lists.unique, 1, 1),
        Function("flatten(list)", lists.flatten, 1, 1),
        Function("range(count)", lists.numbers_to, 1, 3),
        Function("list(list)", lists.as_list, 1, 1),
        Function("keys(mapping)", lists.keys, 1, 1),
        Function("values(mapping)", lists.values, 1, 1),
        Function("get(mapping, key, otherwise)", lists.get, 2, 3),
        Function("text(value)", texts.as_text, 1, 1),
        Function("str(value)", texts.as_text, 1, 1),
        Function("upper(text)", texts.upper, 1, 1),
        Function("lower(text)", texts.lower, 1, 1),
        Function("strip(text)", texts.strip, 1, 1),
        Function("startswith(text, start)", texts.startswith, 2, 2),
        Function("endswith(text, end)", texts.endswith, 2, 2),
        Function("contains(text, part)", texts.contains, 2, 2),
        Function("replace(text, old, new)", texts.replace, 3, 3),
        Function("split(text, by)", texts.split, 2, 2),
        Function("join(list, by)", texts.join, 1, 2),
        Function("exists(path)", names.exists, 1, 1),
        Function("value(path, otherwise)", names.value_at, 1, 2),
        Function("performer(task)", names.performer, 1, 1),
        Function("superior(organisation)", names.superior, 1, 1),
    )
}
