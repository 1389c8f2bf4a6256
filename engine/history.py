"""An instance as people see it: facts, record, progress in the diagram, and who has the ball. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, undefer

from bpmn.diagram import Diagram, Process
from bpmn.moment import Moment
from engine import accounts, definitions, lineage, progress
from engine.access import Actor, NotFound, NotYours, is_let_in, may_do, visible, visible_in_lists
from engine.cursor import read_cursor, write_cursor
from engine.definitions import Published
from engine.light import Light, days_left, light, limits
from engine.progress import Marks, Trouble, Waiting
from engine.tables import (
    IS_OPEN,
    Account,
    Instance,
    Organisation,
    Record,
    Request,
    Task,
)
from forms.field import Form


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the record. ``what``: started, completed, claimed, ...; ``answers`` if a task was completed."""

    seq: int
    at: datetime
    what: str
    actor: str | None
    actor_name: str | None
    element: str | None
    element_name: str
    task_id: str | None
    form: Form | None  # what the answers answer
    answers: Mapping[str, Any]
    opinion: str
    data: Mapping[str, Any]
    on_behalf_of: str | None = None  # name of the account for whom the actor did it


@dataclass(frozen=True, slots=True)
class Holder:
    """An open task and who has the ball: an account, or the roles (in an organisation) that may do it."""

    task_id: str
    element: str
    name: str
    subject: str | None
    holder: str | None
    holder_name: str | None
    roles: tuple[str, ...]
    org: str | None
    org_name: str | None
    task_code: str | None
    opened_at: datetime
    due: datetime | None
    light: Light | None
    days_left: int | None
    urged: int
    yours: bool  # the actor may do it


@dataclass(frozen=True, slots=True)
class Facts:
    """What lists and heads of pages say of an instance."""

    id: str
    title: str
    process_key: str
    process_name: str
    version: int
    status: str
    org: str | None
    org_name: str | None
    task_code: str | None
    starter: str | None
    starter_name: str | None
    started_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    ended_element: str | None


@dataclass(frozen=True, slots=True)
class InstanceView:
    """``entries`` are the latest, newest first; ``more``: pass as ``before`` to `entries` for those before them."""

    facts: Facts
    diagram: Diagram
    process: Process
    marks: Marks
    open_tasks: tuple[Holder, ...]
    waiting: tuple[Waiting, ...]
    troubles: tuple[Trouble, ...]
    entries: tuple[Entry, ...]
    more: int | None
    parent_id: str | None
    variables: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Facts, ...]
    next: str | None


def instance(session: Session, actor: Actor, instance_id: str, moment: Moment, limit: int = 100) -> InstanceView:
    """All that the page of an instance shows. Ten statements. Raises NotFound, NotYours."""
    row, facts = _load(session, actor, instance_id)
    published = definitions.published(session, row.version_id)
    process = published.process
    holders = _holders(session, actor, instance_id, moment)
    waiting = progress.waiting(session, instance_id, process)
    troubles = progress.troubles(session, instance_id, process)
    found, more = _entries(session, row, None, limit)
    parent = select(Request.instance_id).where(Request.id == row.parent_request)
    return InstanceView(
        facts=facts,
        diagram=published.diagram,
        process=process,
        marks=progress.marks(session, instance_id, process, [one.element for one in holders], waiting, troubles),
        open_tasks=holders,
        waiting=waiting,
        troubles=troubles,
        entries=found,
        more=more,
        parent_id=session.scalar(parent) if row.parent_request else None,
        variables=row.variables,
    )


def entries(
    session: Session, actor: Actor, instance_id: str, before: int, limit: int = 100
) -> tuple[tuple[Entry, ...], int | None]:
    """Entries of the record before the one with the number ``before``, newest first, and the next ``before``."""
    row, _ = _load(session, actor, instance_id)
    return _entries(session, row, before, limit)


def instances(
    session: Session,
    actor: Actor,
    search: str = "",
    status: str | None = None,
    after: str | None = None,
    limit: int = 50,
    process_key: str | None = None,
) -> Page:
    """A page of the instances that the actor may see, the latest changed first. One statement."""
    query = _facts().where(visible_in_lists(actor))
    if process_key is not None:
        query = query.where(Instance.process_key == process_key)
    if wanted := search.replace("\0", "").strip()[:100]:
        query = query.where(Instance.title.icontains(wanted, autoescape=True))
    if status is not None:
        query = query.where(Instance.status == status)
    place = read_cursor(after)
    if place is not None:
        at, last = place
        query = query.where(Instance.changed_at <= at, or_(Instance.changed_at < at, Instance.id < last))
    query = query.order_by(Instance.changed_at.desc(), Instance.id.desc()).limit(limit + 1)
    found = session.execute(query).all()
    last_row = found[limit - 1][0] if len(found) > limit else None
    following = write_cursor(last_row.changed_at, last_row.id) if last_row is not None else None
    return Page(tuple(_to_facts(one) for one in found[:limit]), following)


