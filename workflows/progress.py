"""Tracking of ledger items (P03): how an item begins, changes hands, is held, found false, closed or ended.

Each function is a step of the diagram `item_progress`; those about reports are in `workflows.reports`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance, Subscription, Task
from faults import N_
from workflows import changes, lights, parameters, serials
from workflows.rebaselining import share
from workflows.tables import LedgerItem

WANTED = "msg_report_wanted"


def begin(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The item is on its way from now on, tracked by this instance; a closed one is reopened.

    Returns what the diagram needs of it. Raises ServiceFault: unknown_item, not_established.
    """
    item = item_of(session, inputs["item_id"])
    if item.status not in ("established", "closed") or item.deadline is None or item.responsible_unit is None:
        raise ServiceFault("not_established", N_("The ledger item {item} is not established."), item=item.id)
    item.status = "reopened" if item.status == "closed" else "in_progress"
    item.instance_id, item.closed_at = instance.id, None
    touch(session, item, moment)
    lights.judge(session, [item.id], moment)
    return {
        "item_id": item.id,
        "campaign_id": item.campaign_id,
        "ledger_id": item.ledger_id,
        "unit": item.responsible_unit,
        "district": item.district,
        "deadline": item.deadline.isoformat(),
        "sign_days": parameters.value(session, "sign_item_days", moment.today),
    }


def set_light(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Show the light that D1 gave. Returns {"light", "before", "turned_red"}."""
    turn = lights.show(session, item_of(session, inputs["item_id"]), inputs["light"], inputs["rule"], moment)
    return {"light": turn.after, "before": turn.before, "turned_red": turn.is_newly_red}


def resume_work(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The completion was not confirmed: the work goes on. Returns {"status"}."""
    item = item_of(session, inputs["item_id"])
    item.status = "in_progress"
    return _relit(session, item, moment)


def close(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the item and give the closing slip its number.

    Returns {"status", "number", "text" (for the public), "publicity_until"}.
    """
    item = item_of(session, inputs["item_id"])
    item.status, item.closed_at, item.report_due = "closed", moment.now, None
    number = serials.next_number(session, "closing_slip", moment)
    until = moment.calendar_days(int(parameters.value(session, "publicity_days", moment.today)))
    amount = f"{number_of(item.verified_value)}{item.unit_of_measure}" if item.target_value is not None else ""
    words = [instance.title, amount or item.qualitative_standard or "", number]
    return {
        **_relit(session, item, moment),
        "number": number,
        "text": " ".join(word for word in words if word),
        "publicity_until": until.isoformat(),
    }


def end(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The item is cancelled or merged; applications about it are void. Returns {"status", "reason"}."""
    item = item_of(session, inputs["item_id"])
    item.status, item.report_due = str(inputs["status"]), None
    changes.drop(session, item.id, moment)
    return {**_relit(session, item, moment), "reason": inputs["reason"] or ""}


def adopt_change(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Go on with what a granted change has written into the ledger: open tasks go to the new unit, a suspension puts
    the awaited report off. Returns {"unit", "deadline", "resumes_on" (an instant, or None)}."""
    item = item_of(session, inputs["item_id"])
    unit = item.responsible_unit or str(inputs["unit"])
    resumes = None
    if item.status == "suspended" and item.resumes_on is not None:
        resumes = datetime.combine(item.resumes_on, datetime.min.time(), moment.calendar.zone)
    for task in session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status == "open")):
        if unit != inputs["unit"] and task.org == inputs["unit"]:
            changes.pass_on(session, task, unit)
        if resumes is not None and item.resumes_on is not None and task.element == "report_progress":
            window = int(parameters.value(session, "report_window_days", moment.today))
            task.due = task.due_order = item.report_due = moment.working_days(max(window, 1), item.resumes_on)
    session.flush()
    return {
        "unit": unit,
        "deadline": item.deadline.isoformat() if item.deadline else None,
        "resumes_on": resumes.isoformat() if resumes else None,
    }


def resume(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The suspension is over, unless it was ended or prolonged before. Returns {"status"}."""
    item = item_of(session, inputs["item_id"])
    if item.status == "suspended" and item.resumes_on is not None and item.resumes_on <= moment.today:
        item.status = "in_progress"
    return _relit(session, item, moment)


def hasten(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Under a red light the report that is being written is due within a week.

    Returns {"waiting": whether the next window is waited for, "period"}.
    """
    item = item_of(session, inputs["item_id"])
    due = weekly_due(parameters.values(session, moment.today), moment)
    writing = select(Task).where(
        Task.instance_id == instance.id, Task.element == "report_progress", Task.status == "open"
    )
    for task in session.scalars(writing):
        if task.due is not None and task.due > due:
            task.due = task.due_order = item.report_due = due
    session.flush()
    return {"waiting": is_waiting(session, instance.id), "period": item.report_period}


def record_onsite(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Enter what was found on site: what was measured there is verified; ``false`` confirms a falsification, and
    ``consistent`` clears the item of an earlier one. Returns {"falsified", "light"}."""
    item = item_of(session, inputs["item_id"])
    if inputs["verdict"] == "false":
        item.falsified = True
    elif inputs["verdict"] == "consistent":
        item.falsified = False
    measured = _amount(inputs["measured_value"])
    if measured is not None:
        item.verified_value = measured
        item.verified_percent = share(measured, item.target_value) or item.verified_percent
    touch(session, item, moment)
    lights.judge(session, [item.id], moment)
    session.refresh(item)
    return {"falsified": item.falsified, "light": item.light}


def _relit(session: Session, item: LedgerItem, moment: Moment) -> dict[str, Any]:
    status = item.status
    touch(session, item, moment)
    lights.tell(session, lights.judge(session, [item.id], moment), moment)
    return {"status": status}


def item_of(session: Session, item_id: Any) -> LedgerItem:
    item = session.get(LedgerItem, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        raise ServiceFault("unknown_item", N_("There is no ledger item {item}."), item=item_id)
    return item


def touch(session: Session, item: LedgerItem, moment: Moment) -> None:
    item.changed_at = moment.now
    session.flush()


def weekly_due(numbers: Mapping[str, Any], moment: Moment) -> datetime:
    day = moment.today + timedelta(days=int(numbers["red_report_days"]))
    while not moment.calendar.is_working_day(day):
        day += timedelta(days=1)
    return moment.end_of(day)


def is_waiting(session: Session, instance_id: str) -> bool:
    waiting = exists().where(Subscription.instance_id == instance_id, Subscription.name == WANTED)
    return bool(session.scalar(select(waiting)))


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def number_of(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
