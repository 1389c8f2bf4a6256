"""What a draft does to 1,000 and to 10,000 running cases, and its pages over HTTP at both sizes.

The floor is the same statements, sent by the bare driver, with all rows fetched.  Aims: as many statements at any size,
and ten thousand cases within a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

from benchmarks import clock, floor, office, table, world
from benchmarks.databases import Place
from benchmarks.floor import Recording
from benchmarks.world import Browser, World
from bpmn.moment import Moment
from engine import impact, process_drafts
from tests.scenarios.scene import CALENDAR
from workflows.services import SERVICES

ROUNDS = 5
EMPTY = "empty page"
PAGES = {
    EMPTY: "/empty",
    "draft": "/admin/drafts/{draft}",
    "its impact": "/admin/drafts/{draft}/impact",
    "modeler": "/admin/drafts/{draft}/model",
    "its diagram": "/admin/drafts/{draft}/diagram.bpmn",
    "its vocabulary": "/admin/drafts/{draft}/vocabulary.json",
    "its problems": "/admin/drafts/{draft}/problems",
}


def measure(place: Place, both: Mapping[int, World], draft: str, moment: Moment) -> None:
    _assessed(place, both, draft, moment)
    _pages(place, both, draft, moment)


def _assessed(place: Place, both: Mapping[int, World], draft: str, moment: Moment) -> None:
    calls: dict[tuple[str, int], Callable[[], object]] = {}
    sent: dict[int, Recording] = {}
    for size, one in both.items():
        calls["assess", size] = partial(_assess, one, draft, moment, size)
        calls["assess", size]()
        with floor.recorded(one.engine) as sent[size]:
            calls["assess", size]()
    cost = clock.medians(calls, ROUNDS)
    rows: list[list[object]] = []
    for size, one in both.items():
        taken = cost["assess", size]
        bare = median(floor.replay(one.engine, [sent[size]] * ROUNDS))
        computing = median(clock.timed(calls["assess", size])[1].computing for _ in range(ROUNDS))
        figures = [bare, taken, taken / bare, computing, computing * 1000 / size]
        rows.append([f"{size:,} cases", len(sent[size].statements), *figures])
    heads = ["running", "statements", "floor ms", "ms", "x floor", "computing ms", "us a case"]
    table.show(f"Impact of a draft on running cases, {place.name}", heads, rows)


def _assess(one: World, draft: str, moment: Moment, size: int) -> None:
    with one.sessions.read() as session:
        actor = office.admin(session)
        bundle = process_drafts.bundle_of(process_drafts.get(session, actor, draft))
        found = impact.assess(session, actor, impact.target_of_bundle(office.KEY, bundle), {}, moment)
    assert found.cases == size
    assert all(found.count(verdict) for verdict in ("movable", "blocked"))
    assert found.touched


def _pages(place: Place, both: Mapping[int, World], draft: str, moment: Moment) -> None:
    calls: dict[tuple[str, int], Callable[[], object]] = {}
    sent: dict[tuple[str, int], int] = {}
    for size, one in both.items():
        app = world.application(one, CALENDAR, SERVICES, lambda: moment.now)
        browser = world.signed_in(app, office.ADMIN)
        for name, address in PAGES.items():
            calls[name, size] = partial(_opened, browser, address.format(draft=draft))
            calls[name, size]()
            with floor.recorded(one.engine) as recording:
                calls[name, size]()
            sent[name, size] = len(recording.statements)
    cost = clock.medians(calls, ROUNDS)
    rows = [
        [f"{name}, {size:,} running", sent[name, size], cost[name, size], cost[name, size] / cost[EMPTY, size]]
        for name in PAGES
        for size in both
    ]
    table.show(f"Pages of a draft, {place.name}", ["page", "statements", "ms", "x empty page"], rows)


def _opened(browser: Browser, address: str) -> None:
    answer = browser.client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status}"
    assert answer.data  # all of it, as it would be sent
