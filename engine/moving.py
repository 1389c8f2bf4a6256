"""Moves running instances to another version of their process, one transaction for each, in the background.

Tasks keep their ids, and with them who has taken them, what was typed, since when they are open and until when; their
names, forms and who may do them become those of the new version.  Timers keep their times.  What can't be moved stays
untouched on its version, and the report says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts, definitions, instances, moved_rows, record, runtime
from engine.access import ADMIN, AUDITOR, Actor, NotFound, lets_in, not_hidden, require
from engine.impact import RUNNING, Mappings
from engine.runtime import CorruptState, Immovable
from engine.tables import Instance, InstanceMove, Move, Version
from faults import N_, Fault, Problem

PENDING, MOVED, UNTOUCHED, STOPPED = "pending", "moved", "untouched", "stopped"
LISTED = 200  # cases of each kind that a report lists

_ENDED = Problem("", "ended", N_("The case had ended before its turn came."))
_THERE = Problem("", "there", N_("The case was on this version already."))


class NothingToMove(Fault):
    """No running case of this process is on another version, so there is nothing to move."""


class NothingLeft(Fault):
    """All cases of this order have had their turn, so there is nothing left to stop."""


@dataclass(frozen=True, slots=True)
class Line:
    """A case that stayed where it was, and why."""

    instance_id: str
    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class MovedCase:
    """A case that was moved: the elements at which it stood in its version of then, and stands in the new one."""

    instance_id: str
    title: str
    from_version_id: int
    stood: tuple[str, ...]
    stands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How far an order has come. ``counts`` by status: pending, moved, untouched, stopped; of those that were moved and
    that stayed, the first are listed."""

    move: Move
    version: Version
    counts: Mapping[str, int]
    untouched: tuple[Line, ...]
    moved: tuple[MovedCase, ...]
    begun_by: str

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - self.counts.get(PENDING, 0)


def begin(
    session: Session,
    actor: Actor,
    version_id: int,
    mappings: Mappings,
    comment: str,
    most: int | None,
    moment: Moment,
) -> Move:
    """Order the running cases of the process, the oldest first and at most ``most``, to be moved to a version.

    Cases of versions that ``mappings`` doesn't name stay.  Raises NotYours, NotFound, NothingToMove.
    """
    require(actor, ADMIN)
    version = session.get(Version, version_id)
    if version is None:
        raise NotFound
    running = (
        select(Instance.id, Instance.version_id)
        .where(
            Instance.process_key == version.process_key,
            Instance.status.in_(RUNNING),
            Instance.version_id.in_([one for one in mappings if one != version_id]),
            lets_in(actor),
        )
        .order_by(Instance.started_at, Instance.id)
        .limit(most)
    )
    chosen = session.execute(running).all()
    if not chosen:
        raise NothingToMove
    move = Move(
        id=uuid.uuid4().hex,
        process_key=version.process_key,
        version_id=version_id,
        mappings={str(one): dict(mapping) for one, mapping in mappings.items()},
        comment=comment.replace("\0", ""),
        begun_by=actor.id,
        begun_at=moment.now,
    )
    session.add(move)
    session.flush()
    session.add_all(
        InstanceMove(
            id=uuid.uuid4().hex,
            move_id=move.id,
            instance_id=instance_id,
            from_version_id=from_version,
            status=PENDING,
            stood=[],
            stands=[],
            problems=[],
            next_at=moment.now,
        )
        for instance_id, from_version in chosen
    )
    session.flush()
    return move


def stop(session: Session, actor: Actor, move_id: str) -> None:
    """Leave those cases alone whose turn has not come. Raises NotYours, NotFound, NothingLeft."""
    require(actor, ADMIN)
    if session.get(Move, move_id) is None:
        raise NotFound
    waiting = select(InstanceMove.id).where(InstanceMove.move_id == move_id, InstanceMove.status == PENDING)
    left = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    if not left:
        raise NothingLeft
    session.execute(
        update(InstanceMove).where(InstanceMove.id.in_(left)).values(status=STOPPED, next_at=None),
        execution_options={"synchronize_session": False},
    )


def orders(session: Session, actor: Actor, process_key: str) -> Sequence[Move]:
    """The orders for a process, the latest first. Raises NotYours."""
    require(actor, ADMIN, AUDITOR)
    query = select(Move).where(Move.process_key == process_key).order_by(Move.begun_at.desc(), Move.id)
    return session.scalars(query.limit(LISTED)).all()


