"""Cases are moved to another version, each in a transaction of its own, as the worker does it.

The floor is the same statements on a copy of the same data, sent by the bare driver.  Aim: at most 15 ms for each case.
"""

from __future__ import annotations

from functools import partial
from statistics import median

from sqlalchemy import func, select

from benchmarks import changes, clock, floor, office, table
from benchmarks.clock import Time
from benchmarks.databases import Place
from benchmarks.floor import Recording
from benchmarks.world import World
from bpmn.moment import Moment
from engine import database, impact, moving, publish, work
from engine.tables import Instance
from workflows import deploy
from workflows.documents import PROCESSES
from workflows.services import SERVICES


def measure(place: Place, one: World, size: int, moment: Moment) -> None:
    order, ordering, ordered = _ordered(one, size, moment)
    one.engine.dispose()
    copy = place.copy()
    taken, recordings = _moved(one, moment)
    bare = floor.replay(database.connect(copy.url), recordings)
    with one.sessions.read() as session:
        report = moving.report(session, office.admin(session), order)
        running = session.scalar(select(func.count()).where(Instance.version_id == report.version.id))
    assert len(taken) == size
    assert (report.counts, running) == ({moving.MOVED: size}, size)
    statements = [len(recording.statements) for recording in recordings]
    commits = max(recording.commits for recording in recordings)
    each, floors = median(one.elapsed for one in taken), median(bare)
    heads = [f"{size:,} cases", "statements", "at most", "commits", "floor ms", "ms", "x floor", "computing ms"]
    moved = [median(statements), max(statements), commits, floors, each, each / floors]
    begun: list[object] = [len(ordered.statements), len(ordered.statements), ordered.commits, "", ordering.elapsed, ""]
    rows: list[list[object]] = [
        ["ordered, all of them", *begun, ordering.computing],
        ["moved, each", *moved, median(one.computing for one in taken)],
    ]
    table.show(f"Moving running cases to another version, {place.name}", heads, rows)


def _ordered(one: World, size: int, moment: Moment) -> tuple[str, Time, Recording]:
    """A version in which a step is called otherwise, and the order to move all cases there."""
    bundle = changes.renamed(deploy.bundle_of(PROCESSES / f"{office.KEY}.bpmn"), "approve_plan", "judge_plan")
    with one.sessions.begin() as session:
        version = publish.publish(session, office.admin(session), bundle, "", SERVICES, moment).id

    def begin() -> str:
        with one.sessions.begin() as session:
            admin, target = office.admin(session), impact.target_of_version(session, version)
            versions = [found.id for found in impact.running_versions(session, admin, target)]
            mappings = impact.suggestions(session, target, versions)
            return moving.begin(session, admin, version, mappings, "", size, moment).id

    with floor.recorded(one.engine) as recording:
        order, taken = clock.timed(begin)
    return order, taken, recording


def _moved(one: World, moment: Moment) -> tuple[list[Time], list[Recording]]:
    """How long each took, and what it sent."""
    taken: list[Time] = []
    recordings: list[Recording] = []
    while True:
        with one.sessions.read() as session:
            found = [row for row in work.due(session, moment, limit=500) if row.kind == "move"]
        if not found:
            return taken, recordings
        for row in found:
            with floor.recorded(one.engine) as recording:
                taken.append(clock.timed(partial(work.attempt, one.sessions, row, SERVICES, moment))[1])
            recordings.append(recording)
