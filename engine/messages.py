"""Messages and signals: sending them, and bringing them to whoever waits.

A message goes to one subscription with its name and key, the oldest; else it starts an instance of a process that has a
message start event of that name; else it waits, visibly, until one of both exists; if its receiver is external, it is
handed out instead.  If its receiver is all, it goes to each that waits for it, and nobody need wait.  A signal goes to
all that wait for it at that moment, and to nobody later; one with a key only to those that wait with that key or
without one.  A start event may begin an instance for each item of a list in the payload: then there is a copy for each
item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import definitions, instances, record, runtime
from engine.payloads import for_each
from engine.tables import Instance, Message, StartEvent, Subscription, Version, index_key

MOST_RECEIVERS = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody wants yet."""

    id: str
    name: str
    key: str | None
    payload: Mapping[str, Any]
    thrown_by: str | None  # instance id
    sent_at: datetime


def send(session: Session, name: str, key: str | None, payload: Mapping[str, Any], moment: Moment) -> str:
    """Put a message on its way from outside of all instances; returns its id. It arrives by a job."""
    return _post(session, "message", name, key, payload, moment)


def send_for(
    session: Session, instance_id: str, element: str, name: str, key: str, payload: Mapping[str, Any], moment: Moment
) -> str:
    """As `send`, in the name of an element that throws it; its case may have ended. Whether somebody has to want it is
    what the diagram says of that element."""
    message_id = _post(session, "message", name, key, payload, moment)
    message = session.get_one(Message, message_id)
    message.instance_id, message.element = instance_id, element
    session.flush()
    return message_id


def send_each(session: Session, name: str, payloads: Mapping[str, Mapping[str, Any]], moment: Moment) -> None:
    """Send one message to each key of the mapping, with its payload, in one statement."""
    session.add_all(_message("message", name, key, payload, moment) for key, payload in payloads.items())
    session.flush()


def broadcast(session: Session, name: str, payload: Mapping[str, Any], moment: Moment, key: str | None = None) -> str:
    """Put a signal on its way from outside of all instances; returns its id."""
    return _post(session, "signal", name, key, payload, moment)


def waiting(session: Session, limit: int, offset: int = 0) -> tuple[list[Waiting], int]:
    """Messages that nobody wants yet, the oldest first, and how many there are in all; none of restricted cases."""
    restricted = select(Instance.id).where(Instance.restricted_to.is_not(None))
    shown = or_(Message.instance_id.is_(None), Message.instance_id.not_in(restricted))
    wanted = and_(Message.status == "waiting", shown)
    rows = session.scalars(
        select(Message).where(wanted).order_by(Message.sent_at, Message.id).limit(limit).offset(offset)
    )
    found = [Waiting(row.id, row.name, row.key, row.payload, row.instance_id, row.sent_at) for row in rows]
    return found, session.scalar(select(func.count()).select_from(Message).where(wanted)) or 0


def perform(session: Session, message_id: str, attempt: int, moment: Moment) -> None:
    """Bring one message or signal to whoever waits for it. Done twice, it has one effect."""
    message = session.get(Message, message_id, populate_existing=True)
    if message is None or message.status != "pending" or message.attempts != attempt:
        return
    if message.kind == "signal" and message.target is None:
        _spread(session, message, attempt, moment)
    elif message.target is not None:
        _bring(session, message, attempt, moment)
    else:
        _correlate(session, message, attempt, moment)


def reconsider(session: Session) -> int:
    """Make waiting messages due for which there is a subscription or start event now; returns how many.

    Opening a subscription does this at once for its own name. This heals what slips through on PostgreSQL: a message
    that finds nobody in the very moment in which somebody begins to wait.
    """
    wanted = or_(
        exists().where(
            Subscription.kind == "message",
            Subscription.name == Message.name,
            Subscription.key.is_not_distinct_from(Message.key),
        ),
        exists().where(StartEvent.kind == "message", StartEvent.name == Message.name),
    )
    changed = session.execute(update(Message).where(Message.status == "waiting", wanted).values(status="pending"))
    return changed.rowcount  # type: ignore[attr-defined, no-any-return]


def _post(session: Session, kind: str, name: str, key: str | None, payload: Mapping[str, Any], moment: Moment) -> str:
    message = _message(kind, name, key, payload, moment)
    session.add(message)
    session.flush()
    return message.id


def _message(kind: str, name: str, key: str | None, payload: Mapping[str, Any], moment: Moment) -> Message:
    return Message(
        id=uuid4().hex,
        kind=kind,
        name=name,
        key=index_key(key),
        payload=dict(payload),
        status="pending",
        sent_at=moment.now,
    )


