"""What a lead unit discloses of its task: the items in the ledgers that the public may know of. S4.4a"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import periods
from workflows.organisation import units
from workflows.sub_items import sub_items
from workflows.tables import Campaign, LedgerItem

# Items that are not part of the ledger in force, or no longer.
UNTOLD = ("draft", "submitted", "returned", "cancelled", "merged", "exempt")


def disclosure(
    session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment
) -> Mapping[str, Any]:
    """``facts``: "unit" (a code), "kind", "period", and "items" (ids; None: all that may be published).

    Returns {"campaign", "unit", "kind", "label", "today", "chapters": [{"name", "total", "done", "sums": [{"unit",
    "target", "verified"}]}], "total", "done", "source"}.
    """
    campaign = session.get_one(Campaign, campaign_id)
    wanted = facts.get("items")
    found = items(session, campaign.id, facts["unit"], None if wanted is None else frozenset(wanted))
    told = [item for item in found if item.publishable is not False]
    chapters = [
        _chapter(one.name, chosen)
        for one in sub_items().values()
        if (chosen := [item for item in told if item.sub_item == one.code])
    ]
    return {
        "campaign": campaign.title,
        "unit": _name(facts["unit"]),
        "kind": facts["kind"],
        "label": label(facts.get("period")),
        "today": moment.today,
        "end_date": campaign.end_date,
        "chapters": chapters,
        "total": len(told),
        "done": sum(item.status == "closed" for item in told),
        "source": [{"kind": "ledger_item", "id": item.id, "title": item.item_name or item.sub_item} for item in told],
    }


def items(session: Session, campaign_id: str, unit: str, chosen: Collection[str] | None) -> list[LedgerItem]:
    """Those of the sub-items that the unit leads, in the ledgers in force, by sub-item and district.

    ``chosen`` ids only, if they are given; what the unit does not lead is not among them.
    """
    led = [one.code for one in sub_items().values() if one.lead_unit == unit]
    query = select(LedgerItem).where(
        LedgerItem.campaign_id == campaign_id,
        LedgerItem.sub_item.in_(led),
        LedgerItem.applicable.is_(True),
        LedgerItem.status.not_in(UNTOLD),
    )
    found = session.scalars(query.order_by(LedgerItem.sub_item, LedgerItem.district, LedgerItem.position))
    return [item for item in found if chosen is None or item.id in chosen]


def public_facts(item: LedgerItem) -> dict[str, Any]:
    """What the public may know of an item; nothing of lights, posts and persons, which are no matter of disclosure."""
    return {
        "item_id": item.id,
        "sub_item": item.sub_item,
        "sub_item_name": sub_items()[item.sub_item].name,
        "district": _name(item.district),
        "name": item.item_name or "",
        "target": _plain(item.target_value),
        "unit_of_measure": item.unit_of_measure,
        "standard": item.qualitative_standard,
        "verified": _plain(item.verified_value),
        "percent": _plain(item.verified_percent),
        "deadline": item.deadline.isoformat() if item.deadline else None,
        "done": item.status == "closed",
    }


def label(period: str | None) -> str:
    """The words for a period: 2013年5月; a year, or what the unit has worded itself, stays."""
    if not period:
        return ""
    if len(period) == 4 and period.isdigit():
        return f"{period}年"
    try:
        return periods.read(period).label
    except ValueError:
        return period


def _chapter(name: str, found: list[LedgerItem]) -> dict[str, Any]:
    sums: dict[str, list[Decimal]] = {}
    for item in found:
        if item.target_value is not None and item.unit_of_measure:
            both = sums.setdefault(item.unit_of_measure, [Decimal(0), Decimal(0)])
            both[0] += item.target_value
            both[1] += item.verified_value or 0
    return {
        "name": name,
        "total": len(found),
        "done": sum(item.status == "closed" for item in found),
        "last": max((item.deadline for item in found if item.deadline), default=date.min),
        "sums": [
            {"unit": unit, "target": _plain(target), "verified": _plain(verified)}
            for unit, (target, verified) in sums.items()
        ],
    }


def _name(code: str) -> str:
    unit = units().get(code)
    return unit.name if unit else code


def _plain(value: Decimal | None) -> float | int | None:
    """A number as JSON keeps it: with no more places than it has."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
