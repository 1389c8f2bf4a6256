"""Who is assessed: the districts and the lead units (S4.7b), and those that help with investment, approval and
financing (S4.7c). Who is not subordinate is never scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.organisation import district_of, of_kind, units
from workflows.sub_items import sub_items
from workflows.tables import Campaign, CatalogueEntry, Instruction, LedgerItem

HELPING = ("co_unit", "liaison_body", "municipal_office")  # kinds of municipal bodies that may be asked for help


def assessed(session: Session, campaign: Campaign) -> dict[str, str]:
    """Unit -> district, lead_unit or co_unit."""
    objects = set(campaign.objects)
    districts = [unit for unit in of_kind("district") if not objects or unit.code in objects]
    found = {unit.code: "district" for unit in districts}
    found |= {unit.code: "lead_unit" for unit in of_kind("lead_unit")}
    helping = [unit.code for unit in of_kind("co_unit")] + [co for _, co in pairs(session, campaign.id)]
    found |= {code: "co_unit" for code in helping if code not in found}
    return {code: kind for code, kind in found.items() if units()[code].is_subordinate}


def pairs(session: Session, campaign_id: str) -> list[tuple[str, str]]:
    """Each lead unit with each municipal unit that the catalogue, a ledger or an instruction names to help it."""
    catalogue = select(CatalogueEntry.sub_item, CatalogueEntry.co_units).where(
        CatalogueEntry.campaign_id == campaign_id
    )
    rows = select(LedgerItem.task_code, LedgerItem.co_units).where(LedgerItem.campaign_id == campaign_id)
    named = select(Instruction.lead_unit, Instruction.co_units).where(Instruction.campaign_id == campaign_id)
    found: set[tuple[str, str]] = set()
    for code, helping in session.execute(catalogue):
        found.update(_paired(lead_units().get(sub_items()[code].task_code, ()), helping))
    for task_code, helping in session.execute(rows):
        found.update(_paired(lead_units().get(task_code, ()), helping))
    for lead, helping in session.execute(named):
        if lead and lead in units() and units()[lead].kind == "lead_unit":
            found.update(_paired((lead,), helping))
    return sorted(found)


@cache
def lead_units() -> Mapping[str, tuple[str, ...]]:
    """Task code -> the units that lead the task; some have two."""
    found: dict[str, tuple[str, ...]] = {}
    for unit in of_kind("lead_unit"):
        if unit.task_code:
            found[unit.task_code] = (*found.get(unit.task_code, ()), unit.code)
    return MappingProxyType(found)


def answerable(code: str | None) -> str | None:
    """The unit that is scored for what an organisation does: its district, else itself."""
    return (district_of(code) or code) if code else None


def _paired(leads: Iterable[str], helping: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    for lead in leads:
        for code in helping or ():
            unit = units().get(code)
            if unit is not None and unit.kind in HELPING and unit.is_subordinate and district_of(code) is None:
                yield lead, code
