"""A process compiled to run: made once per version, immutable, used by any number of instances and threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from bpmn.decisions import Decision
from bpmn.timers import Timer
from bpmn.xml import BPMN, read_xml
from engine.runtime.nodes.base import Network
from engine.runtime.nodes.events import StartEvent
from engine.runtime.parser import DiagramParser
from engine.runtime.rewrite import rewrite
from faults import N_, Problem, Refused


@dataclass(frozen=True, slots=True)
class Start:
    """A start event of the process. ``name``: of the message or signal it waits for.

    ``each``: the name of the list in the payload for each element of which an instance begins; "" for one in all.
    ``service``: what is asked for the payload when the timer is due; "" for nothing.
    """

    element: str
    kind: Literal["none", "message", "signal", "timer"]
    name: str
    timer: Timer | None = None
    each: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """``network`` is the library's side of it and of no use outside the runtime."""

    key: str
    name: str
    starts: tuple[Start, ...]
    network: Network = field(repr=False, compare=False)


def compile_definition(diagram_xml: bytes, process_key: str, decisions: Mapping[str, Decision]) -> Definition:
    """Compile one process of a diagram. ``decisions``: id -> table. Raises Refused with all problems found."""
    root = read_xml(diagram_xml, "bpmn")
    processes = {process.get("id"): process for process in root.iterfind(f"{{{BPMN}}}process")}
    if process_key not in processes:
        message = N_("The diagram has no process “{key}”.")
        raise Refused((Problem(process_key, "no_process", message, {"key": process_key}),))
    problems = rewrite(processes[process_key])
    parser = DiagramParser(dict(decisions))
    try:
        parser.add_bpmn_xml(root)
        network: Network = parser.get_spec(process_key)
    except ValidationException as error:
        problems.append(
            Problem(process_key, "library", N_("The diagram can't be executed: {reason}"), {"reason": str(error)})
        )
        raise Refused(tuple(problems)) from error
    problems += parser.problems
    if problems:
        raise Refused(tuple(problems))
    name = processes[process_key].get("name") or process_key
    starts = tuple(_start(entry) for entry in network.start.entries if isinstance(entry, StartEvent))
    return Definition(process_key, name, starts, network)


def _start(event: StartEvent) -> Start:
    trigger = event.trigger
    kind = cast(Literal["none", "message", "signal", "timer"], trigger.kind)
    return Start(event.element or event.name, kind, trigger.name, trigger.timer, event.each, event.service)
