"""The decision on an objection to a conclusion (异议复核决定书). R1, article 17; a rule of the house in 2013."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Campaign, Objection


def objection(
    session: Session, campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment
) -> Mapping[str, Any]:
    """``facts``: {"objection_id", "facts": what the review found, "decision", "new_deadline"}."""
    row = session.get_one(Objection, facts["objection_id"])
    campaign = session.get(Campaign, row.campaign_id or campaign_id) if row.campaign_id or campaign_id else None
    return {
        "campaign": campaign.title if campaign else None,
        "number": row.number,
        "title": row.title,
        "unit": row.unit,
        "grounds": row.grounds,
        "received_on": row.received_on,
        "filed_on": row.filed_on,
        "facts": facts.get("facts"),
        "decision": facts.get("decision"),
        "new_deadline": facts.get("new_deadline"),
        "source": [{"kind": "objection", "id": row.id, "title": row.number}],
    }
