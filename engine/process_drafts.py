"""Drafts of processes: begun, copied, brought in, saved, published now or later, dropped; for administrators.

A draft has a revision. Whoever saves names the revision he has seen: a later one by somebody else is never overwritten.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer_group

from bpmn.blank import blank
from bpmn.checks.case import is_name
from bpmn.diagram import read_diagram
from bpmn.encodings import as_utf8
from bpmn.foreign import Adopted, adopt
from bpmn.foreign.ids import subject
from bpmn.moment import Moment
from bpmn.renaming import rekeyed
from engine import accounts, definitions, draft_notes, publish, trials
from engine.access import ADMIN, Actor, NotFound, require
from engine.database import upsert
from engine.process_changes import Waiver
from engine.publish import Bundle
from engine.services import Services
from engine.tables import Account, DraftPresence, ProcessDraft, Version
from engine.tables.base import NAME, TITLE
from faults import Fault, Problem

AWAY_AFTER = timedelta(seconds=60)


class EditedMeanwhile(Fault):
    """{name} saved this draft at {at}, after you opened it. Yours was not saved: compare the two, then save again."""

    def __init__(self, draft: ProcessDraft, name: str) -> None:
        super().__init__(name=name, at=draft.edited_at)
        self.revision = draft.revision


class NotOpen(Fault):
    """This draft was published or dropped and can't be changed any more. Begin a new one from the current version."""


class BadKey(Fault):
    """“{key}” can't be the key of a process. Use small letters, digits and _, beginning with a letter."""


class KeyTaken(Fault):
    """There is a process or draft “{key}” already. Choose another key."""


class PastStart(Fault):
    """The process can't be published from a time that has passed. Choose a later one, or publish it now."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a save replaces. A form or decision table whose value is None is taken out; others stay as they are.

    ``notes`` say what of a diagram of another tool was not taken over; they take the place of earlier ones.
    """

    diagram: bytes | None = None
    forms: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    decisions: Mapping[str, bytes | None] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def begin(session: Session, actor: Actor, process_key: str, moment: Moment) -> ProcessDraft:
    """The open draft of a published process; a new one from its current version if there is none. Raises NotFound."""
    require(actor, ADMIN)
    found = session.scalars(
        select(ProcessDraft)
        .where(ProcessDraft.process_key == process_key, ProcessDraft.status.in_(("open", "scheduled")))
        .order_by(ProcessDraft.begun_at, ProcessDraft.id)
        .limit(1)
    ).one_or_none()
    if found is not None:
        return found
    version = definitions.current(session, process_key)
    if version is None:
        raise NotFound
    return _add(session, actor, bundle_of_version(session, version.id), version.name, version.id, moment)


def begin_new(session: Session, actor: Actor, key: str, name: str, moment: Moment) -> ProcessDraft:
    """A process with a start, one task and an end. Raises BadKey, KeyTaken."""
    require(actor, ADMIN)
    _check_key(session, key)
    title = " ".join(name.split())[:TITLE] or key
    task = f"{key}/first_task"
    forms = {task: {"name": task, "title": title[:100], "fields": []}}
    return _add(session, actor, Bundle(blank(key, title), forms, {}), title, None, moment)


def copy(session: Session, actor: Actor, version_id: int, key: str, name: str, moment: Moment) -> ProcessDraft:
    """A version under another key, with its forms; decision tables keep their ids.

    Raises NotFound, BadKey, KeyTaken.
    """
    require(actor, ADMIN)
    _check_key(session, key)
    version = session.get(Version, version_id)
    if version is None:
        raise NotFound
    bundle = bundle_of_version(session, version_id)
    forms = {_moved(form, version.process_key, key): document for form, document in bundle.forms.items()}
    forms = {form: {**document, "name": form} for form, document in forms.items()}
    moved = replace(bundle, diagram=rekeyed(bundle.diagram, version.process_key, key), forms=forms)
    return _add(session, actor, moved, " ".join(name.split())[:TITLE] or version.name, None, moment)


def bring_in(session: Session, actor: Actor, bundle: Bundle, moment: Moment) -> tuple[ProcessDraft, Adopted]:
    """A diagram from a file, ours or that of another tool, with the forms and tables that came along.

    For a process that has an open draft, that draft is not touched: the diagram becomes a second one.  What could not
    be taken over is kept in ``notes``.  Raises Refused for what is no diagram.
    """
    require(actor, ADMIN)
    adopted = adopt(bundle.diagram)
    key, title = subject(read_diagram(adopted.diagram))
    version = definitions.current(session, key)
    whole = Bundle(adopted.diagram, {**adopted.forms, **bundle.forms}, bundle.decisions)
    draft = _add(session, actor, whole, title[:TITLE], version.id if version else None, moment, adopted.notes)
    return draft, adopted


