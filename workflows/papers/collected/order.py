"""A rectification: the notice, the plan, the record of a recheck, the closing slip. S4.2d."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import registers
from workflows.tables import Campaign


def order(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"case", "order": answers of issue_order, "unit", "deadline", "plan", "report", "recheck",
    "fail_count", "closing"}, as far as they are there yet. Returns them all, with the problem by its name.
    """
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    answers = facts.get("order") or {}
    problem = answers.get("problem")
    named = registers.names(session, [problem]).get(problem, problem) if isinstance(problem, str) else None
    return {
        "campaign": campaign.title if campaign else None,
        "case": facts.get("case"),
        "order": answers,
        "problem": named,
        "unit": facts.get("unit") or answers.get("responsible_unit"),
        "deadline": facts.get("deadline") or answers.get("deadline"),
        "plan": facts.get("plan"),
        "report": facts.get("report"),
        "recheck": facts.get("recheck"),
        "fail_count": facts.get("fail_count") or 0,
        "closing": facts.get("closing"),
        "sign_days": facts.get("sign_days"),
        "today": moment.today,
        "source": [{"kind": "problem", "id": problem, "title": named}] if isinstance(problem, str) else [],
    }
