"""Reads of ledger items for pages: lists behind every number of the campaign page, and one item with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound, grant_for, not_hidden, visible
from engine.tables import Instance, Organisation, Task
from workflows.progress import is_waiting
from workflows.reports import REPORTERS
from workflows.sight import Sight, require_district, sight, within
from workflows.tables import (
    Campaign,
    Change,
    Ledger,
    LedgerItem,
    LightChange,
    Matter,
    Problem,
    ProgressReport,
    Urging,
)

# Items that a campaign counts: whatever has become binding.
TRACKED = (
    "established", "in_progress", "claimed", "verifying", "closed", "suspended", "cancelled", "merged", "reopened",
)  # fmt: skip
# Those whose deadline runs.
RUNNING = ("established", "in_progress", "claimed", "verifying", "reopened")
LIGHTS = ("red", "yellow", "green", "blue", "grey")
UNLIT = "none"
REPORTS_SHOWN = 24
CHANGES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items a list shows; None: no matter.

    ``light`` is one of LIGHTS or UNLIT. ``state`` is a status, or ``running``. ``only`` is one of ONLY; ``since`` the
    first day that those of them which speak of changes look at.  ``ball`` is the pool of open tasks, or ``@account``.
    """

    campaign_id: str
    district: str | None = None
    task: str | None = None
    sub_item: str | None = None
    light: str | None = None
    state: str | None = None
    only: str | None = None
    since: date | None = None
    before: str | None = None
    after: str | None = None
    ball: str | None = None
    search: str = ""


