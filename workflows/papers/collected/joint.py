"""The plan, the report and the conclusion of a joint supervision (M1): what its row and the ledgers say. S4.1"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import briefs
from workflows.joints import lead_units
from workflows.sub_items import sub_items
from workflows.tables import Campaign, Joint


def joint(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: "joint_id", and of a conclusion "filing_days", in which one may object.

    Returns {"campaign": title, "joint": {number, theme, task_codes, objects, methods, period, planned_on, held_on,
    participants, record, findings, duty_efficiency, submitted_timely, poor_units, facts, conclusion, proposal,
    conclusion_number, merged}, "units": codes of the lead units, "figures", "filing_days", "today", "source"}.
    """
    row = session.get_one(Joint, facts["joint_id"])
    named = row.campaign_id or campaign_id
    campaign = session.get(Campaign, named) if named else None
    problems = [{"kind": "problem", "id": one["problem_id"], "title": one["title"]} for one in row.findings]
    return {
        "campaign": campaign.title if campaign else "",
        "joint": {
            "number": row.number,
            "theme": row.theme,
            "task_codes": row.task_codes,
            "objects": row.objects,
            "methods": row.methods,
            "period": row.period,
            "planned_on": row.planned_on,
            "held_on": row.held_on,
            "participants": row.participants,
            "record": row.record,
            "findings": row.findings,
            "duty_efficiency": row.duty_efficiency,
            "submitted_timely": row.submitted_timely,
            "poor_units": row.poor_units,
            "facts": row.facts,
            "conclusion": row.conclusion,
            "proposal": row.proposal,
            "conclusion_number": row.conclusion_number,
            "merged": row.merged_with is not None,
        },
        "units": [unit.code for unit in lead_units(row.task_codes)],
        "figures": [
            one | {"name": sub_items()[one["sub_item"]].name}
            for one in briefs.figures(session, row.campaign_id, row.task_codes, (), moment)
        ],
        "filing_days": facts.get("filing_days"),
        "today": moment.today,
        "source": [{"kind": "joint", "id": row.id, "title": row.theme}, *problems],
    }
