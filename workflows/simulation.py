"""Plays a diagram file in memory, with the scenarios that lie beside it: for those who keep diagrams in files.

Scenarios of process ``key`` lie in ``scenarios/<key>/*.json`` beside the diagram, as `engine.scripts` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bpmn.checks.messages import MESSAGES
from bpmn.decisions import check_decision
from bpmn.diagram import read_diagram
from bpmn.moment import Moment
from bpmn.table_tests import read_tests
from engine import definitions, scenarios, trials
from engine.definitions import Published
from engine.expectations import Expected, judge
from engine.rehearsal import Rehearsal, Script, rehearse
from engine.scripts import Play
from faults import Problem, Refused
from workflows import parameters
from workflows.document_files import bundle_of, plays
from workflows.document_files import play as one_play


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was played on a file."""

    play: Play
    rehearsal: Rehearsal
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """The tests of decision tables: how many there are, and which end otherwise than expected."""

    count: int
    problems: tuple[Problem, ...]


def play(path: Path, files: Sequence[Path], moment: Moment) -> tuple[Published, tuple[Played, ...]]:
    """Play the scenarios in ``files``, else those beside the diagram, else only its start.

    Raises Refused for a diagram that can't be executed, BadScenario, OtherProcess, OSError.
    """
    bundle = bundle_of(path)
    process = next((one for one in read_diagram(bundle.diagram).processes if one.executable), None)
    if process is None:
        raise Refused([Problem("", "no_process", MESSAGES["no_process"])])
    published = definitions.compiled(process.key, bundle.diagram, bundle.forms, bundle.decisions)
    found = tuple(one_play(file, process.key) for file in files) or plays(path, process.key)
    return published, tuple(_played(one, published, moment) for one in found or [_only_start(published, moment)])


def try_tables(decisions: Mapping[str, bytes], moment: Moment) -> Tested:
    """Play the tests of tables, with the parameters as the program has them. Tables with errors count for nothing."""
    tested = {name: data for name, data in decisions.items() if not _has_errors(data)}
    count = sum(len(read_tests(data)) for data in tested.values())
    return Tested(count, tuple(trials.table_failures(tested, [parameters.default_premises()], moment)))


def report(published: Published, played: Iterable[Played], moment: Moment) -> Iterator[str]:
    """What happened, a line each, in the order of time; at the end what was never passed."""
    rehearsals = []
    for one in played:
        rehearsals.append(one.rehearsal)
        yield f"{one.play.name}: {'fails' if one.problems else 'passes'}"
        yield from (f"  {line}" for line in _story(one, moment))
        yield from (f"  error: {problem}" for problem in one.problems)
    covered = scenarios.coverage(rehearsals, published)
    known = len(covered.elements) + len(covered.missed)
    yield f"passed: {len(covered.elements)} of {known} elements"
    if covered.missed:
        yield f"never passed: {', '.join(covered.missed)}"


def _played(play: Play, published: Published, moment: Moment) -> Played:
    rehearsal = rehearse(published, play.script, moment.calendar)
    return Played(play, rehearsal, judge(play.expected, play.script, rehearsal, published.process))


def _has_errors(data: bytes) -> bool:
    return any(one.severity == "error" for one in check_decision(data))


def _only_start(published: Published, moment: Moment) -> Play:
    given = {"title": published.process.name, "instance_id": "0" * 32}
    nothing = dict.fromkeys(("task_code", "org", "starter", "starter_org"))
    return Play(published.process_key, "start", Script(moment.now, None, {**nothing, **given}, ()), Expected())


def _story(one: Played, moment: Moment) -> Iterator[str]:
    def at(instant: datetime) -> str:
        return instant.astimezone(moment.calendar.zone).strftime("%Y-%m-%d %H:%M")

    happened = [(one.play.script.starts_at, "started")]
    for task in one.rehearsal.tasks:
        due = f", due {at(task.due)}" if task.due else ""
        happened.append((task.opened_at, f"{task.element} opened{due}"))
        if task.closed_at is not None:
            happened.append((task.closed_at, f"{task.element} {task.how}{', late' if task.late else ''}"))
    if one.rehearsal.ended_at is not None:
        happened.append((one.rehearsal.ended_at, f"{one.rehearsal.status} at {one.rehearsal.ended_element or '-'}"))
    yield from (f"{at(instant)} {words}" for instant, words in sorted(happened, key=lambda pair: pair[0]))
    yield from (f"waits at {waiting.element}" for waiting in one.rehearsal.waits)
