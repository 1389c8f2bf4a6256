"""What administrators make of the templates: each edition is kept, the latest is in force, any can come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import ADMIN, Actor, NotFound, require
from faults import N_, Problem
from workflows.papers.kinds import PAPERS, SAMPLES, TEMPLATES
from workflows.papers.language import TemplateRefused
from workflows.papers.text import Text, text_of
from workflows.tables import PaperTemplate

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Edition:
    """``number`` counts from 1; 0 is the shipped one. ``text`` is None where the shipped one was taken up again."""

    number: int
    text: str | None
    saved_by: str | None
    saved_at: datetime | None
    reason: str


def in_force(session: Session, kind: str) -> str:
    """The text of the template that papers of this kind are compiled by. Raises KeyError for unknown kinds."""
    latest = select(PaperTemplate.text).where(PaperTemplate.kind == kind).order_by(PaperTemplate.id.desc()).limit(1)
    return session.scalar(latest) or shipped(kind)


def history(session: Session, kind: str) -> tuple[Edition, ...]:
    """All editions, the latest first; the last one is the shipped one. Raises NotFound."""
    _require_kind(kind)
    rows = session.scalars(select(PaperTemplate).where(PaperTemplate.kind == kind).order_by(PaperTemplate.id)).all()
    kept = [Edition(count, row.text, row.saved_by, row.saved_at, row.reason) for count, row in enumerate(rows, 1)]
    return (*reversed(kept), Edition(0, shipped(kind), None, None, ""))


def edited(session: Session) -> frozenset[str]:
    """The kinds whose template in force is not the shipped one."""
    latest = select(func.max(PaperTemplate.id)).group_by(PaperTemplate.kind)
    wanted = select(PaperTemplate.kind).where(PaperTemplate.id.in_(latest), PaperTemplate.text.is_not(None))
    return frozenset(session.scalars(wanted))


def save(session: Session, actor: Actor, kind: str, text: str, reason: str, moment: Moment) -> None:
    """Put a new text into force, if it makes a paper of the sample; for administrators.

    Raises NotYours, NotFound, TemplateRefused.
    """
    require(actor, ADMIN)
    preview(kind, text)
    _keep(session, actor, kind, None if text == shipped(kind) else text, reason, moment)


def revert(session: Session, actor: Actor, kind: str, edition: int, moment: Moment) -> None:
    """Put an earlier edition into force again, 0 for the shipped one. Raises NotYours, NotFound, TemplateRefused."""
    require(actor, ADMIN)
    found = next((one for one in history(session, kind) if one.number == edition), None)
    if found is None:
        raise NotFound
    preview(kind, found.text or shipped(kind))
    text = None if found.number == 0 else found.text
    _keep(session, actor, kind, text, f"← {edition}", moment)


def preview(kind: str, text: str) -> Text:
    """What the template makes of the sample. Raises NotFound, TemplateRefused."""
    _require_kind(kind)
    return text_of(text.replace("\r\n", "\n"), sample(kind)["data"])


@cache
def shipped(kind: str) -> str:
    return (TEMPLATES / f"{kind}.html").read_text("utf-8")


@cache
def sample(kind: str) -> dict[str, Any]:
    """Made-up data for the preview: {"data", "paper"}."""
    found: dict[str, Any] = json.loads((SAMPLES / f"{kind}.json").read_text("utf-8"))
    return found


def _keep(session: Session, actor: Actor, kind: str, text: str | None, reason: str, moment: Moment) -> None:
    if not reason.strip():
        raise TemplateRefused([Problem("reason", "required", N_("Please say why."))])
    reason = reason.strip()[:LONGEST_REASON]
    text = text.replace("\r\n", "\n") if text is not None else None
    session.add(PaperTemplate(kind=kind, text=text, saved_by=actor.id, saved_at=moment.now, reason=reason))
    session.flush()


def _require_kind(kind: str) -> None:
    if kind not in PAPERS:
        raise NotFound
