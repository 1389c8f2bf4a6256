"""Handing out a leader's instruction (交办单), and the report on how it was handled (办理情况报告). S3.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Instruction, LedgerItem


def instruction(
    session: Session, _campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment
) -> Mapping[str, Any]:
    """``facts``: {"instruction_id", "requirement", "deadline", "handled": [{handler, stage, result, co_opinions}],
    "quality"}. Returns the register's row, the linked items by name, and what the facts add.
    """
    row = session.get_one(Instruction, facts["instruction_id"])
    linked = select(LedgerItem.district, LedgerItem.item_name).where(LedgerItem.id.in_(row.linked_items or [""]))
    return {
        "number": row.number,
        "title": row.title,
        "leader_post": row.leader_post,
        "instruction_date": row.instruction_date,
        "instruction_text": row.instruction_text,
        "source_kind": row.source_kind,
        "urgency": row.urgency,
        "lead_unit": row.lead_unit,
        "co_units": row.co_units,
        "deadline": facts.get("deadline") or row.deadline,
        "requirement": facts.get("requirement"),
        "linked": [{"district": district, "name": name} for district, name in session.execute(linked)],
        "handled": facts.get("handled") or [],
        "quality": facts.get("quality") or row.quality,
        "source": [{"kind": "instruction", "id": row.id, "title": row.number}],
    }
