"""Scores as results: in order, as lines of a table, with a fingerprint; and what a referral says of a poor one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import canonical
from workflows import serials
from workflows.organisation import units
from workflows.scoring import periods
from workflows.tables import Assessment, Score

# Who answers for a unit: its own people, districts by their supervision offices.
ANSWERS = {"district": "district_supervision_officer", "lead_unit": "lead_unit_officer", "co_unit": "co_unit_officer"}
# As papers and referrals call the components; pages translate those of `workflows.score_words`.
TITLES = {
    "ledger": "台账任务",
    "timeliness": "按时报送",
    "rectification": "整改",
    "instructions": "批示办理",
    "public": "社会评价",
    "returned": "退回",
    "urged": "督办",
    "exposed": "曝光",
    "falsified": "弄虚作假",
    "disclosed": "主动报告问题",
    "commended": "表扬",
    "replies": "按时答复",
    "promises": "按承诺办结",
    "rating": "牵头单位评分",
    "adjusted": "申诉调整",
}


def fingerprint(assessment: Assessment, held: Iterable[Score]) -> str:
    """SHA-256 of the canonical text of what is published: an exported table can be checked against it."""
    weight = None if assessment.campaign_weight is None else str(assessment.campaign_weight)
    content = {"number": assessment.number, "weight": weight, "scores": [line(score) for score in held]}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def in_order(held: Iterable[Score]) -> list[Score]:
    """Districts, lead units, co-units; the best first, those without a score last."""
    kinds = list(ANSWERS)
    return sorted(
        held,
        key=lambda one: (kinds.index(one.kind), one.total is None, -(one.total or Decimal(0)), one.unit),
    )


def line(score: Score) -> dict[str, Any]:
    return {
        "unit": score.unit,
        "name": name(score.unit),
        "kind": score.kind,
        "period": score.period,
        "score": score.id,
        "version": score.version,
        "total": plain(score.total),
        "grade": score.grade,
        "rank": score.rank,
        "ranked": score.ranked,
        "answer": score.answer,
        "capability": score.capability,
        "work_style": score.work_style,
    }


def referral(session: Session, score: Score, moment: Moment) -> dict[str, Any]:
    lost = sorted(score.components, key=lambda one: one["points"] - (one["possible"] or 0))
    parts = "；".join(_lost(one) for one in lost[:3] if one["points"] < (one["possible"] or 0))
    return {
        "unit": score.unit,
        "name": name(score.unit),
        "referral_id": uuid4().hex,
        "number": serials.next_number(session, "referral", moment),
        "facts": f"{name(score.unit)}{periods.read(score.period).label}考核得分{plain(score.total)}。{parts}",
        "score": score.id,
    }


def _lost(component: Mapping[str, Any]) -> str:
    name = TITLES.get(component["name"], component["name"])
    possible = component["possible"]
    return f"{name}{component['points']:.2f}分" + ("" if possible is None else f"（满分{possible:.2f}分）")


def name(unit: str) -> str:
    return units()[unit].name if unit in units() else unit


def plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
