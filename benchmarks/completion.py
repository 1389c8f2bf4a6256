"""Completing a task through HTTP, as a multiple of the floor and of an empty page.

The floor is the same statements on a copy of the same data, sent by the bare driver: no engine, no web.  The empty page
is an authenticated page with nothing on it: what any page of this application costs.
Aims: at most ten statements, one commit, at most three times the empty page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from benchmarks import databases, floor, table, world
from benchmarks.databases import Place
from benchmarks.floor import Recording
from benchmarks.world import World
from engine import database, tasks

ROUNDS = 200
WARM = 20


def measure() -> None:
    rows = []
    for kind in databases.BOTH:
        with kind() as place, world.built(place) as one:
            rows.append(_measured(place, one))
    table.show(
        "Completing a task through HTTP",
        [
            "database",
            "statements",
            "commits",
            "floor ms",
            "engine ms",
            "x floor",
            "HTTP ms",
            "x floor",
            "empty page ms",
            "x page",
        ],
        rows,
    )


def _measured(place: Place, one: World) -> list[object]:
    me = world.officer(one)
    ids = [world.start(one, me, 0, f"事项{number}") for number in range(2 * (WARM + ROUNDS))]
    through_http, by_engine = ids[: WARM + ROUNDS], ids[WARM + ROUNDS :]
    browser = world.signed_in(world.application(one), me.id)
    one.engine.dispose()
    copy = place.copy()

    http, page, recordings = [], [], []
    for number, task in enumerate(through_http):
        items = world.typed(f"key-{number}")
        with floor.recorded(one.engine) as recording:
            http.append(_timed(lambda task=task, items=items: _completed(browser, task, items)))
        recordings.append(recording)
        page.append(_timed(lambda: browser.client.get("/empty")))
    engine = [_timed(lambda task=task: _by_engine(one, task)) for task in by_engine]
    bare = floor.replay(database.connect(copy.url), recordings)

    bottom, middle, top, empty = (median(values[WARM:]) for values in (bare, engine, http, page))
    usual = _usual(recordings[WARM:])
    return [
        place.name,
        len(usual.statements),
        usual.commits,
        bottom,
        middle,
        middle / bottom,
        top,
        top / bottom,
        empty,
        top / empty,
    ]


def _completed(browser: world.Browser, task: str, items: dict[str, object]) -> None:
    answer = browser.post(f"/tasks/{task}", items)
    assert answer.status_code == 302, f"{answer.status}: {answer.text[:2000]}"


def _by_engine(one: World, task: str) -> None:
    with one.sessions.begin() as session:
        tasks.complete(session, world.officer_in(session), task, world.ANSWERS, task, world.now())


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _usual(recordings: list[Recording]) -> Recording:
    """The one with the most statements: an upper bound for all."""
    return max(recordings, key=lambda recording: len(recording.statements))
