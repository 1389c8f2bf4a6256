"""Changes (事项变更): applied for, decided by whom D11 says, and then carried out.

Of a ledger item the ledger itself is changed and frozen as a new baseline; its original deadline stays.  Of another
case (an order, an instruction) the caller of `change_request` gets the decision and carries it out, with `apply`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import messages, notices, routing
from engine.access import Actor, NotFound, NotYours, grant_for
from engine.organisations import paths
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_, Fault
from workflows import lights, rebaselining, serials
from workflows.organisation import district_of
from workflows.recipients import of_roles, of_task
from workflows.tables import Change, LedgerItem
from workflows.working_time import between

REQUESTED = "msg_change_requested"
WITHDRAWN = "msg_change_withdrawn"
APPLICANTS = ("district_unit_officer", "lead_unit_officer")
DATED = ("extension", "suspend")
GRANTED = ("approved", "partial")


class NothingToWithdraw(Fault):
    """This change is decided already, so it can't be withdrawn any more."""


def request(session: Session, actor: Actor, item_id: str, moment: Moment) -> None:
    """Ask for a change of an item: its unit then finds the application among its tasks. Raises NotFound, NotYours."""
    item = session.get(LedgerItem, item_id)
    if item is None or item.instance_id is None:
        raise NotFound
    _require_unit(session, actor, item.responsible_unit, item.task_code)
    messages.send(session, REQUESTED, item_id, {"item_id": item_id}, moment)


def withdraw(session: Session, actor: Actor, change_id: str, moment: Moment) -> None:
    """Take an application back before it is decided. Raises NotFound, NotYours, NothingToWithdraw."""
    change = session.get(Change, change_id)
    if change is None:
        raise NotFound
    _require_unit(session, actor, change.unit, change.task_code)
    if change.status != "filed":
        raise NothingToWithdraw
    messages.send(session, WITHDRAWN, change.item_id or change.subject_instance_id, {"change_id": change_id}, moment)


