"""A matter for decision: the request (请示), the minutes and the reply (批复). S2.2, S4.1c."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Campaign, Matter


def matter(session: Session, campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"matter_id", "request": answers of draft_request, "countersigned": [{unit, position, opinion}],
    "meeting": answers of hold_meeting, "decision": answers of record_decision, "verdict"}.
    """
    row = session.get_one(Matter, facts["matter_id"])
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    decision = facts.get("decision") or {}
    return {
        "campaign": campaign.title if campaign else None,
        "number": row.number,
        "title": row.title,
        "unit": row.unit,
        "task": row.task_code,
        "requested_at": row.requested_at,
        "request": facts.get("request") or {"matter": row.title, "background": row.background},
        "countersigned": facts.get("countersigned") or [],
        "meeting": facts.get("meeting"),
        "verdict": facts.get("verdict") or row.verdict,
        "decision_text": decision.get("decision_text") or row.decision_text,
        "handling_units": decision.get("handling_units") or row.handling_units,
        "deadline": decision.get("deadline") or row.deadline,
        "source": [{"kind": "matter", "id": row.id, "title": row.number}],
    }
