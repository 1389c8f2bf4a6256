"""Replays finished instances on a draft: which would have gone another way, lasted longer, or missed a date.

Each is played twice, on its own version and on the draft, so that only what the draft changes shows as a difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bpmn.moment import Calendar
from engine import definitions, recordings
from engine.access import ADMIN, Actor, NotFound, require
from engine.definitions import Published
from engine.rehearsal import Act, Rehearsal, Script, rehearse
from engine.tables import Instance
from faults import Problem

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Replay:
    """One finished instance on the draft.

    ``added`` and ``skipped`` are elements that were passed more or less often than before; ``longer`` by how much it
    ends later (None: it does not end any more); ``missed`` the tasks that are late now and were in time before;
    ``unused`` what had been done and now finds nothing open; ``refused`` answers that the draft's forms would not take.
    """

    instance_id: str
    title: str
    before: Rehearsal
    after: Rehearsal
    added: Mapping[str, int]
    skipped: Mapping[str, int]
    longer: timedelta | None
    missed: tuple[str, ...]
    unused: tuple[Act, ...]
    refused: tuple[Problem, ...]
    published: Published = field(repr=False)  # the version on which it ran

    @property
    def takes_another_path(self) -> bool:
        return bool(self.added or self.skipped)

    @property
    def is_the_same(self) -> bool:
        return not (
            self.takes_another_path
            or self.longer is None
            or self.longer > timedelta()
            or self.missed
            or self.unused
            or self.refused
            or self.after.troubles
        )


@dataclass(frozen=True, slots=True)
class Gathered:
    """A finished instance, read to be played: nothing of it needs the database any more."""

    instance_id: str
    title: str
    published: Published  # its own version
    script: Script


def replay(
    session: Session, actor: Actor, process_key: str, draft: Published, limit: int, calendar: Calendar
) -> Sequence[Replay]:
    """`gather` and `play` in one."""
    return play(gather(session, actor, process_key, limit), draft, calendar)


def gather(session: Session, actor: Actor, process_key: str, limit: int) -> Sequence[Gathered]:
    """The last ``limit`` finished instances (at most 1,000) of the process, newest first. Raises NotYours.

    Five statements for each 200, and one a version; restricted instances are left out.
    """
    require(actor, ADMIN)
    query = select(Instance).where(*_playable(process_key)).order_by(Instance.changed_at.desc(), Instance.id)
    return _gathered(session, session.scalars(query.limit(min(limit, MOST))).all())


def finished(session: Session, actor: Actor, process_key: str, limit: int) -> Sequence[str]:
    """The ids of those that `gather` reads, newest first. One statement. Raises NotYours."""
    require(actor, ADMIN)
    query = select(Instance.id).where(*_playable(process_key)).order_by(Instance.changed_at.desc(), Instance.id)
    return session.scalars(query.limit(min(limit, MOST))).all()


def gather_some(session: Session, actor: Actor, process_key: str, instance_ids: Sequence[str]) -> Sequence[Gathered]:
    """Some of them, to be played by and by. Raises NotYours; those that are no more to be had are left out."""
    require(actor, ADMIN)
    query = select(Instance).where(Instance.id.in_(instance_ids), *_playable(process_key))
    return _gathered(session, session.scalars(query.order_by(Instance.changed_at.desc(), Instance.id)).all())


def gather_one(session: Session, actor: Actor, process_key: str, instance_id: str) -> Gathered:
    """One of them. Raises NotYours, and NotFound for one that has not finished or is restricted."""
    require(actor, ADMIN)
    query = select(Instance).where(Instance.id == instance_id, *_playable(process_key))
    found = _gathered(session, session.scalars(query).all())
    if not found:
        raise NotFound
    return found[0]


def play(gathered: Sequence[Gathered], draft: Published, calendar: Calendar) -> Sequence[Replay]:
    """Some ten milliseconds each, without a database: end the transaction before, others wait for it."""
    return [_replayed(one, draft, calendar) for one in gathered]


def _playable(process_key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Instance.process_key == process_key,
        Instance.status == "completed",
        Instance.restricted_to.is_(None),
    )


def _gathered(session: Session, instances: Sequence[Instance]) -> list[Gathered]:
    scripts = recordings.scripts(session, instances)
    versions = {one: definitions.published(session, one) for one in {one.version_id for one in instances}}
    return [Gathered(one.id, one.title, versions[one.version_id], scripts[one.id]) for one in instances]


def _replayed(gathered: Gathered, draft: Published, calendar: Calendar) -> Replay:
    before = rehearse(gathered.published, gathered.script, calendar)
    after = rehearse(draft, gathered.script, calendar)
    old, new = Counter(before.elements), Counter(after.elements)
    return Replay(
        instance_id=gathered.instance_id,
        title=gathered.title,
        before=before,
        after=after,
        added=dict(new - old),
        skipped=dict(old - new),
        longer=_longer(before, after),
        missed=_missed(before, after),
        unused=tuple(act for act in after.left if act not in before.left),
        refused=tuple(problem for problem in after.refused if problem not in before.refused),
        published=gathered.published,
    )


def summed(found: Replay) -> Replay:
    """What is needed to say what is different, without the two courses: thousands of them are kept for a while."""
    return replace(found, before=_summed(found.before), after=_summed(found.after))


def _summed(course: Rehearsal) -> Rehearsal:
    return replace(
        course, passed=(), elements={}, flows={}, tasks=(), left=(), waits=(), thrown=(), variables={}, state=b""
    )


def _longer(before: Rehearsal, after: Rehearsal) -> timedelta | None:
    if before.ended_at is None:
        return timedelta()
    if after.ended_at is None:
        return None
    return after.ended_at - before.ended_at


def _missed(before: Rehearsal, after: Rehearsal) -> tuple[str, ...]:
    """Elements with more late tasks than before, in the order in which they were opened."""
    late = Counter(task.element for task in before.tasks if task.late)
    now = Counter(task.element for task in after.tasks if task.late)
    return tuple(dict.fromkeys(task.element for task in after.tasks if now[task.element] > late[task.element]))
