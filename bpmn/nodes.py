"""What a diagram consists of, as frozen values: processes, flow nodes, flows, lanes, events and loop marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """One event definition. ``name`` is that of the message, signal or link, or the code of the error or escalation.

    ``ref`` is the id of the message, signal, error or escalation, None where the diagram names none; ``name`` is
    then None too, as it is where the ref leads nowhere.
    """

    kind: str  # message, timer, signal, error, escalation, terminate, conditional, compensate, cancel, link
    ref: str | None = None
    name: str | None = None
    timer_kind: str | None = None  # date, duration, cycle
    timer: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance marks; ``standard`` is the loop mark of BPMN, which repeats one instance.

    ``rule`` are the ducha: attributes that say how several people decide together (agree, ratio, weight, ...).
    """

    kind: str  # parallel, sequential, standard
    cardinality: str | None = None
    collection: str | None = None
    variable: str | None = None
    until: str | None = None  # completionCondition
    line: int | None = None
    rule: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node. ``scope`` is the id of the sub-process around it, None directly in the process."""

    id: str
    kind: str  # the BPMN tag: userTask, startEvent, ...
    name: str
    documentation: str
    clauses: tuple[str, ...]
    attributes: Mapping[str, str]  # the ducha: ones, without prefix
    inputs: tuple[tuple[str, str], ...]  # name, expression
    incoming: tuple[str, ...]  # ids of flows
    outgoing: tuple[str, ...]
    scope: str | None
    lane: str | None  # name of the innermost lane
    line: int | None
    events: tuple[Event, ...] = ()
    attached_to: str | None = None  # of a boundary event
    outputs: tuple[tuple[str, str], ...] = ()  # of a multi-instance sub-process: name, expression
    skipped: tuple[tuple[str, str], ...] = ()  # of a user task, what stands there if nobody does it: name, expression
    interrupting: bool = True  # of a boundary event or the start of an event sub-process
    by_event: bool = False  # an event sub-process
    default: str | None = None  # id of the default flow
    loop: Loop | None = None
    called: str | None = None  # calledElement
    message: str | None = None  # name of the message of a send or receive task
    script: str | None = None
    script_format: str | None = None
    for_compensation: bool = False
    instantiate: bool = False
    markup: tuple[str, ...] = ()  # tags of its BPMN children, for what else may stand there

    @property
    def event(self) -> str:
        """The kind of its event, ``none`` for a plain one, ``multiple`` for several."""
        if len(self.events) > 1:
            return "multiple"
        return self.events[0].kind if self.events else "none"


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    name: str
    source: str
    target: str
    condition: str | None
    scope: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Lane:
    id: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Process:
    """``elements`` and ``flows`` include those of sub-processes, in the order of the document."""

    key: str
    name: str
    documentation: str
    clauses: tuple[str, ...]
    starter_groups: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...]  # what a caller gets back: name, expression
    attributes: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...]
    line: int | None
    executable: bool = True

    def form_of(self, element: Element) -> str:
        """Name of the form of a user task: what ``ducha:form`` says, else ``<process key>/<task key>``."""
        return element.attributes.get("form") or f"{self.key}/{element.id}"

    def within(self, scope: str | None) -> tuple[Element, ...]:
        """The elements directly in a sub-process, or (None) in the process."""
        return tuple(element for element in self.elements.values() if element.scope == scope)
