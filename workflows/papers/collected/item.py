"""Slips about what is to be done: urging (催办单), supervision orders (督办单) and the closing of an item (销号单)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance, Task
from workflows import sub_items
from workflows.tables import LedgerItem, Urging


def urging(session: Session, _campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"urging_id"}. Returns {"unit", "number", "what": the step or item that is late, "case", "due",
    "days_late", "paused_days", "item": as `closing` gives it or None, "earlier": count, "source"}.
    """
    row = session.get_one(Urging, facts["urging_id"])
    task = session.get(Task, row.task_id) if row.task_id else None
    item = session.get(LedgerItem, row.item_id) if row.item_id else None
    case = session.get(Instance, row.instance_id) if row.instance_id else None
    return {
        "unit": row.unit,
        "number": row.number,
        "what": _what(row, task, item) or (case.title if case else ""),
        "case": case.title if case else "",
        "due": row.due,
        "days_late": row.days_late,
        "paused_days": row.paused_days,
        "rung": row.rung,
        "item": _item(item) if item else None,
        "answer_by": facts.get("answer_by"),
        "today": moment.today,
        "source": [{"kind": "urging", "id": str(row.id), "title": row.number or ""}],
    }


def closing(session: Session, _campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"item_id", "method": [...], "opinion"}. Returns {"item": {...}, "method", "opinion", "source"}."""
    item = session.get_one(LedgerItem, facts["item_id"])
    return {
        "item": _item(item),
        "method": facts.get("method"),
        "opinion": facts.get("opinion"),
        "today": moment.today,
        "source": [{"kind": "ledger_item", "id": item.id, "title": item.item_name or item.sub_item}],
    }


def _what(row: Urging, task: Task | None, item: LedgerItem | None) -> str | None:
    if row.reason == "ledger":
        return "属地任务台账"
    return task.name if task else item.item_name if item else None


def _item(item: LedgerItem) -> dict[str, Any]:
    known = sub_items.sub_items().get(item.sub_item)
    return {
        "id": item.id,
        "name": item.item_name,
        "sub_item": known.title if known else item.sub_item,
        "task": item.task_code,
        "district": item.district,
        "responsible_unit": item.responsible_unit,
        "responsible_post": item.responsible_post,
        "target": item.target_value,
        "verified": item.verified_value,
        "unit_of_measure": item.unit_of_measure,
        "standard": item.qualitative_standard,
        "deadline": item.deadline,
        "original_deadline": item.original_deadline,
        "verified_percent": item.verified_percent,
        "planned_percent": item.planned_percent,
        "light": item.light,
    }