def file(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Enter an application: the service behind `apply_change`.

    Returns what D11 looks at - days (working days that the deadline would move), count (the how many-eth of its kind),
    leader_set, between_districts, target_cut - and number, leader, district (None: a municipal unit), in_time.
    """
    asked: Mapping[str, Any] = inputs["application"]
    kind, unit = str(asked["change_type"]), str(inputs["unit"])
    item = session.get(LedgerItem, inputs["item_id"])
    filed_at = done_at(session, instance, "apply_change") or moment.now
    deadline = item.deadline if item else _date(inputs["deadline"], moment)
    change = Change(
        id=instance.id,
        number=serials.next_number(session, "change", moment),
        title=instance.title,
        campaign_id=item.campaign_id if item else inputs["campaign_id"],
        item_id=item.id if item else None,
        subject_instance_id=item.instance_id if item else _case(session, inputs["item_id"]),
        task_code=instance.task_code,
        unit=unit,
        change_type=kind,
        reason_code=asked["reason_code"],
        reason=asked["reason"],
        count=_earlier(session, str(inputs["item_id"]), kind) + 1,
        old_deadline=deadline,
        asked_deadline=_date(asked.get("new_deadline"), moment),
        old_unit=unit,
        new_unit=asked.get("new_unit"),
        old_target=item.target_value if item else None,
        new_target=_amount(asked.get("new_target")),
        in_time=deadline is None or filed_at <= moment.end_of(deadline),
        status="filed",
        filed_at=filed_at,
    )
    session.add(change)
    session.flush()
    return {"number": change.number, **_size(change, inputs["leader"], moment)}


def settle(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Carry out a granted change: the service `rebaseline`. Of an item, a new baseline is frozen.

    Returns {"verdict", "granted_deadline", "new_unit", "new_target", "version"}; what it does not touch is None.
    Raises ServiceFault: bad_deadline, unknown_unit.
    """
    change = _locked(session, instance.id)
    verdict = str(inputs["verdict"])
    if change.change_type in DATED:
        change.granted_deadline = as_deadline(inputs["granted_deadline"], moment)
    if change.change_type == "reassign" and not paths(session, [change.new_unit or ""]):
        raise ServiceFault("unknown_unit", N_("There is no organisation with the code {org}."), org=change.new_unit)
    _decide(session, instance, change, "approved" if verdict == "approve" else "partial", inputs["decider"], moment)
    change.verdict = verdict
    version = rebaselining.carry_out(session, instance, change, moment) if change.item_id else None
    target = change.new_target if change.change_type == "target" else None
    return {
        "verdict": verdict,
        "granted_deadline": change.granted_deadline.isoformat() if change.granted_deadline else None,
        "new_unit": change.new_unit if change.change_type == "reassign" else None,
        "new_target": None if target is None else float(target),
        "version": version,
    }


def close(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """End an application without a change: ``status`` rejected or withdrawn. Returns {"verdict"}."""
    status = str(inputs["status"])
    verdict = "reject" if status == "rejected" else "withdrawn"
    change = session.get(Change, instance.id, with_for_update=True, populate_existing=True)
    if change is not None and change.status == "filed":
        _decide(session, instance, change, status, inputs["decider"], moment)
        change.verdict = verdict
        if change.item_id:
            lights.tell(session, lights.judge(session, [change.item_id], moment), moment)
    return {"verdict": verdict}


def drop(session: Session, item_id: str, moment: Moment) -> None:
    """End all applications about an item that is no more."""
    session.execute(
        update(Change)
        .where(Change.item_id == item_id, Change.status == "filed")
        .values(status="withdrawn", verdict="withdrawn", decided_at=moment.now),
        execution_options={"synchronize_session": "fetch"},
    )


def apply(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Move the open tasks ``elements`` to ``deadline``, and those of the unit before to ``unit``.

    Returns {"deadline", "unit", "in_district": whether it belongs to one, "moved": count of tasks}.  Raises
    ServiceFault: bad_deadline, unknown_unit.
    """
    deadline, unit = as_deadline(inputs["deadline"], moment), str(inputs["unit"])
    moved = move(session, instance, inputs["elements"], deadline, (instance.variables.get("unit"), unit), moment)
    in_district = district_of(unit) is not None
    return {"deadline": deadline.isoformat(), "unit": unit, "in_district": in_district, "moved": moved}


def move(
    session: Session,
    instance: Instance,
    elements: Collection[str],
    deadline: date,
    units: tuple[str | None, str],
    moment: Moment,
) -> int:
    """As `apply`, from the first of ``units`` to the second; tells who has the tasks, returns how many there are."""
    before, unit = units
    moved = []
    for task in session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status == "open")):
        is_dated = task.element in elements
        if is_dated:
            task.due = task.due_order = moment.end_of(deadline)
        is_passed_on = unit != before and task.org == before
        if is_passed_on:
            pass_on(session, task, unit)
        if is_dated or is_passed_on:
            moved.append(task)
    session.flush()
    for task in moved:
        params = {"task": task.name, "title": instance.title, "due": deadline.isoformat()}
        message = N_("A change was granted: “{task}” of “{title}” is now due on {due}.")
        notices.post(session, of_task(session, task), "changed", message, params, instance, moment)
    return len(moved)


def pass_on(session: Session, task: Task, unit: str) -> None:
    """Give an open task to another organisation. Raises ServiceFault: unknown_unit."""
    task.org = unit
    if routing.route(session, [task], [None]):
        raise ServiceFault("unknown_unit", N_("There is no organisation with the code {org}."), org=unit)


def done_at(session: Session, instance: Instance, element: str) -> datetime | None:
    """When the task was completed: a worker that was down does not make an application late."""
    done = select(func.max(Task.closed_at)).where(
        Task.instance_id == instance.id, Task.element == element, Task.status == "completed"
    )
    return session.scalar(done)


def _require_unit(session: Session, actor: Actor, unit: str | None, task_code: str | None) -> None:
    if unit is None or grant_for(actor, APPLICANTS, paths(session, [unit]).get(unit), task_code) is None:
        raise NotYours


def _size(change: Change, leader: Any, moment: Moment) -> dict[str, Any]:
    district = district_of(change.unit or "")
    days = 0
    if change.asked_deadline and change.old_deadline:
        days = max(0, between(change.old_deadline, change.asked_deadline, moment.calendar))
    is_cut = change.new_target is not None and change.old_target is not None and change.new_target < change.old_target
    moves = change.change_type == "reassign" and district_of(change.new_unit or "") != district
    return {
        "days": days,
        "count": change.count,
        "leader": leader,
        "leader_set": bool(leader),
        "between_districts": moves,
        "target_cut": is_cut,
        "district": district,
        "in_time": change.in_time,
    }


def _decide(
    session: Session, instance: Instance, change: Change, status: str, decider: str | None, moment: Moment
) -> None:
    change.status = status
    change.decided_by = decider
    change.decided_at = done_at(session, instance, "decide_change") or moment.now
    change.approver = _role(session, instance)
    params = {"title": change.title, "number": change.number}
    message = {
        "approved": N_("The change {number} of “{title}” was granted."),
        "partial": N_("The change {number} of “{title}” was granted in part."),
        "rejected": N_("The change {number} of “{title}” was rejected."),
    }.get(status, N_("The change {number} of “{title}” was withdrawn."))
    people = of_roles(session, (*APPLICANTS, "district_supervision_officer"), change.unit, change.task_code)
    notices.post(session, people, "change_decided", message, params, instance, moment)


def _locked(session: Session, change_id: str) -> Change:
    return session.get_one(Change, change_id, with_for_update=True, populate_existing=True)


def _earlier(session: Session, subject: str, kind: str) -> int:
    about = (Change.item_id == subject) | (Change.subject_instance_id == subject)
    granted = select(func.count()).select_from(Change).where(about, Change.change_type == kind)
    return session.scalar(granted.where(Change.status.in_(GRANTED))) or 0


def _case(session: Session, instance_id: Any) -> str | None:
    return session.scalar(select(Instance.id).where(Instance.id == instance_id))


def _role(session: Session, instance: Instance) -> str | None:
    rule = instance.variables.get("approval_rule") or {}
    role = rule.get("role")
    return str(role) if role else None


def as_deadline(value: Any, moment: Moment) -> date:
    found = _date(value, moment)
    if found is None:
        raise ServiceFault("bad_deadline", N_("The new deadline “{value}” is no date."), value=value)
    return found


def _date(value: Any, moment: Moment) -> date | None:
    try:
        return None if value is None else to_date(value, moment)
    except (TypeError, ValueError):
        raise ServiceFault("bad_deadline", N_("The new deadline “{value}” is no date."), value=value) from None


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
