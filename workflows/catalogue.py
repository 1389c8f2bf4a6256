"""The catalogue of tasks (任务分解): what the city has to reach in each sub-item, and which districts take part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.services import ServiceFault
from faults import N_
from workflows.sub_items import find
from workflows.tables import Campaign, CatalogueEntry


def entries_of(answers: Any) -> list[Mapping[str, Any]]:
    """Answers of `define_catalogue`, however a multi-instance nests them, as one flat list of entries.

    An entry is a mapping with ``sub_item``; lists and mappings around entries are opened.
    """
    if isinstance(answers, Mapping):
        if "sub_item" in answers:
            return [answers]
        return [entry for inner in answers.values() for entry in entries_of(inner)]
    if isinstance(answers, list | tuple):
        return [entry for inner in answers for entry in entries_of(inner)]
    return []


def save(session: Session, campaign: Campaign, entries: Iterable[Mapping[str, Any]]) -> list[CatalogueEntry]:
    """Replace the catalogue of the campaign. Raises ServiceFault: unknown_sub_item, sub_item_twice."""
    rows: dict[str, CatalogueEntry] = {}
    for entry in entries:
        row = _row(campaign, entry)
        if row.sub_item in rows:
            message = N_("The sub-item {sub_item} stands in the catalogue twice.")
            raise ServiceFault("sub_item_twice", message, sub_item=row.sub_item)
        rows[row.sub_item] = row
    session.execute(delete(CatalogueEntry).where(CatalogueEntry.campaign_id == campaign.id))
    session.add_all(rows.values())
    session.flush()
    return list(rows.values())


def of(session: Session, campaign_id: str) -> dict[str, CatalogueEntry]:
    """Sub-item -> entry. One statement."""
    rows = session.scalars(
        select(CatalogueEntry).where(CatalogueEntry.campaign_id == campaign_id).order_by(CatalogueEntry.id)
    )
    return {row.sub_item: row for row in rows}


def _row(campaign: Campaign, entry: Mapping[str, Any]) -> CatalogueEntry:
    sub_item = find(str(entry["sub_item"]))
    if sub_item is None:
        message = N_("There is no sub-item “{sub_item}”.")
        raise ServiceFault("unknown_sub_item", message, sub_item=entry["sub_item"])
    return CatalogueEntry(
        campaign_id=campaign.id,
        sub_item=sub_item.code,
        task_code=sub_item.task_code,
        municipal_target=Decimal(str(entry["municipal_target"])),
        unit_of_measure=entry["unit_of_measure"],
        applicable_units=list(entry.get("applicable_units") or []),
        co_units=list(entry.get("co_units") or []),
        milestones=list(entry.get("milestones") or []),
    )
