"""What is compared with what: a draft with a version of its process, or two versions; auditors may look as well."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from engine.access import ADMIN, AUDITOR, Actor, NotFound, require
from engine.process_drafts import bundle_of, bundle_of_version
from engine.publish import Bundle
from engine.tables import ProcessDraft, Version
from faults import Fault


class OtherProcess(Fault):
    """Version {number} belongs to another process, {key}. Choose a version of this process from the list."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``before`` and ``earlier`` are None where there is nothing to compare with; ``later`` is None for a draft.

    ``others`` are the versions that could stand on the earlier side instead, the newest first.
    """

    name: str
    earlier: Version | None
    before: Bundle | None
    later: Version | None
    after: Bundle
    others: tuple[Version, ...]


def draft(session: Session, actor: Actor, draft_id: str) -> ProcessDraft:
    """The draft with its documents, for reading. Raises NotYours, NotFound."""
    require(actor, ADMIN, AUDITOR)
    found = session.get(ProcessDraft, draft_id, options=[undefer_group("documents")])
    if found is None:
        raise NotFound
    return found


def of_draft(session: Session, actor: Actor, draft_id: str, other: int | None) -> Comparison:
    """The draft with the version it comes from, or with ``other`` (the id of a version).

    Raises NotYours, NotFound, OtherProcess.
    """
    found = draft(session, actor, draft_id)
    base = session.get(Version, found.base_version_id) if found.base_version_id else None
    keys = {found.process_key, *([base.process_key] if base else [])}  # who draws may give it another key
    others = _versions(session, keys)
    earlier = base or next(iter(others), None) if other is None else _chosen(session, keys, other)
    return Comparison(found.name, earlier, _bundle(session, earlier), None, bundle_of(found), others)


def of_version(session: Session, actor: Actor, version_id: int, other: int | None) -> Comparison:
    """The version with the one before it, or with ``other``; the one with the smaller number is the earlier.

    Raises NotYours, NotFound, OtherProcess.
    """
    require(actor, ADMIN, AUDITOR)
    later = session.get(Version, version_id)
    if later is None:
        raise NotFound
    versions = _versions(session, {later.process_key})
    if other is None:
        earlier = next((one for one in versions if one.number < later.number), None)
    else:
        earlier = _chosen(session, {later.process_key}, other)
        if earlier.number > later.number:
            earlier, later = later, earlier
    others = tuple(one for one in versions if one.id != version_id)
    after = bundle_of_version(session, later.id)
    return Comparison(later.name, earlier, _bundle(session, earlier), later, after, others)


def _versions(session: Session, keys: set[str]) -> tuple[Version, ...]:
    query = select(Version).where(Version.process_key.in_(keys)).order_by(Version.number.desc(), Version.id.desc())
    return tuple(session.scalars(query))


def _chosen(session: Session, keys: set[str], version_id: int) -> Version:
    found = session.get(Version, version_id)
    if found is None:
        raise NotFound
    if found.process_key not in keys:
        raise OtherProcess(number=found.number, key=found.process_key)
    return found


def _bundle(session: Session, version: Version | None) -> Bundle | None:
    return None if version is None else bundle_of_version(session, version.id)
