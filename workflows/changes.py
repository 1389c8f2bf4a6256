"""Granted changes (事项变更): another deadline or another unit for the tasks that are open already.

The task's own due time moves; what was asked for first stays in the record and in the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import notices, routing
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_
from workflows.recipients import of_task


def apply(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Move the open tasks ``elements`` to ``deadline``, and those of the unit before to ``unit``.

    Returns {"deadline", "unit", "moved": count of tasks}. Raises ServiceFault: bad_deadline, unknown_unit.
    """
    deadline, unit = _deadline(inputs["deadline"], moment), str(inputs["unit"])
    before = instance.variables.get("unit")
    moved = []
    for task in session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status == "open")):
        is_dated = task.element in inputs["elements"]
        if is_dated:
            task.due = task.due_order = moment.end_of(deadline)
        is_passed_on = unit != before and task.org == before
        if is_passed_on:
            _pass_on(session, task, unit)
        if is_dated or is_passed_on:
            moved.append(task)
    session.flush()
    for task in moved:
        params = {"task": task.name, "title": instance.title, "due": deadline.isoformat()}
        message = N_("A change was granted: “{task}” of “{title}” is now due on {due}.")
        notices.post(session, of_task(session, task), "changed", message, params, instance, moment)
    return {"deadline": deadline.isoformat(), "unit": unit, "moved": len(moved)}


def _deadline(value: Any, moment: Moment) -> date:
    try:
        return to_date(value, moment)
    except (TypeError, ValueError):
        raise ServiceFault("bad_deadline", N_("The new deadline “{value}” is no date."), value=value) from None


def _pass_on(session: Session, task: Task, unit: str) -> None:
    task.org = unit
    if routing.route(session, [task], [None]):
        raise ServiceFault("unknown_unit", N_("There is no organisation with the code {org}."), org=unit)
