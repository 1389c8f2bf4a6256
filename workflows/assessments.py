"""Performance assessments (绩效考核), M7a: the steps of `performance_assessment`, and what a revoked conclusion undoes.

The system computes, units may appeal, people decide; every point stays traceable to the event behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import messages, notices
from engine.database import insert_missing
from engine.services import ServiceFault
from engine.tables import Instance, canonical
from faults import N_
from workflows import campaigns, parameters, scores, serials
from workflows.recipients import of_roles
from workflows.score_results import ANSWERS, TITLES, fingerprint, in_order, line, name, plain, referral
from workflows.scoring import periods, rules
from workflows.scoring.units import pairs
from workflows.tables import Assessment, Campaign, Cycle, Score
from workflows.tables.base import TITLE

PUBLISHED, THROWER = "msg_score_published", "score_published"
CITY = "110000"


# ---- asked by start events, before there is a case


def quarters_due(session: Session, moment: Moment) -> dict[str, Any]:
    """The campaigns whose last quarter is to be assessed now; the fourth one is part of the year.

    Returns {"items": [{"campaign_id", "title", "org", "period"}], "timing": {parameter: value}}.
    """
    period = periods.ended(moment.today)
    return _due(session, None if period.last.month == 12 else period, moment)


def years_due(session: Session, moment: Moment) -> dict[str, Any]:
    """The campaigns whose last year is to be assessed now: those of the year that has just ended. As `quarters_due`."""
    period = periods.ended(moment.today)
    return _due(session, periods.year(period.last) if period.last.month == 12 else None, moment)


# ---- services


def begin(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Open the assessment of a period; without one, of the quarter that ended last.

    Returns {"assessment_id", "number", "campaign_id", "period", "label", "title", "repeated": whether the period was
    assessed before}.  Raises ServiceFault: no_campaign, bad_period.
    """
    campaign = campaigns.get(session, campaigns.of_case(session, inputs["campaign_id"]))
    period = _period(campaign, inputs["period"], moment)
    before = select(Assessment.id).where(
        Assessment.campaign_id == campaign.id, Assessment.period == period.key, Assessment.status != "cancelled"
    )
    title = f"{campaign.title}{period.label}绩效考核"[:TITLE]
    found = {"campaign_id": campaign.id, "period": period.key, "label": period.label, "title": title}
    if session.scalars(before.limit(1)).first() is not None:
        return {**found, "assessment_id": None, "number": None, "repeated": True}
    assessment = Assessment(
        id=instance.id,
        number=serials.next_number(session, "assessment", moment),
        title=title,
        campaign_id=campaign.id,
        period=period.key,
        first_day=period.first,
        last_day=min(period.last, moment.today),
        status="computed",
        computed_at=moment.now,
    )
    session.add(assessment)
    session.flush()
    _round(session, instance, assessment, moment)
    return {**found, "assessment_id": assessment.id, "number": assessment.number, "repeated": False}


