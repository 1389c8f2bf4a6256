"""What an officer has to do and has done, sorted by urgency. Reads only.

The open tasks of an actor are those that he holds and those of the pools that his grants reach into and nobody holds.
Each of these is a range of an index in the order of due times, of which only as much is read as a page shows; so a page
costs the same whether a thousand or a hundred thousand tasks are open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, bar, lets_in, pools_of
from engine.cursor import read_cursor, write_cursor
from engine.light import Light, Limits, days_left, light, limits
from engine.tables import IS_OPEN, NO_DUE, Instance, Organisation, Process, Task

# Beyond so many pools one walk along all due times is cheaper than a range for each.
MOST_RANGES = 30
# Counting stops here: "99+" tells an officer enough.
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One task in a list. ``light`` and ``days_left`` (working days) are None without a due time and for done ones."""

    task_id: str
    element: str
    name: str
    subject: str | None
    instance_id: str
    title: str
    process_key: str
    process_name: str
    org_name: str | None
    task_code: str | None
    status: str
    due: datetime | None
    light: Light | None
    days_left: int | None
    urged: int
    claimed: bool  # the actor holds it, but was not named by the process
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """``next`` is to be passed as ``after`` for the page that follows; None on the last."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Open tasks by light; ``green`` includes those without a due time. Each counted up to `MOST_COUNTED`."""

    red: int
    yellow: int
    green: int


def open_tasks(
    session: Session,
    actor: Actor,
    moment: Moment,
    search: str = "",
    only: Light | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of what the actor has to do, the most urgent first. Two statements.

    ``search`` finds parts of the case's title, of the task's name and of its subject.  An ``after`` that can't be read
    gives the first page.
    """
    bounds = limits(moment)
    conditions = [*_found(search), *_lit(only, bounds)]
    place = read_cursor(after)
    if place is not None:
        conditions.append(_behind(Task.due_order, Task.id, *place))
    ids = _ranges(session, actor, conditions, limit + 1).subquery()
    query = _rows().where(Task.id.in_(select(ids.c.id))).order_by(Task.due_order, Task.id).limit(limit + 1)
    found = session.execute(query).all()
    rows = tuple(_row(one, actor, moment, bounds) for one in found[:limit])
    last = found[limit - 1][0] if len(found) > limit else None
    return Page(rows, write_cursor(last.due_order, last.id) if last is not None else None)


def done_tasks(
    session: Session, actor: Actor, moment: Moment, search: str = "", after: str | None = None, limit: int = 50
) -> Page:
    """A page of what the actor has done, the latest first. One statement."""
    query = _rows().where(Task.performer == actor.id, lets_in(actor), *_found(search))
    place = read_cursor(after)
    if place is not None:
        at, task_id = place
        query = query.where(Task.closed_at <= at, or_(Task.closed_at < at, Task.id < task_id))
    query = query.order_by(Task.closed_at.desc(), Task.id.desc()).limit(limit + 1)
    found = session.execute(query).all()
    rows = tuple(_row(one, actor, moment, limits(moment)) for one in found[:limit])
    last = found[limit - 1][0] if len(found) > limit else None
    return Page(rows, write_cursor(last.closed_at or NO_DUE, last.id) if last is not None else None)


def counts(session: Session, actor: Actor, moment: Moment) -> Counts:
    """How many open tasks the actor has by light, each up to `MOST_COUNTED`. Two statements."""
    bounds = limits(moment)
    pools = _pools(session, actor)
    parts = []
    for one in ("red", "yellow", "green"):
        some = _ranges_of(actor, pools, _lit(one, bounds), MOST_COUNTED).subquery()
        bounded = select(some.c.id).limit(MOST_COUNTED).subquery()
        parts.append(select(func.count()).select_from(bounded).scalar_subquery())
    return Counts(*session.execute(select(*parts)).one())


def _ranges(
    session: Session, actor: Actor, conditions: Iterable[ColumnElement[bool]], limit: int
) -> CompoundSelect[*tuple[Any, ...]]:
    return _ranges_of(actor, _pools(session, actor), conditions, limit)


def _pools(session: Session, actor: Actor) -> list[str]:
    return list(session.scalars(pools_of(actor))) if actor.grants else []


def _ranges_of(
    actor: Actor, pools: list[str], conditions: Iterable[ColumnElement[bool]], limit: int
) -> CompoundSelect[*tuple[Any, ...]]:
    """The first ids (and due times) of each range; the first ``limit`` of all are among them."""
    shared = list(conditions)
    mine = _range([Task.holder == actor.id, *shared], limit)
    unheld = [Task.holder.is_(None), ~Task.barred.contains(bar(actor.id), autoescape=True)]
    wanted: list[ColumnElement[bool]] = [Task.pool_id == pool for pool in pools]
    if len(pools) > MOST_RANGES:
        # The concatenation keeps the databases from the index of pools, which would read and sort all that is open.
        wanted = [(Task.pool_id + "").in_(pools)]
    parts = [_range([one, *unheld, *shared], limit) for one in wanted]
    # Subqueries, because SQLite takes no LIMIT in the parts of a UNION.
    return union_all(*(select(part.subquery()) for part in (mine, *parts)))


def _range(conditions: list[ColumnElement[bool]], limit: int) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(Task.id, Task.due_order).where(IS_OPEN, *conditions)
    if any(_mentions_instance(one) for one in conditions):
        query = query.join(Instance, Instance.id == Task.instance_id)
    return query.order_by(Task.due_order, Task.id).limit(limit)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(Task, Instance.title, Instance.process_key, Process.name, Organisation.name, Instance.task_code)
        .join(Instance, Instance.id == Task.instance_id)
        .join(Process, Process.key == Instance.process_key)
        .outerjoin(Organisation, Organisation.code == Instance.org)
    )


def _row(found: Any, actor: Actor, moment: Moment, bounds: Limits) -> Row:
    task, title, process_key, process_name, org_name, task_code = found
    due = task.due if task.status == "open" else None
    return Row(
        task_id=task.id,
        element=task.element,
        name=task.name,
        subject=task.subject,
        instance_id=task.instance_id,
        title=title,
        process_key=process_key,
        process_name=process_name,
        org_name=org_name,
        task_code=task.task_code or task_code,
        status=task.status,
        due=task.due,
        light=light(due, bounds),
        days_left=days_left(due, moment) if due else None,
        urged=task.urged,
        claimed=task.holder == actor.id and task.assignee is None,
        opened_at=task.opened_at,
        closed_at=task.closed_at,
    )


def _found(search: str) -> list[ColumnElement[bool]]:
    wanted = search.replace("\0", "").strip()[:100]
    if not wanted:
        return []
    texts = (Instance.title, Task.name, Task.subject)
    return [or_(*(text.icontains(wanted, autoescape=True) for text in texts))]


def _mentions_instance(condition: ColumnElement[bool]) -> bool:
    return Instance.__table__ in condition._from_objects


def _lit(only: str | None, bounds: Limits) -> list[ColumnElement[bool]]:
    """The range of due times of a light, as `engine.light.light` has it."""
    if only == "red":
        return [Task.due_order < bounds.red]
    if only == "yellow":
        return [and_(Task.due_order >= bounds.red, Task.due_order <= bounds.yellow)]
    if only == "green":
        return [Task.due_order > bounds.yellow]
    return []


def _behind(order: Any, key: Any, at: datetime, last: str) -> ColumnElement[bool]:
    # Both comparisons, so that the first gives the index a place to start from.
    return and_(order >= at, or_(order > at, key > last))
