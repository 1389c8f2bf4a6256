"""The burden meter: how many tasks and questions each unit was asked in a month, and how many were filled in already.

Complaints 1 and 2 of the guide (section 8): the same data asked again and again.  Questions are counted when a task is
completed (`forms.effort`), so that a task that is still open counts as a task only.  Cases that only some may see are
not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor
from engine.tables import Instance, Task
from workflows import periods
from workflows.organisation import district_of, units
from workflows.periods import Period
from workflows.scoring.units import answerable
from workflows.sight import Sight, sight


@dataclass(frozen=True, slots=True)
class Load:
    """``asked``: questions of the ``done`` tasks; ``prefilled`` of them by the program, ``kept`` of those unchanged."""

    tasks: int
    done: int
    asked: int
    prefilled: int
    kept: int

    @property
    def prefilled_percent(self) -> float | None:
        return 100 * self.prefilled / self.asked if self.asked else None

    @property
    def kept_percent(self) -> float | None:
        return 100 * self.kept / self.prefilled if self.prefilled else None


@dataclass(frozen=True, slots=True)
class Unit:
    """``parts``: the organisations of a district, by code; those of the city have none."""

    code: str
    load: Load
    parts: tuple[tuple[str, Load], ...]


def by_unit(session: Session, actor: Actor, month: Period, moment: Moment) -> list[Unit]:
    """Each district and municipal unit, those that were asked most first. One statement. Raises NotYours."""
    begin, end = _around(month, moment)
    counted = select(Task.org, *_figures(True)).where(*_seen(sight(actor)), Task.opened_at >= begin)
    rows = session.execute(_joined(counted).where(Task.opened_at < end).group_by(Task.org))
    found: dict[str, list[tuple[str, Load]]] = {}
    for org, *figures in rows:
        found.setdefault(answerable(org) or "", []).append((org or "", _load(figures)))
    made = [Unit(code, _sum(load for _, load in parts), tuple(sorted(parts))) for code, parts in found.items()]
    return sorted(made, key=lambda unit: (-unit.load.asked, -unit.load.tasks, unit.code))


def by_month(
    session: Session, actor: Actor, unit: str | None, months: Iterable[Period], moment: Moment
) -> list[tuple[Period, Load]]:
    """The same for one unit (a district with all of its organisations), or all that the person may see, over time.

    One statement.  Raises NotYours.
    """
    wanted = tuple(months)
    columns: list[Any] = []
    for month in wanted:
        begin, end = _around(month, moment)
        columns += _figures(and_(Task.opened_at >= begin, Task.opened_at < end))
    first, last = _around(wanted[0], moment)[0], _around(wanted[-1], moment)[1]
    where = [*_seen(sight(actor)), Task.opened_at >= first, Task.opened_at < last]
    if unit is not None:
        where.append(Task.org.in_([code for code in units() if answerable(code) == unit]))
    row = list(session.execute(_joined(select(*columns)).where(*where)).one())
    return [(month, _load(row[5 * place : 5 * place + 5])) for place, month in enumerate(wanted)]


def months(moment: Moment, last: Period, count: int) -> list[Period]:
    """So many months, up to and with the last."""
    found = [last]
    while len(found) < count:
        found.insert(0, periods.month(date.fromordinal(found[0].first.toordinal() - 1)))
    return found


def _figures(within: Any) -> list[Any]:
    """How many tasks, how many of them done, and the sums of their questions."""
    is_done = and_(Task.status == "completed", within) if within is not True else Task.status == "completed"
    counted = func.count() if within is True else func.sum(case((within, 1), else_=0))
    sums = (func.sum(case((is_done, column), else_=0)) for column in (Task.asked, Task.prefilled, Task.kept))
    return [counted, func.sum(case((is_done, 1), else_=0)), *sums]


def _seen(districts: Sight) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Instance.restricted_to.is_(None)]
    if districts is not None:
        found.append(Task.org.in_([code for code in units() if district_of(code) in districts]))
    return found


def _joined(statement: Any) -> Any:
    return statement.select_from(Task).join(Instance, Instance.id == Task.instance_id)


def _around(month: Period, moment: Moment) -> tuple[datetime, datetime]:
    zone = moment.calendar.zone
    after = date.fromordinal(month.last.toordinal() + 1)
    return datetime.combine(month.first, time.min, zone), datetime.combine(after, time.min, zone)


def _load(figures: Iterable[Any]) -> Load:
    return Load(*(int(value or 0) for value in figures))


def _sum(loads: Iterable[Load]) -> Load:
    columns = zip(*((one.tasks, one.done, one.asked, one.prefilled, one.kept) for one in loads), strict=True)
    return Load(*(sum(column) for column in columns))
