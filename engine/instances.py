"""Instances: started by a person, a message, a timer or a caller; cancelled by an administrator."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, undefer
from sqlalchemy.sql.base import ExecutableOption

from bpmn.moment import Moment
from engine import definitions, record, runtime
from engine.access import ADMIN, Actor, Grant, NotFound, NotYours, grant_for, is_let_in, may_do, require
from engine.database import insert_missing
from engine.organisations import CODE, paths
from engine.runtime.faults import NoSuchStart
from engine.tables import Instance, Task, Version, short_key
from engine.tables.base import TITLE
from faults import N_, Fault, Problem, Refused


class NotPublished(Fault):
    """There is no process {process} to start. Ask the administrator to publish it."""


class StartRefused(Refused):
    """The case can't be started like this. Correct the marked fields and try again."""


class HasEnded(Fault):
    """This case has ended already, so there is nothing left to change. Reload the page."""


@dataclass(frozen=True, slots=True)
class Startable:
    """A process that the actor may start by hand, and the grants with which he may."""

    process_key: str
    name: str
    documentation: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """``next_tasks`` are the ids of the open tasks that the actor may do now; ``repeated``: it was there already."""

    instance_id: str
    next_tasks: tuple[str, ...]
    repeated: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What an instance's row says of where it comes from."""

    origin: str
    title: str
    org: str | None = None
    org_path: str | None = None
    task_code: str | None = None
    starter: str | None = None
    starter_org: str | None = None
    parent_request: str | None = None
    restricted_to: str | None = None


def startable(session: Session, actor: Actor) -> list[Startable]:
    """The processes that the actor may start by hand. One statement, once they are compiled."""
    found = []
    for version in definitions.all_current(session):
        grants = tuple(grant for grant in actor.grants if grant.role in version.starter_groups)
        if version.by_hand and grants:
            process = definitions.published(session, version.id).process
            found.append(Startable(version.process_key, version.name, process.documentation, grants))
    return found


def start(
    session: Session,
    actor: Actor,
    process_key: str,
    title: str,
    org: str | None,
    task_code: str | None,
    key: str,
    moment: Moment,
) -> Started:
    """Start an instance by hand. The same ``key`` (of the same actor) answers with what was started first.

    ``org`` is the organisation that the case is about.  Raises NotPublished, NotYours, StartRefused.
    """
    version = definitions.current(session, process_key)
    if version is None:
        raise NotPublished(process=process_key)
    grant = grant_for(actor, version.starter_groups, None, task_code) if version.by_hand else None
    if grant is None:
        raise NotYours()
    title = _clean_title(title)
    if task_code is not None and not CODE.fullmatch(task_code):
        raise StartRefused(
            [Problem("task_code", "unknown", N_("There is no such task code. Choose one from the list."))]
        )
    org_path = _path_of(session, org)
    made = Made(
        origin=f"form:{actor.id}:{short_key(key)}",
        title=title,
        org=org,
        org_path=org_path,
        task_code=task_code,
        starter=actor.id,
        starter_org=grant.org,
    )
    instance = _insert(session, version, made, moment)
    if instance is None:
        return _repeated(session, actor, made.origin)
    tasks = _run(session, instance, None, {}, record.Entry("started", actor=actor.id), moment)
    return Started(instance.id, yours(actor, tasks), repeated=False)


def start_by_message(
    session: Session, version: Version, element: str, payload: Mapping[str, Any], origin: str, moment: Moment
) -> Instance:
    """Start an instance by a message or signal: the payload stands under the id of its start event.

    ``title``, ``org`` and ``task_code`` of the payload, where they are given, are those of the instance.  The same
    ``origin`` gives the instance that was started first.
    """
    named = {name: payload[name] for name in ("title", "org", "task_code") if isinstance(payload.get(name), str)}
    org = named.get("org")
    org_path = paths(session, [org]).get(org) if org else None
    made = Made(
        origin=origin,
        title=_fit_title(named.get("title") or version.name),
        org=org if org_path else None,
        org_path=org_path,
        task_code=named.get("task_code"),
    )
    return _start_by_system(session, version, element, made, {element: dict(payload)}, moment)


def start_by_timer(
    session: Session, version: Version, element: str, payload: Mapping[str, Any], origin: str, moment: Moment
) -> Instance:
    """Start an instance because a start event's timer is due; with what its service gave, as with a message."""
    if not payload:
        made = Made(origin=origin, title=_fit_title(f"{version.name} {moment.today.isoformat()}"))
        return _start_by_system(session, version, element, made, {}, moment)
    return start_by_message(session, version, element, payload, origin, moment)


def start_called(
    session: Session, version: Version, parent: Instance, token: str, inputs: Mapping[str, Any], moment: Moment
) -> Instance:
    """Start the child instance that the request ``token`` of ``parent`` calls for; it inherits what isn't given."""
    org = inputs.get("org") if isinstance(inputs.get("org"), str) else parent.org
    org_path = paths(session, [org]).get(org) if org else None
    title = inputs.get("title")
    code = inputs.get("task_code")
    made = Made(
        origin=f"call:{token}",
        title=_fit_title(title if isinstance(title, str) else parent.title),
        org=org if org_path else None,
        org_path=org_path,
        task_code=code if isinstance(code, str) else parent.task_code,
        starter=parent.starter,
        starter_org=parent.starter_org,
        parent_request=token,
        restricted_to=parent.restricted_to,
    )
    return _start_by_system(session, version, None, made, inputs, moment)


