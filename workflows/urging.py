"""Urging (催办): the ladder D2 of the domain guide, climbed one rung at a time while a task is late.

The diagram asks every working day; on most days nothing is due and nobody is troubled.  A rung that is missed
because no worker ran is made up for the next time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import notices, tasks
from engine.light import days_left
from engine.tables import Instance, Notice, Task
from faults import N_
from workflows.recipients import of_roles, of_task
from workflows.roles import ROLES

REMIND_DAYS = 3


@dataclass(frozen=True, slots=True)
class Rung:
    """``days`` working days after the due day. Roles of the district and of the city hear of it as well."""

    days: int
    name: str
    message: str
    district: tuple[str, ...] = ()
    city: tuple[str, ...] = ()


REMINDER = Rung(-REMIND_DAYS, "reminder", N_("“{task}” of “{title}” is due on {due}."))
LADDER = (
    Rung(0, "urging_1", N_("First urging: “{task}” of “{title}” was due on {due}. Please do it now.")),
    Rung(
        1,
        "urging_2",
        N_("Second urging: “{task}” of “{title}” was due on {due}. The supervision office gets a copy."),
        ("district_supervision_officer",),
        ("task_group_officer",),
    ),
    Rung(
        3,
        "supervision_order",
        N_("Supervision order: “{task}” of “{title}” is three working days late (due {due})."),
        ("district_leader", "district_supervision_officer"),
        ("task_group_officer",),
    ),
    Rung(
        5,
        "talk_proposed",
        N_("A talk is proposed: “{task}” of “{title}” is five working days late (due {due})."),
        ("district_leader",),
        ("task_group_lead",),
    ),
    Rung(
        10,
        "referral_proposed",
        N_("A referral for accountability is proposed: “{task}” of “{title}” is ten working days late (due {due})."),
        (),
        ("task_group_lead", "synthesis_lead"),
    ),
)


def urge(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Remind of, or urge, the open tasks of ``element``. Returns {"rung": name or None, "told": count}."""
    told, name, is_urged = 0, None, False
    open_tasks = select(Task).where(
        Task.instance_id == instance.id, Task.element == inputs["element"], Task.status == "open"
    )
    for task in session.scalars(open_tasks):
        rung = _rung(session, task, moment)
        if rung is None:
            continue
        name = rung.name
        told += _tell(session, instance, task, rung, moment)
        is_urged = is_urged or rung is not REMINDER
    if is_urged:
        tasks.urge(session, instance.id, inputs["element"], moment)
    return {"rung": name, "told": told}


def _rung(session: Session, task: Task, moment: Moment) -> Rung | None:
    """The next rung, if it is time for it. Who is not subordinate is reminded and no more (domain guide, section 2)."""
    if task.due is None:
        return None
    late = -days_left(task.due, moment)
    if late < 0 or moment.now < task.due:
        is_near = late >= -REMIND_DAYS
        return REMINDER if is_near and not _was_reminded(session, task) else None
    if not any(ROLES[role].subordinate for role in task.roles if role in ROLES):
        return None
    reached = [rung for rung in LADDER if rung.days <= late]
    return reached[task.urged] if task.urged < len(reached) else None


def _was_reminded(session: Session, task: Task) -> bool:
    reminders = select(func.count()).where(
        Notice.instance_id == task.instance_id, Notice.kind == REMINDER.name, Notice.sent_at >= task.opened_at
    )
    return bool(session.scalar(reminders))


def _tell(session: Session, instance: Instance, task: Task, rung: Rung, moment: Moment) -> int:
    assert task.due is not None
    due = task.due.astimezone(moment.calendar.zone).date().isoformat()
    params = {"task": task.name, "title": instance.title, "due": due, "task_id": task.id}
    people = (
        *of_task(session, task),
        *of_roles(session, rung.district, task.org, task.task_code),
        *of_roles(session, rung.city, None, task.task_code),
    )
    return notices.post(session, people, rung.name, rung.message, params, instance, moment)
