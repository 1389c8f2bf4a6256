"""The result of a performance assessment, by kind of unit, the best first; where few are compared, without places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import scores
from workflows.score_results import in_order, line
from workflows.scoring import periods
from workflows.tables import Assessment, Campaign

GROUPS = {"district": "区县政府", "lead_unit": "牵头单位", "co_unit": "协办单位"}
GRADES = {"excellent": "优秀", "good": "良好", "fair": "合格", "poor": "不合格"}


def result(session: Session, _campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment) -> Mapping[str, Any]:
    """``facts``: "assessment_id".

    Returns {"assessment": {"number", "title", "label", "first", "last"}, "campaign", "groups": [{"name", "is_ranked",
    "counts": [[grade, how many]], "scores": [{"name", "total", "grade", "rank", "answer"}]}], "appealed", "source"}.
    """
    assessment = session.get_one(Assessment, facts["assessment_id"])
    held = in_order(scores.current(session, assessment.id).values())
    groups = [_group(kind, [line(one) for one in held if one.kind == kind]) for kind in GROUPS]
    return {
        "assessment": {
            "number": assessment.number,
            "title": assessment.title,
            "label": periods.read(assessment.period).label,
            "first": assessment.first_day.isoformat(),
            "last": assessment.last_day.isoformat(),
        },
        "campaign": session.get_one(Campaign, assessment.campaign_id).title,
        "groups": [group for group in groups if group["scores"]],
        "appealed": sum(one.answer == "appealed" for one in held),
        "source": [{"kind": "assessment", "id": assessment.id, "title": assessment.title}],
    }


def _group(kind: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = Counter(row["grade"] for row in rows)
    return {
        "name": GROUPS[kind],
        "is_ranked": any(row["rank"] is not None for row in rows),
        "counts": [[GRADES[grade], counts[grade]] for grade in GRADES if counts[grade]],
        "scores": [
            {
                "name": row["name"],
                "total": row["total"],
                "grade": GRADES.get(row["grade"], "不评等次"),
                "rank": row["rank"],
                "answer": row["answer"],
            }
            for row in rows
        ],
    }
