"""Urging for a ledger item (P03): which of its dues is the one to urge for, and the rung that D2 gave for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import tasks
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_
from workflows import parameters, tables_in_force, urging
from workflows.tables import LedgerItem
from workflows.urging import Owed

DEADLINE = "deadline"  # the item as a whole
# The ball lies with the unit: while a completion is verified, its deadline is not urged for.
_OWING = ("in_progress", "reopened", "claimed")


def facts(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What D2 looks at for the due that is to be urged for, if any is; else for the most overdue one.

    Returns {"subject" (a task id, or "deadline"; None: nothing is owed), "last_rung", "paused_days"} and the inputs of
    D2.
    """
    item = _item(session, inputs["item_id"])
    owing = sorted(_owed(session, instance, item, moment), key=lambda one: one.late.days, reverse=True)
    table = tables_in_force.table(session, urging.TABLE)
    for one in owing:
        found = table.decide(urging.facts(one, session, moment), moment)
        if isinstance(found, dict) and int(found["rung"]) > one.last:
            return _facts(session, one, moment)
    return _facts(session, owing[0] if owing else None, moment)


def issue(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Climb to the rung that D2 gave, one at a time. Returns {"rung", "name", "number", "told", "facts"}."""
    item = _item(session, inputs["item_id"])
    by_subject = {_subject(one): one for one in _owed(session, instance, item, moment)}
    one = by_subject.get(inputs["subject"])
    rung = urging.next_rung(one, int(inputs["rung"]), bool(inputs["at_once"])) if one else None
    if one is None or rung is None:  # done in the meantime
        return {"rung": 0, "name": None, "number": None, "told": 0, "facts": ""}
    climbed = urging.issue(session, instance, one, rung, moment)
    if one.task and rung >= urging.FIRST_URGING:
        tasks.urge(session, instance.id, one.task.element, moment)
    due = one.due.astimezone(moment.calendar.zone).date().isoformat()
    name = one.task.name if one.task else instance.title
    return {
        "rung": rung,
        "name": climbed.rung.name,
        "number": climbed.row.number,
        "told": climbed.told,
        "facts": f"{name} {due} +{one.late.days}",
    }


def _owed(session: Session, instance: Instance, item: LedgerItem, moment: Moment) -> list[Owed]:
    open_tasks = session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status == "open"))
    known = urging.standing(session, instance, item, moment)
    found = urging.owed_tasks(instance, open_tasks, item, known, moment)
    if item.status in _OWING and item.deadline is not None:
        due = moment.end_of(item.deadline)
        unit = item.responsible_unit or item.district
        found.append(urging.owed(None, item, due, unit, known, moment))
    return found


def _facts(session: Session, one: Owed | None, moment: Moment) -> dict[str, Any]:
    if one is None:
        nothing = {"paused": True, "subordinate": True, "days_late": 0, "overdue_count": 0}
        numbers = parameters.values(session, moment.today, urging.NUMBERS)
        return {**nothing, "parameters": numbers, "subject": None, "last_rung": 0, "paused_days": 0}
    return {
        **urging.facts(one, session, moment),
        "subject": _subject(one),
        "last_rung": one.last,
        "paused_days": one.late.paused,
    }


def _subject(one: Owed) -> str:
    return one.task.id if one.task else DEADLINE


def _item(session: Session, item_id: Any) -> LedgerItem:
    item = session.get(LedgerItem, item_id)
    if item is None:
        raise ServiceFault("unknown_item", N_("There is no ledger item {item}."), item=item_id)
    return item
