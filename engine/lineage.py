"""On which version an instance was at a time: after a move, what was done before is read by the version of then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions
from engine.definitions import Published
from engine.tables import Record

MOVED = "moved"  # what an entry of the record is called that says of a move


@dataclass(frozen=True, slots=True)
class Lineage:
    """``moves`` are (number of the entry, version before it), the earliest first; ``now`` is the version since."""

    moves: tuple[tuple[int, int], ...]
    now: int

    def at(self, session: Session, seq: int) -> Published:
        """The version on which the instance was at the entry ``seq`` of its record."""
        version = next((before for number, before in self.moves if seq < number), self.now)
        return definitions.published(session, version)


def of_latest(version_id: int, entries: Iterable[Record]) -> Lineage:
    """For the last ``entries`` of a record."""
    return Lineage(_moves(entries), version_id)


def of_earlier(session: Session, instance_id: str, version_id: int, entries: Sequence[Record]) -> Lineage:
    """For ``entries``, newest first, after which there are others. One statement."""
    newest = entries[0].seq if entries else 0
    later = select(Record).where(Record.instance_id == instance_id, Record.seq > newest, Record.what == MOVED)
    return Lineage((*_moves(entries), *_moves(session.scalars(later.order_by(Record.seq).limit(1)))), version_id)


def at_token(session: Session, instance_id: str, version_id: int, token: str) -> Published:
    """The version on which the instance was when the task ``token`` was completed. One statement."""
    done = select(Record.seq).where(
        Record.instance_id == instance_id, Record.token == token, Record.what == "completed"
    )
    later = select(Record).where(
        Record.instance_id == instance_id,
        Record.what == MOVED,
        Record.seq > done.order_by(Record.seq).limit(1).scalar_subquery(),
    )
    return Lineage(_moves(session.scalars(later.order_by(Record.seq).limit(1))), version_id).at(session, 0)


def _moves(entries: Iterable[Record]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((one.seq, int(one.data["from"])) for one in entries if one.what == MOVED))
