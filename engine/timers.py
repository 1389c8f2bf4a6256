"""Timers that are due: those of instances, and those of start events.

A start event may name a service that is asked when its timer is due: what it answers is the payload of the new
instance, or has a list for each item of which an instance begins.  The answer also gives the names that the timer's own
expression may use, so that rhythms can be settings instead of numbers in a diagram.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from bpmn.timers import compile_timer
from engine import definitions, instances, record, runtime
from engine.payloads import for_each
from engine.runtime import Start
from engine.services import Services
from engine.tables import StartEvent, Timer, Version
from faults import Fault

# How many missed rounds of a recurring start are passed over at most before the next is taken as it comes.
_MISSED = 10_000
_log = logging.getLogger(__name__)


class NoStartService(Fault):
    """“{name}”, which the start event {element} asks, is not there. Register the service, then retry."""


def first_due(session: Session, start: Start, services: Services, moment: Moment) -> datetime | None:
    """When a start event is due for the first time; None if it has no timer. Raises NoStartService."""
    if start.timer is None:
        return None
    names = _asked(session, start, services, moment) if start.timer.names else {}
    return start.timer.due(names, moment)


def restart(session: Session, process_key: str, services: Services, moment: Moment) -> None:
    """Count the rounds of the process's timer starts from ``moment`` on, as if it had been published just then."""
    query = select(StartEvent).where(StartEvent.process_key == process_key, StartEvent.kind == "timer")
    for event in session.scalars(query.with_for_update().execution_options(populate_existing=True)):
        definition = definitions.of(session, event.version_id)
        found = next(one for one in definition.starts if one.element == event.element)
        event.due = event.next_at = first_due(session, found, services, moment)
        event.attempts += 1


def wake(session: Session, token: str, attempt: int, moment: Moment) -> None:
    """Let the instance go on whose timer ``token`` is due. Nothing happens if it is gone, not due or done already."""
    timer = session.get(Timer, token)
    if timer is None:
        return
    instance = instances.locked(session, timer.instance_id)
    timer = session.get(Timer, token, populate_existing=True, with_for_update=True)
    if timer is None or timer.attempts != attempt or timer.next_at is None:
        return
    if timer.next_at > moment.now:  # the clock of the machine that found it runs ahead
        timer.attempts += 1
        return
    definition = definitions.of(session, instance.version_id)
    outcome = runtime.wake(definition, instance.state, token, moment)
    record.apply(session, instance, outcome, record.Entry("woken", element=timer.element, token=token), moment)


def start(session: Session, start_event_id: str, attempt: int, services: Services, moment: Moment) -> None:
    """Start the instances of a timer start event, and set the event's next round.

    Rounds that were missed (the system was down) are not made up for: one round takes place for all of them.
    """
    event = session.get(StartEvent, int(start_event_id), populate_existing=True, with_for_update=True)
    if event is None or event.attempts != attempt or event.due is None or event.next_at is None:
        return
    event.attempts += 1
    if event.next_at > moment.now:
        return
    version = session.get_one(Version, event.version_id)
    definition = definitions.of(session, event.version_id)
    found = next(one for one in definition.starts if one.element == event.element)
    answer = _asked(session, found, services, moment)
    payloads = for_each(found.service, answer, found.each) if found.each else [answer]
    if not payloads:
        _log.info("%s of %s was due at %s: nothing to start", event.element, definition.key, event.due)
    # The time belongs to the origin: SQLite gives the number of a row that is gone to a new one.
    round_of = f"timer:{event.id}:{event.due.astimezone(UTC):%Y%m%dT%H%M%S}"
    for number, payload in enumerate(payloads):
        instances.start_by_timer(session, version, event.element, payload, f"{round_of}:{number}", moment)
    event.fired += 1
    event.failures = 0
    event.due = event.next_at = _next_round(event, event.due, answer, moment)


def _asked(session: Session, start: Start, services: Services, moment: Moment) -> Mapping[str, Any]:
    if not start.service:
        return {}
    service = services.get(start.service)
    if service is None or service.at_start is None:
        raise NoStartService(name=start.service, element=start.element)
    return service.at_start(session, moment)


def _next_round(event: StartEvent, previous: datetime, names: Mapping[str, Any], moment: Moment) -> datetime | None:
    timer = compile_timer(event.timer_kind, event.timer_text)
    for missed in range(_MISSED):
        due = timer.next(previous, moment, event.fired + missed, names)
        if due is None or due > moment.now:
            return due
        previous = due
    return previous
