"""What it costs to check a process, as its page does while somebody draws, and to tell what differs.

The floors: parsing the XML at all, and reading it safely into a diagram.  Aim: the largest is checked within 150 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count

from lxml import etree

from benchmarks import changes, clock, floor, office, table
from benchmarks.databases import Place
from benchmarks.world import World
from bpmn.compare import compare
from bpmn.diagram import read_diagram
from engine import differences, publish
from engine.publish import Bundle
from workflows import deploy
from workflows.documents import PROCESSES
from workflows.services import SERVICES

ROUNDS = 7
_serial = count()


def measure(place: Place, one: World) -> None:
    bundles = {path.stem: deploy.bundle_of(path) for path in deploy.shipped()}
    calls: dict[tuple[str, str], Callable[[], object]] = {}
    sent: dict[str, int] = {}
    for key, bundle in bundles.items():
        checked = partial(_checked, one, bundle)
        checked()
        with floor.recorded(one.engine) as recording:
            checked()
        sent[key] = len(recording.statements)
        calls[key, "parse"] = partial(etree.fromstring, bundle.diagram)
        calls[key, "read"] = partial(_read, bundle.diagram)
        calls[key, "check"] = checked
    cost = clock.medians(calls, ROUNDS)
    rows = [
        [key, _nodes(bundle), sent[key], *taken, taken[2] / taken[1]]
        for key, bundle in sorted(bundles.items(), key=lambda one: -_nodes(one[1]))
        for taken in [[cost[key, name] for name in ("parse", "read", "check")]]
    ]
    heads = ["process", "elements", "statements", "parse ms", "read ms", "check ms", "x read"]
    table.show(f"Checking the shipped processes with forms and tables, {place.name}", heads, rows)


def measure_differences() -> None:
    """The largest against itself with much of it changed; no database is asked."""
    before = deploy.bundle_of(PROCESSES / f"{office.LARGEST}.bpmn")
    after = Bundle(changes.redrawn(before.diagram), before.forms, before.decisions)
    drawn = read_diagram(before.diagram), read_diagram(after.diagram)
    found = differences.of_bundles(before, after)
    cost = clock.medians(
        {
            "reading both": lambda: (_read(before.diagram), _read(after.diagram)),
            "comparing what was read": lambda: compare(*drawn),
            "both, with forms and tables": lambda: differences.of_bundles(_fresh(before), _fresh(after)),
        },
        rounds=15,
    )
    rows = [[name, taken, taken / cost["reading both"]] for name, taken in cost.items()]
    table.show(f"Differences of {office.LARGEST} ({len(found)} of them)", ["", "ms", "x reading both"], rows)


def _checked(one: World, bundle: Bundle) -> None:
    with one.sessions.read() as session:
        problems = publish.check(session, _fresh(bundle), SERVICES)
    assert not any(problem.severity == "error" for problem in problems)


def _read(diagram: bytes) -> object:
    return read_diagram(_unlike(diagram))


def _fresh(bundle: Bundle) -> Bundle:
    """The same, drawn anew: what was read before is remembered by its bytes, which differ while somebody draws."""
    return replace(bundle, diagram=_unlike(bundle.diagram))


def _unlike(diagram: bytes) -> bytes:
    return diagram + f"<!--{next(_serial)}-->".encode()


def _nodes(bundle: Bundle) -> int:
    return sum(len(process.elements) for process in read_diagram(bundle.diagram).processes)
