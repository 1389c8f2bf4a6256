"""Whether a ledger is complete (D9): every shortcoming is found at once, and the decision table judges their number.

The table sees counts; which rows are meant is said here, so that a page can lead to each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.decisions import read_decision
from bpmn.moment import Moment
from engine import definitions
from engine.access import NotFound
from faults import N_
from workflows import catalogue, sub_items
from workflows.documents import DECISIONS
from workflows.tables import Campaign, Ledger, LedgerItem

DECISION = "D9_ledger_completeness"
PROCESS = "ledger_establishment"
# The facts that the table sees, beside ``rows``.
RULES = ("uncovered", "unmeasured", "late", "without_unit", "not_monotone", "duplicates")


@dataclass(frozen=True, slots=True)
class Finding:
    """One shortcoming, in words for a person. ``position`` is that of the row; None if a row is missing."""

    rule: str
    position: int | None
    item_id: str | None
    message: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule that is broken, as the decision table says it, with the findings behind it."""

    rule: str
    text: str
    count: int
    findings: tuple[Finding, ...]


def check(session: Session, ledger_id: str, moment: Moment) -> tuple[Failure, ...]:
    """All rules that the ledger breaks now; none if it is complete. Raises NotFound."""
    found = findings(session, ledger_id)
    answers = _decision(session).decide({"facts": _counted(session, ledger_id, found)}, moment)
    assert isinstance(answers, list), "the table collects"
    return tuple(
        Failure(one["rule"], one["text"], one["count"], tuple(item for item in found if item.rule == one["rule"]))
        for one in answers
    )


def facts(session: Session, ledger_id: str) -> dict[str, int]:
    """What the decision table needs: how often each rule is broken, and the number of rows. Raises NotFound."""
    return _counted(session, ledger_id, findings(session, ledger_id))


def findings(session: Session, ledger_id: str) -> tuple[Finding, ...]:
    """Every shortcoming of the ledger, rule by rule, row by row. Four statements. Raises NotFound."""
    ledger = session.get(Ledger, ledger_id)
    if ledger is None:
        raise NotFound
    campaign = session.get_one(Campaign, ledger.campaign_id)
    query = select(LedgerItem).where(LedgerItem.ledger_id == ledger_id).order_by(LedgerItem.position)
    rows = session.scalars(query).all()
    applicable = [row for row in rows if row.applicable]
    wanted = [
        code
        for code, entry in catalogue.of(session, ledger.campaign_id).items()
        if not entry.applicable_units or ledger.district in entry.applicable_units
    ]
    return (
        *_uncovered(rows, wanted),
        *_unmeasured(applicable),
        *_late(applicable, campaign.end_date),
        *_without_unit(applicable),
        *_not_monotone(applicable),
        *_duplicates(applicable),
    )


def _counted(session: Session, ledger_id: str, found: Sequence[Finding]) -> dict[str, int]:
    counts = Counter(one.rule for one in found)
    rows = session.scalars(select(LedgerItem.id).where(LedgerItem.ledger_id == ledger_id)).all()
    return {"rows": len(rows), **{rule: counts[rule] for rule in RULES}}


def _decision(session: Session) -> Any:
    """The published table, which an administrator may have changed; before the first publication the shipped one."""
    version = definitions.current(session, PROCESS)
    published = version.decisions.get(DECISION) if version is not None else None
    return read_decision(published.encode() if published else (DECISIONS / f"{DECISION}.dmn").read_bytes())


def _uncovered(rows: Sequence[LedgerItem], wanted: Iterable[str]) -> Iterable[Finding]:
    covered = {row.sub_item for row in rows if row.applicable or (row.na_reason or "").strip()}
    for code in wanted:
        if code not in covered:
            message = N_("{sub_item}: there is neither a task nor a reason why it does not apply.")
            yield Finding("uncovered", None, None, message, {"sub_item": sub_items.sub_items()[code].title})
    if not rows:
        yield Finding("uncovered", None, None, N_("The ledger is empty."), {})


def _unmeasured(rows: Iterable[LedgerItem]) -> Iterable[Finding]:
    for row in rows:
        has_quantity = row.target_value is not None and bool(row.unit_of_measure)
        if not has_quantity and not (row.qualitative_standard or "").strip():
            message = N_("Row {position}: give a target with its unit, or a standard of completion.")
            yield _at(row, "unmeasured", message)


def _late(rows: Iterable[LedgerItem], end: date) -> Iterable[Finding]:
    for row in rows:
        if row.deadline is None or row.deadline > end:
            message = N_("Row {position}: the deadline must not be later than the end of the campaign, {end}.")
            yield _at(row, "late", message, end=end.isoformat())


def _without_unit(rows: Iterable[LedgerItem]) -> Iterable[Finding]:
    for row in rows:
        if not row.responsible_unit:
            yield _at(row, "without_unit", N_("Row {position}: name the one unit that is responsible."))


def _not_monotone(rows: Iterable[LedgerItem]) -> Iterable[Finding]:
    for row in rows:
        points = [(str(one.get("date")), float(one.get("planned_percent") or 0)) for one in row.milestones]
        rises = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(points))
        ends_in_time = not points or row.deadline is None or points[-1][0] <= row.deadline.isoformat()
        if not points or not rises or not ends_in_time:
            message = N_(
                "Row {position}: milestones must follow each other in time, never plan less than before, "
                "and end by the deadline."
            )
            yield _at(row, "not_monotone", message)


def _duplicates(rows: Iterable[LedgerItem]) -> Iterable[Finding]:
    first: dict[tuple[str | None, str, str], int] = {}
    for row in rows:
        place = row.location or {}
        name = "".join((row.item_name or "").split())
        key = (row.responsible_unit, f"{place.get('lat')},{place.get('lon')}", name)
        if key in first:
            message = N_("Row {position}: the same unit, place and name as in row {first}.")
            yield _at(row, "duplicates", message, first=first[key])
        else:
            first[key] = row.position


def _at(row: LedgerItem, rule: str, message: str, **params: Any) -> Finding:
    return Finding(rule, row.position, row.id, message, {"position": row.position, **params})
