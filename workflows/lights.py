"""Lights of ledger items (D1): judged when something happens to an item, and every night for all of them.

The decision table is the only rule; here are the facts that it sees and the rows that it changes.  Quantity is always
the verified one, and what is planned is linear between milestones.  All items of a night are read with one statement;
equal facts are decided once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from bpmn.decisions import Decision
from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import messages
from engine.tables import Instance
from workflows import parameters, tables_in_force
from workflows.tables import Change, LedgerItem, LightChange
from workflows.working_time import between, day_of_month

TABLE = "D1_light"
TURNED_RED = "msg_light_changed"
LIT = ("in_progress", "claimed", "verifying", "reopened", "suspended")
LIMITS = ("light_red_gap", "light_yellow_gap", "light_near_days", "light_red_missed", "light_yellow_missed")
RHYTHM = ("report_day", "red_report_days")
_COLUMNS = (
    LedgerItem.id, LedgerItem.status, LedgerItem.start_date, LedgerItem.deadline, LedgerItem.milestones,
    LedgerItem.verified_percent, LedgerItem.planned_percent, LedgerItem.falsified, LedgerItem.missed_reports,
    LedgerItem.report_due, LedgerItem.report_weekly, LedgerItem.rectification_overdue, LedgerItem.light,
    LedgerItem.light_rule,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What D1 looks at. ``gap`` in percentage points, ``days_left`` in working days (negative: past)."""

    status: str
    past_deadline: bool
    days_left: int
    falsified: bool
    gap: float
    missed_reports: int
    rectification_overdue: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """An item whose light or rule has changed."""

    item_id: str
    before: str | None
    after: str
    rule: str

    @property
    def is_newly_red(self) -> bool:
        return self.after == "red" != self.before


@dataclass(frozen=True, slots=True)
class Night:
    """What a nightly judgement did."""

    judged: int
    turns: tuple[Turn, ...]


def nightly(session: Session, moment: Moment) -> Night:
    """Judge all items that are on their way, and tell the processes of those that have turned red."""
    night = _judge(session, LedgerItem.status.in_(LIT), _Clock(session, moment))
    tell(session, night.turns, moment)
    return night


def judge(session: Session, item_ids: Collection[str], moment: Moment) -> tuple[Turn, ...]:
    """Judge some items because something happened to them. Who is to hear of it, the caller decides."""
    session.flush()
    return _judge(session, LedgerItem.id.in_(item_ids), _Clock(session, moment, item_ids)).turns


def tell(session: Session, turns: Iterable[Turn], moment: Moment) -> None:
    """Tell the processes that track items which have turned red."""
    payloads = {
        turn.item_id: {"item_id": turn.item_id, "before": turn.before, "after": turn.after, "rule": turn.rule}
        for turn in turns
        if turn.is_newly_red
    }
    messages.send_each(session, TURNED_RED, payloads, moment)


def facts(session: Session, item: LedgerItem, moment: Moment) -> dict[str, Any]:
    """What a diagram gives to D1 for one item, with the limits as ``parameters``."""
    clock = _Clock(session, moment, [item.id])
    return asdict(_facts(item, _planned(item, moment.today), clock)) | {"parameters": clock.limits}


def show(session: Session, item: LedgerItem, light: str, rule: str, moment: Moment) -> Turn:
    """Write the light that a diagram has decided for an item."""
    clock = _Clock(session, moment, [item.id])
    planned = _planned(item, moment.today)
    seen = _facts(item, planned, clock)
    turn = Turn(item.id, item.light, light, rule)
    if (item.light, item.light_rule) != (light, rule):
        session.add(LightChange(**_change(turn, seen, planned, clock)))
        item.light_since = moment.today if item.light != light else item.light_since
        item.light, item.light_rule = light, rule
    item.planned_percent = Decimal(str(planned))
    item.missed_reports = seen.missed_reports
    session.flush()
    return turn


def planned_percent(start: date, deadline: date, milestones: Iterable[Mapping[str, Any]], day: date) -> float:
    """What is planned for the day, from 0 to 100: linear between start, milestones and deadline."""
    points = [(start, 0.0), *sorted((_day(one["date"]), float(one["planned_percent"])) for one in milestones)]
    if deadline > points[-1][0]:
        points.append((deadline, 100.0))
    if day <= points[0][0]:
        return 0.0
    for (first, low), (last, high) in pairwise(points):
        if day < last:
            return round(low + (high - low) * (day - first).days / max((last - first).days, 1), 2)
    return points[-1][1] if day < deadline else 100.0


def missed(due: datetime | None, is_weekly: bool, rhythm: Mapping[str, Any], moment: Moment) -> int:
    """How many reports in a row have not come, if the one that is awaited was due at that instant."""
    if due is None or moment.now < due:
        return 0
    if is_weekly:
        return 1 + (moment.now - due).days // int(rhythm["red_report_days"])
    first = due.astimezone(moment.calendar.zone).date()
    months = (moment.today.year - first.year) * 12 + moment.today.month - first.month
    is_over = day_of_month(int(rhythm["report_day"]), moment.today, moment) <= moment.now
    return 1 + max(0, months - (not is_over))


