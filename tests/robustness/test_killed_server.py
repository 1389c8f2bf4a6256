"""``kill -9`` of the server while officers complete tasks over HTTP: nothing is lost, nothing happens twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks import served, world
from benchmarks.databases import Place
from benchmarks.served import Officer, Server
from benchmarks.world import World
from engine import record
from engine.tables import Instance, Record, Task

OFFICERS = 4
ROUNDS = 30
KILLS = 3

pytestmark = pytest.mark.slow


class Work:
    """Officers at work, each in a thread with a case of his own; the server under them dies now and then."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.officers = [served.sign_in(server.address, f"officer_{n:02}", world.PASSWORD) for n in range(OFFICERS)]
        self.done = 0
        self.failed = False
        self.lock = threading.Lock()

    def officer(self, number: int, first: str) -> None:
        """Complete ``ROUNDS`` tasks. Whoever gets no answer sends the same form again, as a browser would."""
        task = first
        try:
            for turn in range(ROUNDS):
                task = self._until_answered(self.officers[number], task, f"{number}-{turn}")
                with self.lock:
                    self.done += 1
        except BaseException:
            self.failed = True
            raise

    def killer(self) -> None:
        for kill in range(1, KILLS + 1):
            while self.done < kill * OFFICERS * ROUNDS / (KILLS + 1):
                if self.failed:
                    return
                time.sleep(0.002)
            self.server.kill()
            self.server = served.start(self.server.place, self.server.port)

    def _until_answered(self, officer: Officer, task: str, key: str) -> str:
        deadline = time.monotonic() + 2 * served.PATIENCE
        while True:
            try:
                return officer.complete(task, world.typed(key))
            except (OSError, HTTPException):  # an answer may be cut off in its middle
                assert time.monotonic() < deadline
                time.sleep(0.05)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nothing_is_lost_and_nothing_happens_twice(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    place = Place(kind, request.getfixturevalue(f"{kind}_url"), tmp_path)
    with world.built(place) as one:
        firsts = [world.start(one, world.officer(one, number), number, f"事项{number}") for number in range(OFFICERS)]
        one.engine.dispose()
        with served.server(place) as server:
            work = Work(server)
            try:
                with ThreadPoolExecutor(OFFICERS + 1) as pool:
                    tasks = [pool.submit(work.officer, *pair) for pair in enumerate(firsts)]
                    tasks.append(pool.submit(work.killer))
                    for task in tasks:
                        task.result()
            finally:
                work.server.stop()
        look(one)


def look(one: World) -> None:
    with one.sessions.read() as session:
        for instance in session.scalars(select(Instance)):
            assert instance.status == "active"
            assert record.verify(session, instance.id).broken_at is None
            tasks = session.scalars(select(Task).where(Task.instance_id == instance.id)).all()
            assert Counter(task.status for task in tasks) == {"completed": ROUNDS, "open": 1}
            keys = [task.key for task in tasks if task.status == "completed"]
            assert len(set(keys)) == ROUNDS
            noted = session.scalars(
                select(Record.token).where(Record.instance_id == instance.id, Record.what == "completed")
            ).all()
            assert Counter(noted) == Counter(task.id for task in tasks if task.status == "completed")
