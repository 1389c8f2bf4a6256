"""What people say to computed scores (M7a): units that accept or appeal, lead units that rate those that help them, the
Organisation Department that judges leaders.  It comes into the scores as evidence like all else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import assessments, parameters, scores
from workflows.score_results import in_order, line, name, plain
from workflows.scoring.rules import ADJUSTED, Entry
from workflows.tables import Rating, Score
from workflows.tables.base import TITLE

# ---- services


def answer(session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """Note what a unit says to its score: accepted, appealed or no_reply, which is no consent. Returns {"answer"}."""
    held = scores.current(session, inputs["assessment_id"])
    score = _of(held, inputs["unit"])
    score.answer = str(inputs["answer"])
    session.flush()
    return {"answer": score.answer}


def adjust(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Settle an appeal: ``adjust`` gives or takes points, with the reason, ``uphold`` leaves the score as it is.

    Returns {"total", "version"}.
    """
    assessment = assessments.get(session, inputs["assessment_id"])
    unit, points = inputs["unit"], float(inputs["adjustment"] or 0)
    if inputs["verdict"] == "adjust" and points:
        reason = str(inputs["reason"] or "")
        given = Entry(
            ADJUSTED, "appeal", 1.0, points, "appeal", f"{instance.id}:{unit}", instance.id, day=moment.today,
            text=reason[:TITLE] or "申诉", facts={"points": points},
        )  # fmt: skip
        scores.renew(session, assessment, [unit], lambda _, entries: [*entries, given], "appeal", moment)
    score = _of(scores.current(session, assessment.id), unit)
    return {"total": plain(score.total), "version": score.version}


def rate(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep how a lead unit rates a co-unit; the last word counts. Returns {"rating"}."""
    assessment = assessments.get(session, inputs["assessment_id"])
    lead, co = inputs["lead_unit"], inputs["co_unit"]
    session.execute(
        delete(Rating).where(Rating.assessment_id == assessment.id, Rating.lead_unit == lead, Rating.co_unit == co)
    )
    session.add(
        Rating(
            assessment_id=assessment.id,
            lead_unit=lead,
            co_unit=co,
            service=inputs["service"],
            rating=int(inputs["rating"]),
            comment=inputs["comment"],
            rater=inputs["rater"],
            rated_at=moment.now,
        )
    )
    session.flush()
    return {"rating": int(inputs["rating"])}


def tally(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Bring ratings and the judgement about leaders in, and rank. Done again, it changes nothing.

    ``team``: the answers of the Organisation Department, or None.  Returns {"scores": [...], in the order of kind and
    points, "low": count, "campaign_weight": as the house has set it}.
    """
    assessment = assessments.get(session, inputs["assessment_id"])
    rated = _rated(session, assessment.id)
    helping = [unit for unit, score in scores.current(session, assessment.id).items() if score.kind == "co_unit"]

    def with_ratings(unit: str, entries: list[Entry]) -> list[Entry]:
        return [one for one in entries if one.component != "rating"] + rated.get(unit, [])

    scores.renew(session, assessment, helping, with_ratings, "rating", moment)
    held = scores.current(session, assessment.id)
    _judge_teams(held, inputs["team"] or {})
    scores.rank(session, assessment, moment)
    assessment.status = "confirmed"
    session.flush()
    rows = [line(score) for score in in_order(held.values())]
    return {
        "scores": rows,
        "low": sum(1 for row in rows if row["grade"] == "poor"),
        "campaign_weight": parameters.value(session, "score_campaign_weight", moment.today),
    }


# ---- within


def _of(held: Mapping[str, Score], unit: Any) -> Score:
    if unit not in held:
        raise ServiceFault("not_assessed", N_("{unit} has no score in this assessment."), unit=unit)
    return held[unit]


def _rated(session: Session, assessment_id: str) -> dict[str, list[Entry]]:
    """Co-unit -> its ratings as evidence."""
    found: dict[str, list[Entry]] = {}
    rows = select(Rating).where(Rating.assessment_id == assessment_id).order_by(Rating.lead_unit)
    for row in session.scalars(rows):
        entry = Entry(
            "rating", "rated", 1.0, row.rating / 100, "rating", f"{row.lead_unit}:{row.co_unit}", assessment_id,
            day=row.rated_at.date(), text=name(row.lead_unit), facts={"rating": row.rating, "service": row.service},
        )  # fmt: skip
        found.setdefault(row.co_unit, []).append(entry)
    return found


def _judge_teams(held: Mapping[str, Score], team: Mapping[str, Any]) -> None:
    """What the Organisation Department says of all, and of those that differ (S4.7d)."""
    if not team.get("capability"):
        return
    differing = {one["unit"]: one for one in team.get("differing") or ()}
    for unit, score in held.items():
        if score.kind != "co_unit":
            said = differing.get(unit, team)
            score.capability, score.work_style = said["capability"], said["work_style"]
            score.team_basis = said.get("basis")
