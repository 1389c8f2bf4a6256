"""Scenarios played on the documents of a draft or version, remembered in this process.

The same script on the same documents by the same calendar comes to the same, so the page of a draft, the list of its
scenarios and its publication play each scenario once; a change to either plays it anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from bpmn.moment import Calendar
from engine import publish, scenarios
from engine.access import Actor
from engine.definitions import Published, compiled
from engine.publish import Bundle
from engine.scenarios import Run
from engine.tables import Scenario, canonical
from faults import Refused

KEPT = 1_000  # some kilobytes each


def on_process(session: Session, actor: Actor, process_key: str, bundle: Bundle, calendar: Calendar) -> tuple[Run, ...]:
    """All scenarios of the process on the bundle. Raises NotYours, and Refused if the bundle can't be executed."""
    found = scenarios.of_process(session, actor, process_key)
    if not found:
        return ()
    published = compiled(process_key, bundle.diagram, bundle.forms, bundle.decisions)
    return of(found, bundle, published, calendar)


def of(found: Iterable[Scenario], bundle: Bundle, published: Published, calendar: Calendar) -> tuple[Run, ...]:
    """Those scenarios on ``bundle``, of which ``published`` was made. What their processes knew is not in the runs."""
    digest = publish.content_hash(bundle)
    return tuple(_run(one, digest, published, calendar) for one in found)


def failing(session: Session, actor: Actor, process_key: str, bundle: Bundle, calendar: Calendar) -> tuple[str, ...]:
    """The names of the scenarios that don't pass on the bundle; all of them if it can't be executed."""
    try:
        runs = on_process(session, actor, process_key, bundle, calendar)
    except Refused:
        return tuple(scenario.name for scenario in scenarios.of_process(session, actor, process_key))
    return tuple(one.name for one in runs if not one.passes)


def _run(scenario: Scenario, digest: str, published: Published, calendar: Calendar) -> Run:
    key = (published.process_key, digest, calendar, canonical(scenario.script), canonical(scenario.expected))
    run = _KNOWN.get(key)
    if run is None:
        played = scenarios.run(scenario, published, calendar)
        run = replace(played, rehearsal=replace(played.rehearsal, variables={}, state=b""))
        _KNOWN.put(key, run)
    return replace(run, scenario_id=scenario.id, name=scenario.name, from_instance=scenario.from_instance)


class _Known:
    """Forgets what was not asked for longest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: OrderedDict[Hashable, Run] = OrderedDict()

    def get(self, key: Hashable) -> Run | None:
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
            return self._runs.get(key)

    def put(self, key: Hashable, run: Run) -> None:
        with self._lock:
            self._runs[key] = run
            while len(self._runs) > KEPT:
                self._runs.popitem(last=False)


_KNOWN = _Known()
