"""The papers of accountability: proposal, record of a talk, circular, letter of transfer (M7b). S4.7e S4.7f"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Campaign, Referral

# What a diagram may leave out, because the case went another way.
_REFERRAL = ("number", "unit", "conduct", "facts", "consequence", "statement", "measure", "basis", "outcome",
    "authority", "transferred_on")  # fmt: skip


def referral(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """{"campaign": title, "referral": {number, unit, conduct, facts, consequence, statement, measure, basis, outcome,
    authority, transferred_on}, "source": the referral}."""
    found = {name: facts.get(name) for name in _REFERRAL}
    row = session.scalars(select(Referral).where(Referral.number == found["number"])).one_or_none()
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    return {
        "campaign": campaign.title if campaign is not None else "",
        "referral": found,
        "source": [{"kind": "referral", "id": row.id, "title": row.title}] if row is not None else [],
    }
