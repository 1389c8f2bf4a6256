"""The runtime alone: what does a completion cost at round 1, 10, 100, 1,000 of a loop, and how large is the state?

Beside it the plain library on the same diagram, with the JSON round trip that storing an instance needs.
Aim: the last round at most 1.2 times the first, in time and in bytes; no stall at a depth of 3,000.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks import clock, diagrams, peers, table
from bpmn.moment import Moment
from engine import runtime

ROUNDS = (1, 10, 100, 1_000, 3_000)
KEY = "benchmark_loop"
AGAIN = {"again": True, "opinion": "已核查，情况属实，请按期整改。", "attachments": []}
MOMENT = Moment(datetime(2026, 7, 1, 9, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Round:
    """Completes one round of the loop; ``size`` is that of the state afterwards, in bytes."""

    call: Callable[[], object]
    size: int


def measure() -> None:
    document = diagrams.loop(KEY, "officer")
    ours, theirs = _ours(document), _theirs(document)
    cost = clock.medians({number: one.call for number, one in ours.items()}, rounds=300)
    peer = clock.medians({number: one.call for number, one in theirs.items()}, rounds=15)
    heads = ["ms", "x round 1", "bytes", "x round 1"]
    table.show(
        "Runtime alone: one completion in a loop",
        ["round", *heads, *(f"plain {head}" for head in heads)],
        [
            [f"{number:,}", *_row(number, ours, cost, ""), *_row(number, theirs, peer, "hangs")]
            for number in sorted({*ours, *theirs})
        ],
    )


def _ours(document: bytes) -> dict[int, Round]:
    definition = runtime.compile_definition(document, KEY, {})
    outcome = runtime.start(definition, None, {"title": "测试", "task_code": "air", "org": "330500"}, MOMENT)
    ours: dict[int, Round] = {}
    for number in range(1, ROUNDS[-1] + 1):
        state, token = outcome.state, outcome.tasks_opened[0].token
        later = Moment(MOMENT.now + timedelta(minutes=number))
        outcome = runtime.complete(definition, state, token, AGAIN, "officer", later)
        if number in ROUNDS:
            call = partial(runtime.complete, definition, state, token, AGAIN, "officer", later)
            ours[number] = Round(call, len(outcome.state))
    return ours


def _theirs(document: bytes) -> dict[int, Round]:
    stored = peers.started(peers.plain(document), KEY)
    theirs: dict[int, Round] = {}
    for number in range(1, peers.DEEPEST + 1):
        call = partial(peers.completed, stored, "work", AGAIN)
        stored = call()
        if number in ROUNDS or number == peers.DEEPEST:
            theirs[number] = Round(call, len(stored.encode()))
    return theirs


def _row(number: int, rounds: Mapping[int, Round], cost: Mapping[int, float], otherwise: str) -> list[object]:
    if number not in rounds:
        return [otherwise, "", "", ""]
    size = rounds[number].size
    return [cost[number], cost[number] / cost[1], size, size / rounds[1].size]
