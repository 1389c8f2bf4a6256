"""The running cases one by one: what another version would do to each, and who has its open tasks. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor
from engine.impact import Judged, Mappings, Target, Verdict, judged
from engine.tables import IS_OPEN, Account, Instance, Task


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are listed: of one verdict, with words in their title, with an open task of an account."""

    verdict: Verdict | None = None
    words: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an open task: an account (``name``), or roles in an organisation. ``touched``: the step changes."""

    element: str
    name: str | None
    roles: tuple[str, ...]
    org: str | None
    touched: bool


@dataclass(frozen=True, slots=True)
class Case:
    judged: Judged
    started_at: datetime
    holders: tuple[Holder, ...] = ()


def cases(
    session: Session,
    actor: Actor,
    target: Target,
    mappings: Mappings,
    wanted: Wanted,
    offset: int,
    limit: int,
    moment: Moment,
) -> tuple[list[Case], int]:
    """Those from ``offset`` on, the oldest first, and how many there are in all. Raises NotYours.

    One statement more than `impact.assess`.
    """
    found = [
        one
        for one in judged(session, actor, target, mappings, moment, _conditions(wanted))
        if wanted.verdict in (None, one.group.verdict)
    ]
    return _with_holders(session, found[offset : offset + limit]), len(found)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        conditions.append(Instance.title.icontains(wanted.words, autoescape=True))
    if wanted.holder:
        conditions.append(exists().where(Task.instance_id == Instance.id, IS_OPEN, Task.holder == wanted.holder))
    return conditions


def _with_holders(session: Session, shown: Iterable[Judged]) -> list[Case]:
    by_case = {one.instance_id: one for one in shown}
    if not by_case:
        return []
    begun = select(Instance.id, Instance.started_at).where(Instance.id.in_(by_case))
    started = dict(session.execute(begun).all())
    query = (
        select(Task.instance_id, Task.element, Account.name, Task.holder, Task.roles, Task.org)
        .outerjoin(Account, Account.id == Task.holder)
        .where(Task.instance_id.in_(by_case), IS_OPEN)
        .order_by(Task.opened_at, Task.id)
    )
    holders: Mapping[str, list[Holder]] = defaultdict(list)
    for row in session.execute(query):
        touched = row.element in by_case[row.instance_id].changed
        holders[row.instance_id].append(Holder(row.element, row.name or row.holder, tuple(row.roles), row.org, touched))
    return [Case(one, started[ident], tuple(holders[ident])) for ident, one in by_case.items()]
