"""What the ledgers say about a task or a place, for those who prepare a meeting or a visit: figures, nobody types them.

Used by joint supervisions (M1) and inspections of deputies (M3): S4.1a, S4.3b.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows.item_lists import RUNNING, TRACKED
from workflows.problems import OPEN
from workflows.tables import LedgerItem, Problem

MOST_PROBLEMS = 20


def figures(
    session: Session,
    campaign_id: str | None,
    task_codes: Collection[str],
    districts: Collection[str],
    moment: Moment,
) -> list[dict[str, Any]]:
    """The items of these tasks by sub-item, in these districts (none named: in all). One statement.

    Returns [{"sub_item", "items", "closed", "red", "yellow", "overdue", "progress": mean verified percent or None}].
    """
    where = [
        LedgerItem.campaign_id == campaign_id,
        LedgerItem.task_code.in_(list(task_codes)),
        LedgerItem.status.in_(TRACKED),
    ]
    if districts:
        where.append(LedgerItem.district.in_(sorted(districts)))
    late = and_(LedgerItem.status.in_(RUNNING), LedgerItem.deadline < moment.today)
    rows = session.execute(
        select(
            LedgerItem.sub_item,
            func.count(),
            _how_many(LedgerItem.status == "closed"),
            _how_many(LedgerItem.light == "red"),
            _how_many(LedgerItem.light == "yellow"),
            _how_many(late),
            func.avg(LedgerItem.verified_percent),
        )
        .where(*where)
        .group_by(LedgerItem.sub_item)
        .order_by(LedgerItem.sub_item)
    )
    names = ("sub_item", "items", "closed", "red", "yellow", "overdue")
    return [
        {
            **dict(zip(names, (sub_item, *(int(count) for count in counts)), strict=True)),
            "progress": None if progress is None else round(float(progress), 1),
        }
        for sub_item, *counts, progress in rows
    ]


def open_problems(session: Session, campaign_id: str | None, task_codes: Collection[str]) -> list[dict[str, Any]]:
    """The open problems of these tasks, those of the most districts first: [{"number", "title", "units"}].

    What only some roles may see is not told to anybody here: a brief goes round.
    """
    hidden = select(Instance.id).where(Instance.restricted_to.is_not(None))
    rows = session.scalars(
        select(Problem)
        .where(Problem.campaign_id == campaign_id, Problem.task_code.in_(list(task_codes)), Problem.status.in_(OPEN))
        .where(or_(Problem.instance_id.is_(None), Problem.instance_id.not_in(hidden)))
        .order_by(Problem.reported_at.desc(), Problem.id)
        .limit(MOST_PROBLEMS)
    ).all()
    spread = sorted(rows, key=lambda one: -len(one.districts))
    return [{"number": one.number, "title": one.title, "units": list(one.affected_units)} for one in spread]


def _how_many(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
