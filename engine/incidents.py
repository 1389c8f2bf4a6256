"""Incidents: why something can't go on by itself. An administrator sees them, mends the cause, and tries again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import definitions, instances, record, routing, runtime, tasks, work
from engine.access import ADMIN, AUDITOR, Actor, NotFound, is_let_in, require
from engine.runtime import NoSuchToken
from engine.tables import Incident, Instance
from faults import N_, Fault


class AlreadyResolved(Fault):
    """This incident has been resolved meanwhile. Reload the page."""


_HIDDEN = N_("Something in a restricted case can't go on. Those who may see the case know what it is about.")


@dataclass(frozen=True, slots=True)
class Open:
    """An incident with what an administrator needs to find the place. ``message`` is a template for ``params``."""

    id: int
    instance_id: str | None
    title: str | None
    process_key: str | None
    element: str | None
    code: str
    message: str
    params: Mapping[str, Any]
    noted_at: datetime
    task: str | None = None  # id of the task that nobody got, if that is it


def unresolved(session: Session, actor: Actor, limit: int, offset: int = 0) -> tuple[list[Open], int]:
    """Unresolved incidents, the newest first, and how many there are. For administrators and auditors.

    Of a case that is restricted and doesn't let him in it says only that there is something to be tried again.
    """
    require(actor, ADMIN, AUDITOR)
    wanted = Incident.resolved_at.is_(None)
    rows = session.execute(
        select(Incident, Instance.title, Instance.process_key, Instance.restricted_to)
        .outerjoin(Instance, Instance.id == Incident.instance_id)
        .where(wanted)
        .order_by(Incident.noted_at.desc(), Incident.id.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [
        Open(row.id, None, None, None, None, row.code, _HIDDEN, {}, row.noted_at)
        if not is_let_in(actor, restricted_to)
        else Open(
            id=row.id,
            instance_id=row.instance_id,
            title=title,
            process_key=process_key,
            element=row.element,
            code=row.code,
            message=row.message,
            params=row.params,
            noted_at=row.noted_at,
            task=row.token if row.code in routing.CODES else None,
        )
        for row, title, process_key, restricted_to in rows
    ]
    return found, session.scalar(select(func.count()).select_from(Incident).where(wanted)) or 0


def retry(session: Session, actor: Actor, incident_id: int, moment: Moment) -> None:
    """Try again what failed. For administrators. If it fails again, there is a new incident.

    Raises NotYours, NotFound, AlreadyResolved.
    """
    require(actor, ADMIN)
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound
    # The instance is locked first, as everywhere.
    instance = instances.locked(session, incident.instance_id) if incident.instance_id else None
    session.refresh(incident, with_for_update=True)
    if incident.resolved_at is not None:
        raise AlreadyResolved
    incident.resolved_at = moment.now
    incident.resolved_by = actor.id
    session.flush()  # before a new incident of the same kind is noted
    if incident.work_kind is not None and incident.work_id is not None:
        work.again(session, cast(work.Kind, incident.work_kind), incident.work_id, moment)
    elif instance is not None and incident.token is not None:
        _continue(session, actor, instance, incident, moment)


def assign(session: Session, actor: Actor, incident_id: int, account_id: str, moment: Moment) -> None:
    """Give the task that nobody got to an account. For administrators.

    Raises NotYours, NotFound, AlreadyResolved, `engine.tasks.NotAssignable`, `engine.tasks.AlreadyDone`.
    """
    require(actor, ADMIN)
    incident = session.get(Incident, incident_id)
    if incident is None or incident.token is None or incident.code not in routing.CODES:
        raise NotFound
    if incident.resolved_at is not None:
        raise AlreadyResolved
    tasks.assign(session, actor, incident.token, account_id, moment)


def _continue(session: Session, actor: Actor, instance: Instance, incident: Incident, moment: Moment) -> None:
    token = incident.token or ""
    if incident.code in routing.CODES:
        tasks.reroute(session, token, moment)
        return
    definition = definitions.of(session, instance.version_id)
    try:
        outcome = runtime.retry(definition, instance.state, token, moment)
    except NoSuchToken:
        return  # the instance has gone another way since: nothing stands still there any more
    entry = record.Entry("retried", actor=actor.id, element=incident.element, token=token)
    record.apply(session, instance, outcome, entry, moment)
