"""What is wrong with documents in files, by the rules of publishing, without a database.

What a diagram may name beside its own documents are the roles and services of the program, and the processes that come
with it or lie in the same folder. `ducha deploy --dry-run` asks the database instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bpmn.check import Interface
from bpmn.decisions import check_decision
from bpmn.diagram import Process, read_diagram
from engine import publish, scripts
from faults import Fault, Problem, Refused
from forms.document import check_form
from workflows.document_files import Unreadable, bundle_of, decision_files, form_files, is_scenario
from workflows.documents import PROCESSES
from workflows.roles import ROLES
from workflows.services import SERVICES


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the file in which it is; the line is known where it can be found."""

    path: Path
    problem: Problem

    def __str__(self) -> str:
        """``file:line: severity: element: sentence``, as editors and compilers write it."""
        line = f":{self.problem.line}" if self.problem.line else ""
        element = "" if self.problem.element else ": "
        return f"{self.path}{line}: {self.problem.severity}: {str(self.problem).removeprefix(element)}"


def check(path: Path, roles: Iterable[str] = ()) -> tuple[Finding, ...]:
    """All problems of one document. Those of a diagram with its forms and tables, each at its file.

    ``roles`` are known beside those of the program.  Raises OSError.
    """
    data = path.read_bytes()
    if path.suffix == ".dmn":
        return tuple(Finding(path, one) for one in check_decision(data))
    if path.suffix == ".bpmn":
        return _of_diagram(path, roles)
    if is_scenario(data):
        return _of_scenario(path, data)
    return tuple(Finding(path, _with_line(one, data)) for one in check_form(data))


def placed(path: Path, problems: Iterable[Problem]) -> Iterator[Finding]:
    """The problems of the diagram in the file and of what belongs to it, each at its own file."""
    try:
        diagram = read_diagram(path.read_bytes())
        files = {**form_files(diagram, path), **decision_files(diagram, path)}
    except Refused:
        files = {}
    for problem in problems:
        document, sign, element = problem.element.partition("#")
        file = files.get(document)
        if file is None or not (sign or problem.line is None):
            yield Finding(path, problem)
            continue
        inner = replace(problem, element=element or document)
        yield Finding(file, _with_line(inner, file.read_bytes()) if file.suffix == ".json" else inner)


def _of_diagram(path: Path, roles: Iterable[str]) -> tuple[Finding, ...]:
    try:
        bundle = bundle_of(path)
        process = next((one for one in read_diagram(bundle.diagram).processes if one.executable), None)
    except Refused as refused:
        return tuple(Finding(path, one) for one in refused.problems)
    except Unreadable as fault:
        problem = Problem("", "json", "This is no form document: it can't be read as JSON ({reason}).", fault.params)
        return (Finding(Path(fault.params["path"]), replace(problem, line=fault.params["line"])),)
    known = {one.key: one for one in _processes(path)} | ({process.key: process} if process else {})
    surroundings = publish.surroundings(
        bundle,
        SERVICES,
        {key: Interface(outputs=frozenset(name for name, _ in one.outputs)) for key, one in known.items()},
        {key: [each.called for each in one.elements.values() if each.called] for key, one in known.items()},
        {*ROLES, *roles},
    )
    return tuple(placed(path, publish.check_beside(bundle, surroundings)))


def _processes(path: Path) -> Iterator[Process]:
    """Those that a diagram in this file may call: of the program, then of its folder."""
    for folder in (PROCESSES, path.parent):
        for file in sorted(folder.glob("*.bpmn")):
            try:
                found = read_diagram(file.read_bytes()).processes
            except Refused:
                continue
            yield from (one for one in found if one.executable)


def _of_scenario(path: Path, data: bytes) -> tuple[Finding, ...]:
    try:
        scripts.read(data)
    except Fault as fault:
        return (Finding(path, Problem("", "scenario", fault.message, fault.params)),)
    return ()


def _with_line(problem: Problem, data: bytes) -> Problem:
    """Where in a form document the field stands: each name of its path after the one before."""
    text, at = data.decode("utf-8", "replace"), 0
    if broken := re.search(r"line (\d+)", str(problem.params.get("reason", ""))):
        return replace(problem, line=int(broken[1]))
    for name in re.split(r"[.\-#]", problem.element):
        found = re.search(rf'"name"\s*:\s*"{re.escape(name)}"', text[at:])
        if not name or found is None:
            return problem
        at += found.start()
    return replace(problem, line=text.count("\n", 0, at) + 1)
