"""Who has the ball: open tasks of a campaign's items, grouped by who may do them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, case, func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Account, Organisation, Task
from workflows.item_lists import in_campaign
from workflows.sight import Sight
from workflows.tables import LedgerItem


@dataclass(frozen=True, slots=True)
class Hand:
    """Who has the ball: a group of open tasks. ``key`` is what `Wanted.ball` takes.

    Either ``holder`` is the name of one account, or the roles, organisation and task say who may do it.
    """

    key: str
    holder: str | None
    roles: tuple[str, ...]
    org_name: str | None
    task_code: str | None
    steps: tuple[tuple[str, int], ...]
    count: int
    late: int
    oldest: datetime


def of_items(session: Session, campaign_id: str, districts: Sight, moment: Moment) -> list[Hand]:
    """Open tasks of the items by who may do them, the most late first. One statement."""
    groups = _groups(campaign_id, districts, moment)
    query = (
        select(groups, Task.roles, Organisation.name, Task.task_code, Account.name.label("holder_name"))
        .join(Task, Task.id == groups.c.sample)
        .outerjoin(Organisation, Organisation.code == Task.org)
        .outerjoin(Account, Account.id == Task.holder)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[f"@{row.holder}" if row.holder else row.pool_id].append(row)
    hands = [_hand(key, group) for key, group in found.items()]
    return sorted(hands, key=lambda hand: (-hand.late, -hand.count, hand.oldest, hand.key))


def _groups(campaign_id: str, districts: Sight, moment: Moment) -> Subquery:
    return (
        select(
            Task.holder,
            case((Task.holder.is_(None), Task.pool_id)).label("pool_id"),
            Task.name.label("step"),
            func.count().label("number"),
            func.sum(case((Task.due < moment.now, 1), else_=0)).label("late"),
            func.min(Task.opened_at).label("oldest"),
            func.min(Task.id).label("sample"),
        )
        .join(LedgerItem, LedgerItem.instance_id == Task.instance_id)
        .where(*in_campaign(campaign_id, districts), Task.status == "open")
        .where(or_(Task.holder.is_not(None), Task.pool_id.is_not(None)))
        .group_by(Task.holder, case((Task.holder.is_(None), Task.pool_id)), Task.name)
        .subquery()
    )


def _hand(key: str, group: Iterable[Any]) -> Hand:
    rows_ = list(group)
    first = rows_[0]
    return Hand(
        key=key,
        holder=first.holder_name or first.holder,
        roles=tuple(first.roles),
        org_name=first.name,
        task_code=first.task_code,
        steps=tuple(sorted(((row.step, row.number) for row in rows_), key=lambda step: -step[1])),
        count=sum(row.number for row in rows_),
        late=sum(int(row.late) for row in rows_),
        oldest=min(row.oldest for row in rows_),
    )
