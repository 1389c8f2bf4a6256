"""The runtime alone: what does a completion cost at round 1, 10, 100, 1,000 of a loop, and how large is the state?

Beside it the plain library on the same diagram, with the JSON round trip that storing an instance needs.
Aim: the last round at most 1.2 times the first, in time and in bytes; no stall at a depth of 3,000.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks import clock, diagrams, peers, table
from bpmn.moment import Moment
from engine import runtime

ROUNDS = (1, 10, 100, 1_000, 3_000)
AGAIN = {"again": True, "opinion": "已核查，情况属实，请按期整改。", "attachments": []}
MOMENT = Moment(datetime(2026, 7, 1, 9, tzinfo=UTC))


def measure() -> None:
    document = diagrams.loop("benchmark_loop", "officer")
    definition = runtime.compile_definition(document, "benchmark_loop", {})
    outcome = runtime.start(definition, None, {"title": "测试", "task_code": "air", "org": "330500"}, MOMENT)
    ours = {}
    for number in range(1, ROUNDS[-1] + 1):
        (task,) = outcome.tasks_opened
        if number in ROUNDS:
            ours[number] = (outcome.state, task.token)
        later = Moment(MOMENT.now + timedelta(minutes=number))
        outcome = runtime.complete(definition, outcome.state, task.token, AGAIN, "officer", later)

    stored = peers.started(peers.plain(document), "benchmark_loop")
    theirs = {}
    for number in range(1, peers.DEEPEST + 1):
        if number in ROUNDS or number == peers.DEEPEST:
            theirs[number] = stored
        stored = peers.completed(stored, "work", AGAIN)

    calls = {
        number: partial(runtime.complete, definition, state, token, AGAIN, "officer", MOMENT)
        for number, (state, token) in ours.items()
    }
    cost = clock.medians(calls, rounds=300)
    peer = clock.medians({n: partial(peers.completed, text, "work", AGAIN) for n, text in theirs.items()}, rounds=15)
    rows = []
    for number in sorted({*cost, *peer}):
        row: list[object] = [f"{number:,}"]
        if number in cost:
            size = len(ours[number][0])
            row += [cost[number], cost[number] / cost[1], size, size / len(ours[1][0])]
        else:
            row += ["", "", "", ""]
        if number in peer:
            row += [peer[number], peer[number] / peer[1], len(theirs[number].encode())]
        else:
            row += ["hangs", "", ""]
        rows.append(row)
    table.show(
        "Runtime alone: one completion in a loop",
        ["round", "ms", "x round 1", "bytes", "x round 1", "plain library ms", "x round 1", "bytes"],
        rows,
    )
