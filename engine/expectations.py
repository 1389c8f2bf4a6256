"""What a scenario expects of a rehearsal, and what of it did not come true."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bpmn.nodes import Process
from engine.rehearsal import Rehearsal, Script
from faults import N_, Problem

_Named = Callable[[str | None], str]

ANY, NONE = "", "-"  # of ends: whichever it is, and that it has not ended
_GIVEN = frozenset(("title", "org", "task_code", "starter", "starter_org", "started_by", "instance_id", "performers"))
_PATH = frozenset(
    ("userTask", "serviceTask", "businessRuleTask", "callActivity", "sendTask", "receiveTask", "manualTask")
)


@dataclass(frozen=True, slots=True)
class Expected:
    """``end`` is the id of the end event, ANY or NONE.

    ``passes`` are elements that are completed in this order, with others in between if it comes so; ``avoids`` those
    that are never entered.  ``dates`` says of tasks, in the order in which they open, how long after the start they are
    due.  ``ends_within`` is the longest that it may take from start to end.  ``values`` are what variables of the
    process are at the end of the script, by their paths (``check.verdict``, ``score``).
    """

    end: str = ANY
    passes: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()
    dates: tuple[tuple[str, timedelta], ...] = ()
    ends_within: timedelta | None = None
    values: tuple[tuple[str, Any], ...] = ()


def as_happened(rehearsal: Rehearsal, script: Script, process: Process) -> Expected:
    """Everything that came of it, to be expected from now on: its end, the activities it passed, when they were due."""
    passes = tuple(one for one in rehearsal.passed if one in process.elements and process.elements[one].kind in _PATH)
    dates = tuple((one.element, one.due - script.starts_at) for one in rehearsal.tasks if one.due is not None)
    end = rehearsal.ended_element or (NONE if rehearsal.ended_at is None else ANY)
    return Expected(end, passes, (), dates)


def judge(expected: Expected, script: Script, rehearsal: Rehearsal, process: Process) -> tuple[Problem, ...]:
    """What is not as expected, each with its element; empty if the scenario passes.

    Incidents, answers that a form refuses and deeds for which nothing was open are never expected.
    """

    def named(element: str | None) -> str:
        found = process.elements.get(element or "")
        return (found.name if found else "") or element or ""

    return (
        *_breaks(rehearsal, named),
        *_ends(expected, script, rehearsal, named),
        *_path(expected, rehearsal, named),
        *_dates(expected, script, rehearsal, named),
        *_values(expected, rehearsal, named),
    )


def value_at(variables: Mapping[str, Any], path: str) -> Any:
    """The value under a path (``check.verdict``); None where there is none."""
    found: Any = variables
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def paths_of(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths of all single values, and of lists as a whole; not who did what, and what the start gave."""
    found: list[str] = []
    for name, value in variables.items():
        if name in _GIVEN or "." in name:
            continue
        inner = isinstance(value, Mapping)
        found += [f"{name}.{one}" for one in value if "." not in one] if inner else [name]
    return tuple(found)


def _values(expected: Expected, rehearsal: Rehearsal, named: _Named) -> Iterator[Problem]:
    for path, wanted in expected.values:
        actual = value_at(rehearsal.variables, path)
        if actual != wanted:
            element, dot, rest = path.partition(".")
            message = N_("“{name}” is {actual} and not {expected}.")
            name = f"{named(element)} · {rest}" if dot else named(element)
            yield Problem(
                element, "other_value", message, {"name": name, "actual": said(actual), "expected": said(wanted)}
            )


def said(value: Any) -> str:
    """A value as sentences name it."""
    if value is None:
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _breaks(rehearsal: Rehearsal, named: _Named) -> Iterator[Problem]:
    for trouble in rehearsal.troubles:
        yield Problem(trouble.element or "", "trouble", trouble.message, trouble.params)
    for act in rehearsal.left:
        message = N_("At “{name}” nothing was open for what is done there.")
        yield Problem(act.element, "act_left", message, {"name": named(act.element)})
    yield from rehearsal.refused


def _ends(expected: Expected, script: Script, rehearsal: Rehearsal, named: _Named) -> Iterator[Problem]:
    if rehearsal.ended_at is None:
        if expected.end != NONE and (expected.end != ANY or expected.ends_within is not None):
            waits = sorted({named(one) for one in rehearsal.open})
            yield Problem(expected.end, "not_ended", N_("It has not ended; it waits at: {names}."), {"names": waits})
        return
    if expected.end == NONE:
        yield Problem(rehearsal.ended_element or "", "has_ended", N_("It has ended, and was expected to go on."))
    elif expected.end not in (ANY, rehearsal.ended_element):
        message = N_("It ended at “{actual}” and not at “{expected}”.")
        names = {"actual": named(rehearsal.ended_element), "expected": named(expected.end)}
        yield Problem(expected.end, "other_end", message, names)
    latest = script.starts_at + expected.ends_within if expected.ends_within is not None else None
    if latest is not None and rehearsal.ended_at > latest:
        message = N_("It ended on {actual}; the latest that was expected is {latest}.")
        yield Problem(expected.end, "lasts_longer", message, {"actual": rehearsal.ended_at, "latest": latest})


def _path(expected: Expected, rehearsal: Rehearsal, named: _Named) -> Iterator[Problem]:
    times, wanted = Counter(rehearsal.passed), Counter(expected.passes)
    missed = {element: count - times[element] for element, count in wanted.items() if count > times[element]}
    for element in missed:
        message = N_("“{name}” was passed {times} times; expected: {expected}.")
        counts = {"times": times[element], "expected": wanted[element]}
        yield Problem(element, "not_passed", message, {"name": named(element), **counts})
    if not missed:
        late = _out_of_order(expected.passes, rehearsal.passed)
        if late is not None:
            message = N_("“{name}” was not passed in the order that was expected.")
            yield Problem(late, "other_order", message, {"name": named(late)})
    for element in expected.avoids:
        if rehearsal.elements.get(element) or times[element]:
            message = N_("“{name}” was entered, and was expected not to be.")
            yield Problem(element, "not_avoided", message, {"name": named(element)})


def _out_of_order(wanted: Iterable[str], passed: Iterable[str]) -> str | None:
    """The first that has no place after the one before it."""
    rest = iter(passed)
    return next((element for element in wanted if element not in rest), None)


def _dates(expected: Expected, script: Script, rehearsal: Rehearsal, named: _Named) -> Iterator[Problem]:
    found: dict[str, list[datetime | None]] = defaultdict(list)
    for task in rehearsal.tasks:
        found[task.element].append(task.due)
    for element, after in expected.dates:
        due = script.starts_at + after
        if not found[element]:
            message = N_("“{name}” was not opened; it was expected to be due on {expected}.")
            yield Problem(element, "not_due", message, {"name": named(element), "expected": due})
            continue
        actual = found[element].pop(0)
        if actual != due:
            message = N_("“{name}” is due on {actual} and not on {expected}.")
            params = {"name": named(element), "actual": actual or "—", "expected": due}
            yield Problem(element, "other_date", message, params)
