"""The scores of a quarter (D6): evidence of all units read, decided, handed out to events, and kept.

Aim: as many statements at 10,000 items as at 442.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks import crowd, floor, table
from benchmarks.databases import Place
from benchmarks.world import World
from engine import database
from engine.tables import Instance
from workflows import scores
from workflows.tables import Assessment, ScoreEvent

ROUNDS = 3
PERIOD = "2013-Q3"
HEADS = ["scores", "units", "events", "statements", "floor ms", "ms", "us an event", "x floor"]


def measure(place: Place, both: Mapping[int, World], campaign: str) -> None:
    rows: list[list[object]] = []
    for size, one in both.items():
        rows.append([f"computed, {size:,} items", *_measured(one, campaign, keep=False)])
        rows.append([f"computed and kept, {size:,} items", *_measured(one, campaign, keep=True)])
    table.show(f"Scores of a quarter, {place.name}", HEADS, rows)


def _measured(one: World, campaign: str, keep: bool) -> list[object]:
    """Computed, and kept, and rolled back, again and again."""
    taken, recordings, moment = [], [], crowd.now()
    units = events = 0
    for _ in range(ROUNDS):
        with one.sessions() as session:
            assessment = _opened(session, campaign) if keep else None
            with floor.recorded(one.engine) as sent:
                begin = time.perf_counter()
                found = scores.compute_all(session, campaign, PERIOD, moment)
                if assessment is not None:
                    scores.keep(session, assessment, found, moment)
                taken.append((time.perf_counter() - begin) * 1000)
            units, events = len(found), sum(len(score.events) for _, score in found.values())
            if keep:
                assert session.scalar(select(func.count()).select_from(ScoreEvent)) == events
            recordings.append(sent)
            session.rollback()
    cost, statements = median(taken), len(recordings[0].statements)
    if keep:  # rows that were rolled back have no case to belong to, so they can't be sent again
        return [units, events, statements, "", cost, cost * 1000 / events, ""]
    bare = median(floor.replay(database.connect(one.engine.url), recordings))
    return [units, events, statements, bare, cost, cost * 1000 / events, cost / bare]


def _opened(session: Session, campaign: str) -> Assessment:
    """An assessment of its own for this transaction; its case is any that has none."""
    taken = select(Assessment.id)
    case = session.scalars(select(Instance.id).where(Instance.id.not_in(taken)).limit(1)).one()
    moment = crowd.now()
    assessment = Assessment(
        id=case, number=uuid4().hex, title="measured", campaign_id=campaign, period=PERIOD, first_day=moment.today,
        last_day=moment.today, status="computed", computed_at=moment.now,
    )  # fmt: skip
    session.add(assessment)
    session.flush()
    return assessment
