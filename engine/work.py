"""The work list: rows of timers, messages, requests and moves that are due. The rows are the list, nothing else is.

Whoever performs a row locks it, looks whether it is still meant and still due, and changes it in the same transaction.
So it does not matter how often, by whom and when a row is found: it has its effect once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, String, cast, literal, select, union_all, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import instances, messages, moving, requests, timers
from engine.database import Sessions
from engine.services import Services
from engine.tables import Incident, InstanceMove, Message, Request, StartEvent, Timer, WorkRow
from faults import N_, Fault

Kind = Literal["timer", "start", "message", "request", "move"]
Row = Timer | StartEvent | Message | Request | InstanceMove
ROWS: Mapping[Kind, type[Row]] = {
    "timer": Timer,
    "start": StartEvent,
    "message": Message,
    "request": Request,
    "move": InstanceMove,
}
# Seconds until it is tried again after the first, second, ... failure; after the last it becomes an incident.
RETRY_AFTER = (2, 10, 60, 600)
LOST_AFTER = timedelta(minutes=5)
_DUE_STATUS = ("pending", "ended", "closing")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """One row that is due. ``attempt`` is the row's counter when it was found: once it has moved on, this is void."""

    kind: Kind
    id: str
    attempt: int


def due(session: Session, moment: Moment, limit: int) -> list[Work]:
    """Up to ``limit`` rows that are due, the longest overdue first. One statement, five index ranges."""
    parts = [select(_due_rows(kind, moment, limit).subquery()) for kind in ROWS]
    rows = session.execute(union_all(*parts).order_by("next_at").limit(limit))
    return [Work(row.kind, row.id, row.attempts) for row in rows]


def perform(session: Session, work: Work, services: Services, moment: Moment) -> None:
    """Perform one row in the session's transaction; the caller commits, or rolls back and calls `fail`."""
    match work.kind:
        case "timer":
            timers.wake(session, work.id, work.attempt, moment)
        case "start":
            timers.start(session, work.id, work.attempt, services, moment)
        case "message":
            messages.perform(session, work.id, work.attempt, moment)
        case "request":
            requests.perform(session, work.id, work.attempt, services, moment)
        case "move":
            moving.perform(session, work.id, work.attempt, moment)


def fail(session: Session, work: Work, error: Exception, moment: Moment) -> None:
    """Note, in a new transaction, that performing failed: it is tried again later, and at last becomes an incident."""
    row = _locked(session, work.kind, work.id)
    if row is None or row.attempts != work.attempt:
        return
    row.attempts += 1
    row.failures += 1
    if row.failures <= len(RETRY_AFTER):
        row.next_at = moment.now + timedelta(seconds=RETRY_AFTER[row.failures - 1])
        return
    row.next_at = None
    if isinstance(row, Message | Request):
        row.status = "failed"
    session.add(_incident(work, row, error, moment))


def again(session: Session, kind: Kind, row_id: str, moment: Moment) -> None:
    """Put a row that had failed for good back into the list."""
    row = _locked(session, kind, row_id)
    if row is None or row.next_at is not None:
        return
    row.next_at = moment.now
    row.failures = 0
    if isinstance(row, Message):
        row.status = "pending"
    elif isinstance(row, Request):
        row.status = "pending" if row.child_id is None else "ended"


def reconsider(session: Session, services: Services) -> int:
    """Make due what had waited for something that is there now; returns how many rows."""
    return messages.reconsider(session) + requests.reconsider(session, services)


def renew(session: Session, moment: Moment) -> None:
    """Give rows a new attempt that have been due for minutes: the job of the old one may have been lost for good.

    That happens if even noting a failure failed (the database was away), or if the jobs were restored from a
    backup that is newer than the rows. Rows that are merely late lose nothing.
    """
    before = moment.now - LOST_AFTER
    for table in ROWS.values():
        late = select(table.id).where(table.next_at < before)
        if issubclass(table, Message | Request):
            late = late.where(table.status.in_(_DUE_STATUS))
        late = late.limit(1000).with_for_update(skip_locked=True)
        session.execute(
            update(table).where(table.id.in_(late)).values(attempts=table.attempts + 1),
            execution_options={"synchronize_session": False},
        )


def drain(sessions: Sessions, services: Services, moment: Moment) -> int:
    """Perform all that is due at ``moment``, and what that makes due, until nothing is left; returns how much it was.

    What fails is noted as the jobs would, and so is not due any more at this moment.
    """
    count = 0
    while True:
        with sessions.begin() as session:
            reconsider(session, services)
            found = due(session, moment, limit=100)
        if not found:
            return count
        for work in found:
            attempt(sessions, work, services, moment)
        count += len(found)


def attempt(sessions: Sessions, work: Work, services: Services, moment: Moment) -> None:
    """Perform one row in a transaction of its own; if that fails, note the failure in another."""
    try:
        with sessions.begin() as session:
            perform(session, work, services, moment)
    except Exception as error:
        _log.warning("%s %s failed", work.kind, work.id, exc_info=True)
        with sessions.begin() as session:
            fail(session, work, error, moment)


def _due_rows(kind: Kind, moment: Moment, limit: int) -> Select[Kind, str, int, datetime | None]:
    table = ROWS[kind]
    query = select(
        literal(kind).label("kind"), cast(table.id, String(32)).label("id"), table.attempts, table.next_at
    ).where(table.next_at <= moment.now)
    if issubclass(table, Message | Request):
        query = query.where(table.status.in_(_DUE_STATUS))
    return query.order_by(table.next_at).limit(limit)


def _locked(session: Session, kind: Kind, row_id: str) -> Row | None:
    """The row, locked after its instance as everywhere."""
    row = _row(session, kind, row_id)
    instance_id = None if isinstance(row, Message | StartEvent | None) else row.instance_id
    if instance_id is not None:
        instances.locked(session, instance_id)
    return _row(session, kind, row_id, with_for_update=True)


def _row(session: Session, kind: Kind, row_id: str, with_for_update: bool | None = None) -> Row | None:
    table: type[Any] = ROWS[kind]
    key = int(row_id) if kind == "start" else row_id
    row: Row | None = session.get(table, key, populate_existing=True, with_for_update=with_for_update)
    return row


def _incident(work: Work, row: WorkRow, error: Exception, moment: Moment) -> Incident:
    if isinstance(error, Fault):
        message, params = error.message, dict(error.params)
    else:
        message, params = N_("A background job failed: {error}"), {"error": f"{type(error).__name__}: {error}"[:500]}
    return Incident(
        instance_id=getattr(row, "instance_id", None),
        token=work.id if work.kind in ("timer", "request") else None,
        element=getattr(row, "element", None),
        code="job",
        message=message,
        params=params,
        work_kind=work.kind,
        work_id=work.id,
        noted_at=moment.now,
    )
