"""The certificate of a baseline: what a district has bound itself to, row by row. S3.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import baselines, sub_items
from workflows.tables import Campaign

MOST_ROWS = 200
KINDS = {"establishment": "台账建立", "gap": "缺口分配", "change": "事项变更", "decision": "政府决策"}


def certificate(
    session: Session, _campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment
) -> Mapping[str, Any]:
    """``facts``: {"ledger_id", "version"}. Returns {"campaign", "district", "version", "hash", "reason", "frozen_on",
    "items": [{sub_item, item_name, target, responsible_unit, responsible_post, deadline, original_deadline}],
    "exempt": [{sub_item, na_reason}], "source"}.
    """
    row = baselines.read(session, facts["ledger_id"], int(facts["version"]))
    campaign = session.get_one(Campaign, row.content["campaign_id"])
    rows = row.content["items"]
    return {
        "campaign": campaign.title,
        "district": row.content["district"],
        "version": row.version,
        "hash": row.hash,
        "number": row.number,
        "reason": KINDS.get(row.kind, row.reason),
        "frozen_on": row.frozen_at,
        "items": [_item(item) for item in rows if item.get("applicable")][:MOST_ROWS],
        "exempt": [
            {"sub_item": _sub_item(item), "na_reason": item.get("na_reason")}
            for item in rows
            if not item.get("applicable")
        ],
        "source": [{"kind": "baseline", "id": f"{row.ledger_id} {row.version}", "title": row.number}],
    }


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    amount = item.get("target_value")
    return {
        "sub_item": _sub_item(item),
        "item_name": item.get("item_name"),
        "target": f"{amount:g}{item.get('unit_of_measure') or ''}" if isinstance(amount, int | float) else None,
        "standard": item.get("qualitative_standard"),
        "responsible_unit": item.get("responsible_unit"),
        "responsible_post": item.get("responsible_post"),
        "deadline": item.get("deadline"),
        "original_deadline": item.get("original_deadline"),
    }


def _sub_item(item: Mapping[str, Any]) -> str:
    code = item["sub_item"]
    known = sub_items.sub_items().get(code)
    return known.title if known else str(code)