def gather(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Read what D6 looks at. Returns {"units": [{"unit", "kind", "name", "facts"}], "numbers": of D6}."""
    assessment = get(session, inputs["assessment_id"])
    in_force = scores.rules(session, moment.today, moment)
    found = scores.collect(session, assessment.campaign_id, assessment.period, in_force)
    return {
        "units": [
            {"unit": unit, "kind": kind, "name": name(unit), "facts": rules.facts(kind, entries, in_force.numbers)}
            for unit, (kind, entries) in found.items()
        ],
        "numbers": dict(in_force.numbers),
    }


def enter(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the scores, with each point at the event behind it.

    ``results``: for each of ``units`` what D6 gave.  Where the facts have changed since, they are decided upon anew.
    Returns {"principals": [{"unit", "kind", "role", "name", "score", "total", "components"}], "pairs": [{"lead_unit",
    "co_unit", "name"}]}.
    """
    assessment = get(session, inputs["assessment_id"])
    in_force = scores.rules(session, moment.today, moment)
    found = scores.collect(session, assessment.campaign_id, assessment.period, in_force)
    given = {one["unit"]: (one["facts"], lines) for one, lines in zip(inputs["units"], inputs["results"], strict=True)}
    computed = {}
    for unit, (kind, entries) in found.items():
        seen, lines = given.get(unit, (None, []))
        if canonical(seen) == canonical(rules.facts(kind, entries, in_force.numbers)):
            computed[unit] = (kind, rules.price(kind, entries, lines, in_force))
        else:
            computed[unit] = (kind, rules.decide(kind, entries, in_force))
    made = scores.keep(session, assessment, computed, moment)
    return {
        "principals": [_principal(score) for score in made.values()],
        "pairs": [
            {"lead_unit": lead, "co_unit": co, "name": f"{name(lead)}：{name(co)}"}
            for lead, co in pairs(session, assessment.campaign_id)
        ],
    }


def publish(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Freeze the scores as approved, with the weight of this campaign in the yearly evaluation (S4.7a).

    Returns {"scores": [{..., "key"}], "low": [{"unit", "name", "referral_id", "number", "facts", "score"}],
    "content_hash", "published_on"}.
    """
    assessment = get(session, inputs["assessment_id"])
    assessment.campaign_weight = Decimal(str(inputs["campaign_weight"]))
    assessment.status, assessment.published_at = "published", moment.now
    held = in_order(scores.current(session, assessment.id).values())
    assessment.content_hash = fingerprint(assessment, held)
    _end_round(session, assessment, "done", moment)
    session.flush()
    return {
        "scores": [line(score) | {"key": f"{score.unit}:{score.period}"} for score in held],
        "low": [referral(session, score, moment) for score in held if score.grade == "poor"],
        "content_hash": assessment.content_hash,
        "published_on": moment.today.isoformat(),
    }


def cancel(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The campaign was cancelled: what is not published yet ends with the reason. Returns {"status"}."""
    assessment = session.get(Assessment, inputs["assessment_id"]) if inputs["assessment_id"] else None
    if assessment is None:
        return {"status": None}
    if assessment.status != "published":
        assessment.status, assessment.reason = "cancelled", inputs["reason"]
        _end_round(session, assessment, "skipped", moment)
        session.flush()
    return {"status": assessment.status}


# ---- operations


def undo(session: Session, case: str, moment: Moment) -> list[Score]:
    """A conclusion was revoked: nothing of its case counts any more in any score, published or not.

    Units whose published score changes are told, and the score is published anew.  Returns the new versions.
    """
    made: list[Score] = []
    for assessment_id, touched in scores.touched_by(session, case).items():
        assessment = session.get_one(Assessment, assessment_id, with_for_update=True)
        new = scores.renew(
            session, assessment, touched, lambda _, entries: scores.without(entries, case), "revoked", moment
        )
        if assessment.status == "published" and new:
            held = in_order(scores.current(session, assessment_id).values())
            assessment.content_hash = fingerprint(assessment, held)
            for score in new:
                _tell(session, assessment, score, moment)
        made += new
    session.flush()
    return made


# ---- within


def _due(session: Session, period: periods.Period | None, moment: Moment) -> dict[str, Any]:
    found: list[Campaign] = []
    if period is not None:
        before = select(Assessment.campaign_id).where(Assessment.period == period.key, Assessment.status != "cancelled")
        going_on = select(Campaign).where(
            Campaign.status.in_(("active", "closed")),
            Campaign.start_date <= period.last,
            Campaign.end_date >= period.first,
            Campaign.id.not_in(before),
        )
        found = list(session.scalars(going_on.order_by(Campaign.created_at, Campaign.id)))
    items = [
        {"campaign_id": one.id, "title": f"{one.title}{period.label}绩效考核", "org": CITY, "period": period.key}
        for one in found
        if period is not None
    ]
    return {"items": items, "timing": parameters.values(session, moment.today, ("assessment_days",))}


def _round(session: Session, instance: Instance, assessment: Assessment, moment: Moment) -> None:
    """The assessment is a round of what recurs: pages that tell which rounds are late read it there."""
    steps = ("assessment_days", "score_confirm_days", "score_appeal_days", "score_team_days")
    days = sum(int(value) for value in parameters.values(session, moment.today, steps).values())
    row = {
        "campaign_id": assessment.campaign_id,
        "kind": "assessment",
        "period": assessment.period,
        "due_on": moment.working_days(days, assessment.last_day).date(),
        "status": "running",
        "postponed": 0,
        "covers_until": moment.now,
        "started_at": moment.now,
        "instance_id": instance.id,
    }
    insert_missing(session, Cycle, [row])


def _end_round(session: Session, assessment: Assessment, status: str, moment: Moment) -> None:
    row = session.scalars(select(Cycle).where(Cycle.instance_id == assessment.id, Cycle.kind == "assessment")).first()
    if row is not None:
        row.status, row.ended_at, row.reason = status, moment.now, assessment.reason


def get(session: Session, assessment_id: Any) -> Assessment:
    found = session.get(Assessment, assessment_id, with_for_update=True) if isinstance(assessment_id, str) else None
    if found is None:
        raise ServiceFault("no_assessment", N_("There is no assessment with the id {id}."), id=assessment_id)
    return found


def _period(campaign: Campaign, wanted: Any, moment: Moment) -> periods.Period:
    if wanted:
        try:
            return periods.read(str(wanted))
        except periods.NoPeriod as fault:
            raise ServiceFault("bad_period", N_("“{period}” is no period to assess."), period=wanted) from fault
    last = periods.ended(moment.today)
    return last if last.last >= campaign.start_date else periods.quarter(moment.today)


def _principal(score: Score) -> dict[str, Any]:
    """What the unit's people are asked about, and shown at once."""
    return {
        "unit": score.unit,
        "kind": score.kind,
        "role": ANSWERS[score.kind],
        "name": name(score.unit),
        "score": score.id,
        "total": plain(score.total),
        "components": [
            {**{key: one[key] for key in ("points", "possible", "count")}, "name": TITLES.get(one["name"], one["name"])}
            for one in score.components
        ],
    }


def _tell(session: Session, assessment: Assessment, score: Score, moment: Moment) -> None:
    people = of_roles(session, [ANSWERS[score.kind]], score.unit, None)
    instance = session.get_one(Instance, assessment.id)
    message = N_("The score of {unit} was computed anew: {total}. A conclusion behind it was revoked.")
    params = {"unit": name(score.unit), "total": plain(score.total)}
    notices.post(session, people, "notice", message, params, instance, moment)
    payload = line(score) | {
        "unit_period": f"{score.unit}:{score.period}",
        "org": score.unit,
        "task_code": None,
        "title": assessment.title,
        "campaign_id": assessment.campaign_id,
        "assessment_id": assessment.id,
        "corrected": True,
    }
    messages.send_for(session, assessment.id, THROWER, PUBLISHED, payload["unit_period"], payload, moment)
