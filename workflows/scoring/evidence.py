"""The evidence behind scores: what happened in a period, read for all units of a campaign at once.

One visible table of sources, each one statement or two, however many units and items there are.  What counts is what
was verified, and what had become due by the last day of the period (or by now).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.scoring import cases, ledger, marks, public
from workflows.scoring.periods import Period
from workflows.scoring.rules import Entry
from workflows.scoring.scope import Scope
from workflows.tables import Objection

# What is looked at, in this order. To add a source, write it in the module that it belongs to and give it a row.
SOURCES: tuple[Callable[[Scope], Iterable[tuple[str | None, Entry]]], ...] = (
    ledger.items,
    ledger.reports,
    ledger.matters,
    cases.orders,
    cases.instructions,
    cases.replies,
    public.opinions,
    marks.urgings,
    marks.exposures,
    marks.falsified,
    marks.disclosed,
    marks.commended,
)


def read(
    session: Session,
    campaign_id: str,
    period: Period,
    kinds: Mapping[str, str],
    numbers: Mapping[str, Any],
    moment: Moment,
) -> dict[str, list[Entry]]:
    """Unit -> its evidence, for all units of ``kinds``."""
    scope = Scope(
        session,
        campaign_id,
        period.first,
        min(period.last, moment.today),
        kinds,
        numbers,
        revoked(session, campaign_id),
        moment,
    )
    found: dict[str, list[Entry]] = {unit: [] for unit in kinds}
    for source in SOURCES:
        for unit, entry in source(scope):
            if unit in found:
                found[unit].append(entry)
    return found


def revoked(session: Session, campaign_id: str) -> frozenset[str]:
    """Cases whose conclusion was revoked after an objection: nothing of them counts."""
    rows = select(Objection.source_instance_id).where(
        Objection.campaign_id == campaign_id, Objection.verdict == "revoke", Objection.source_instance_id.is_not(None)
    )
    return frozenset(case for case in session.scalars(rows) if case)
