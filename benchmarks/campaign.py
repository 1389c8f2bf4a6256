"""A campaign as a whole: opening it, the lights of a night, its page, and a district's ledger as page and spreadsheet.

The floor is the same statements on a copy of the same data, sent by the bare driver.  Ten thousand items are the 442 of
the campaign that was opened, copied with their cases, tasks and lights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from statistics import median

from sqlalchemy import func, select

from benchmarks import campaign_pages, city, crowd, databases, floor, nights, rows, scores, sheets, table, world
from benchmarks.city import ITEMS, Opening, Step
from benchmarks.databases import Place
from benchmarks.world import World
from engine import database
from engine.tables import Instance

LARGE = 10_000
EVENINGS = ("2013-05-06", "2013-05-07")
HEADS = ("operations", "commits", "statements", "an item", "floor s", "s", "ms an item", "x floor")


def measure() -> None:
    for kind in databases.BOTH:
        with kind() as place, world.opened(place) as small:
            campaign = _opened(place, small)
            crowd.in_course(small, campaign)
            with _enlarged(place, small, campaign) as large:
                both = {ITEMS: small, LARGE: large}
                nights.measure(place, both)
                campaign_pages.measure(place, both, campaign)
                sheets.measure(place, both)
                scores.measure(place, both, campaign)


def _opened(place: Place, one: World) -> str:
    """Open the campaign and show what that took; its id."""
    town = city.founded(place, one)
    one.engine.dispose()
    copy, before = place.copy(), rows.size(one.engine)
    with floor.replaying(database.connect(copy.url)) as town.again:
        campaign = city.open_all(town)
        opening, states, grown = town.steps, list(_states(one)), rows.size(one.engine) - before
        evenings = [[day, *_evening(town, day)] for day in EVENINGS]
    table.show(
        f"Opening a campaign with 17 districts and {ITEMS} items, {place.name}",
        ["part", *HEADS],
        [*_parts(opening)],
    )
    table.show(
        f"What it leaves, {place.name}: {grown // ITEMS:,} bytes of database for each item",
        ["process", "instances", "state bytes, median", "state bytes, largest", "on its way"],
        [[key, *sizes, town.widest if key == "ledger_establishment" else ""] for key, *sizes in states],
    )
    table.show(f"Evenings on which every item is late, {place.name}", ["evening", *HEADS], evenings)
    return campaign


def _evening(town: Opening, day: str) -> list[object]:
    """No unit has signed for its item: each of them is reminded or urged."""
    town.steps = []
    town.stage.now = datetime.fromisoformat(f"{day} 18:00").replace(tzinfo=city.CALENDAR.zone)
    town.work()
    *_, (_, *whole) = _parts(town.steps)
    return whole


def _parts(steps: Sequence[Step]) -> Iterator[list[object]]:
    for part in (*dict.fromkeys(step.part for step in steps), "all"):
        mine = [step for step in steps if part in (step.part, "all")]
        statements, commits = sum(step.statements for step in mine), sum(step.commits for step in mine)
        taken, bare = sum(step.taken for step in mine), sum(step.bare for step in mine)
        each = (statements / ITEMS, bare / 1000, taken / 1000, taken / ITEMS, taken / bare)
        yield [part, len(mine), commits, statements, *each]


def _states(one: World) -> Iterator[list[object]]:
    """Process, how many instances, bytes of their states and variables: what is read and written with each step."""
    with one.sessions.read() as session:
        found: dict[str, list[int]] = {}
        for key, size in session.execute(select(Instance.process_key, func.length(Instance.state))):
            found.setdefault(key, []).append(size)
    for key, sizes in found.items():
        yield [key, len(sizes), int(median(sizes)), max(sizes)]


@contextmanager
def _enlarged(place: Place, small: World, campaign: str) -> Iterator[World]:
    small.engine.dispose()
    with world.opened(place.copy()) as large:
        crowd.fill(large, campaign, LARGE)
        rows.analyse(large.engine)
        rows.analyse(small.engine)
        yield large
