"""Baselines: a ledger frozen as a version, with the hash of its content, for a reason. Earlier ones stay readable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from bpmn.moment import Moment
from engine.access import NotFound
from engine.tables import Instance, canonical
from workflows import serials
from workflows.ledger_items import answers_of
from workflows.tables import Baseline, Ledger, LedgerItem

# Rows that a freezing establishes; others are on their way already, or not to be tracked.
_ENTERED = ("draft", "submitted", "returned")
# What is no longer part of the plan.
_GONE = ("cancelled", "merged")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A new version. ``established``: the items that became binding by it, as payloads of messages."""

    version: int
    hash: str
    number: str
    established: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the history."""

    version: int
    hash: str
    number: str
    kind: str
    reason: str
    item_count: int
    frozen_at: datetime


def freeze(session: Session, ledger: Ledger, kind: str, reason: str, instance: Instance, moment: Moment) -> Frozen:
    """Make what the ledger says now its next baseline. The caller has locked the ledger.

    Rows that were only entered become established, with their deadline as the original one.
    """
    entered = LedgerItem.ledger_id == ledger.id, LedgerItem.status.in_(_ENTERED)
    new = session.scalars(select(LedgerItem.id).where(*entered)).all()
    session.execute(
        update(LedgerItem)
        .where(*entered)
        .values(
            status="established",
            original_deadline=func.coalesce(LedgerItem.original_deadline, LedgerItem.deadline),
            changed_at=moment.now,
        ),
        execution_options={"synchronize_session": False},
    )
    query = select(LedgerItem).where(LedgerItem.ledger_id == ledger.id).order_by(LedgerItem.position)
    items = list(session.scalars(query, execution_options={"populate_existing": True}))
    ledger.version += 1
    ledger.status = "established"
    ledger.established_at = ledger.established_at or moment.now
    ledger.changed_at = moment.now
    content = _content(ledger, items)
    row = Baseline(
        ledger_id=ledger.id,
        version=ledger.version,
        content=content,
        hash=content_hash(content),
        item_count=len(content["items"]),
        kind=kind,
        reason=reason,
        number=serials.next_number(session, "baseline", moment),
        instance_id=instance.id,
        frozen_at=moment.now,
    )
    session.add(row)
    session.flush()
    fresh = set(new)
    return Frozen(row.version, row.hash, row.number, tuple(payload(item) for item in items if item.id in fresh))


def payload(item: LedgerItem) -> dict[str, Any]:
    """What starts the tracking of an item."""
    return {
        "item_id": item.id,
        "title": f"{item.sub_item} {item.item_name}",
        "org": item.district,
        "unit": item.responsible_unit,
        "task_code": item.task_code,
        "campaign_id": item.campaign_id,
        "ledger_id": item.ledger_id,
    }


def history(session: Session, ledger_id: str) -> tuple[Version, ...]:
    """All versions, the newest first."""
    rows = session.scalars(select(Baseline).where(Baseline.ledger_id == ledger_id).order_by(Baseline.version.desc()))
    return tuple(
        Version(row.version, row.hash, row.number, row.kind, row.reason, row.item_count, row.frozen_at) for row in rows
    )


def read(session: Session, ledger_id: str, version: int) -> Baseline:
    """A version with its content. Raises NotFound."""
    row = session.get(Baseline, (ledger_id, version), options=[undefer(Baseline.content)])
    if row is None:
        raise NotFound
    return row


def is_intact(row: Baseline) -> bool:
    """Whether the content is still the one that was frozen."""
    return content_hash(row.content) == row.hash


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the canonical text."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What distinguishes two contents: {"item_id", "item_name", "field", "before", "after"}; field "": a whole row."""
    old = {item["id"]: item for item in before["items"]}
    new = {item["id"]: item for item in after["items"]}
    found = []
    for item_id in {**old, **new}:
        was, now = old.get(item_id, {}), new.get(item_id, {})
        shared = {"item_id": item_id, "item_name": (now or was).get("item_name") or (now or was)["sub_item"]}
        if not was or not now:
            found.append({**shared, "field": "", "before": bool(was), "after": bool(now)})
            continue
        found += [
            {**shared, "field": name, "before": was.get(name), "after": now.get(name)}
            for name in sorted({*was, *now})
            if was.get(name) != now.get(name)
        ]
    return found


def _content(ledger: Ledger, items: list[LedgerItem]) -> dict[str, Any]:
    kept = [item for item in items if item.status not in _GONE]
    return {
        "campaign_id": ledger.campaign_id,
        "ledger_id": ledger.id,
        "district": ledger.district,
        "version": ledger.version,
        "items": [{"id": item.id, "position": item.position, **_binding(item)} for item in kept],
    }


def _binding(item: LedgerItem) -> dict[str, Any]:
    original = item.original_deadline
    return answers_of(item) | ({"original_deadline": original.isoformat()} if original else {})
