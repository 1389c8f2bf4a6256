"""A campaign in mid-course without the months of work: progress of all sorts is written into the items, nights pass,
and items are copied with their cases until there are as many as wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, undefer

from benchmarks.rows import values
from benchmarks.world import World
from bpmn.moment import Moment
from engine.tables import Instance, Task
from tests.scenarios.campaigns import CALENDAR
from workflows import nights
from workflows.tables import LedgerItem, LightChange, ProgressReport

DAY = datetime(2013, 9, 16, 10, tzinfo=CALENDAR.zone)
NIGHTS = ("2013-06-30", "2013-07-31", "2013-08-31", "2013-09-12", "2013-09-14")
BATCH = 2_000


def now(later: timedelta = timedelta(0)) -> Moment:
    return Moment(DAY + later, CALENDAR)


def in_course(one: World, campaign_id: str) -> None:
    """Every item has reported and was verified, between nothing at all and more than was planned; five nights."""
    with one.sessions.begin() as session:
        ids = session.scalars(_items(campaign_id)).all()
        session.execute(update(LedgerItem), [_progress(place, item_id) for place, item_id in enumerate(ids)])
        session.execute(insert(ProgressReport), [_report(place, item_id) for place, item_id in enumerate(ids)])
    for day in NIGHTS:
        with one.sessions.begin() as session:
            nights.keep(session, Moment(datetime.fromisoformat(f"{day} 18:30").replace(tzinfo=CALENDAR.zone), CALENDAR))


def fill(one: World, campaign_id: str, size: int) -> None:
    """Copy items until there are so many; the copies have cases, tasks, reports and lights of their own."""
    with one.sessions.begin() as session:
        ids = session.scalars(_items(campaign_id)).all()
        wanted = list(islice(cycle(ids), size - len(ids)))
        for begin in range(0, len(wanted), BATCH):
            _copy(session, wanted[begin : begin + BATCH])


def _copy(session: Session, ids: Iterable[str]) -> None:
    models = {item.id: item for item in session.scalars(select(LedgerItem))}
    cases = {case.id: case for case in session.scalars(select(Instance).options(undefer("*")))}
    tasks, lights, reports = (_of(session, row) for row in (Task, LightChange, ProgressReport))
    made: dict[type[Any], list[dict[str, Any]]] = {
        table: [] for table in (Instance, Task, LedgerItem, LightChange, ProgressReport)
    }
    for item_id in ids:
        item, new, case_id = models[item_id], uuid4().hex, uuid4().hex
        case = cases[item.instance_id or ""]
        made[Instance].append(values(case) | {"id": case_id, "origin": f"copy:{case_id}"})
        made[LedgerItem].append(values(item) | {"id": new, "instance_id": case_id})
        made[Task] += [{**one, "id": uuid4().hex, "instance_id": case_id} for one in tasks.get(case.id, ())]
        for table, found in ((LightChange, lights), (ProgressReport, reports)):
            made[table] += [{**one, "item_id": new} for one in found.get(item_id, ())]
    for table, copies in made.items():
        session.execute(insert(table), copies)


def _of(session: Session, table: type[Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows by what they belong to, without the keys that the database counts itself."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in session.scalars(select(table)):
        whose = row.instance_id if table is Task else row.item_id
        found.setdefault(whose, []).append({name: value for name, value in values(row).items() if name != "id"})
    return found


def _items(campaign_id: str) -> Any:
    return select(LedgerItem.id).where(LedgerItem.campaign_id == campaign_id).order_by(LedgerItem.id)


def _progress(place: int, item_id: str) -> dict[str, Any]:
    percent = Decimal(place * 37 % 101)
    due = DAY + timedelta(days=place % 40 - 25)
    return {"id": item_id, "verified_percent": percent, "reported_value": percent, "report_due": due}


def _report(place: int, item_id: str) -> dict[str, Any]:
    at = DAY - timedelta(days=place % 30)
    return {
        "item_id": item_id, "period": "2013-08", "no_change": False, "actual_value": Decimal(place), "reported_at": at,
        "progress_percent": Decimal(place * 37 % 101), "evidence": [], "verified_at": at, "verdict": "pass",
    }  # fmt: skip
