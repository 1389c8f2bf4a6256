"""The library of processes: what there is, in which versions, what is drafted, and taking a process out of use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts, process_changes, process_drafts, publish, trials
from engine.access import ADMIN, AUDITOR, Actor, NotFound, require
from engine.services import Services
from engine.tables import Instance, Process, ProcessDraft, StartEvent, Version


@dataclass(frozen=True, slots=True)
class Edition:
    """One version with the number of its instances; ``by``: the name of who published it, "" where it is not known."""

    version: Version
    running: int
    ended: int
    by: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """A draft that is open or scheduled, with the names of who began it and who saved it last."""

    draft: ProcessDraft
    begun_by: str
    edited_by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A process; ``editions`` newest first. ``current_id`` is None for one that was never published.

    ``people``: the names and accounts of who published its versions or works on its drafts.
    """

    key: str
    name: str
    current_id: int | None
    retired_at: datetime | None
    editions: tuple[Edition, ...]
    drafts: tuple[Sketch, ...]
    people: frozenset[str]

    @property
    def running(self) -> int:
        return sum(edition.running for edition in self.editions)

    @property
    def ended(self) -> int:
        return sum(edition.ended for edition in self.editions)

    @property
    def current(self) -> Edition | None:
        return next((edition for edition in self.editions if edition.version.id == self.current_id), None)


def entries(session: Session, actor: Actor) -> list[Entry]:
    """All processes: those that are only drafted, then those in use, then the others. Five statements.

    Raises NotYours.
    """
    return _entries(session, actor, None)


def entry(session: Session, actor: Actor, process_key: str) -> Entry:
    """One process, published or only drafted. Five statements. Raises NotYours, NotFound."""
    found = _entries(session, actor, process_key)
    if not found:
        raise NotFound
    return found[0]


def roll_back(
    session: Session, actor: Actor, version_id: int, comment: str, services: Services, moment: Moment
) -> Version:
    """Make an earlier version the current one again. It is checked and tried as if it were new.

    Where scenarios or tests fail, the comment is the reason.  Raises NotYours, NotFound, PublishRefused, TrialsFail.
    """
    require(actor, ADMIN)
    version = session.get(Version, version_id)
    if version is None:
        raise NotFound
    bundle = process_drafts.bundle_of_version(session, version_id)
    waiver = trials.demand(session, actor, version.process_key, bundle, comment, services, moment)
    return publish.publish(session, actor, bundle, comment, services, moment, waiver)


def retire(session: Session, actor: Actor, process_key: str, comment: str, moment: Moment) -> None:
    """Let nothing start the process any more; what runs goes on. Publishing a version takes it back into use.

    Raises NotYours, NotFound.
    """
    require(actor, ADMIN)
    process = session.get(Process, process_key, with_for_update=True, populate_existing=True)
    if process is None:
        raise NotFound
    if process.retired_at is not None:
        return
    process.retired_at = moment.now
    version = session.get_one(Version, process.current_version_id)
    process_changes.note(session, actor, "retired", version, comment, None, moment)
    session.execute(delete(StartEvent).where(StartEvent.process_key == process_key))
    session.flush()


def _entries(session: Session, actor: Actor, key: str | None) -> list[Entry]:
    require(actor, ADMIN, AUDITOR)
    query = select(Process).order_by(Process.retired_at.is_not(None), Process.key)
    processes = session.scalars(query if key is None else query.where(Process.key == key)).all()
    versions = _versions(session, key)
    drafts = _drafts(session, key)
    counts = _counts(session, key)
    names = accounts.names(session, _people(versions.values(), drafts.values()))
    known = {one.key: one for one in processes}
    new = sorted(drafts.keys() - known.keys())
    return [
        _entry(one, known.get(one), versions.get(one, []), drafts.get(one, []), counts, names) for one in (*new, *known)
    ]


def _entry(
    key: str,
    process: Process | None,
    versions: Sequence[Version],
    drafts: Sequence[ProcessDraft],
    counts: Mapping[int, tuple[int, int]],
    names: Mapping[str, str],
) -> Entry:
    def called(account: str | None) -> str:
        return names.get(account or "", account or "")

    people = _people([versions], [drafts])
    return Entry(
        key,
        process.name if process else drafts[0].name,
        process.current_version_id if process else None,
        process.retired_at if process else None,
        tuple(Edition(one, *counts.get(one.id, (0, 0)), called(one.published_by)) for one in versions),
        tuple(Sketch(one, called(one.begun_by), called(one.edited_by)) for one in drafts),
        frozenset(people | {called(one) for one in people}),
    )


def _people(versions: Iterable[Sequence[Version]], drafts: Iterable[Sequence[ProcessDraft]]) -> set[str]:
    """Ids of accounts."""
    published = {one.published_by for some in versions for one in some if one.published_by}
    return published | {account for some in drafts for one in some for account in (one.begun_by, one.edited_by)}


def _counts(session: Session, key: str | None) -> dict[int, tuple[int, int]]:
    """Version id -> how many of its cases run, how many have ended."""
    running = func.sum(case((Instance.status.in_(("active", "failed")), 1), else_=0))
    query = select(Instance.version_id, running, func.count()).group_by(Instance.version_id)
    rows = session.execute(query if key is None else query.where(Instance.process_key == key))
    return {version_id: (int(active or 0), int(every - (active or 0))) for version_id, active, every in rows}


def _versions(session: Session, key: str | None) -> dict[str, list[Version]]:
    query = select(Version).order_by(Version.number.desc())
    found: dict[str, list[Version]] = defaultdict(list)
    for version in session.scalars(query if key is None else query.where(Version.process_key == key)):
        found[version.process_key].append(version)
    return dict(found)


def _drafts(session: Session, key: str | None) -> dict[str, list[ProcessDraft]]:
    """Those that are open or scheduled, the last saved first."""
    query = select(ProcessDraft).where(ProcessDraft.status.in_(("open", "scheduled")))
    query = query.order_by(ProcessDraft.edited_at.desc(), ProcessDraft.id)
    found: dict[str, list[ProcessDraft]] = defaultdict(list)
    for draft in session.scalars(query if key is None else query.where(ProcessDraft.process_key == key)):
        found[draft.process_key].append(draft)
    return dict(found)
