"""The record, the report and the improvement opinions of a visit on the spot (M2). S4.2c S4.2d"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import registers
from workflows.tables import Campaign, Finding, Visit
from workflows.visit_records import findings_of


def visit(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: "visit_id"; of a record "checklist" and "confirmations"; of opinions the "unit" they are for.

    Returns {"campaign": title, "visit": {number, title, executor, team_org, mode, date, people, objects, access,
    measured, grade, position_reason, verdict, summary, clash_reason}, "targets": names, "checklist", "confirmations",
    "findings": [{unit, item, text, nature, severity, fixed, improvement, disposition}], "unit", "today", "source"}.
    """
    row = session.get_one(Visit, facts["visit_id"])
    named = row.campaign_id or campaign_id
    campaign = session.get(Campaign, named) if named else None
    names = registers.names(session, row.targets)
    unit = facts.get("unit")
    found = [one for one in findings_of(session, row.id) if unit in (None, one.unit)]
    return {
        "campaign": campaign.title if campaign else "",
        "visit": {
            "number": row.number,
            "title": row.title,
            "executor": row.executor,
            "team_org": row.team_org,
            "mode": row.mode,
            "date": row.visit_date,
            "people": len({row.leader, *row.team} - {None}),
            "objects": row.objects,
            "access": row.access,
            "measured": row.measured_value,
            "grade": row.evidence_grade,
            "position_reason": row.position_reason,
            "verdict": row.verdict,
            "summary": row.summary or "",
            "clash_reason": row.clash_reason,
        },
        "targets": [names.get(one, one) for one in row.targets],
        "checklist": [_whole(one, "point", "result", "measured", "note") for one in facts.get("checklist") or ()],
        "confirmations": [_whole(one, "unit", "confirmation", "statement") for one in facts.get("confirmations") or ()],
        "findings": [_told(one, names) for one in found],
        "unit": unit,
        "today": moment.today,
        "source": [
            {"kind": "visit", "id": row.id, "title": f"{row.number} {row.title}"},
            *({"kind": "item", "id": one, "title": names.get(one, one)} for one in row.targets),
        ],
    }


def _whole(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A row of answers leaves out what was not answered; a template wants all of it."""
    return {name: row.get(name) for name in names}


def _told(finding: Finding, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "unit": finding.unit,
        "item": names.get(finding.item_id or ""),
        "text": finding.text,
        "nature": finding.nature,
        "severity": finding.severity,
        "fixed": finding.fixed_on_spot,
        "improvement": finding.improvement,
        "disposition": finding.disposition,
    }
