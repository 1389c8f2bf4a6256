"""What was done to a process, by whom and why: versions that became current, retirements, moves of running cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts
from engine.access import ADMIN, AUDITOR, Actor, require
from engine.tables import Move, ProcessChange, Version

What = Literal["published", "again", "retired", "moved"]


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why something is published although scenarios or tests of tables fail; ``failing`` names those."""

    reason: str
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """``again``: an earlier version became the current one. ``number`` is of the version that it is about.

    ``by`` is a name, "" where nobody is known; ``move_id`` is there for moves.
    """

    what: What
    at: datetime
    by: str
    version_id: int
    number: int
    comment: str
    waiver: Waiver | None = None
    move_id: str | None = None


def note(
    session: Session,
    actor: Actor,
    what: Literal["current", "retired"],
    version: Version,
    comment: str,
    waiver: Waiver | None,
    moment: Moment,
) -> None:
    """Write down that the version became the current one, or that its process was taken out of use."""
    session.add(
        ProcessChange(
            process_key=version.process_key,
            what=what,
            version_id=version.id,
            actor=actor.id,
            at=moment.now,
            comment=comment.replace("\0", ""),
            reason=waiver.reason if waiver else None,
            failing=list(waiver.failing) if waiver else None,
        )
    )
    session.flush()


def history(session: Session, actor: Actor, process_key: str) -> tuple[Change, ...]:
    """All that was done to the process, the latest first. Four statements at most. Raises NotYours."""
    require(actor, ADMIN, AUDITOR)
    rows = session.scalars(
        select(ProcessChange).where(ProcessChange.process_key == process_key).order_by(ProcessChange.id)
    ).all()
    moves = session.scalars(select(Move).where(Move.process_key == process_key).order_by(Move.begun_at, Move.id)).all()
    query = select(Version.id, Version.number).where(Version.process_key == process_key)
    numbers = dict(session.execute(query).all())
    names = accounts.names(session, {row.actor for row in rows if row.actor} | {move.begun_by for move in moves})
    found = [*_done(rows, numbers, names), *_moved(moves, numbers, names)]
    latest = sorted(enumerate(found), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return tuple(one for _, one in latest)


def waiver_of(session: Session, version_id: int) -> Waiver | None:
    """With which reason the version last became current although something failed; None where nothing did."""
    query = select(ProcessChange).where(ProcessChange.version_id == version_id, ProcessChange.what == "current")
    row = session.scalars(query.order_by(ProcessChange.id.desc()).limit(1)).one_or_none()
    return _waiver(row) if row is not None else None


def _done(rows: Sequence[ProcessChange], numbers: Mapping[int, int], names: Mapping[str, str]) -> list[Change]:
    seen: set[int] = set()
    found = []
    for row in rows:
        what: What = "retired" if row.what == "retired" else "again" if row.version_id in seen else "published"
        seen.add(row.version_id)
        by = names.get(row.actor or "", row.actor or "")
        number = numbers[row.version_id]
        found.append(Change(what, row.at, by, row.version_id, number, row.comment, _waiver(row)))
    return found


def _moved(moves: Sequence[Move], numbers: Mapping[int, int], names: Mapping[str, str]) -> list[Change]:
    return [
        Change(
            "moved",
            one.begun_at,
            names.get(one.begun_by, one.begun_by),
            one.version_id,
            numbers[one.version_id],
            one.comment,
            move_id=one.id,
        )
        for one in moves
    ]


def _waiver(row: ProcessChange) -> Waiver | None:
    return None if row.reason is None else Waiver(row.reason, tuple(row.failing or ()))
