"""How far an instance has come: what to draw on its diagram, and what it waits for besides people. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.diagram import Process
from engine.tables import Incident, Message, Record, Request, Subscription, Timer


@dataclass(frozen=True, slots=True)
class Mark:
    """How often an element was completed, failed or was cancelled so far, and how many of it are active now."""

    done: int = 0
    active: int = 0
    failed: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """What to draw on the diagram: by element id, and for each flow how often it was taken."""

    elements: Mapping[str, Mark]
    flows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something else than a person that an instance waits for: a timer, message, signal, service or call."""

    kind: str
    element: str
    element_name: str
    name: str  # of the message, service or process; empty for timers
    since: datetime | None
    due: datetime | None
    status: str
    child_id: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    id: int
    element: str | None
    element_name: str
    code: str
    message: str
    params: Mapping[str, Any]
    noted_at: datetime


def waiting(session: Session, instance_id: str, process: Process) -> tuple[Waiting, ...]:
    timers = session.scalars(select(Timer).where(Timer.instance_id == instance_id).order_by(Timer.due))
    found = [
        Waiting("timer", timer.element, name_in(process, timer.element), "", None, timer.due, "pending")
        for timer in timers
    ]
    subscriptions = session.scalars(
        select(Subscription)
        .where(Subscription.instance_id == instance_id)
        .order_by(Subscription.opened_at, Subscription.id)
    )
    found += [
        Waiting(one.kind, one.element, name_in(process, one.element), one.name, one.opened_at, None, "open")
        for one in subscriptions
    ]
    requests = session.scalars(
        select(Request)
        .where(Request.instance_id == instance_id, Request.status.not_in(("done", "closed")))
        .order_by(Request.opened_at, Request.id)
    )
    found += [
        Waiting(
            one.kind,
            one.element,
            name_in(process, one.element),
            one.name,
            one.opened_at,
            None,
            one.status,
            one.child_id,
        )
        for one in requests
    ]
    messages = session.scalars(
        select(Message)
        .where(Message.instance_id == instance_id, Message.status.in_(("pending", "waiting", "failed")))
        .order_by(Message.sent_at, Message.id)
    )
    found += [
        Waiting("sent", one.element or "", name_in(process, one.element), one.name, one.sent_at, None, one.status)
        for one in messages
    ]
    return tuple(found)


def troubles(session: Session, instance_id: str, process: Process) -> tuple[Trouble, ...]:
    query = select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    return tuple(
        Trouble(one.id, one.element, name_in(process, one.element), one.code, one.message, one.params, one.noted_at)
        for one in session.scalars(query.order_by(Incident.id))
    )


def marks(
    session: Session,
    instance_id: str,
    process: Process,
    open_tasks: Iterable[str],
    waited: Iterable[Waiting],
    noted: Iterable[Trouble],
) -> Marks:
    """Counted over the whole record; what is active is read from the rows that are open now."""
    done: Counter[str] = Counter()
    cancelled: Counter[str] = Counter()
    entered: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    counters = {"completed": done, "cancelled": cancelled, "entered": entered, "taken": flows}
    query = select(Record.data).where(Record.instance_id == instance_id).order_by(Record.seq)
    for data in session.scalars(query.execution_options(yield_per=1000)):
        for element, what, _ in data.get("steps", ()):
            if what in counters:
                counters[what][element] += 1
    failed = Counter(trouble.element for trouble in noted if trouble.element)
    open_now = Counter(open_tasks)
    open_now += Counter([one.element for one in waited if one.kind != "sent"])
    elements = {}
    for element in process.elements:
        active = max(open_now[element], entered[element] - done[element] - cancelled[element], 0)
        mark = Mark(done[element], active, failed[element], cancelled[element])
        if mark != Mark():
            elements[element] = mark
    return Marks(elements, dict(flows))


def name_in(process: Process, element: str | None) -> str:
    found = process.elements.get(element or "")
    return found.name if found else ""
