"""What carries out the clauses of the notice: elements of diagrams, forms, decision tables, services, papers, tests.

The processes are those that are published now; instances of older versions count for the clauses of the current one.
Reads only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.diagram import Element, Process
from engine import definitions
from engine.access import Actor, visible_in_lists
from engine.tables import Instance
from workflows import scenarios
from workflows.clauses import Clause, clauses
from workflows.scenarios import Scenario
from workflows.sight import sight

PAPERS = Path(__file__).with_name("papers.csv")


@dataclass(frozen=True, slots=True)
class Step:
    """An element that names the clause, or (``element`` "") the process as a whole.

    ``form`` is the name of a user task's form; ``papers`` are the documents that come out of the step.
    """

    process_key: str
    process_name: str
    element: str
    kind: str
    name: str
    form: str | None
    decision: str | None
    service: str | None
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """A clause with all that carries it out. ``running``: instances under way that it governs and the actor sees."""

    clause: Clause
    steps: tuple[Step, ...]
    tests: tuple[Scenario, ...]
    running: int

    @property
    def elements(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.element)

    @property
    def processes(self) -> Mapping[str, str]:
        """Key -> name."""
        return {step.process_key: step.process_name for step in self.steps}

    @property
    def main_process(self) -> str:
        """Key of the process in which most elements name the clause; "" if none does."""
        return max(self.processes, key=lambda key: sum(step.process_key == key for step in self.elements), default="")

    @property
    def forms(self) -> tuple[str, ...]:
        return _distinct(step.form for step in self.steps)

    @property
    def decisions(self) -> tuple[str, ...]:
        return _distinct(step.decision for step in self.steps)

    @property
    def services(self) -> tuple[str, ...]:
        return _distinct(step.service for step in self.steps)

    @property
    def papers(self) -> tuple[str, ...]:
        return _distinct(paper for step in self.steps for paper in step.papers)

    @property
    def is_covered(self) -> bool:
        """Whether an element carries it out and a test proves it."""
        return bool(self.elements and self.tests)


def overview(session: Session, actor: Actor) -> tuple[Traced, ...]:
    """All clauses in the order of the notice. Two statements. Raises NotYours."""
    sight(actor)
    steps = trace(published(session))
    tests = scenarios.by_clause()
    counts = running(session, actor)
    return tuple(_traced(clause, steps, tests, counts) for clause in clauses().values())


def published(session: Session) -> tuple[Process, ...]:
    """The current version of every process."""
    versions = definitions.all_current(session)
    return tuple(definitions.published(session, version.id).process for version in versions)


def trace(processes: Iterable[Process]) -> Mapping[str, tuple[Step, ...]]:
    """Clause id -> the steps that name it, in the order of the diagrams."""
    found: dict[str, list[Step]] = {}
    for process in processes:
        whole = Step(process.key, process.name, "", "process", process.name, None, None, None, ())
        for clause in process.clauses:
            found.setdefault(clause, []).append(whole)
        for element in process.elements.values():
            for clause in element.clauses:
                found.setdefault(clause, []).append(_step(process, element))
    return {clause: tuple(steps) for clause, steps in found.items()}


def running(session: Session, actor: Actor) -> Mapping[str, int]:
    """Process key -> how many instances are under way, of those that the actor may see. One statement."""
    query = select(Instance.process_key, func.count()).where(Instance.status == "active", visible_in_lists(actor))
    return dict(session.execute(query.group_by(Instance.process_key)).all())


@cache
def papers() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(process key, element) -> names of the documents that come out of it."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    with PAPERS.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            place = (row["process"], row["element"])
            found[place] = (*found.get(place, ()), row["name"])
    return found


def _step(process: Process, element: Element) -> Step:
    return Step(
        process_key=process.key,
        process_name=process.name,
        element=element.id,
        kind=element.kind,
        name=element.name,
        form=process.form_of(element) if element.kind == "userTask" else None,
        decision=element.attributes.get("decision"),
        service=element.attributes.get("service"),
        papers=papers().get((process.key, element.id), ()),
    )


def _traced(
    clause: Clause,
    steps: Mapping[str, tuple[Step, ...]],
    tests: Mapping[str, tuple[Scenario, ...]],
    counts: Mapping[str, int],
) -> Traced:
    own = steps.get(clause.id, ())
    keys = {step.process_key for step in own}
    return Traced(clause, own, tests.get(clause.id, ()), sum(counts.get(key, 0) for key in keys))


def _distinct(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
