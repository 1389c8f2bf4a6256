"""Timers that are due: those of instances, and those of start events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from bpmn.timers import compile_timer
from engine import definitions, instances, record, runtime
from engine.tables import StartEvent, Timer, Version

# How many missed rounds of a recurring start are passed over at most before the next is taken as it comes.
_MISSED = 10_000


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


def start(session: Session, start_event_id: str, attempt: int, moment: Moment) -> None:
    """Start an instance for a timer start event, and set the event's next round.

    Rounds that were missed (the system was down) are not made up for: one instance is started for all of them.
    """
    event = session.get(StartEvent, int(start_event_id), populate_existing=True, with_for_update=True)
    if event is None or event.attempts != attempt or event.due is None or event.next_at is None:
        return
    event.attempts += 1
    if event.next_at > moment.now:
        return
    version = session.get_one(Version, event.version_id)
    instances.start_by_timer(session, version, event.element, f"timer:{event.id}:{event.fired}", moment)
    event.fired += 1
    event.failures = 0
    event.due = event.next_at = _next_round(event, event.due, moment)


def _next_round(event: StartEvent, previous: datetime, moment: Moment) -> datetime | None:
    timer = compile_timer(event.timer_kind, event.timer_text)
    for missed in range(_MISSED):
        due = timer.next(previous, moment, event.fired + missed)
        if due is None or due > moment.now:
            return due
        previous = due
    return previous
