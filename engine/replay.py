"""Replays finished instances on a draft: which would have gone another way, lasted longer, or missed a date.

Each is played twice, on its own version and on the draft, so that only what the draft changes shows as a difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Calendar
from engine import definitions, recordings
from engine.access import ADMIN, Actor, NotFound, require
from engine.definitions import Published
from engine.rehearsal import Act, Rehearsal, rehearse
from engine.tables import Instance
from faults import Problem

MOST = 200


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


def replay(
    session: Session, actor: Actor, process_key: str, draft: Published, limit: int, calendar: Calendar
) -> Sequence[Replay]:
    """The last ``limit`` finished instances (at most 200) of the process, newest first. Raises NotYours.

    Some five statements an instance; restricted instances are left out.
    """
    require(actor, ADMIN)
    query = (
        select(Instance)
        .where(
            Instance.process_key == process_key,
            Instance.status == "completed",
            Instance.restricted_to.is_(None),
        )
        .order_by(Instance.changed_at.desc(), Instance.id)
        .limit(min(limit, MOST))
    )
    return [_replayed(session, instance, draft, calendar) for instance in session.scalars(query).all()]


def replay_one(
    session: Session, actor: Actor, process_key: str, instance_id: str, draft: Published, calendar: Calendar
) -> Replay:
    """One of them. Raises NotYours, and NotFound for one that has not finished or is restricted."""
    require(actor, ADMIN)
    instance = session.get(Instance, instance_id)
    if (
        instance is None
        or instance.process_key != process_key
        or instance.status != "completed"
        or instance.restricted_to is not None
    ):
        raise NotFound
    return _replayed(session, instance, draft, calendar)


def _replayed(session: Session, instance: Instance, draft: Published, calendar: Calendar) -> Replay:
    script = recordings.script(session, instance)
    before = rehearse(definitions.published(session, instance.version_id), script, calendar)
    after = rehearse(draft, script, calendar)
    old, new = Counter(before.elements), Counter(after.elements)
    return Replay(
        instance_id=instance.id,
        title=instance.title,
        before=before,
        after=after,
        added=dict(new - old),
        skipped=dict(old - new),
        longer=_longer(before, after),
        missed=_missed(before, after),
        unused=tuple(act for act in after.left if act not in before.left),
        refused=tuple(problem for problem in after.refused if problem not in before.refused),
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
