"""The pages of a campaign at 442 and at 10,000 items, against an empty page for the same person in the same turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy import select

from benchmarks import clock, crowd, floor, table, world
from benchmarks.databases import Place
from benchmarks.world import Browser, World
from tests.scenarios.campaigns import CALENDAR
from workflows.services import SERVICES
from workflows.tables import Ledger, LedgerItem

LEADER = "group-leader-01"
ROUNDS = 15
EMPTY = "empty page"


def measure(place: Place, both: Mapping[int, World], campaign: str) -> None:
    calls: dict[tuple[str, int], Callable[[], object]] = {}
    sent: dict[tuple[str, int], int] = {}
    for size, one in both.items():
        browser = signed_in(one, LEADER)
        for name, address in _pages(one, campaign).items():
            calls[name, size] = partial(opened, browser, address)
            calls[name, size]()
            with floor.recorded(one.engine) as recording:
                calls[name, size]()
            sent[name, size] = len(recording.statements)
    cost = clock.medians(calls, rounds=ROUNDS)
    rows = [
        [f"{name}, {size:,} items", sent[name, size], cost[name, size], cost[name, size] / cost[EMPTY, size]]
        for name, size in sorted(calls, key=lambda key: list(calls).index(key) % len(_PAGES))
    ]
    table.show(f"Pages of a campaign, {place.name}", ["page", "statements", "ms", "x empty page"], rows)


def signed_in(one: World, account: str) -> Browser:
    return world.signed_in(world.application(one, CALENDAR, SERVICES, lambda: crowd.DAY), account)


def opened(browser: Browser, address: str) -> None:
    answer = browser.client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status}"
    assert answer.data  # all of it, as it would be sent


def _pages(one: World, campaign: str) -> dict[str, str]:
    with one.sessions.read() as session:
        ledger = session.scalars(select(Ledger.id).order_by(Ledger.district)).first()
        item = session.scalars(select(LedgerItem.id).order_by(LedgerItem.id)).first()
    return {name: address.format(campaign=campaign, ledger=ledger, item=item) for name, address in _PAGES.items()}


_PAGES = {
    EMPTY: "/empty",
    "campaign": "/campaigns/{campaign}",
    "red items": "/items?campaign={campaign}&light=red",
    "one ledger": "/ledgers/{ledger}",
    "one item": "/items/{item}",
}
