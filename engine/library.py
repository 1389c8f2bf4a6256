"""The library of processes: what there is, in which versions, what is drafted, and taking a process out of use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import process_drafts, publish
from engine.access import ADMIN, AUDITOR, Actor, NotFound, require
from engine.services import Services
from engine.tables import Instance, Process, ProcessDraft, StartEvent, Version


@dataclass(frozen=True, slots=True)
class Edition:
    """One version with the number of its instances."""

    version: Version
    running: int
    ended: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A process; ``editions`` newest first. ``current_id`` is None for one that was never published."""

    key: str
    name: str
    current_id: int | None
    retired_at: datetime | None
    editions: tuple[Edition, ...]
    drafts: tuple[ProcessDraft, ...]

    @property
    def running(self) -> int:
        return sum(edition.running for edition in self.editions)

    @property
    def current(self) -> Edition | None:
        return next((edition for edition in self.editions if edition.version.id == self.current_id), None)


def entries(session: Session, actor: Actor, search: str) -> list[Entry]:
    """All processes whose key or name holds ``search``, those in use first. Four statements. Raises NotYours."""
    require(actor, ADMIN, AUDITOR)
    wanted = f"%{_escaped(search.strip())}%"
    processes = session.scalars(
        select(Process)
        .where(or_(Process.key.ilike(wanted, escape="\\"), Process.name.ilike(wanted, escape="\\")))
        .order_by(Process.retired_at.is_not(None), Process.key)
    ).all()
    editions = _editions(session, [process.key for process in processes])
    drafts = _drafts(session, wanted, [process.key for process in processes])
    found = [
        Entry(
            one.key, one.name, one.current_version_id, one.retired_at, editions[one.key], tuple(drafts.pop(one.key, ()))
        )
        for one in processes
    ]
    new = [Entry(key, rows[0].name, None, None, (), tuple(rows)) for key, rows in sorted(drafts.items())]
    return [*new, *found]


def roll_back(
    session: Session, actor: Actor, version_id: int, comment: str, services: Services, moment: Moment
) -> Version:
    """Make an earlier version the current one again. It is checked as if it were new.

    Raises NotYours, NotFound, PublishRefused.
    """
    require(actor, ADMIN)
    if session.get(Version, version_id) is None:
        raise NotFound
    bundle = process_drafts.bundle_of_version(session, version_id)
    return publish.publish(session, actor, bundle, comment, services, moment)


def retire(session: Session, actor: Actor, process_key: str, moment: Moment) -> None:
    """Let nothing start the process any more; what runs goes on. Publishing a version takes it back into use.

    Raises NotYours, NotFound.
    """
    require(actor, ADMIN)
    process = session.get(Process, process_key, with_for_update=True, populate_existing=True)
    if process is None:
        raise NotFound
    process.retired_at = process.retired_at or moment.now
    session.execute(delete(StartEvent).where(StartEvent.process_key == process_key))
    session.flush()


def _editions(session: Session, keys: list[str]) -> Mapping[str, tuple[Edition, ...]]:
    running = func.sum(case((Instance.status.in_(("active", "failed")), 1), else_=0))
    counts = {
        version_id: (int(active or 0), int(all_ - (active or 0)))
        for version_id, active, all_ in session.execute(
            select(Instance.version_id, running, func.count())
            .where(Instance.process_key.in_(keys))
            .group_by(Instance.version_id)
        )
    }
    found: dict[str, list[Edition]] = defaultdict(list)
    versions = select(Version).where(Version.process_key.in_(keys)).order_by(Version.number.desc())
    for version in session.scalars(versions):
        found[version.process_key].append(Edition(version, *counts.get(version.id, (0, 0))))
    return defaultdict(tuple, {key: tuple(editions) for key, editions in found.items()})


def _drafts(session: Session, wanted: str, keys: list[str]) -> dict[str, list[ProcessDraft]]:
    found: dict[str, list[ProcessDraft]] = defaultdict(list)
    matches = or_(
        ProcessDraft.process_key.in_(keys),
        ProcessDraft.process_key.ilike(wanted, escape="\\"),
        ProcessDraft.name.ilike(wanted, escape="\\"),
    )
    query = select(ProcessDraft).where(ProcessDraft.status.in_(("open", "scheduled")), matches)
    for draft in session.scalars(query.order_by(ProcessDraft.edited_at.desc(), ProcessDraft.id)):
        found[draft.process_key].append(draft)
    return dict(found)


def _escaped(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text
