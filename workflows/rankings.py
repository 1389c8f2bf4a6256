"""Districts in the order of how much of their plan is verified; never of fewer units than the parameter says.

For the monthly report (M6b).  Unlike the score (D6) it looks at progress alone, on one day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows import parameters
from workflows.organisation import units
from workflows.tables import LedgerItem

UNRANKED = ("draft", "submitted", "returned", "exempt", "suspended", "cancelled", "merged")


def rank(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service: the districts of a ``campaign_id``.

    Returns {"units": how many there are to rank, "allowed": whether these are enough (parameter), "rows": [{"rank",
    "unit", "name", "rate" (verified of planned, percent), "items", "red"}], none of them if it is not allowed}.
    """
    least = int(parameters.value(session, "score_ranking_least", moment.today))
    found = _rows(session, inputs["campaign_id"])
    allowed = len(found) >= least
    return {"units": len(found), "allowed": allowed, "rows": found if allowed else []}


def _rows(session: Session, campaign_id: Any) -> list[dict[str, Any]]:
    """Every item counts once, at most with its plan; items without a plan yet don't count. One statement."""
    reached = func.coalesce(LedgerItem.verified_percent, 0)
    share = case((reached >= LedgerItem.planned_percent, 1.0), else_=reached * 1.0 / LedgerItem.planned_percent)
    wanted = (
        select(
            LedgerItem.district,
            func.avg(share),
            func.count(),
            func.sum(case((LedgerItem.light == "red", 1), else_=0)),
        )
        .where(
            LedgerItem.campaign_id == campaign_id,
            LedgerItem.status.not_in(UNRANKED),
            LedgerItem.planned_percent > 0,
        )
        .group_by(LedgerItem.district)
    )
    counted = [
        (round(100 * float(rate), 1), district, int(items), int(red))
        for district, rate, items, red in session.execute(wanted)
    ]
    rates = sorted((rate for rate, *_ in counted), reverse=True)
    return [
        {
            "rank": rates.index(rate) + 1,  # equal ones share a place
            "unit": district,
            "name": units()[district].name if district in units() else district,
            "rate": rate,
            "items": items,
            "red": red,
        }
        for rate, district, items, red in sorted(counted, key=lambda one: (-one[0], one[1]))
    ]