def report(session: Session, actor: Actor, move_id: str) -> Report:
    """Raises NotYours, NotFound. Six statements."""
    require(actor, ADMIN, AUDITOR)
    move = session.get(Move, move_id)
    if move is None:
        raise NotFound
    counts: dict[str, int] = dict(
        session.execute(
            select(InstanceMove.status, func.count())
            .where(InstanceMove.move_id == move_id)
            .group_by(InstanceMove.status)
        ).all()
    )
    untouched = tuple(
        Line(row.instance_id, title, _problems(row.problems)) for row, title in _listed(session, actor, move, UNTOUCHED)
    )
    moved = tuple(
        MovedCase(row.instance_id, title, row.from_version_id, tuple(row.stood), tuple(row.stands))
        for row, title in _listed(session, actor, move, MOVED)
    )
    begun_by = accounts.names(session, {move.begun_by}).get(move.begun_by, move.begun_by)
    return Report(move, session.get_one(Version, move.version_id), counts, untouched, moved, begun_by)


def _listed(session: Session, actor: Actor, move: Move, status: str) -> Iterator[tuple[InstanceMove, str]]:
    """The first rows of that status, in the order in which they were done, each with the title of its case."""
    query = (
        select(InstanceMove, Instance.title)
        .join(Instance, Instance.id == InstanceMove.instance_id)
        .where(
            InstanceMove.move_id == move.id,
            InstanceMove.status == status,
            not_hidden(InstanceMove.instance_id, actor),
        )
        .order_by(InstanceMove.done_at, InstanceMove.id)
        .limit(LISTED)
    )
    yield from session.execute(query)


def perform(session: Session, row_id: str, attempt: int, moment: Moment) -> None:
    """Move the one instance of a row whose turn has come. Nothing happens if it is done, stopped or not due."""
    row = session.get(InstanceMove, row_id)
    if row is None:
        return
    instance = instances.locked(session, row.instance_id)
    row = session.get_one(InstanceMove, row_id, populate_existing=True, with_for_update=True)
    if row.attempts != attempt or row.next_at is None or row.status != PENDING:
        return
    if row.next_at > moment.now:
        row.attempts += 1
        return
    from_version = instance.version_id
    # Everything is flushed once, and the row says what has come of it when all is done: each row is written once.
    with session.no_autoflush:
        stood, stands, problems = _tried(session, instance, row.move_id, moment)
    row.attempts += 1
    row.next_at, row.done_at, row.from_version_id = None, moment.now, from_version
    row.status = UNTOUCHED if problems else MOVED
    row.stood, row.stands = list(stood), list(stands)
    row.problems = [
        {"element": one.element, "code": one.code, "message": one.message, "params": dict(one.params)}
        for one in problems
    ]
    session.flush()


def _tried(
    session: Session, instance: Instance, move_id: str, moment: Moment
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Problem, ...]]:
    """Move it: the elements at which it stood and stands now, or why it stays."""
    named = select(Move, Version).join(Version, Version.id == Move.version_id).where(Move.id == move_id)
    move, version = session.execute(named).one()
    problems = _obstacles(instance, move)
    if problems:
        return (), (), problems
    stood: tuple[str, ...] = ()
    try:
        stood = runtime.elements_at(definitions.of(session, instance.version_id), instance.state)
        _move(session, instance, move, version, moment)
    except Immovable as refused:
        return stood, (), refused.problems
    except CorruptState as fault:
        return stood, (), (Problem("", "corrupt", fault.message),)
    if instance.status not in RUNNING:
        return stood, (), ()
    return stood, runtime.elements_at(definitions.of(session, version.id), instance.state), ()


def _obstacles(instance: Instance, move: Move) -> tuple[Problem, ...]:
    if instance.status not in RUNNING:
        return (_ENDED,)
    return (_THERE,) if instance.version_id == move.version_id else ()


def _move(session: Session, instance: Instance, move: Move, version: Version, moment: Moment) -> None:
    """Raises Immovable before anything is changed."""
    before = instance.version
    mapping: Mapping[str, str] = move.mappings.get(str(before.id), {})
    after = definitions.of(session, version.id)
    moved = runtime.move(definitions.of(session, before.id), after, instance.state, mapping, moment)
    instance.version_id, instance.version = version.id, version
    troubles = moved_rows.follow(session, instance, moved, moment)
    renamed = {old: new for old, new in mapping.items() if old != new}
    data: dict[str, Any] = {"from": before.id, "from_number": before.number, "to": version.id}
    data |= {"to_number": version.number, "mapping": renamed, "move": move.id}
    outcome = replace(moved.outcome, troubles=(*moved.outcome.troubles, *troubles))
    record.apply(session, instance, outcome, record.Entry("moved", actor=move.begun_by, data=data), moment)


def _problems(stored: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(one["element"], one["code"], one["message"], one["params"]) for one in stored)
