"""What becomes of each kind of BPMN element: it executes as BPMN 2.0 says, is rewritten into that, or is refused.

The one table that the checker uses and docs/bpmn.md shows; the runtime agrees with it (tests hold all three together).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bpmn.diagram import Element
from faults import N_

Handling = Literal["executes", "rewritten", "refused"]


@dataclass(frozen=True, slots=True)
class Row:
    """``place``: for start events, where they stand (process, subProcess, eventSubProcess); else empty.

    ``note`` says what an element that executes does, what a rewritten one becomes, or what to draw instead.
    """

    kind: str
    event: str
    place: str
    handling: Handling
    note: str


def _executes(kind: str, note: str, event: str = "", place: str = "") -> Row:
    return Row(kind, event, place, "executes", note)


def _rewritten(kind: str, note: str, event: str = "", place: str = "") -> Row:
    return Row(kind, event, place, "rewritten", note)


def _refused(kind: str, note: str, event: str = "", place: str = "") -> Row:
    return Row(kind, event, place, "refused", note)


TABLE: tuple[Row, ...] = (
    # activities
    _executes("userTask", N_("A person fills in its form.")),
    _executes("serviceTask", N_("A registered service runs; its result is stored under the task's id.")),
    _executes("scriptTask", N_("Lines of “name = formula” assign variables.")),
    _executes("businessRuleTask", N_("A decision table answers; the answer is stored under the task's id.")),
    _executes("sendTask", N_("Throws a message.")),
    _executes("receiveTask", N_("Waits for a message.")),
    _executes("task", N_("Is passed at once; nobody is asked.")),
    _executes("manualTask", N_("Is passed at once; nobody is asked.")),
    _executes("callActivity", N_("Starts another process and waits for its end.")),
    _executes("subProcess", N_("Runs inside its process and shares its variables.")),
    _executes("eventSubProcess", N_("Runs when its start event occurs while the process around it is active.")),
    _refused("transaction", N_("Draw an ordinary sub-process with an error boundary event.")),
    _refused("adHocSubProcess", N_("Draw the order in which things are done, or parallel branches.")),
    _refused("callChoreography", N_("Draw a process with messages instead of a choreography.")),
    _refused("choreographyTask", N_("Draw a process with messages instead of a choreography.")),
    _refused("subChoreography", N_("Draw a process with messages instead of a choreography.")),
    # marks on activities
    _executes("multiInstance", N_("Once for each item of a list, or a number of times, at once or in turn.")),
    _refused("standardLoop", N_("Draw the loop with an exclusive gateway that leads back.")),
    _refused("compensation", N_("Draw what undoes the activity as steps of its own.")),
    # gateways
    _executes("exclusiveGateway", N_("One way: the first whose condition holds, else the default.")),
    _executes("parallelGateway", N_("All ways at once; joining waits for all.")),
    _executes("inclusiveGateway", N_("Every way whose condition holds, else the default; joining waits for those.")),
    _executes("eventBasedGateway", N_("The way whose event occurs first.")),
    _refused("eventBasedGateway", N_("Draw message start events instead of a gateway that starts."), "instantiate"),
    _refused("complexGateway", N_("Draw inclusive and exclusive gateways.")),
    # start events
    _executes("startEvent", N_("Started by a person or a calling process."), "none", "process"),
    _executes("startEvent", N_("Each message of this name starts an instance."), "message", "process"),
    _executes("startEvent", N_("Each signal of this name starts an instance."), "signal", "process"),
    _executes("startEvent", N_("Starts an instance at the time; a cycle one instance each time."), "timer", "process"),
    _refused("startEvent", N_("Only the start of an event sub-process can catch an error."), "error", "process"),
    _refused("startEvent", N_("Only the start of an event sub-process can catch it."), "escalation", "process"),
    _executes("startEvent", N_("The sub-process begins here."), "none", "subProcess"),
    *(
        _refused("startEvent", N_("Begin it with a plain start event; draw the event before."), event, "subProcess")
        for event in ("message", "signal", "timer", "error", "escalation")
    ),
    _refused("startEvent", N_("An event sub-process begins with an event; choose which."), "none", "eventSubProcess"),
    _executes("startEvent", N_("The message starts it, once or each time."), "message", "eventSubProcess"),
    _executes("startEvent", N_("The signal starts it, once or each time."), "signal", "eventSubProcess"),
    _executes("startEvent", N_("The time starts it, once or each time."), "timer", "eventSubProcess"),
    _executes("startEvent", N_("Catches an error of the process around it and ends that."), "error", "eventSubProcess"),
    _executes("startEvent", N_("Catches an escalation of the process around it."), "escalation", "eventSubProcess"),
    # intermediate events
    _executes("intermediateCatchEvent", N_("Waits for a message."), "message"),
    _executes("intermediateCatchEvent", N_("Waits for a signal."), "signal"),
    _executes("intermediateCatchEvent", N_("Waits for a time."), "timer"),
    _rewritten("intermediateCatchEvent", N_("The pair of link events becomes a flow."), "link"),
    _refused("intermediateCatchEvent", N_("Choose what it waits for: a message, a signal or a timer."), "none"),
    _executes("intermediateThrowEvent", N_("Is passed; a milestone in the record."), "none"),
    _executes("intermediateThrowEvent", N_("Throws a message."), "message"),
    _executes("intermediateThrowEvent", N_("Throws a signal to all who wait for it."), "signal"),
    _executes("intermediateThrowEvent", N_("Throws an escalation to the scopes around."), "escalation"),
    _rewritten("intermediateThrowEvent", N_("The pair of link events becomes a flow."), "link"),
    # boundary events
    _executes("boundaryEvent", N_("A message, interrupting or not."), "message"),
    _executes("boundaryEvent", N_("A signal, interrupting or not."), "signal"),
    _executes("boundaryEvent", N_("A time, interrupting or not; a cycle each time."), "timer"),
    _executes("boundaryEvent", N_("Catches an error of its activity."), "error"),
    _executes("boundaryEvent", N_("Catches an escalation of its activity, interrupting or not."), "escalation"),
    _refused("boundaryEvent", N_("Choose what it waits for: a message, a signal, a timer or an error."), "none"),
    _rewritten("boundaryEvent", N_("An error always interrupts, so it is taken so."), "error, not interrupting"),
    # end events
    _executes("endEvent", N_("Ends this way."), "none"),
    _executes("endEvent", N_("Throws a message and ends this way."), "message"),
    _executes("endEvent", N_("Throws a signal and ends this way."), "signal"),
    _executes("endEvent", N_("Throws an error to the scope around."), "error"),
    _executes("endEvent", N_("Throws an escalation and ends this way."), "escalation"),
    _executes("endEvent", N_("Ends all ways of its process or sub-process."), "terminate"),
    # events of kinds that are refused wherever they stand
    _refused("event", N_("Draw a gateway or a message where the condition is decided."), "conditional"),
    _refused("event", N_("Draw what undoes the activity as steps of its own."), "compensate"),
    _refused("event", N_("Draw an error event instead of a cancel event."), "cancel"),
    _refused("event", N_("Give it one sign only; draw several events with an event-based gateway."), "multiple"),
    _refused("event", N_("Let the event have its sign itself instead of a reference."), "reference"),
    _refused("event", N_("This sign is not possible here. Choose another event."), "other"),
    _refused("implicitThrowEvent", N_("Draw an ordinary throwing event.")),
    # how things are connected
    _executes("severalFlowsOut", N_("Several flows out of an element other than a gateway are all taken.")),
    _executes("conditionalFlow", N_("A condition on a flow out of an activity is obeyed, as is its default flow.")),
    _executes("severalFlowsIn", N_("Several flows into an element other than a gateway do not wait for each other.")),
    _executes("noFlowOut", N_("An element without a flow out ends this way.")),
    _rewritten("noStartEvent", N_("A sub-process without a start event begins at what nothing leads to.")),
    # what is only shown
    _executes("participant, lane, group, textAnnotation, association", N_("Is shown and has no effect.")),
    _executes("dataObject, dataStore", N_("Is shown and has no effect; data are kept under the ids of elements.")),
)  # fmt: skip


_BY_KEY: Mapping[tuple[str, str, str], Row] = {(row.kind, row.event, row.place): row for row in TABLE}
_EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "event"}
)


def row_of(element: Element, place: str) -> Row:
    """What becomes of ``element``, which stands in a process, a subProcess or an eventSubProcess (``place``)."""
    if element.kind in _EVENTS:
        return _event_row(element, place)
    if element.by_event and element.kind == "subProcess":
        return row("eventSubProcess")
    if element.kind == "eventBasedGateway" and element.instantiate:
        return row("eventBasedGateway", "instantiate")
    return row(element.kind)


def row(kind: str, event: str = "", place: str = "") -> Row:
    """The row of a kind; unknown ones are refused."""
    return _BY_KEY.get((kind, event, place)) or _BY_KEY["event", "other", ""]


def _event_row(element: Element, place: str) -> Row:
    where = place if element.kind == "startEvent" else ""
    if element.kind == "boundaryEvent" and element.event == "error" and not element.interrupting:
        return row("boundaryEvent", "error, not interrupting")
    found = _BY_KEY.get((element.kind, element.event, where))
    return found or _BY_KEY.get(("event", element.event, "")) or _BY_KEY["event", "other", ""]
