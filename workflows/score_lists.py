"""Assessments and scores for pages: the table of an assessment, one score with its events, one unit over time.

Who works in a district sees its own score; who holds a role in a body of the city sees all of them (`workflows.sight`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from engine.access import Actor, NotFound, NotYours
from workflows import scores
from workflows.organisation import district_of
from workflows.score_results import in_order
from workflows.sight import Sight, sight
from workflows.tables import Assessment, Campaign, Rating, Score, ScoreEvent


@dataclass(frozen=True, slots=True)
class Table:
    """``before``: unit -> its total in the assessment before this one, for those that had one."""

    assessment: Assessment
    campaign: Campaign
    scores: tuple[Score, ...]
    before: dict[str, Score]
    ratings: tuple[Rating, ...]
    others: tuple[Assessment, ...]  # of the campaign, the newest first


@dataclass(frozen=True, slots=True)
class View:
    """One version of a score. ``versions``: all of them, the newest first."""

    score: Score
    assessment: Assessment
    campaign: Campaign
    versions: tuple[Score, ...]
    course: tuple[Score, ...]  # current scores of the unit in all assessments, in the order of their periods


def newest(session: Session, actor: Actor, campaign_id: str | None) -> str | None:
    """The assessment that was made last, of a campaign or of any. Raises NotYours."""
    sight(actor)
    rows = select(Assessment.id).where(Assessment.status != "cancelled")
    if campaign_id is not None:
        rows = rows.where(Assessment.campaign_id == campaign_id)
    return session.scalars(rows.order_by(Assessment.computed_at.desc(), Assessment.id).limit(1)).first()


def table(session: Session, actor: Actor, assessment_id: str) -> Table:
    """Raises NotFound, NotYours."""
    districts = sight(actor)
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotFound
    held = [one for one in scores.current(session, assessment_id).values() if _is_seen(one.unit, districts)]
    others = select(Assessment).where(
        Assessment.campaign_id == assessment.campaign_id, Assessment.status != "cancelled"
    )
    ratings = select(Rating).where(Rating.assessment_id == assessment_id).order_by(Rating.co_unit, Rating.lead_unit)
    known = tuple(session.scalars(others.order_by(Assessment.computed_at.desc(), Assessment.id)))
    return Table(
        assessment=assessment,
        campaign=session.get_one(Campaign, assessment.campaign_id),
        scores=tuple(in_order(held)),
        before=_before(session, assessment, known),
        ratings=tuple(session.scalars(ratings)) if districts is None else (),
        others=known,
    )


def view(session: Session, actor: Actor, score_id: str) -> View:
    """Raises NotFound, NotYours."""
    score = _found(session, actor, score_id)
    course = (
        select(Score)
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(
            Score.campaign_id == score.campaign_id,
            Score.unit == score.unit,
            Score.is_current.is_(True),
            Assessment.status != "cancelled",
        )
        .order_by(Assessment.last_day, Assessment.computed_at)
    )
    return View(
        score=score,
        assessment=session.get_one(Assessment, score.assessment_id),
        campaign=session.get_one(Campaign, score.campaign_id),
        versions=tuple(scores.versions(session, score.assessment_id, score.unit)),
        course=tuple(session.scalars(course)),
    )


def events(
    session: Session, actor: Actor, score_id: str, component: str, lost_only: bool, limit: int, offset: int
) -> tuple[list[ScoreEvent], int]:
    """A page of the events behind a score, those that cost most first, and how many there are.

    ``component``: of one, or of all if it is empty.  ``lost_only``: only where points are missing.
    """
    _found(session, actor, score_id)
    where: list[ColumnElement[bool]] = [ScoreEvent.score_id == score_id]
    if component:
        where.append(ScoreEvent.component == component)
    if lost_only:
        # By the share: what is rounded off one event is given to the next, so that full points may differ by a trifle.
        where.append(or_(and_(ScoreEvent.possible.is_not(None), ScoreEvent.share < 1), ScoreEvent.points < 0))
    total = session.scalar(select(func.count()).select_from(ScoreEvent).where(*where)) or 0
    cost = ScoreEvent.points - func.coalesce(ScoreEvent.possible, 0)
    rows = select(ScoreEvent).where(*where).order_by(cost, ScoreEvent.day, ScoreEvent.id).limit(limit).offset(offset)
    return list(session.scalars(rows)), total


def all_events(session: Session, score_ids: Iterable[str]) -> list[ScoreEvent]:
    """The events of some scores, for an export."""
    rows = select(ScoreEvent).where(ScoreEvent.score_id.in_(list(score_ids)))
    return list(session.scalars(rows.order_by(ScoreEvent.score_id, ScoreEvent.id)))


def _found(session: Session, actor: Actor, score_id: str) -> Score:
    districts = sight(actor)
    score = session.get(Score, score_id)
    if score is None:
        raise NotFound
    if not _is_seen(score.unit, districts):
        raise NotYours
    return score


def _is_seen(unit: str, districts: Sight) -> bool:
    return districts is None or district_of(unit) in districts


def _before(session: Session, assessment: Assessment, known: Iterable[Assessment]) -> dict[str, Score]:
    earlier = [one for one in known if one.last_day < assessment.last_day and len(one.period) == len(assessment.period)]
    return scores.current(session, max(earlier, key=lambda one: one.last_day).id) if earlier else {}
