"""What bringing a draft in from another tool has changed or not taken over: kept with it until it is put away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session, undefer

from engine.access import ADMIN, Actor, NotFound, require
from engine.tables import ProcessDraft
from faults import Problem


def rows(notes: Iterable[Problem]) -> list[dict[str, Any]] | None:
    """As the draft keeps them."""
    return [
        {"element": one.element, "code": one.code, "message": one.message, "params": dict(one.params)} for one in notes
    ] or None


def notes_of(draft: ProcessDraft) -> tuple[Problem, ...]:
    return tuple(
        Problem(one["element"], one["code"], one["message"], one["params"], "warning") for one in draft.notes or ()
    )


def put_away(session: Session, actor: Actor, draft_id: str) -> None:
    """They have been read. The draft keeps its revision, so that who has it open goes on. Raises NotYours, NotFound."""
    require(actor, ADMIN)
    draft = session.get(ProcessDraft, draft_id, options=[undefer(ProcessDraft.notes)])
    if draft is None:
        raise NotFound
    table = ProcessDraft.metadata.tables[ProcessDraft.__tablename__]
    session.execute(update(table).where(table.c.id == draft_id).values(notes=None))
    session.expire(draft, ["notes"])
