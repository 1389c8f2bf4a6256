"""Whether the districts' targets reach the city's (缺口), and how a gap is spread over districts.

A spread gap raises targets or adds items, and makes the next baseline of each ledger that is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import baselines, campaigns, catalogue, ledgers
from workflows.ledger_items import insert_rows
from workflows.organisation import of_kind
from workflows.sub_items import sub_items
from workflows.tables import Campaign, CatalogueEntry, Ledger, LedgerItem

_GONE = ("cancelled", "merged")


def check(session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """The service: {"gaps": [{"sub_item", "name", "task_code", "municipal_target", "district_total", "gap",
    "unit_of_measure"}]}, only those above zero."""
    found = of_campaign(session, campaigns.get(session, inputs["campaign_id"]).id)
    return {"gaps": [one for one in found if one["gap"] > 0]}


def of_campaign(session: Session, campaign_id: str) -> list[dict[str, Any]]:
    """Every sub-item of the catalogue with the city's target and the sum of the ledgers in force. One statement.

    Only targets in the unit of the catalogue can be added up.
    """
    counted = and_(
        LedgerItem.campaign_id == CatalogueEntry.campaign_id,
        LedgerItem.sub_item == CatalogueEntry.sub_item,
        LedgerItem.unit_of_measure == CatalogueEntry.unit_of_measure,
        LedgerItem.original_deadline.is_not(None),
        LedgerItem.status.not_in(_GONE),
    )
    total = func.sum(LedgerItem.target_value)
    query = (
        select(CatalogueEntry, total)
        .outerjoin(LedgerItem, counted)
        .where(CatalogueEntry.campaign_id == campaign_id)
        .group_by(CatalogueEntry.id)
        .order_by(CatalogueEntry.id)
    )
    return [_gap(entry, sum_ or Decimal(0)) for entry, sum_ in session.execute(query)]


def allocate(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Spread gaps over districts. ``allocations`` are answers of `allocate_gap`, in the order of ``gaps``.

    Each row of an allocation is {"district", "amount"}.  Returns {"districts", "items": new ones, as `freeze` gives
    them}.  A ledger that is not in force yet gets the amount without a baseline of its own for it.
    Raises ServiceFault: no_ledger.
    """
    campaign = campaigns.get(session, inputs["campaign_id"])
    entries = catalogue.of(session, campaign.id)
    touched: dict[str, Ledger] = {}
    for gap, answer in zip(inputs["gaps"], inputs["allocations"], strict=True):
        for row in answer["allocation"] or ():
            amount = Decimal(str(row["amount"]))
            if amount > 0:
                ledger = _ledger(session, campaign, row["district"], touched)
                _raise_target(session, campaign, ledger, entries[gap["sub_item"]], amount, moment)
    return _freeze(session, touched.values(), instance, moment)


def _freeze(session: Session, touched: Iterable[Ledger], instance: Instance, moment: Moment) -> dict[str, Any]:
    districts, items = [], []
    for ledger in touched:
        if ledger.version == 0:
            continue
        frozen = baselines.freeze(session, ledger, "gap", "全市目标缺口分配", instance, moment)
        districts.append(ledger.district)
        items += [dict(item) for item in frozen.established]
    return {"districts": districts, "items": items}


def _gap(entry: CatalogueEntry, total: Decimal) -> dict[str, Any]:
    return {
        "sub_item": entry.sub_item,
        "name": sub_items()[entry.sub_item].name,
        "task_code": entry.task_code,
        "municipal_target": float(entry.municipal_target),
        "district_total": float(total),
        "gap": float(entry.municipal_target - total),
        "unit_of_measure": entry.unit_of_measure,
    }


def _ledger(session: Session, campaign: Campaign, district: str, touched: dict[str, Ledger]) -> Ledger:
    if district not in touched:
        query = select(Ledger.id).where(Ledger.campaign_id == campaign.id, Ledger.district == district)
        ledger_id = session.scalar(query)
        if ledger_id is None:
            message = N_("{district} has no ledger in this campaign.")
            raise ServiceFault("no_ledger", message, district=district)
        touched[district] = ledgers.locked(session, ledger_id)
    return touched[district]


def _raise_target(
    session: Session, campaign: Campaign, ledger: Ledger, entry: CatalogueEntry, amount: Decimal, moment: Moment
) -> None:
    """The largest of the district's items takes the amount; where there is none, a new item does."""
    query = (
        select(LedgerItem)
        .where(
            LedgerItem.ledger_id == ledger.id,
            LedgerItem.sub_item == entry.sub_item,
            LedgerItem.applicable,
            LedgerItem.unit_of_measure == entry.unit_of_measure,
            LedgerItem.status.not_in((*_GONE, "closed")),
        )
        .order_by(LedgerItem.target_value.desc(), LedgerItem.position)
        .limit(1)
    )
    item = session.scalar(query)
    if item is None:
        insert_rows(session, ledger, [_new_item(campaign, ledger, entry, amount, moment)], "draft", moment)
        return
    item.target_value = (item.target_value or Decimal(0)) + amount
    item.revision += 1
    item.changed_at = moment.now
    session.flush()


def _new_item(
    campaign: Campaign, ledger: Ledger, entry: CatalogueEntry, amount: Decimal, moment: Moment
) -> dict[str, Any]:
    """For the district's own unit of the task, from today to the end of the campaign."""
    unit = next(
        one for one in of_kind("district_unit") if one.parent == ledger.district and one.task_code == entry.task_code
    )
    end = campaign.end_date.isoformat()
    return {
        "sub_item": entry.sub_item,
        "applicable": True,
        "item_name": f"{sub_items()[entry.sub_item].name}（缺口分配）",
        "target_value": amount,
        "unit_of_measure": entry.unit_of_measure,
        "responsible_unit": unit.code,
        "responsible_post": f"{unit.name}负责人",
        "co_units": list(entry.co_units),
        "start_date": min(moment.today, campaign.end_date).isoformat(),
        "deadline": end,
        "milestones": [{"date": end, "planned_percent": 100}],
        "evidence_standard": ["document"],
        "difficulty": "normal",
        "publishable": True,
    }
