"""The inbox of an officer while 1,000 and while 100,000 tasks are open in the whole system. Aim: it costs the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks import clock, databases, rows, table, world
from benchmarks.world import World
from engine import inbox
from engine.tables import IS_OPEN, Instance, Task

OPEN = (1_000, 100_000)
MINE = 30  # open tasks of the officer himself, at either size
BATCH = 5_000


def measure() -> None:
    found = []
    for kind in databases.BOTH:
        with kind() as place, world.built(place) as small:
            _begin(small)
            _fill(small, OPEN[0])
            small.engine.dispose()
            with world.opened(place.copy()) as large:
                _fill(large, OPEN[1])
                found += _compared(small, large)
    heads = ["database", *(f"{size:,} open ms" for size in OPEN), "ratio"]
    table.show("Inbox of one officer", heads, found)


def _begin(one: World) -> None:
    for number in range(MINE):
        world.start(one, world.officer(one), 0, f"事项{number}")
    for number in range(1, world.UNITS):
        world.start(one, world.officer(one, number), number, f"别处的事项{number}")


def _compared(small: World, large: World) -> list[list[object]]:
    """Both sizes in turn, call by call."""
    calls = {
        (name, size): call
        for size, one in zip(OPEN, (small, large), strict=True)
        for name, call in _calls(one, world.signed_in(world.application(one), world.OFFICER)).items()
    }
    cost = clock.medians(calls, rounds=100)
    names = dict.fromkeys(name for name, _ in calls)
    return [
        [f"{small.place.name}, {name}", *(cost[name, size] for size in OPEN), cost[name, OPEN[1]] / cost[name, OPEN[0]]]
        for name in names
    ]


def _calls(one: World, browser: world.Browser) -> dict[str, Callable[[], object]]:
    me = world.officer(one)

    def listed(**choices: Any) -> None:
        with one.sessions.read() as session:
            page = inbox.open_tasks(session, me, world.now(), **choices)
            assert len(page.rows) == min(MINE, choices["limit"])

    def counted() -> None:
        with one.sessions.read() as session:
            counts = inbox.counts(session, me, world.now())
            assert counts.red + counts.yellow + counts.green == MINE

    return {
        "list": partial(listed, limit=20),
        "search": partial(listed, limit=20, search="事项"),
        "counts": counted,
        "page over HTTP": lambda: browser.client.get("/tasks"),
    }


def _fill(one: World, size: int) -> None:
    """Copy the instances of other units until so many tasks are open; due times are spread over a month."""
    with one.sessions.begin() as session:
        have = session.scalar(select(func.count()).select_from(Task).where(IS_OPEN)) or 0
        others = select(Task).join(Instance, Instance.id == Task.instance_id).where(Instance.org != world.unit(0))
        models = session.scalars(others.order_by(Task.id).limit(world.UNITS - 1)).all()
        pairs = [(rows.values(session.get_one(Instance, task.instance_id)), rows.values(task)) for task in models]
        wanted = size - have
        for begin in range(0, wanted, BATCH):
            _copy(session, pairs, range(begin, min(begin + BATCH, wanted)))
    rows.analyse(one.engine)


def _copy(session: Session, pairs: list[tuple[dict[str, Any], dict[str, Any]]], numbers: range) -> None:
    instances, tasks = [], []
    for number in numbers:
        instance, task = pairs[number % len(pairs)]
        shift = timedelta(minutes=number * 43_200 / OPEN[-1] - 21_600)
        instance_id = uuid4().hex
        instances.append({**instance, "id": instance_id, "origin": f"copy:{instance_id}"})
        due = {"due": task["due"] + shift, "due_order": task["due_order"] + shift}
        tasks.append({**task, **due, "id": uuid4().hex, "instance_id": instance_id})
    session.execute(insert(Instance), instances)
    session.execute(insert(Task), tasks)
