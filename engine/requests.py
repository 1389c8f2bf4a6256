"""What instances have asked for: services that run, and calls that start child instances and bring back their results.

The life of a call: pending -> running (the child is there) -> ended (the child has ended) -> done.  The parent can
withdraw it at any time: then closing -> closed, and the child is cancelled.  What is not published yet stays
waiting, visibly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import definitions, instances, record, runtime
from engine.services import ServiceFault, Services
from engine.tables import Incident, Instance, Process, Request, Version


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A service or process that does not exist (yet)."""

    token: str
    instance_id: str
    kind: str  # service, call
    name: str
    opened_at: datetime


def waiting(session: Session, limit: int, offset: int = 0) -> tuple[list[WaitingRequest], int]:
    """Requests for what isn't there, the oldest first, and how many there are in all."""
    wanted = Request.status == "waiting"
    rows = session.scalars(
        select(Request).where(wanted).order_by(Request.opened_at, Request.id).limit(limit).offset(offset)
    )
    found = [WaitingRequest(row.id, row.instance_id, row.kind, row.name, row.opened_at) for row in rows]
    return found, session.scalar(select(func.count()).select_from(Request).where(wanted)) or 0


def perform(session: Session, token: str, attempt: int, services: Services, moment: Moment) -> None:
    """Take one request a step further. Done twice, it has one effect."""
    request = session.get(Request, token, populate_existing=True)
    if request is None or request.attempts != attempt:
        return
    if request.status == "closing":
        _cancel_child(session, request, moment)
        return
    # The instance is locked before the request: operations hold their instance when they close requests.
    instance = instances.locked(session, request.instance_id)
    session.refresh(request, with_for_update=True)
    if request.attempts != attempt:
        return
    if request.status == "ended":
        _hand_back(session, instance, request, moment)
    elif request.status == "pending" and request.kind == "call":
        _call(session, instance, request, moment)
    elif request.status == "pending":
        _serve(session, instance, request, services, moment)


def reconsider(session: Session, services: Services) -> int:
    """Make waiting requests due whose service or process is there now; returns how many."""
    published = select(Process.key).where(Process.current_version_id.is_not(None))
    there = or_(
        and_(Request.kind == "call", Request.name.in_(published)),
        and_(Request.kind == "service", Request.name.in_(list(services))),
    )
    changed = session.execute(update(Request).where(Request.status == "waiting", there).values(status="pending"))
    return changed.rowcount  # type: ignore[attr-defined, no-any-return]


def _serve(session: Session, instance: Instance, request: Request, services: Services, moment: Moment) -> None:
    service = services.get(request.name)
    if service is None:
        _park(request)
        return
    definition = definitions.of(session, instance.version_id)
    try:
        with session.begin_nested():  # what a service wrote before it gave up is undone
            result = service.run(session, instance, request.inputs, moment)
    except ServiceFault as fault:
        outcome = runtime.fail(definition, instance.state, request.id, fault.code, str(fault), moment)
        request.error = str(fault)
    else:
        outcome = runtime.respond(definition, instance.state, request.id, result, moment)
        request.result = dict(result)
    record.apply(session, instance, outcome, _entry("served", request), moment)
    _done(request, moment)


def _call(session: Session, instance: Instance, request: Request, moment: Moment) -> None:
    version = session.scalar(
        select(Version).join(Process, Process.current_version_id == Version.id).where(Process.key == request.name)
    )
    if version is None:
        _park(request)
        return
    child = instances.start_called(session, version, instance, request.id, request.inputs, moment)
    request.child_id = child.id
    request.attempts += 1
    # A child without any task may have ended at once.
    request.status = "running" if child.status == "active" else "ended"


def _hand_back(session: Session, parent: Instance, request: Request, moment: Moment) -> None:
    child = session.get_one(Instance, request.child_id, populate_existing=True)
    definition = definitions.of(session, parent.version_id)
    if child.status == "completed":
        outcome = runtime.respond(definition, parent.state, request.id, child.result, moment)
        request.result = child.result
    else:
        code, words = _how_it_failed(session, child)
        outcome = runtime.fail(definition, parent.state, request.id, code, words, moment)
        request.error = words
    record.apply(session, parent, outcome, _entry("answered", request), moment)
    if child.status == "active":  # it stands still in the error that the parent has now heard of
        request.status = "closing"
        request.attempts += 1
    else:
        _done(request, moment)


def _how_it_failed(session: Session, child: Instance) -> tuple[str, str]:
    """An error code for the boundary of the call activity, and words for the record."""
    if child.status != "active":
        return child.status, f"{child.process_key} {child.id}: {child.status}"
    trouble = session.scalars(
        select(Incident)
        .where(Incident.instance_id == child.id, Incident.code == "uncaught_error")
        .order_by(Incident.id.desc())
        .limit(1)
    ).first()
    code = str(trouble.params.get("error")) if trouble else "error"
    return code, f"{child.process_key} {child.id}: {code}"


def _cancel_child(session: Session, request: Request, moment: Moment) -> None:
    child = instances.locked(session, request.child_id or "")
    session.refresh(request, with_for_update=True)
    if request.status != "closing":
        return
    if child.status == "active":
        definition = definitions.of(session, child.version_id)
        outcome = runtime.cancel(definition, child.state, "parent", moment)
        record.apply(session, child, outcome, record.Entry("cancelled", data={"reason": "parent"}), moment)
    request.status = "closed"
    request.closed_at = moment.now


def _entry(what: str, request: Request) -> record.Entry:
    data = {"name": request.name, "child": request.child_id, "error": request.error}
    return record.Entry(what, element=request.element, token=request.id, data=data)


def _park(request: Request) -> None:
    request.status = "waiting"
    request.attempts += 1


def _done(request: Request, moment: Moment) -> None:
    request.status = "done"
    request.closed_at = moment.now
