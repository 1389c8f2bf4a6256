"""The lights of a night (D1). Aims: as many statements at 10,000 items as at 442, and the same time for an item."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from statistics import median

from benchmarks import crowd, floor, table
from benchmarks.databases import Place
from benchmarks.world import World
from bpmn.moment import Moment
from engine import database
from workflows import lights

ROUNDS = 5
# After a day without reports little turns, after a fortnight much.
LATER = {"next night": timedelta(hours=8), "a fortnight later": timedelta(days=14, hours=8)}


def measure(place: Place, both: Mapping[int, World]) -> None:
    rows: list[list[object]] = []
    for name, later in LATER.items():
        for size, one in both.items():
            rows.append([f"{name}, {size:,} items", *_measured(one, crowd.now(later), size)])
    heads = ["night", "turned", "statements", "rows sent", "floor ms", "ms", "us an item", "x floor"]
    table.show(f"Lights of a night, {place.name}", heads, rows)


def _measured(one: World, moment: Moment, size: int) -> list[object]:
    """Judged and rolled back, again and again."""
    taken, turned, recordings = [], 0, []
    for _ in range(ROUNDS):
        with floor.recorded(one.engine) as sent, one.sessions() as session:
            begin = time.perf_counter()
            night = lights.nightly(session, moment)
            taken.append((time.perf_counter() - begin) * 1000)
            assert night.judged == size
            turned = len(night.turns)
        recordings.append(sent)
    bare, cost = median(floor.replay(database.connect(one.engine.url), recordings)), median(taken)
    usual = recordings[0]
    rows_sent = sum(len(parameters) if many else 1 for _, parameters, many in usual.sent)
    return [turned, len(usual.statements), rows_sent, bare, cost, cost * 1000 / size, cost / bare]