def get(session: Session, actor: Actor, draft_id: str) -> ProcessDraft:
    """The draft with its documents. Raises NotYours, NotFound."""
    require(actor, ADMIN)
    found = session.get(ProcessDraft, draft_id, options=[undefer_group("documents")])
    if found is None:
        raise NotFound
    return found


def editor(session: Session, draft: ProcessDraft) -> str:
    """The name of who saved it last."""
    return accounts.names(session, [draft.edited_by]).get(draft.edited_by, draft.edited_by)


def bundle_of(draft: ProcessDraft) -> Bundle:
    return Bundle(draft.diagram, draft.forms, {name: text.encode() for name, text in draft.decisions.items()})


def bundle_of_version(session: Session, version_id: int) -> Bundle:
    version = session.get_one(Version, version_id, options=[undefer_group("documents")])
    return Bundle(version.diagram, version.forms, {name: text.encode() for name, text in version.decisions.items()})


def save(
    session: Session, actor: Actor, draft_id: str, revision: int, changes: Changes, moment: Moment
) -> ProcessDraft:
    """Put the changes into the draft, which need not be free of problems, only readable.

    Raises NotOpen, EditedMeanwhile if ``revision`` is not the latest, Refused for XML that can't be read.
    """
    draft = _locked(session, actor, draft_id)
    if draft.revision != revision:
        raise EditedMeanwhile(draft, editor(session, draft))
    if changes.diagram is not None:
        diagram = read_diagram(changes.diagram)
        process = next((one for one in diagram.processes if one.executable), None)
        draft.diagram = as_utf8(changes.diagram)
        if process is not None:
            draft.process_key, draft.name = process.key[:NAME], process.name[:TITLE] or process.key[:TITLE]
    draft.forms = _merged(draft.forms, changes.forms)
    decisions = {name: None if data is None else data.decode() for name, data in changes.decisions.items()}
    draft.decisions = _merged(draft.decisions, decisions)
    if changes.notes:
        draft.notes = draft_notes.rows(changes.notes)
    draft.edited_by, draft.edited_at = actor.id, moment.now
    draft.status, draft.starts_at = "open", None  # what was scheduled was something else
    session.flush()
    return draft


def publish_now(
    session: Session,
    actor: Actor,
    draft_id: str,
    revision: int,
    comment: str,
    services: Services,
    moment: Moment,
    reason: str = "",
) -> Version:
    """Make the draft the current version.

    Raises NotOpen, EditedMeanwhile, PublishRefused with all problems, and TrialsFail unless there is a ``reason``.
    """
    draft = _unchanged(session, actor, draft_id, revision)
    waiver = _try(session, actor, draft, reason, services, moment)
    version = publish.publish(session, actor, bundle_of(draft), comment, services, moment, waiver)
    _settle(draft, comment, version)
    session.flush()
    return version


def schedule(
    session: Session,
    actor: Actor,
    draft_id: str,
    revision: int,
    comment: str,
    starts_at: datetime,
    services: Services,
    moment: Moment,
    reason: str = "",
) -> ProcessDraft:
    """Let the draft become the current version at an instant. It is checked now, and again then.

    Raises NotOpen, EditedMeanwhile, PastStart, PublishRefused, and TrialsFail unless there is a ``reason``.
    """
    draft = _unchanged(session, actor, draft_id, revision)
    if starts_at <= moment.now:
        raise PastStart
    _try(session, actor, draft, reason, services, moment)
    draft.status, draft.starts_at, draft.comment, draft.failure = "scheduled", starts_at, comment.replace("\0", ""), ""
    draft.edited_by = actor.id
    session.flush()
    return draft


def publish_due(session: Session, services: Services, moment: Moment) -> Sequence[Version]:
    """Publish what is scheduled for now, in the name of who scheduled it.

    What is refused is open again, with the reason in ``failure``.
    """
    due = select(ProcessDraft).where(ProcessDraft.status == "scheduled", ProcessDraft.starts_at <= moment.now)
    found = session.scalars(
        due.order_by(ProcessDraft.starts_at).options(undefer_group("documents")).with_for_update(skip_locked=True)
    )
    published = []
    for draft in found.all():
        try:
            scheduler = accounts.actor(session, draft.edited_by)
            waiver = _try_again(session, scheduler, draft, services, moment)
            version = publish.publish(session, scheduler, bundle_of(draft), draft.comment, services, moment, waiver)
        except Fault as fault:  # it is checked before anything is written
            draft.status, draft.starts_at, draft.failure = "open", None, str(fault)
        else:
            _settle(draft, draft.comment, version)
            published.append(version)
    session.flush()
    return published


