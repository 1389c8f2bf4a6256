"""Completing a task through HTTP, as a multiple of the floor and of an empty page.

The floor is the same statements on a copy of the same data, sent by the bare driver: no engine, no web.  The empty page
is an authenticated page with nothing on it: what any page of this application costs.
Aims: at most ten statements, one commit, at most three times the empty page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks import clock, databases, floor, table, world
from benchmarks.clock import Time
from benchmarks.databases import Place
from benchmarks.floor import Recording
from benchmarks.world import World
from engine import database, tasks

ROUNDS = 200
WARM = 20


def measure() -> None:
    found = []
    for kind in databases.BOTH:
        with kind() as place, world.built(place) as one:
            found.append(_measured(place, one))
    heads = ["database", "statements", "commits", "floor ms", "engine ms", "x floor", "HTTP ms", "x floor"]
    table.show("Completing a task through HTTP", [*heads, "empty page ms", "x page"], [one.elapsed() for one in found])
    heads = ["database", "engine ms", "HTTP ms", "empty page ms", "x page"]
    table.show("The same, computing only (not waiting for disk or server)", heads, [one.computing() for one in found])


@dataclass(frozen=True, slots=True)
class Found:
    database: str
    usual: Recording
    floor: float
    engine: Time
    http: Time
    page: Time

    def elapsed(self) -> list[object]:
        engine, http, page = self.engine.elapsed, self.http.elapsed, self.page.elapsed
        multiples = [engine, engine / self.floor, http, http / self.floor, page, http / page]
        return [self.database, len(self.usual.statements), self.usual.commits, self.floor, *multiples]

    def computing(self) -> list[object]:
        engine, http, page = self.engine.computing, self.http.computing, self.page.computing
        return [self.database, engine, http, page, http / page]


def _measured(place: Place, one: World) -> Found:
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
            http.append(_timed(partial(_completed, browser, task, items)))
        recordings.append(recording)
        page.append(_timed(partial(browser.client.get, "/empty")))
    engine = [_timed(partial(_by_engine, one, task)) for task in by_engine]
    bare = floor.replay(database.connect(copy.url), recordings)
    return Found(place.name, _usual(recordings), median(bare[WARM:]), _median(engine), _median(http), _median(page))


def _completed(browser: world.Browser, task: str, items: dict[str, object]) -> None:
    answer = browser.post(f"/tasks/{task}", items)
    assert answer.status_code == 302, f"{answer.status}: {answer.text[:2000]}"


def _by_engine(one: World, task: str) -> None:
    with one.sessions.begin() as session:
        tasks.complete(session, world.officer_in(session), task, world.ANSWERS, task, world.now())


def _timed(call: Callable[[], object]) -> Time:
    return clock.timed(call)[1]


def _median(times: list[Time]) -> Time:
    counted = times[WARM:]
    return Time(median(one.elapsed for one in counted), median(one.computing for one in counted))


def _usual(recordings: list[Recording]) -> Recording:
    """The one with the most statements: an upper bound for all."""
    return max(recordings[WARM:], key=lambda recording: len(recording.statements))