def cancel(session: Session, actor: Actor, instance_id: str, reason: str, moment: Moment) -> None:
    """Stop an instance for good, with all its tasks. For administrators. Raises NotYours, NotFound, HasEnded."""
    require(actor, ADMIN)
    instance = locked(session, instance_id)
    if not is_let_in(actor, instance.restricted_to):
        raise NotFound
    if instance.status not in ("active", "failed"):
        raise HasEnded()
    definition = definitions.of(session, instance.version_id)
    outcome = runtime.cancel(definition, instance.state, reason, moment)
    record.apply(session, instance, outcome, record.Entry("cancelled", actor=actor.id, data={"reason": reason}), moment)


def locked(session: Session, instance_id: str) -> Instance:
    """The instance, locked until the transaction ends, with its version. One statement. Raises NotFound."""
    return _locked(session, instance_id)


def locked_by_task(session: Session, task_id: str) -> Instance:
    """The instance of a task, locked. The task itself is to be read afterwards: only then is it up to date.

    With its variables: forms prefill from them.
    """
    return _locked(
        session, select(Task.instance_id).where(Task.id == task_id).scalar_subquery(), undefer(Instance.variables)
    )


def yours(actor: Actor, tasks: tuple[Task, ...]) -> tuple[str, ...]:
    """The ids of those tasks that the actor may do."""
    return tuple(task.id for task in tasks if may_do(actor, task))


def _locked(session: Session, instance_id: Any, *loaded: ExecutableOption) -> Instance:
    query = (
        select(Instance)
        .join(Instance.version)
        .options(contains_eager(Instance.version), *loaded)
        .where(Instance.id == instance_id)
        .with_for_update(of=Instance)
        .execution_options(populate_existing=True)
    )
    instance = session.scalars(query).one_or_none()
    if instance is None:
        raise NotFound()
    return instance


def _start_by_system(
    session: Session, version: Version, element: str | None, made: Made, variables: Mapping[str, Any], moment: Moment
) -> Instance:
    instance = _insert(session, version, made, moment)
    if instance is None:
        return session.scalars(select(Instance).where(Instance.origin == made.origin)).one()
    entry = record.Entry("started", element=element, data={"origin": made.origin})
    _run(session, instance, element, variables, entry, moment)
    return instance


def _insert(session: Session, version: Version, made: Made, moment: Moment) -> Instance | None:
    """A new row, which is nobody else's until the transaction ends; None if the origin has one already."""
    row = {
        "id": uuid4().hex,
        "version_id": version.id,
        "process_key": version.process_key,
        "status": "active",
        "state": b"",
        "variables": {},
        "result": {},
        "started_at": moment.now,
        "changed_at": moment.now,
        "record_length": 0,
        "record_hash": "",
        "revision": 1,
        **{name: getattr(made, name) for name in Made.__dataclass_fields__},
    }
    if not insert_missing(session, Instance, [row]):
        return None
    return locked(session, row["id"])


def _run(
    session: Session,
    instance: Instance,
    element: str | None,
    variables: Mapping[str, Any],
    entry: record.Entry,
    moment: Moment,
) -> tuple[Task, ...]:
    definition = definitions.of(session, instance.version_id)
    if element is None:
        element = next((start.element for start in definition.starts if start.kind == "none"), None)
        if element is None:
            raise NoSuchStart()
    given = {
        **variables,
        "title": instance.title,
        "task_code": instance.task_code,
        "org": instance.org,
        "starter": instance.starter,
        "starter_org": instance.starter_org,
        "started_by": element,
        "instance_id": instance.id,
    }
    outcome = runtime.start(definition, element, given, moment)
    return record.apply(session, instance, outcome, entry, moment)


def _repeated(session: Session, actor: Actor, origin: str) -> Started:
    instance_id = session.scalars(select(Instance.id).where(Instance.origin == origin)).one()
    tasks = session.scalars(select(Task).where(Task.instance_id == instance_id, Task.status == "open"))
    return Started(instance_id, yours(actor, tuple(tasks)), repeated=True)


def _clean_title(title: str) -> str:
    cleaned = _plain_text(title)
    if not cleaned:
        raise StartRefused([Problem("title", "required", N_("Please give the case a title."))])
    if len(cleaned) > TITLE:
        message = N_("The title is too long: at most {limit} characters.")
        raise StartRefused([Problem("title", "too_long", message, {"limit": TITLE})])
    return cleaned


def _path_of(session: Session, org: str | None) -> str | None:
    if org is None:
        return None
    path = paths(session, [org]).get(org)
    if path is None:
        raise StartRefused([Problem("org", "unknown", N_("There is no such organisation. Choose one from the list."))])
    return path


def _fit_title(title: str) -> str:
    return _plain_text(title)[:TITLE] or "-"


def _plain_text(text: str) -> str:
    """On one line, without control and other invisible characters (which could imitate another title)."""
    kept = "".join(
        " " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    return " ".join(kept.split())