def drop(session: Session, actor: Actor, draft_id: str) -> None:
    """Give the draft up; it can't be opened again. Raises NotOpen."""
    _locked(session, actor, draft_id).status = "dropped"
    session.execute(delete(DraftPresence).where(DraftPresence.draft_id == draft_id))
    session.flush()


def seen(session: Session, actor: Actor, draft_id: str, moment: Moment) -> tuple[str, ...]:
    """Note that the actor has the draft open; the names of the others who have."""
    require(actor, ADMIN)
    row = {"draft_id": draft_id, "account_id": actor.id, "seen_at": moment.now}
    upsert(session, DraftPresence, row, ("draft_id", "account_id"))
    return present(session, actor, draft_id, moment)


def present(session: Session, actor: Actor, draft_id: str, moment: Moment) -> tuple[str, ...]:
    """The names of the others who have the draft open in their browsers."""
    others = (
        select(Account.name)
        .join(DraftPresence, DraftPresence.account_id == Account.id)
        .where(
            DraftPresence.draft_id == draft_id,
            DraftPresence.account_id != actor.id,
            DraftPresence.seen_at > moment.now - AWAY_AFTER,
        )
        .order_by(Account.name)
    )
    return tuple(session.scalars(others))


def _add(
    session: Session,
    actor: Actor,
    bundle: Bundle,
    name: str,
    version_id: int | None,
    moment: Moment,
    notes: Sequence[Problem] = (),
) -> ProcessDraft:
    key, _ = subject(read_diagram(bundle.diagram))
    draft = ProcessDraft(
        id=uuid.uuid4().hex,
        process_key=key[:NAME],
        name=name,
        base_version_id=version_id,
        diagram=bundle.diagram,
        forms={form: dict(document) for form, document in bundle.forms.items()},
        decisions={ident: data.decode() for ident, data in bundle.decisions.items()},
        notes=draft_notes.rows(notes),
        status="open",
        begun_by=actor.id,
        begun_at=moment.now,
        edited_by=actor.id,
        edited_at=moment.now,
    )
    session.add(draft)
    session.flush()
    return draft


def _locked(session: Session, actor: Actor, draft_id: str) -> ProcessDraft:
    require(actor, ADMIN)
    draft = session.get(
        ProcessDraft, draft_id, options=[undefer_group("documents")], with_for_update=True, populate_existing=True
    )
    if draft is None:
        raise NotFound
    if draft.status not in ("open", "scheduled"):
        raise NotOpen
    return draft


def _unchanged(session: Session, actor: Actor, draft_id: str, revision: int) -> ProcessDraft:
    draft = _locked(session, actor, draft_id)
    if draft.revision != revision:
        raise EditedMeanwhile(draft, editor(session, draft))
    return draft


def _try(
    session: Session, actor: Actor, draft: ProcessDraft, reason: str, services: Services, moment: Moment
) -> Waiver | None:
    """Try the draft; what fails is kept in it with the reason to publish all the same. Raises as `trials.demand`."""
    waiver = trials.demand(session, actor, draft.process_key, bundle_of(draft), reason, services, moment)
    draft.failing, draft.reason = (list(waiver.failing), waiver.reason) if waiver else (None, None)
    return waiver


def _try_again(
    session: Session, actor: Actor, draft: ProcessDraft, services: Services, moment: Moment
) -> Waiver | None:
    """When its time has come: the reason that was written then excuses what failed then, and nothing else."""
    excused = set(draft.failing or ())
    waiver = _try(session, actor, draft, draft.reason or "", services, moment)
    return (
        waiver
        if waiver is None or excused.issuperset(waiver.failing)
        else _try(session, actor, draft, "", services, moment)
    )


def _settle(draft: ProcessDraft, comment: str, version: Version) -> None:
    draft.status, draft.comment, draft.version_id = "published", comment.replace("\0", ""), version.id
    draft.starts_at, draft.failure = None, ""


def _merged(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**kept, **changes}.items() if value is not None}


def _moved(form: str, old: str, new: str) -> str:
    return f"{new}/{form.removeprefix(f'{old}/')}" if form.startswith(f"{old}/") else form


def _check_key(session: Session, key: str) -> None:
    if not is_name(key) or key != key.lower() or len(key) > NAME:
        raise BadKey(key=key[:NAME])
    open_one = select(ProcessDraft.id).where(
        ProcessDraft.process_key == key, ProcessDraft.status.in_(("open", "scheduled"))
    )
    if definitions.current(session, key) is not None or session.scalar(open_one.limit(1)) is not None:
        raise KeyTaken(key=key)