# What ``only`` may say.
ONLY = ("overdue", "report_overdue", "falsified", "turned", "closed", "reported", "verified", "urged")


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: str
    sub_item: str
    task_code: str
    district: str
    district_name: str
    unit_name: str | None
    deadline: date | None
    original_deadline: date | None
    status: str
    light: str | None
    light_rule: str | None
    light_since: date | None
    planned_percent: Decimal | None
    verified_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item with what has happened to it; lists are the newest first."""

    item: LedgerItem
    campaign: Campaign
    ledger: Ledger
    district_name: str
    reports: tuple[ProgressReport, ...]
    lights: tuple[LightChange, ...]
    urgings: tuple[Urging, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    matters: tuple[Matter, ...]
    open_tasks: tuple[Task, ...]
    case_id: str | None  # of the instance that tracks it, for those who may see it
    is_mine: bool  # the actor reports on it and applies for its changes
    is_waiting: bool  # for a report whose window has not opened yet


def rows(
    session: Session, actor: Actor, wanted: Wanted, moment: Moment, limit: int, offset: int
) -> tuple[list[Row], int]:
    """A page of items, the worst first, and how many there are. Raises NotYours. Two statements."""
    conditions = _conditions(wanted, sight(actor), moment)
    total = session.scalar(select(func.count()).select_from(LedgerItem).where(*conditions)) or 0
    if total <= offset:
        return [], total
    district, unit = Organisation.__table__.alias("district"), Organisation.__table__.alias("unit")
    query = (
        select(
            LedgerItem.id, LedgerItem.item_name, LedgerItem.sub_item, LedgerItem.task_code, LedgerItem.district,
            district.c.name, unit.c.name, LedgerItem.deadline, LedgerItem.original_deadline, LedgerItem.status,
            LedgerItem.light, LedgerItem.light_rule, LedgerItem.light_since, LedgerItem.planned_percent,
            LedgerItem.verified_percent,
        )
        .join(district, district.c.code == LedgerItem.district)
        .outerjoin(unit, unit.c.code == LedgerItem.responsible_unit)
        .where(*conditions)
        .order_by(_severity(), LedgerItem.deadline, LedgerItem.district, LedgerItem.position, LedgerItem.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [Row(*found) for found in session.execute(query)], total


def view(session: Session, actor: Actor, item_id: str) -> ItemView:
    """Raises NotFound, NotYours."""
    item = session.get(LedgerItem, item_id)
    if item is None:
        raise NotFound
    require_district(actor, item.district)
    of_item = LightChange.item_id == item_id
    lights = select(LightChange).where(of_item).order_by(LightChange.at.desc(), LightChange.id.desc())
    reports = select(ProgressReport).where(ProgressReport.item_id == item_id).order_by(ProgressReport.id.desc())
    tracking = select(Instance.id).where(Instance.id == item.instance_id, visible(actor))
    unit = session.get(Organisation, item.responsible_unit) if item.responsible_unit else None
    tasks = select(Task).where(Task.instance_id == item.instance_id, Task.status == "open").order_by(Task.due_order)
    return ItemView(
        item=item,
        campaign=session.get_one(Campaign, item.campaign_id),
        ledger=session.get_one(Ledger, item.ledger_id),
        district_name=session.get_one(Organisation, item.district).name,
        reports=tuple(session.scalars(reports.limit(REPORTS_SHOWN))),
        lights=tuple(session.scalars(lights.limit(CHANGES_SHOWN))),
        urgings=_of_item(session, Urging, Urging.at, item_id),
        changes=_of_item(session, Change, Change.filed_at, item_id),
        problems=_of_item(session, Problem, Problem.reported_at, item_id, not_hidden(Problem.instance_id, actor)),
        matters=_of_item(session, Matter, Matter.requested_at, item_id, not_hidden(Matter.instance_id, actor)),
        open_tasks=tuple(session.scalars(tasks)) if item.instance_id else (),
        case_id=session.scalar(tracking) if item.instance_id else None,
        is_mine=unit is not None and grant_for(actor, REPORTERS, unit.path, item.task_code) is not None,
        is_waiting=is_waiting(session, item.instance_id) if item.instance_id else False,
    )


def in_campaign(campaign_id: str, districts: Sight) -> list[ColumnElement[bool]]:
    """The items that a campaign counts, of the districts that may be seen."""
    return [
        LedgerItem.campaign_id == campaign_id,
        LedgerItem.status.in_(TRACKED),
        within(LedgerItem.district, districts),
    ]


def begin_of(day: date, moment: Moment) -> datetime:
    """Midnight, in the zone of the calendar."""
    return datetime.combine(day, time.min, moment.calendar.zone)


def is_overdue(moment: Moment) -> ColumnElement[bool]:
    return and_(LedgerItem.status.in_(RUNNING), LedgerItem.deadline < moment.today)


def is_in_hand(ball: str) -> ColumnElement[bool]:
    """Items with an open task in that pool, or held by that account."""
    whose = Task.holder == ball[1:] if ball.startswith("@") else and_(Task.pool_id == ball, Task.holder.is_(None))
    return LedgerItem.instance_id.in_(select(Task.instance_id).where(Task.status == "open", whose))


def _conditions(wanted: Wanted, districts: Sight, moment: Moment) -> list[ColumnElement[bool]]:
    found = in_campaign(wanted.campaign_id, districts)
    exact = (
        (LedgerItem.district, wanted.district),
        (LedgerItem.task_code, wanted.task),
        (LedgerItem.sub_item, wanted.sub_item),
    )
    found += [column == value for column, value in exact if value]
    if wanted.light:
        found.append(LedgerItem.light.is_(None) if wanted.light == UNLIT else LedgerItem.light == wanted.light)
    if wanted.state:
        found.append(LedgerItem.status.in_(RUNNING) if wanted.state == "running" else LedgerItem.status == wanted.state)
    if wanted.ball:
        found.append(is_in_hand(wanted.ball))
    if wanted.search:
        words = wanted.search.strip()
        found.append(or_(LedgerItem.item_name.contains(words, autoescape=True), LedgerItem.sub_item == words.upper()))
    if wanted.only:
        found.append(_only(wanted, moment))
    return found


def _only(wanted: Wanted, moment: Moment) -> ColumnElement[bool]:
    since = begin_of(wanted.since or moment.today, moment)
    if wanted.only == "overdue":
        return is_overdue(moment)
    if wanted.only == "report_overdue":
        return and_(LedgerItem.status.in_(RUNNING), LedgerItem.report_due < moment.now)
    if wanted.only == "falsified":
        return LedgerItem.falsified.is_(True)
    if wanted.only == "closed":
        return and_(LedgerItem.status == "closed", LedgerItem.closed_at >= since)
    if wanted.only == "turned":
        return LedgerItem.id.in_(_turned(wanted, moment))
    if wanted.only == "reported":
        return LedgerItem.id.in_(select(ProgressReport.item_id).where(ProgressReport.reported_at >= since))
    if wanted.only == "verified":
        return LedgerItem.id.in_(select(ProgressReport.item_id).where(ProgressReport.verified_at >= since))
    if wanted.only == "urged":
        return LedgerItem.id.in_(select(Urging.item_id).where(Urging.at >= since, Urging.item_id.is_not(None)))
    return false()


def _turned(wanted: Wanted, moment: Moment) -> Any:
    query = select(LightChange.item_id).where(LightChange.day >= (wanted.since or moment.today))
    if wanted.before:
        is_before = LightChange.before.is_(None) if wanted.before == UNLIT else LightChange.before == wanted.before
        query = query.where(is_before)
    return query.where(LightChange.after == wanted.after) if wanted.after else query


def _severity() -> Any:
    order = {light: place for place, light in enumerate(LIGHTS)}
    return case(order, value=LedgerItem.light, else_=len(LIGHTS))


def _of_item(
    session: Session, table: Any, when: Any, item_id: str, *conditions: ColumnElement[bool]
) -> tuple[Any, ...]:
    query = select(table).where(table.item_id == item_id, *conditions)
    return tuple(session.scalars(query.order_by(when.desc()).limit(20)))
