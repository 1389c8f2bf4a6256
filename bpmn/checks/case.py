"""What a check is given: the diagram, what exists beside it, and where to put the problems."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bpmn.checks.messages import MESSAGES
from bpmn.decisions import Decision
from bpmn.diagram import Diagram, Element, Process
from faults import Fault, Problem

# Given at the start of every instance, see ARCHITECTURE.md.
START_VARIABLES = frozenset(
    {"title", "task_code", "org", "starter", "starter_org", "started_by", "instance_id", "performers"}
)
LOOP_VARIABLES = frozenset(
    {"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "nrOfTerminatedInstances"}
)
RESERVED = START_VARIABLES | LOOP_VARIABLES | {"true", "false", "null"}

_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interface:
    """What a service or process takes and gives; None: not known. ``at_start``: a start event may ask the service."""

    inputs: frozenset[str] | None = None
    outputs: frozenset[str] | None = None
    at_start: bool = True


Names = Collection[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What exists beside the diagram. A mapping tells more than a set of names: None in it means not known.

    ``forms``: name -> names of its fields. ``decisions``: id -> table. ``services`` and ``processes`` -> `Interface`.
    ``calls``: process key -> keys of the processes that its published version calls.
    """

    forms: Names | Mapping[str, Names | None] = frozenset()
    decisions: Names | Mapping[str, Decision | None] = frozenset()
    services: Names | Mapping[str, Interface | None] = frozenset()
    processes: Names | Mapping[str, Interface | None] = frozenset()
    roles: Names = frozenset()
    calls: Mapping[str, Names] = field(default_factory=dict)

    def fields(self, form: str) -> Names | None:
        found: Names | None = _told(self.forms, form)
        return found

    def decision(self, id_: str) -> Decision | None:
        found: Decision | None = _told(self.decisions, id_)
        return found

    def service(self, name: str) -> Interface:
        return _told(self.services, name) or Interface()

    def process(self, key: str) -> Interface:
        return _told(self.processes, key) or Interface()


def _told(names: Names | Mapping[str, Any], name: str) -> Any:
    return names.get(name) if isinstance(names, Mapping) else None


@dataclass(slots=True)
class Case:
    """One process under examination."""

    diagram: Diagram
    process: Process
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def error(self, element: str, code: str, line: int | None = None, **params: Any) -> None:
        self._say(element, code, "error", line, params)

    def warn(self, element: str, code: str, line: int | None = None, **params: Any) -> None:
        self._say(element, code, "warning", line, params)

    def fault(self, element: str, fault: Fault, code: str, line: int | None = None) -> None:
        """The fault's own sentence as a problem of ``element``."""
        self.problems.append(Problem(element, code, fault.message, fault.params, line=line or self._line(element)))

    def _say(
        self, element: str, code: str, severity: Literal["error", "warning"], line: int | None, params: dict[str, Any]
    ) -> None:
        self.problems.append(
            Problem(element, code, MESSAGES[code], params, severity=severity, line=line or self._line(element))
        )

    def _line(self, element: str) -> int | None:
        found = self.process.elements.get(element) or self.process.flows.get(element)
        return found.line if found else self.process.line

    def elements(self, *kinds: str) -> Iterator[Element]:
        for element in self.process.elements.values():
            if not kinds or element.kind in kinds:
                yield element

    def scopes(self) -> Iterator[Element | None]:
        """The process itself (None), then its sub-processes."""
        yield None
        yield from self.elements("subProcess", "transaction", "adHocSubProcess")

    def place(self, scope: str | None) -> str:
        """What kind of scope it is: process, subProcess or eventSubProcess."""
        if scope is None or scope not in self.process.elements:
            return "process"
        return "eventSubProcess" if self.process.elements[scope].by_event else "subProcess"


def is_name(text: str) -> bool:
    """Whether expressions can use ``text`` as a name."""
    return bool(_NAME.fullmatch(text)) and len(text) <= 100 and not keyword.iskeyword(text)


ACTIVITIES = frozenset(
    {
        "task", "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "manualTask",
        "callActivity", "subProcess", "transaction", "adHocSubProcess",
    }
)  # fmt: skip
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"})
