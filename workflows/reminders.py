"""Plain reminders: for bodies that are not subordinate, too. Nothing is counted, and nobody above hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import notices
from engine.tables import Instance, Task
from faults import N_
from workflows.recipients import of_task


def remind(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Tell those who still have ``element`` to do what ``text`` says. Returns {"told": count}."""
    open_tasks = select(Task).where(
        Task.instance_id == instance.id, Task.element == inputs["element"], Task.status == "open"
    )
    told = 0
    for task in session.scalars(open_tasks):
        params = {"title": instance.title, "text": inputs["text"], "task_id": task.id}
        people = of_task(session, task)
        told += notices.post(session, people, "reminder", N_("“{title}”: {text}"), params, instance, moment)
    return {"told": told}
