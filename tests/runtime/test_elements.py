"""The runtime agrees with the table of elements: what executes is compiled, what is refused is refused."""

import pytest
from diagrams import (
    boundary,
    chain,
    element,
    end,
    error,
    escalation,
    flow,
    handler,
    link,
    many,
    message,
    process,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)

from bpmn.decisions import read_decision
from bpmn.elements import TABLE, Row
from engine.runtime import compile_definition
from faults import Refused

EVENTS = {
    "none": "",
    "message": message("m"),
    "signal": signal("s"),
    "timer": timer("timeDuration", "P1D"),
    "error": error("x"),
    "escalation": escalation("e"),
    "terminate": '<terminateEventDefinition id="t"/>',
    "link": link("L"),
    "conditional": '<conditionalEventDefinition id="c"><condition>true</condition></conditionalEventDefinition>',
    "compensate": '<compensateEventDefinition id="c"/>',
    "cancel": '<cancelEventDefinition id="c"/>',
    "multiple": message("m") + signal("s"),
    "reference": "<eventDefinitionRef>shared</eventDefinitionRef>",
    "other": '<linkEventDefinition id="c" name="L"/>',
}
DECISION = read_decision(
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://ducha.example/t">'
    b'<decision id="D1" name="D1"><decisionTable id="t" hitPolicy="FIRST">'
    b'<input id="i1"><inputExpression id="ie1"><text>n</text></inputExpression></input><output id="o1" name="r"/>'
    b'<rule id="r1"><inputEntry id="e1"><text>-</text></inputEntry>'
    b'<outputEntry id="x1"><text>1</text></outputEntry></rule>'
    b"</decisionTable></decision></definitions>"
)
ATTRIBUTES = {
    "serviceTask": {"ducha_service": "x"},
    "businessRuleTask": {"ducha_decision": "D1"},
    "sendTask": {"messageRef": "msg_m"},
    "receiveTask": {"messageRef": "msg_m"},
    "callActivity": {"calledElement": "x"},
}
INSIDE = {
    "scriptTask": "<script>x = 1</script>",
    "subProcess": start("s") + end("e") + chain("s", "e"),
    "transaction": start("s") + end("e") + chain("s", "e"),
    "adHocSubProcess": user("a"),
}
PICTURED = {  # whole diagrams
    "severalFlowsOut": start() + user("A") + user("B") + chain("S", "A") + chain("S", "B"),
    "severalFlowsIn": start("S") + start("T", message("m")) + user("A") + chain("S", "A") + chain("T", "A"),
    "conditionalFlow": start() + user("A") + user("B") + chain("S", "A") + flow("A", "B", "A.n > 1"),
    "noFlowOut": start() + user("A") + chain("S", "A"),
    "noStartEvent": start() + sub("U", user("A")) + chain("S", "U"),
    "eventSubProcess": start() + user("A") + chain("S", "A") + handler("V", start("v", message("m"))),
    "multiInstance": start() + user("A", many(cardinality="2")) + chain("S", "A"),
    "standardLoop": start() + user("A", '<standardLoopCharacteristics id="l"/>') + chain("S", "A"),
    "compensation": start() + user("A", isForCompensation="true"),
}
NOT_IN_PROCESSES = {"callChoreography", "choreographyTask", "subChoreography", "implicitThrowEvent"}
LINKED = throw("T", link("L")) + element("intermediateCatchEvent", "C", link("L")) + user("A")


def drawn(row: Row) -> str:
    """A diagram with the kind of element."""
    kind, event = row.kind, row.event
    if kind in PICTURED:
        return PICTURED[kind]
    if kind == "startEvent":
        return drawn_start(row)
    if kind == "boundaryEvent":
        plain = event.partition(",")[0]
        attributes = {"cancelActivity": "false"} if plain != event else {}
        body = start() + user("A") + user("H") + chain("S", "A") + chain("N", "H")
        return body + boundary("N", "A", EVENTS[plain], **attributes)
    if kind == "eventBasedGateway":
        gateway = element(kind, "N", instantiate="true" if event else "false")
        return start() + gateway + element("intermediateCatchEvent", "C", message("m")) + chain("S", "N", "C")
    if event == "link":
        return start() + LINKED + chain("S", "T") + chain("C", "A")
    if event:
        kind = {"conditional": "intermediateCatchEvent", "": kind}.get(event if kind == "event" else "", kind)
        kind = "intermediateThrowEvent" if kind == "event" else kind
        return start() + element(kind, "N", EVENTS[event]) + chain("S", "N")
    attributes = ATTRIBUTES.get(kind, {})
    return start() + element(kind, "N", INSIDE.get(kind, ""), **attributes) + user("A") + chain("S", "N", "A")


def drawn_start(row: Row) -> str:
    begun = start("N", EVENTS[row.event]) + end("E") + chain("N", "E")
    if row.place == "process":
        return begun
    rest = start() + user("A") + chain("S", "A")
    return rest + (handler("V", begun) if row.place == "eventSubProcess" else sub("V", begun) + chain("A", "V"))


ROWS = [row for row in TABLE if "," not in row.kind and row.kind not in NOT_IN_PROCESSES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}-{row.event}-{row.place}")
def test_an_element_is_treated_as_the_table_says(row: Row):
    body = drawn(row)
    if row.handling == "refused":
        with pytest.raises(Refused) as refused:
            compile_definition(process(body), "p", {"D1": DECISION})
        assert all(problem.element for problem in refused.value.problems)
    else:
        compile_definition(process(body), "p", {"D1": DECISION})
