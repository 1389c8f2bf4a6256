"""Registers from which reference fields of forms are filled: one visible table.

To add one, give it a row: what it offers to choose from, and how its ids are called.  A form names it with
``"register": "open_problems"``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.tables import Instance, Organisation
from workflows.categories import CATEGORIES
from workflows.personal_data import mask
from workflows.sub_items import sub_items
from workflows.tables import Campaign, LedgerItem, Opinion, Problem, Visit
from workflows.visits import secret

MOST_OFFERED = 500
OPEN = ("reported", "open")
UNDISCLOSED = ("draft", "submitted", "returned", "cancelled", "merged", "exempt")
UNTRACKED = ("draft", "submitted", "returned", "closed", "cancelled", "merged")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Register:
    """``offer`` lists (id, label); ``names`` gives the labels of ids, without those that it doesn't know."""

    name: str
    offer: Callable[[Session], Pairs]
    names: Callable[[Session, Collection[str]], Mapping[str, str]]


# What only some may see is not offered, and its name not told, in forms: they are shown to everybody.
_UNRESTRICTED = or_(
    Problem.instance_id.is_(None),
    Problem.instance_id.not_in(select(Instance.id).where(Instance.restricted_to.is_not(None))),
)


def _problems(session: Session) -> Pairs:
    rows = session.execute(
        select(Problem.id, Problem.number, Problem.title)
        .where(Problem.status.in_(OPEN), _UNRESTRICTED)
        .order_by(Problem.reported_at.desc(), Problem.id)
        .limit(MOST_OFFERED)
    )
    return [(problem_id, f"{number} {title}") for problem_id, number, title in rows]


def _problem_names(session: Session, idents: Collection[str]) -> Mapping[str, str]:
    known = select(Problem.id, Problem.number, Problem.title).where(Problem.id.in_(idents), _UNRESTRICTED)
    rows = session.execute(known)
    return {problem_id: f"{number} {title}" for problem_id, number, title in rows}


def _categories(_session: Session) -> Pairs:
    return list(CATEGORIES.items())


def _category_names(_session: Session, idents: Collection[str]) -> Mapping[str, str]:
    return {ident: CATEGORIES[ident] for ident in idents if ident in CATEGORIES}


def _sub_items(_session: Session) -> Pairs:
    return [(one.code, one.title) for one in sub_items().values()]


def _sub_item_names(_session: Session, idents: Collection[str]) -> Mapping[str, str]:
    return {ident: sub_items()[ident].title for ident in idents if ident in sub_items()}


_ITEM_LABELS = select(LedgerItem.id, Organisation.name, LedgerItem.item_name, LedgerItem.sub_item).join(
    Organisation, Organisation.code == LedgerItem.district
)


def _items(session: Session) -> Pairs:
    """Items that are tracked, of every campaign that goes on."""
    rows = session.execute(
        _ITEM_LABELS.join(Campaign, Campaign.id == LedgerItem.campaign_id)
        .where(Campaign.status == "active", LedgerItem.status.not_in(UNTRACKED))
        .order_by(LedgerItem.district, LedgerItem.position)
        .limit(MOST_OFFERED)
    )
    return [(item_id, _item_label(district, name, sub_item)) for item_id, district, name, sub_item in rows]


def _disclosed_items(session: Session) -> Pairs:
    """Items of ledgers in force, finished ones too: results are disclosed."""
    rows = session.execute(
        _ITEM_LABELS.join(Campaign, Campaign.id == LedgerItem.campaign_id)
        .where(Campaign.status == "active", LedgerItem.applicable.is_(True), LedgerItem.status.not_in(UNDISCLOSED))
        .order_by(LedgerItem.district, LedgerItem.position)
        .limit(MOST_OFFERED)
    )
    return [(item_id, _item_label(district, name, sub_item)) for item_id, district, name, sub_item in rows]


def _opinions(session: Session) -> Pairs:
    rows = session.execute(
        select(Opinion.id, Opinion.number, Opinion.content)
        .where(Opinion.status != "cancelled")
        .order_by(Opinion.received_at.desc(), Opinion.id)
        .limit(MOST_OFFERED)
    )
    return [(opinion_id, _opinion_label(number, content)) for opinion_id, number, content in rows]


def _opinion_names(session: Session, idents: Collection[str]) -> Mapping[str, str]:
    rows = session.execute(select(Opinion.id, Opinion.number, Opinion.content).where(Opinion.id.in_(idents)))
    return {opinion_id: _opinion_label(number, content) for opinion_id, number, content in rows}


def _opinion_label(number: str, content: str) -> str:
    return f"{number} {mask(content).text[:40]}"


def _item_names(session: Session, idents: Collection[str]) -> Mapping[str, str]:
    rows = session.execute(_ITEM_LABELS.where(LedgerItem.id.in_(idents)))
    return {item_id: _item_label(district, name, sub_item) for item_id, district, name, sub_item in rows}


def _item_label(district: str, name: str | None, sub_item: str) -> str:
    return f"{district} {sub_item} {name or ''}".rstrip()


_VISIT_LABELS = select(Visit.id, Visit.number, Visit.visit_date, Visit.title)


def _visits(session: Session) -> Pairs:
    """All that were planned, the latest first; no surprise visits that are still to come."""
    rows = session.execute(
        _VISIT_LABELS.where(~secret()).order_by(Visit.planned_at.desc(), Visit.id).limit(MOST_OFFERED)
    )
    return [(visit_id, _visit_label(number, day, title)) for visit_id, number, day, title in rows]


def _planned_visits(session: Session) -> Pairs:
    """Those with a day that has not come about yet: others can go along with them."""
    ahead = (Visit.status == "planned", Visit.visit_date.is_not(None), Visit.conducted_at.is_(None), ~secret())
    rows = session.execute(_VISIT_LABELS.where(*ahead).order_by(Visit.visit_date, Visit.id).limit(MOST_OFFERED))
    return [(visit_id, _visit_label(number, day, title)) for visit_id, number, day, title in rows]


def _visit_names(session: Session, idents: Collection[str]) -> Mapping[str, str]:
    rows = session.execute(_VISIT_LABELS.where(Visit.id.in_(idents)))
    return {visit_id: _visit_label(number, day, title) for visit_id, number, day, title in rows}


def _visit_label(number: str, day: date | None, title: str) -> str:
    return " ".join(part for part in (number, day.isoformat() if day else "", title) if part)


_TABLE = (
    Register("open_problems", _problems, _problem_names),
    Register("problem_categories", _categories, _category_names),
    Register("sub_items", _sub_items, _sub_item_names),
    Register("ledger_items", _items, _item_names),
    Register("disclosed_items", _disclosed_items, _item_names),
    Register("opinions", _opinions, _opinion_names),
    Register("visits", _visits, _visit_names),
    Register("planned_visits", _planned_visits, _visit_names),
)
REGISTERS: Mapping[str, Register] = MappingProxyType({register.name: register for register in _TABLE})


def offer(session: Session, name: str) -> Pairs:
    """What may be chosen from a register; nothing where there is none of that name, so that the id is typed."""
    register = REGISTERS.get(name)
    return register.offer(session) if register else []


def names(session: Session, idents: Collection[str]) -> dict[str, str]:
    """The labels of ids, whichever register they are from. Registers are asked until all are known."""
    found: dict[str, str] = {}
    for register in REGISTERS.values():
        missing = [ident for ident in idents if ident not in found]
        if missing:
            found |= register.names(session, missing)
    return found