def _correlate(session: Session, message: Message, attempt: int, moment: Moment) -> None:
    waiting = session.scalars(
        select(Subscription)
        .where(
            Subscription.kind == "message",
            Subscription.name == message.name,
            Subscription.key.is_not_distinct_from(message.key),
        )
        .order_by(Subscription.opened_at, Subscription.id)
        .limit(MOST_RECEIVERS)
    ).all()
    if len(waiting) > 1 and _receiver(session, message) == "all":
        if _still_meant(session, message, attempt):
            session.add_all(_copy(message, one.id, message.payload, moment) for one in waiting)
            _handed(message, "delivered", moment)
        return
    if waiting:
        _deliver(session, message, attempt, waiting[0], moment)
        return
    start = session.scalar(
        select(StartEvent)
        .where(StartEvent.kind == "message", StartEvent.name == message.name)
        .order_by(StartEvent.process_key)
        .limit(1)
    )
    if not _still_meant(session, message, attempt):
        return
    if start is None and _receiver(session, message) in ("external", "all"):
        _handed(message, "handed_out", moment)
    elif start is None:
        message.status = "waiting"
        message.attempts += 1
    elif each := _each(session, start):
        items = for_each(message.name, message.payload, each)
        session.add_all(_copy(message, str(start.id), item, moment) for item in items)
        _handed(message, "delivered", moment)
    else:
        _start(session, message, start, moment)


def _receiver(session: Session, message: Message) -> str:
    """Whom the diagram names: "external" is no process, so a record is all that is to be done here; "all" are those who
    wait, if anybody does; "" is the one that wants it."""
    thrower = session.get(Instance, message.instance_id) if message.instance_id else None
    if thrower is None:
        return ""
    element = definitions.published(session, thrower.version_id).process.elements.get(message.element or "")
    return "" if element is None else element.attributes.get("receiver", "")


def _handed(message: Message, status: str, moment: Moment) -> None:
    message.status, message.delivered_at = status, moment.now


def _bring(session: Session, message: Message, attempt: int, moment: Moment) -> None:
    """One copy, for one that waited when it was sent; too late is nothing to complain about."""
    target = message.target or ""
    if len(target) == 32:
        subscription = session.get(Subscription, target)
        if subscription is not None:
            _deliver(session, message, attempt, subscription, moment)
            return
        start = None
    else:
        start = session.get(StartEvent, int(target))
    if not _still_meant(session, message, attempt):
        return
    if start is not None:
        _start(session, message, start, moment)
    else:
        message.status = "dropped"


def _spread(session: Session, message: Message, attempt: int, moment: Moment) -> None:
    """A copy for each that waits, so that every transaction locks one instance only."""
    if not _still_meant(session, message, attempt):
        return
    listening = [Subscription.kind == "signal", Subscription.name == message.name]
    if message.key is not None:
        listening.append(or_(Subscription.key.is_(None), Subscription.key == message.key))
    tokens = session.scalars(select(Subscription.id).where(*listening)).all()
    starts = session.scalars(
        select(StartEvent).where(StartEvent.kind == "signal", StartEvent.name == message.name)
    ).all()
    session.add_all(_copy(message, token, message.payload, moment) for token in tokens)
    for start in starts:
        each = _each(session, start)
        payloads = for_each(message.name, message.payload, each) if each else [message.payload]
        session.add_all(_copy(message, str(start.id), payload, moment) for payload in payloads)
    _handed(message, "delivered", moment)


def _each(session: Session, start: StartEvent) -> str:
    """The name of the list for each item of which the start event begins an instance, if it does."""
    definition = definitions.of(session, start.version_id)
    return next((one.each for one in definition.starts if one.element == start.element), "")


def _copy(message: Message, target: str, payload: Mapping[str, Any], moment: Moment) -> Message:
    return Message(
        id=uuid4().hex,
        kind=message.kind,
        name=message.name,
        key=message.key,
        payload=dict(payload),
        target=target,
        instance_id=message.instance_id,
        element=message.element,
        status="pending",
        sent_at=moment.now,
    )


def _deliver(session: Session, message: Message, attempt: int, subscription: Subscription, moment: Moment) -> None:
    # The instance is locked before the message: operations hold their instance when they touch waiting messages.
    instance = instances.locked(session, subscription.instance_id)
    token, element = subscription.id, subscription.element
    if not _still_meant(session, message, attempt):
        return
    if session.get(Subscription, token, populate_existing=True) is None:
        message.attempts += 1  # somebody else was quicker: look again
        return
    definition = definitions.of(session, instance.version_id)
    outcome = runtime.deliver(definition, instance.state, token, message.payload, moment)
    entry = record.Entry("delivered", element=element, token=token, data={"message": message.id, "name": message.name})
    record.apply(session, instance, outcome, entry, moment)
    _delivered(message, instance.id, moment)


def _start(session: Session, message: Message, event: StartEvent, moment: Moment) -> None:
    version = session.get_one(Version, event.version_id)
    instance = instances.start_by_message(
        session, version, event.element, message.payload, f"message:{message.id}", moment
    )
    _delivered(message, instance.id, moment)


def _delivered(message: Message, instance_id: str, moment: Moment) -> None:
    message.status = "delivered"
    message.delivered_at = moment.now
    message.delivered_to = instance_id


def _still_meant(session: Session, message: Message, attempt: int) -> bool:
    """Lock the row and look again: another worker may have been quicker."""
    session.refresh(message, with_for_update=True)
    return message.status == "pending" and message.attempts == attempt
