"""Evidence of what the public says: answers in time, solutions, satisfaction. S4.4c."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, or_, select

from workflows.scoring.rules import Entry
from workflows.scoring.scope import Found, Scope
from workflows.scoring.units import answerable
from workflows.tables import Opinion

# When it was to be answered for the first time: being reopened does not put it off.
_first_due = func.coalesce(Opinion.first_due, Opinion.due).label("due")
SATISFIED: Mapping[str, float] = {"satisfied": 1.0, "basically": 1.0, "dissatisfied": 0.0}


def opinions(scope: Scope) -> Found:
    """What the public says: the mean of the rates of answers in time, of solutions and of satisfaction.

    Each rate weighs the same, however many have said something, so an opinion weighs one of those of its rate.
    """
    rows = select(
        Opinion.id, Opinion.title, Opinion.unit, Opinion.task_code, _first_due, Opinion.replied_at, Opinion.resolved,
        Opinion.satisfaction, Opinion.rated_at, Opinion.instance_id,
    ).where(
        Opinion.campaign_id == scope.campaign_id,
        Opinion.unit.is_not(None),
        Opinion.status != "cancelled",
        Opinion.duplicate_of.is_(None),
        or_(
            and_(_first_due >= scope.begin, _first_due < scope.end),
            and_(Opinion.rated_at >= scope.begin, Opinion.rated_at < scope.end),
        ),
    )  # fmt: skip
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in scope.session.execute(rows):
        unit = answerable(row.unit) or ""
        about = {
            "source_kind": "opinion", "source_id": row.id, "instance_id": row.instance_id, "task_code": row.task_code,
            "text": row.title,
        }  # fmt: skip
        if row.due is not None and scope.begin <= row.due < scope.end:
            share = float(row.replied_at is not None and row.replied_at <= row.due)
            facts = {"due": scope.iso(row.due), "done": scope.iso(row.replied_at)}
            found[unit, "answered"].append({"share": share, "day": scope.day(row.due), "facts": facts, **about})
        if row.rated_at is not None and scope.begin <= row.rated_at < scope.end:
            rated = {"day": scope.day(row.rated_at), **about}
            if row.resolved is not None:
                found[unit, "resolved"].append({"share": float(row.resolved), **rated})
            if row.satisfaction is not None:
                found[unit, "satisfied"].append({"share": SATISFIED.get(row.satisfaction, 0.0), **rated})
    for (unit, rate), counted in found.items():
        for one in counted:
            rule = f"{rate}_{'yes' if one['share'] else 'no'}"
            yield unit, Entry(component="public", rule=rule, weight=1 / len(counted), **one)
