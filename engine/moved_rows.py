"""The rows of an instance that is moved to another version: tasks, timers and what else is open follow their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts, routing
from engine.access import NotFound, bar, may_do
from engine.runtime import Moved, TaskOpened, Trouble
from engine.tables import Incident, Instance, Request, Subscription, Task, Timer
from engine.tables.base import TITLE


def follow(session: Session, instance: Instance, moved: Moved, moment: Moment) -> list[Trouble]:
    """Let the rows of what stays open follow their tokens; returns why a task now reaches nobody."""
    kept = {one.token: one for one in moved.kept}
    renamed = [one.token for one in moved.kept if one.before != one.element]
    tables: tuple[Any, ...] = (Timer, Subscription, Request) if renamed else ()
    for table in tables:
        for row in session.scalars(select(table).where(table.instance_id == instance.id, table.id.in_(renamed))):
            row.element = kept[row.id].element
    open_ones = select(Incident).where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
    incidents = session.scalars(open_ones).all()
    for incident in incidents:
        if incident.token in moved.gone:
            incident.resolved_at = moment.now
        elif incident.token in kept:
            incident.element = kept[incident.token].element
    troubles: list[Trouble] = []
    open_tasks = select(Task).where(Task.instance_id == instance.id, Task.id.in_(kept), Task.status == "open")
    for task in session.scalars(open_tasks):
        said = kept[task.id].task
        if said is not None:
            told = _retask(session, instance, task, said)
            if not told:
                _settle(incidents, task, moment)
            troubles += told
    return troubles


def _settle(incidents: Sequence[Incident], task: Task, moment: Moment) -> None:
    """What had been told of the task, that it reaches nobody, is so no more."""
    for incident in incidents:
        if incident.token == task.id and incident.code in routing.CODES:
            incident.resolved_at = moment.now


def _retask(session: Session, instance: Instance, task: Task, said: TaskOpened) -> list[Trouble]:
    """The task as the new version has it. Who has it keeps it, if that names nobody else and he still may do it."""
    holder = task.holder
    task.element, task.name, task.form = said.element, said.name, said.form
    task.subject = " ".join(said.subject.split())[:TITLE] if said.subject else None
    task.roles, task.org, task.task_code = list(said.roles), said.org, said.task_code
    task.barred = bar(*said.barred)
    if task.due is None and said.due is not None:
        task.due = task.due_order = said.due
    wished = said.assignee
    if instance.restricted_to is not None:
        routing.narrow(task, instance.restricted_to)
        wished = None
    troubles = routing.route(session, [task], [wished])
    if holder is not None and wished is None and _may_still(session, holder, task):
        task.holder = holder
    return troubles


def _may_still(session: Session, holder: str, task: Task) -> bool:
    try:
        return may_do(accounts.actor(session, holder), task)
    except NotFound:  # the account is switched off
        return False
