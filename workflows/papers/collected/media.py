"""What the media get and write: the plan of coverage, an exposure, an internal reference, a correction (M5). S4.5"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Campaign, Exposure, MediaClue

# What a diagram may leave out, because the case did not come that far.
_CLUE = ("number", "unit", "task_code", "clue", "source", "cause", "severity", "statement", "fail_count", "exposures")
_PLAN = ("theme", "outlets", "units", "period")
_CORRECTION = ("number", "outlet", "published_on", "exposure", "text")


def plan(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """{"campaign": title, "plan": {theme, outlets, units, period}}."""
    return {"campaign": _campaign(session, campaign_id), "plan": _named(facts, _PLAN)}


def clue(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """{"campaign": title, "clue": {number, unit, task_code, clue, source, cause, severity, statement, fail_count,
    exposures}, "source": the clue}."""
    found = _named(facts, _CLUE)
    row = session.scalars(select(MediaClue).where(MediaClue.number == found["number"])).one_or_none()
    source = [{"kind": "media_clue", "id": row.id, "title": row.title}] if row is not None else []
    return {"campaign": _campaign(session, campaign_id), "clue": found, "source": source}


def correction(
    session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment
) -> Mapping[str, Any]:
    """{"campaign": title, "correction": {number, outlet, published_on, exposure: its title, text}, "source"}."""
    found = _named(facts, _CORRECTION)
    row = session.scalars(select(Exposure).where(Exposure.number == found["number"])).one_or_none()
    source = [{"kind": "exposure", "id": row.id, "title": row.title}] if row is not None else []
    return {"campaign": _campaign(session, campaign_id), "correction": found, "source": source}


def _named(facts: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: facts.get(name) for name in names}


def _campaign(session: Session, campaign_id: str | None) -> str:
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    return campaign.title if campaign is not None else ""
