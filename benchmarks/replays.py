"""Finished cases, played on their own version and on a draft.

The floor of reading them is the same statements by the bare driver; that of playing them the same calls of the runtime,
recorded and made again: no forms, no clock, no notes of what happened.  Aim: at most 20 ms for each case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

from benchmarks import changes, clock, floor, office, table
from benchmarks.clock import Time
from benchmarks.databases import Place
from benchmarks.world import World
from engine import definitions, replay, runtime
from engine.definitions import Published
from engine.replay import Gathered, Replay
from tests.scenarios.scene import CALENDAR
from workflows import deploy
from workflows.documents import PROCESSES

SAMPLE = 100  # cases of which the floor is taken
_CALLS = ("start", "complete", "deliver", "respond", "skip", "fail", "wake")


def measure(place: Place, one: World, size: int) -> None:
    bundle = changes.hurried(deploy.bundle_of(PROCESSES / f"{office.KEY}.bpmn"))
    draft = definitions.compiled(office.KEY, bundle.diagram, bundle.forms, bundle.decisions)
    _gathered(one, size)
    with floor.recorded(one.engine) as sent:
        gathered, reading = clock.timed(lambda: _gathered(one, size))
    bare_reading = sorted(floor.replay(one.engine, [sent] * 3))[1]
    found, playing = clock.timed(lambda: replay.play(gathered, draft, CALENDAR))
    _check(found, size)
    calls, bare_playing = _bare(gathered[:SAMPLE], draft)
    rows = [
        _row("read", len(sent.statements), bare_reading / size, reading, size),
        _row(f"played twice, {calls:.0f} calls", 0, bare_playing, playing, size),
    ]
    heads = [f"{size:,} cases, for each", "statements", "floor ms", "ms", "x floor", "computing ms"]
    table.show(f"Replay of finished cases on a draft, {place.name}", heads, rows)


def _row(name: str, statements: int, bare: float, taken: Time, size: int) -> list[object]:
    each = taken.elapsed / size
    return [name, statements, bare, each, each / bare, taken.computing / size]


def _check(found: Sequence[Replay], size: int) -> None:
    """All were played to their end, and all of them miss a date: that is what the draft changes."""
    assert len(found) == size
    assert all(case.missed and case.longer is not None and not case.after.left for case in found)


def _gathered(one: World, size: int) -> Sequence[Gathered]:
    with one.sessions.read() as session:
        return replay.gather(session, office.admin(session), office.KEY, size)


def _bare(gathered: Sequence[Gathered], draft: Published) -> tuple[float, float]:
    """Calls of the runtime and milliseconds that they take, for each case."""
    count = taken = 0.0
    for case in gathered:
        with _recorded() as calls:
            replay.play([case], draft, CALENDAR)
        count += len(calls)
        taken += clock.timed(lambda calls=calls: [call() for call in calls])[1].elapsed  # type: ignore[misc]
    return count / len(gathered), taken / len(gathered)


@contextmanager
def _recorded() -> Iterator[list[Callable[[], object]]]:
    """The calls of the runtime inside the block, each to be made again."""
    calls: list[Callable[[], object]] = []

    def noting(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            calls.append(partial(function, *values))
            return function(*values)

        return call

    with patch.multiple(runtime, **{name: noting(getattr(runtime, name)) for name in _CALLS}):
        yield calls
