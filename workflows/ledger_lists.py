"""Reads of ledgers for pages: one ledger with its rows by task and sub-item, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound
from engine.tables import Organisation, Task
from workflows import catalogue, completeness, ledger_items, sub_items
from workflows.completeness import Failure, Finding
from workflows.roles import TASK_CODES
from workflows.sight import require_district
from workflows.sub_items import SubItem
from workflows.tables import Campaign, Ledger, LedgerItem


@dataclass(frozen=True, slots=True)
class Chapter:
    """A sub-item with its rows and what is wrong with them; ``wanted``: the catalogue asks this district for it."""

    sub_item: SubItem
    rows: tuple[LedgerItem, ...]
    wanted: bool

    @property
    def is_shown(self) -> bool:
        return self.wanted or bool(self.rows)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four tasks."""

    task_code: str
    title: str
    chapters: tuple[Chapter, ...]

    @property
    def count(self) -> int:
        return sum(len(chapter.rows) for chapter in self.chapters)


@dataclass(frozen=True, slots=True)
class LedgerView:
    """``findings``: item id -> what is wrong with the row; None -> what is missing from the ledger."""

    ledger: Ledger
    campaign: Campaign
    district: Organisation
    parts: tuple[Part, ...]
    failures: tuple[Failure, ...]
    findings: Mapping[str | None, tuple[Finding, ...]]
    may_edit: bool
    task_id: str | None  # of the open task in which the ledger is handed in, for those who may edit

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def covered(self) -> int:
        return sum(bool(chapter.rows) for part in self.parts for chapter in part.chapters)

    @property
    def asked(self) -> int:
        return sum(chapter.is_shown for part in self.parts for chapter in part.chapters)


def seen(session: Session, actor: Actor, ledger_id: str) -> tuple[Ledger, Organisation]:
    """A ledger that the actor may see. Raises NotFound, NotYours."""
    ledger = session.get(Ledger, ledger_id)
    if ledger is None:
        raise NotFound
    require_district(actor, ledger.district)
    return ledger, session.get_one(Organisation, ledger.district)


def view(session: Session, actor: Actor, ledger_id: str, moment: Moment) -> LedgerView:
    """The whole ledger. Raises NotFound, NotYours."""
    ledger, district = seen(session, actor, ledger_id)
    query = select(LedgerItem).where(LedgerItem.ledger_id == ledger_id).order_by(LedgerItem.position)
    rows = session.scalars(query).all()
    failures = completeness.check(session, ledger_id, moment)
    may_edit = ledger_items.may_edit(actor, ledger, district.path)
    return LedgerView(
        ledger=ledger,
        campaign=session.get_one(Campaign, ledger.campaign_id),
        district=district,
        parts=_parts(session, ledger, list(rows)),
        failures=failures,
        findings=_by_row(failures),
        may_edit=may_edit,
        task_id=_open_task(session, ledger) if may_edit else None,
    )


def changed_at(session: Session, ledger_id: str, instant: datetime, limit: int) -> list[LedgerItem]:
    """The rows that were changed at that very instant."""
    query = select(LedgerItem).where(LedgerItem.ledger_id == ledger_id, LedgerItem.changed_at == instant)
    return list(session.scalars(query.order_by(LedgerItem.position).limit(limit)))


def _parts(session: Session, ledger: Ledger, rows: list[LedgerItem]) -> tuple[Part, ...]:
    wanted = {
        code
        for code, entry in catalogue.of(session, ledger.campaign_id).items()
        if not entry.applicable_units or ledger.district in entry.applicable_units
    }
    return tuple(
        Part(
            code,
            title,
            tuple(
                Chapter(one, tuple(row for row in rows if row.sub_item == one.code), one.code in wanted)
                for one in sub_items.of_task(code)
            ),
        )
        for code, title in TASK_CODES.items()
    )


def _by_row(failures: tuple[Failure, ...]) -> dict[str | None, tuple[Finding, ...]]:
    found: dict[str | None, tuple[Finding, ...]] = {}
    for failure in failures:
        for finding in failure.findings:
            found[finding.item_id] = (*found.get(finding.item_id, ()), finding)
    return found


def _open_task(session: Session, ledger: Ledger) -> str | None:
    query = select(Task.id).where(
        Task.instance_id == ledger.instance_id,
        Task.element == "compile_ledger",
        Task.status == "open",
        Task.org == ledger.district,
    )
    return session.scalars(query.limit(1)).first()