def _load(session: Session, actor: Actor, instance_id: str) -> tuple[Instance, Facts]:
    query = _facts().add_columns(visible(actor)).where(Instance.id == instance_id)
    found = session.execute(query.options(undefer(Instance.variables))).one_or_none()
    if found is None or not is_let_in(actor, found[0].restricted_to):
        raise NotFound()
    if not found[-1]:
        raise NotYours()
    return found[0], _to_facts(found)


def _facts() -> Select[*tuple[Any, ...]]:
    starter = aliased(Account)
    return (
        select(Instance, starter.name, Organisation.name)
        .join(Instance.version)
        .options(contains_eager(Instance.version))
        .outerjoin(starter, starter.id == Instance.starter)
        .outerjoin(Organisation, Organisation.code == Instance.org)
    )


def _to_facts(found: Sequence[Any]) -> Facts:
    row, starter_name, org_name = found[:3]
    return Facts(
        id=row.id,
        title=row.title,
        process_key=row.process_key,
        process_name=row.version.name,
        version=row.version.number,
        status=row.status,
        org=row.org,
        org_name=org_name,
        task_code=row.task_code,
        starter=row.starter,
        starter_name=starter_name,
        started_at=row.started_at,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
        ended_element=row.ended_element,
    )


def _holders(session: Session, actor: Actor, instance_id: str, moment: Moment) -> tuple[Holder, ...]:
    query = (
        select(Task, Account.name, Organisation.name)
        .outerjoin(Account, Account.id == Task.holder)
        .outerjoin(Organisation, Organisation.code == Task.org)
        .where(Task.instance_id == instance_id, IS_OPEN)
        .order_by(Task.opened_at, Task.counter, Task.id)
    )
    bounds = limits(moment)
    return tuple(
        Holder(
            task_id=task.id,
            element=task.element,
            name=task.name,
            subject=task.subject,
            holder=task.holder,
            holder_name=holder_name,
            roles=tuple(task.roles),
            org=task.org,
            org_name=org_name,
            task_code=task.task_code,
            opened_at=task.opened_at,
            due=task.due,
            light=light(task.due, bounds),
            days_left=days_left(task.due, moment) if task.due else None,
            urged=task.urged,
            yours=may_do(actor, task) and task.holder in (None, actor.id),
        )
        for task, holder_name, org_name in session.execute(query)
    )


def _entries(
    session: Session, instance: Instance, before: int | None, limit: int
) -> tuple[tuple[Entry, ...], int | None]:
    query = select(Record).where(Record.instance_id == instance.id)
    if before is not None:
        query = query.where(Record.seq < before)
    rows = session.scalars(query.order_by(Record.seq.desc()).limit(limit)).all()
    people = {row.actor for row in rows} | {row.data.get("on_behalf_of") for row in rows}
    names = accounts.names(session, {who for who in people if who})
    if before is None:
        line = lineage.of_latest(instance.version_id, rows)
    else:
        line = lineage.of_earlier(session, instance.id, instance.version_id, rows)
    found = tuple(_entry(row, names, line.at(session, row.seq)) for row in rows)
    return found, found[-1].seq if found and found[-1].seq > 1 else None


def _entry(row: Record, names: Mapping[str, str], published: Published) -> Entry:
    given = row.data.get("answers", {})
    element = published.process.elements.get(row.element or "")
    answered = element is not None and "answers" in row.data
    form = published.form_of(element.id, element.attributes.get("form")) if element and answered else None
    return Entry(
        seq=row.seq,
        at=row.at,
        what=row.what,
        actor=row.actor,
        actor_name=names.get(row.actor or ""),
        element=row.element,
        element_name=element.name if element else "",
        task_id=row.token if row.what in ("completed", "claimed", "released", "returned") else None,
        form=form,
        answers=given,
        opinion=str(given.get("opinion") or ""),
        data=row.data,
        on_behalf_of=names.get(principal, principal) if (principal := row.data.get("on_behalf_of")) else None,
    )
