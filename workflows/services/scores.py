"""What the performance assessment needs: M7a."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import Service
from engine.tables import Instance
from faults import N_
from workflows import assessments, score_answers

_Inputs = Mapping[str, Any]


def _quarters(session: Session, _instance: Instance, _inputs: _Inputs, moment: Moment) -> Mapping[str, Any]:
    return assessments.quarters_due(session, moment)


def _years(session: Session, _instance: Instance, _inputs: _Inputs, moment: Moment) -> Mapping[str, Any]:
    return assessments.years_due(session, moment)


TABLE = (
    Service(
        "quarter_assessments_due",
        N_("Find the campaigns whose quarter is to be assessed"),
        (),
        ("items", "timing"),
        _quarters,
        assessments.quarters_due,
    ),
    Service(
        "year_assessments_due",
        N_("Find the campaigns whose year is to be assessed"),
        (),
        ("items", "timing"),
        _years,
        assessments.years_due,
    ),
    Service(
        "begin_assessment",
        N_("Open the assessment of a period"),
        ("campaign_id", "period"),
        ("assessment_id", "number", "campaign_id", "period", "label", "title", "repeated"),
        assessments.begin,
    ),
    Service(
        "score_facts",
        N_("Read what the scores of all units rest on"),
        ("assessment_id",),
        ("units", "numbers"),
        assessments.gather,
    ),
    Service(
        "enter_scores",
        N_("Keep the scores with the event behind each point"),
        ("assessment_id", "units", "results"),
        ("principals", "pairs"),
        assessments.enter,
    ),
    Service(
        "note_score_answer",
        N_("Note what a unit says to its score"),
        ("assessment_id", "unit", "answer"),
        ("answer",),
        score_answers.answer,
    ),
    Service(
        "settle_appeal",
        N_("Settle an appeal against a score"),
        ("assessment_id", "unit", "verdict", "adjustment", "reason"),
        ("total", "version"),
        score_answers.adjust,
    ),
    Service(
        "keep_rating",
        N_("Keep how a lead unit rates a co-unit"),
        ("assessment_id", "lead_unit", "co_unit", "service", "rating", "comment", "rater"),
        ("rating",),
        score_answers.rate,
    ),
    Service(
        "tally_scores",
        N_("Bring ratings into the scores, and rank them"),
        ("assessment_id", "team"),
        ("scores", "low", "campaign_weight"),
        score_answers.tally,
    ),
    Service(
        "publish_scores",
        N_("Freeze the scores as approved"),
        ("assessment_id", "campaign_weight"),
        ("scores", "low", "content_hash", "published_on"),
        assessments.publish,
    ),
    Service(
        "cancel_assessment",
        N_("End an assessment with its campaign"),
        ("assessment_id", "reason"),
        ("status",),
        assessments.cancel,
    ),
)