class _Clock:
    """What all items of one judgement share, worked out once."""

    def __init__(self, session: Session, moment: Moment, only: Collection[str] | None = None) -> None:
        self.moment = moment
        self._session = session
        self._only = only
        self._days: dict[date, tuple[bool, int]] = {}
        numbers = parameters.values(session, moment.today, (*LIMITS, *RHYTHM))
        self.limits = {name: numbers[name] for name in LIMITS}
        self.rhythm = {name: numbers[name] for name in RHYTHM}

    @cached_property
    def held(self) -> frozenset[str]:
        """Items for which a change that was filed in time waits for its decision: their deadline stands still."""
        wanted = select(Change.item_id).where(Change.status == "filed", Change.in_time.is_(True))
        if self._only is not None:
            wanted = wanted.where(Change.item_id.in_(self._only))
        return frozenset(found for found in self._session.scalars(wanted) if found)

    @cached_property
    def late_orders(self) -> frozenset[str]:
        """Items with a rectification case under way that is past its deadline."""
        item, deadline = (Instance.variables[name].as_string() for name in ("item_id", "deadline"))
        cases = select(item, deadline).where(
            Instance.process_key == "rectification",
            Instance.status.in_(("active", "failed")),
            item.is_not(None) if self._only is None else item.in_(self._only),
        )
        return frozenset(
            item_id for item_id, day in self._session.execute(cases) if day and self.until(to_date(day, self.moment))[0]
        )

    def until(self, deadline: date) -> tuple[bool, int]:
        """Whether the deadline is past, and the working days to it."""
        if deadline not in self._days:
            is_past = self.moment.end_of(deadline) < self.moment.now
            self._days[deadline] = (is_past, between(self.moment.today, deadline, self.moment.calendar))
        return self._days[deadline]


def _judge(session: Session, wanted: ColumnElement[bool], clock: _Clock) -> Night:
    decision, today = tables_in_force.table(session, TABLE), clock.moment.today
    decided: dict[Facts, tuple[str, str]] = {}
    turns, written, changed = [], [], []
    rows = session.execute(select(*_COLUMNS).where(wanted)).all()
    for row in rows:
        planned = _planned(row, today)
        seen = _facts(row, planned, clock)
        if seen not in decided:
            decided[seen] = _decide(decision, seen, clock)
        light, rule = decided[seen]
        now = {"planned_percent": Decimal(str(planned)), "missed_reports": seen.missed_reports}
        now |= {"rectification_overdue": seen.rectification_overdue, "light": light, "light_rule": rule}
        if any(getattr(row, name) != value for name, value in now.items()):
            since = {"light_since": today} if row.light != light else {}
            written.append({"id": row.id, **now, **since})
        if (row.light, row.light_rule) != (light, rule):
            turns.append(Turn(row.id, row.light, light, rule))
            changed.append(_change(turns[-1], seen, planned, clock))
    _write(session, written)
    if changed:
        session.execute(insert(LightChange), changed)
    return Night(len(rows), tuple(turns))


def _write(session: Session, written: list[dict[str, Any]]) -> None:
    """Each set of columns in one go; rows that are loaded are read anew when they are used next."""
    for names in {tuple(sorted(one)) for one in written}:
        session.execute(update(LedgerItem), [one for one in written if tuple(sorted(one)) == names])
    for one in session.identity_map.values():
        if isinstance(one, LedgerItem):
            session.expire(one)


def _facts(row: Any, planned: float, clock: _Clock) -> Facts:
    is_past, left = clock.until(row.deadline)
    if row.id in clock.held:
        is_past, left = False, max(left, 0)
    gap = planned - float(row.verified_percent or 0)
    return Facts(
        status=row.status,
        past_deadline=is_past,
        days_left=left,
        falsified=row.falsified,
        gap=round(max(gap, 0.0), 2),
        missed_reports=missed(row.report_due, row.report_weekly, clock.rhythm, clock.moment),
        rectification_overdue=row.id in clock.late_orders,
    )


def _planned(row: Any, day: date) -> float:
    return planned_percent(row.start_date, row.deadline, row.milestones, day)


def _decide(decision: Decision, seen: Facts, clock: _Clock) -> tuple[str, str]:
    found = decision.decide(asdict(seen) | {"parameters": clock.limits}, clock.moment)
    assert isinstance(found, dict)  # hit policy FIRST
    return found["light"], found["rule"]


def _change(turn: Turn, seen: Facts, planned: float, clock: _Clock) -> dict[str, Any]:
    return {
        "item_id": turn.item_id,
        "day": clock.moment.today,
        "at": clock.moment.now,
        "before": turn.before,
        "after": turn.after,
        "rule": turn.rule,
        "facts": asdict(seen) | {"planned_percent": planned, "limits": clock.limits},
    }


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
