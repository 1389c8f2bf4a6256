"""What a granted change does to a ledger item, and the new baseline that says so.

The original deadline is never touched.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows import baselines, lights
from workflows.organisation import district_of
from workflows.tables import Change, Ledger, LedgerItem
from workflows.working_time import between


def carry_out(session: Session, instance: Instance, change: Change, moment: Moment) -> int:
    """Write the change into the ledger and freeze it; returns the version of the item's ledger."""
    item = session.get_one(LedgerItem, change.item_id, with_for_update=True, populate_existing=True)
    before = item.ledger_id
    if change.granted_deadline is not None:
        _move_deadline(item, change, moment)
    if change.change_type == "reassign":
        _reassign(session, item, str(change.new_unit))
    if change.change_type == "target":
        item.target_value = change.new_target
        item.verified_percent = share(item.verified_value, item.target_value)
    if change.change_type in ("cancel", "merge"):
        item.status = "cancelled" if change.change_type == "cancel" else "merged"
    item.revision += 1
    item.changed_at = moment.now
    session.flush()
    version = 0
    for ledger_id in sorted({before, item.ledger_id}):
        ledger = session.get_one(Ledger, ledger_id, with_for_update=True, populate_existing=True)
        frozen = baselines.freeze(session, ledger, "change", change.number, instance, moment)
        version = frozen.version if ledger_id == item.ledger_id else version
    lights.tell(session, lights.judge(session, [item.id], moment), moment)
    return version


def share(value: Decimal | None, target: Decimal | None) -> Decimal | None:
    """Which percentage of the target is reached; None without a target."""
    if not target:
        return None
    return min(Decimal(100), round((value or Decimal(0)) * 100 / target, 2))


def _move_deadline(item: LedgerItem, change: Change, moment: Moment) -> None:
    """The milestones that lie ahead are stretched with the deadline, or nobody could keep to the plan."""
    assert item.deadline is not None
    assert change.granted_deadline is not None
    old, new, today = item.deadline, change.granted_deadline, moment.today
    item.milestones = _stretched(item, old, new, today)
    item.deadline = new
    if change.change_type == "suspend":
        # As many working days are left after the suspension as there were when it began.
        left = max(1, between(today, old, moment.calendar))
        resumes = moment.working_days(-left, new).astimezone(moment.calendar.zone).date()
        item.status, item.suspended_on = "suspended", today
        item.resumes_on = max(resumes, today + timedelta(days=1))
    elif item.status == "suspended":
        item.status, item.resumes_on = "in_progress", today


def _stretched(item: LedgerItem, old: date, new: date, today: date) -> list[dict[str, Any]]:
    days = {one["date"]: date.fromisoformat(str(one["date"])[:10]) for one in item.milestones}
    if old <= today:
        # Late: from here on it goes on evenly from what was reached.
        reached = float(item.verified_percent or 0)
        kept = [one for one in item.milestones if float(one["planned_percent"]) <= reached]
        return [*kept, {"date": today.isoformat(), "planned_percent": reached}]
    factor = (new - today).days / (old - today).days
    return [
        {**one, "date": (today + timedelta(days=round((days[one["date"]] - today).days * factor))).isoformat()}
        if days[one["date"]] > today
        else one
        for one in item.milestones
    ]


def _reassign(session: Session, item: LedgerItem, unit: str) -> None:
    """To another unit; one of another district takes the row into that district's ledger, if there is one."""
    item.responsible_unit = unit
    district = district_of(unit)
    if district is None or district == item.district:
        return
    item.district = district
    there = select(Ledger.id).where(Ledger.campaign_id == item.campaign_id, Ledger.district == district)
    ledger_id = session.scalar(there)
    if ledger_id is not None:
        last = session.scalar(select(func.max(LedgerItem.position)).where(LedgerItem.ledger_id == ledger_id)) or 0
        item.ledger_id, item.position = ledger_id, last + 1
