"""Slips and orders of urging: each rung that has a number is put on paper as well (催办单, 督办单)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows.organisation import district_of, units
from workflows.papers.issue import issue_paper
from workflows.tables import Urging

Run = Callable[[Session, Instance, Mapping[str, Any], Moment], Mapping[str, Any]]

# Kind of rung -> kind of paper.
KINDS: Mapping[str, str] = {"slip": "urging_slip", "order": "supervision_order"}


def with_papers(urge: Run) -> Run:
    """The service that climbs a rung, and puts what it climbed on paper."""

    def run(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
        result = urge(session, instance, inputs, moment)
        if result.get("rung") or result.get("number"):  # most days nothing is due
            _issue(session, instance, moment)
        return result

    return run


def _issue(session: Session, instance: Instance, moment: Moment) -> None:
    climbed = select(Urging).where(
        Urging.instance_id == instance.id,
        Urging.at == moment.now,
        Urging.kind.in_(KINDS),
        Urging.number.is_not(None),
    )
    for row in session.scalars(climbed.order_by(Urging.id)).all():
        inputs = {
            "kind": KINDS[row.kind],
            "campaign_id": row.campaign_id,
            "facts": {"urging_id": row.id},
            "number": row.number,
            **_whom(row),
        }
        issue_paper(session, instance, inputs, moment)


def _whom(row: Urging) -> dict[str, Any]:
    """A slip goes to the unit; an order to the government of its district, with a copy for the unit (D2)."""
    district = district_of(row.unit)
    if row.kind != "order" or district is None or district == row.unit:
        return {"addressees": [row.unit]}
    return {"addressees": [f"{units()[district].name}人民政府"], "copies": [row.unit]}
