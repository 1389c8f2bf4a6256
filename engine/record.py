"""Turns the outcome of a step into rows, and keeps the record of an instance.

The record is append-only: one entry an operation, each with the SHA-256 of its canonical JSON including the hash of the
entry before it; the instance's row knows the last one.  So nothing can be changed, left out or put in unnoticed
(`verify`), short of rewriting everything from there on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, case, delete, or_, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import assignment, routing, skips
from engine.access import bar
from engine.runtime.outcome import Outcome, TaskOpened, Trouble
from engine.tables import (
    NO_DUE,
    Draft,
    Incident,
    Instance,
    Message,
    Record,
    Request,
    Subscription,
    Task,
    Timer,
    canonical,
    index_key,
)
from engine.tables.base import TITLE


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, by whom (account id; None: the system), where. ``data`` holds answers and the like."""

    what: str
    actor: str | None = None
    element: str | None = None
    token: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``broken_at``: the first entry (from 1) that is not as it was written, or is missing; None if all is well."""

    length: int
    broken_at: int | None


def apply(
    session: Session, instance: Instance, outcome: Outcome, entry: Entry | None, moment: Moment
) -> tuple[Task, ...]:
    """Write everything that a step has brought about; returns the tasks that it opened and that are open still.

    The instance must be locked.  This is the only place that turns an Outcome into rows.  What an entry is about
    (``entry.token``) is closed by the caller if it is a task or a request: he knows by whom, or with what result.
    A task that is skipped by the rules of the diagram takes the instance further, with an entry of its own.
    """
    opened, pending = _write(session, instance, outcome, entry or Entry("continued"), moment)
    for count, skip in enumerate(pending):  # which grows while it is gone through
        if skip.task.status != "open":
            continue
        passed = skips.passed(session, instance, skip, moment) if count < skips.MOST else skips.endless(skip)
        if isinstance(passed, Trouble):
            note_troubles(session, instance, [passed], moment)
            session.flush()
            continue
        skip.task.status, skip.task.closed_at = "cancelled", moment.now
        passed_over = Entry("skipped", None, skip.task.element, skip.task.id, passed.data)
        more, further = _write(session, instance, passed.outcome, passed_over, moment)
        opened += more
        pending += further
    return tuple(task for task in opened if task.status == "open")


def _write(
    session: Session, instance: Instance, outcome: Outcome, entry: Entry, moment: Moment
) -> tuple[list[Task], list[assignment.Skip]]:
    """One outcome with its entry; the tasks that it opened, and those of them that are to be skipped."""
    # Everything is flushed once, at the end: the reads in between would write the instance's row twice.
    with session.no_autoflush:
        _advance(instance, outcome, moment)
        tasks = [_task(instance, opened, moment) for opened in outcome.tasks_opened]
        wished = _wished(instance, tasks, outcome)
        lost = routing.route(session, tasks, wished)
        rules = [assignment.rule_of(*one) for one in zip(outcome.tasks_opened, wished, strict=True)]
        settled = assignment.settle(session, instance, tasks, rules, lost, moment)
        troubles = [*outcome.troubles, *settled.troubles]
        session.add_all(tasks)
        _close(session, outcome, entry.token, moment)
        _open(session, instance, outcome, moment)
        note_troubles(session, instance, troubles, moment)
        if instance.parent_request is not None and (
            outcome.status != "active" or any(trouble.code == "uncaught_error" for trouble in troubles)
        ):
            _tell_parent(session, instance.parent_request)
        note(session, instance, _complete_entry(entry, outcome, troubles, settled.given), moment)
    return tasks, list(settled.skips)


def note(session: Session, instance: Instance, entry: Entry, moment: Moment) -> None:
    """Append one entry to the record of a locked instance, and flush."""
    row = Record(
        instance_id=instance.id,
        seq=instance.record_length + 1,
        at=moment.now.astimezone(UTC),
        actor=entry.actor,
        what=entry.what,
        element=entry.element,
        token=entry.token,
        data=dict(entry.data),
        previous=instance.record_hash,
    )
    row.hash = _hash(row)
    session.add(row)
    instance.record_length = row.seq
    instance.record_hash = row.hash
    instance.changed_at = moment.now
    session.flush()


def answers(session: Session, instance_id: str, token: str) -> Mapping[str, Any]:
    """What was answered when the task ``token`` was completed; empty if it was not."""
    query = select(Record.data).where(
        Record.instance_id == instance_id, Record.token == token, Record.what == "completed"
    )
    data = session.scalars(query.order_by(Record.seq).limit(1)).one_or_none()
    given: Mapping[str, Any] = (data or {}).get("answers", {})
    return given


def verify(session: Session, instance_id: str) -> Verdict:
    """Recompute the chain of an instance and compare it with what is stored."""
    instance = session.get_one(Instance, instance_id)
    previous, seq = "", 0
    query = select(Record).where(Record.instance_id == instance_id).order_by(Record.seq)
    with session.scalars(query.execution_options(yield_per=500, populate_existing=True)) as rows:
        for row in rows:
            seq += 1
            if row.seq != seq or row.previous != previous or row.hash != _hash(row):
                return Verdict(instance.record_length, seq)
            previous = row.hash
    if (seq, previous) != (instance.record_length, instance.record_hash):
        return Verdict(instance.record_length, min(seq, instance.record_length) + 1)
    return Verdict(seq, None)


def _hash(row: Record) -> str:
    content = {
        "instance": row.instance_id,
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "what": row.what,
        "element": row.element,
        "token": row.token,
        "data": row.data,
        "previous": row.previous,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _advance(instance: Instance, outcome: Outcome, moment: Moment) -> None:
    instance.state = outcome.state
    instance.status = outcome.status
    instance.variables = dict(outcome.variables)
    if outcome.status == "active":
        instance.ended_at = None  # a failed one can be brought back by a retry
        return
    instance.ended_at = moment.now
    instance.ended_element = outcome.ended_at
    instance.result = dict(outcome.result)


def _task(instance: Instance, opened: TaskOpened, moment: Moment) -> Task:
    return Task(
        id=opened.token,
        instance_id=instance.id,
        element=opened.element,
        name=opened.name,
        subject=" ".join(opened.subject.split())[:TITLE] if opened.subject else None,
        form=opened.form,
        roles=list(opened.roles),
        org=opened.org,
        task_code=opened.task_code,
        barred=bar(*opened.barred),
        due=opened.due,
        due_order=opened.due or NO_DUE,
        item=opened.item,
        counter=opened.counter,
        status="open",
        opened_at=moment.now,
    )


def _wished(instance: Instance, tasks: list[Task], outcome: Outcome) -> list[str | None]:
    """The accounts that are to get the tasks; in a restricted instance only its roles count, not who was named."""
    if instance.restricted_to is None:
        return [opened.assignee for opened in outcome.tasks_opened]
    for task in tasks:
        routing.narrow(task, instance.restricted_to)
    return [None] * len(tasks)


def _open(session: Session, instance: Instance, outcome: Outcome, moment: Moment) -> None:
    session.add_all(
        Timer(id=timer.token, instance_id=instance.id, element=timer.element, due=timer.due)
        for timer in outcome.timers_set
    )
    session.add_all(
        Subscription(
            id=opened.token,
            instance_id=instance.id,
            element=opened.element,
            kind=opened.kind,
            name=opened.name,
            key=index_key(opened.key),
            opened_at=moment.now,
        )
        for opened in outcome.subscriptions_opened
    )
    session.add_all(
        Message(
            id=uuid4().hex,
            kind=thrown.kind,
            name=thrown.name,
            key=index_key(thrown.key),
            payload=dict(thrown.payload),
            instance_id=instance.id,
            element=thrown.element,
            status="pending",
            sent_at=moment.now,
        )
        for thrown in outcome.thrown
    )
    session.add_all(
        Request(
            id=request.token,
            instance_id=instance.id,
            element=request.element,
            kind=request.kind,
            name=request.name,
            inputs=dict(request.inputs),
            status="pending",
            opened_at=moment.now,
        )
        for request in outcome.requests_opened
    )
    _wake_messages(session, outcome)


def _wake_messages(session: Session, outcome: Outcome) -> None:
    """Messages that nobody wanted so far may be what a new subscription waits for."""
    wanted = [
        and_(Message.name == opened.name, Message.key.is_not_distinct_from(index_key(opened.key)))
        for opened in outcome.subscriptions_opened
        if opened.kind == "message"
    ]
    if wanted:
        waiting = update(Message).where(Message.status == "waiting", Message.kind == "message", or_(*wanted))
        session.execute(waiting.values(status="pending"), execution_options={"synchronize_session": False})


def _close(session: Session, outcome: Outcome, token: str | None, moment: Moment) -> None:
    unsynchronised = {"synchronize_session": False}
    cancelled = [closed.token for closed in outcome.tasks_closed if closed.token != token]
    if cancelled:
        closing = update(Task).where(Task.id.in_(cancelled), Task.status == "open")
        session.execute(
            closing.values(status="cancelled", closed_at=moment.now), execution_options={"synchronize_session": "fetch"}
        )
        session.execute(delete(Draft).where(Draft.task_id.in_(cancelled)), execution_options=unsynchronised)
    if outcome.timers_cleared:
        cleared = delete(Timer).where(Timer.id.in_(outcome.timers_cleared))
        session.execute(cleared, execution_options={"synchronize_session": "fetch"})
    if outcome.subscriptions_closed:
        closed = delete(Subscription).where(Subscription.id.in_(outcome.subscriptions_closed))
        session.execute(closed, execution_options={"synchronize_session": "fetch"})
    withdrawn = [request for request in outcome.requests_closed if request != token]
    if withdrawn:
        closing_requests = update(Request).where(
            Request.id.in_(withdrawn), Request.status.in_(("pending", "waiting", "running", "ended", "failed"))
        )
        # A running child is still to be cancelled, by a job: a transaction touches one instance only.
        # So is one that has "ended" by standing still in an error that nobody has caught yet.
        after = case((Request.status.in_(("running", "ended")), "closing"), else_="closed")
        session.execute(closing_requests.values(status=after, closed_at=moment.now), execution_options=unsynchronised)


def note_troubles(session: Session, instance: Instance, troubles: list[Trouble], moment: Moment) -> None:
    """Troubles become incidents. Those of an instance that has ended well are of no interest any more."""
    settled = moment.now if instance.status in ("completed", "cancelled") else None
    session.add_all(
        Incident(
            instance_id=instance.id,
            token=trouble.token,
            element=trouble.element,
            code=trouble.code,
            message=trouble.message,
            params=dict(trouble.params),
            noted_at=moment.now,
            resolved_at=settled,
        )
        for trouble in troubles
    )
    if settled is not None:
        earlier = update(Incident).where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
        session.execute(earlier.values(resolved_at=settled), execution_options={"synchronize_session": False})


def _tell_parent(session: Session, request_id: str) -> None:
    ended = update(Request).where(Request.id == request_id, Request.status == "running")
    session.execute(ended.values(status="ended"), execution_options={"synchronize_session": False})


def _complete_entry(
    entry: Entry, outcome: Outcome, troubles: list[Trouble], given: Iterable[assignment.Given]
) -> Entry:
    """The entry with what the step did: elements and flows it passed, tasks it opened, what went wrong."""
    data = dict(entry.data)
    if outcome.steps:
        data["steps"] = [[step.element, step.what, dict(step.detail)] for step in outcome.steps]
    if outcome.tasks_opened:
        data["opened"] = [{"task": opened.token, "element": opened.element} for opened in outcome.tasks_opened]
    if assigned := [{"task": one.task, "account": one.account, "why": one.why} for one in given]:
        data["assigned"] = assigned
    if outcome.tasks_closed:
        data["closed"] = [{"task": closed.token, "how": closed.how} for closed in outcome.tasks_closed]
    if troubles:
        data["troubles"] = [
            {"token": one.token, "element": one.element, "code": one.code, "message": one.message}
            | {"params": dict(one.params)}
            for one in troubles
        ]
    if outcome.status != "active":
        data["ended"] = {"status": outcome.status, "element": outcome.ended_at}
    return Entry(entry.what, entry.actor, entry.element, entry.token, data)
