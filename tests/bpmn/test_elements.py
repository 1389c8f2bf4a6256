"""The table of elements, the page that describes it, the checker and the runtime say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpmn.check import Known, check_diagram
from bpmn.decisions import read_decision
from bpmn.diagram import read_diagram
from bpmn.elements import TABLE, row
from bpmn.xml import FLOW_NODES
from engine.runtime import compile_definition
from faults import Refused

HEAD = (
    '<message id="m" name="msg_order"/><signal id="s1" name="sig_closed"/>'
    '<error id="err" errorCode="cancelled"/><escalation id="esc" escalationCode="late"/>'
)
DEFINITIONS = {
    "none": "",
    "message": '<messageEventDefinition messageRef="m"/>',
    "signal": '<signalEventDefinition signalRef="s1"/>',
    "error": '<errorEventDefinition errorRef="err"/>',
    "error, not interrupting": '<errorEventDefinition errorRef="err"/>',
    "escalation": '<escalationEventDefinition escalationRef="esc"/>',
    "timer": "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>",
    "terminate": "<terminateEventDefinition/>",
    "link": '<linkEventDefinition name="L"/>',
    "conditional": "<conditionalEventDefinition><condition>true</condition></conditionalEventDefinition>",
    "compensate": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "multiple": '<messageEventDefinition messageRef="m"/><signalEventDefinition signalRef="s1"/>',
    "reference": "<eventDefinitionRef>somewhere</eventDefinitionRef>",
}
KEY = {"ducha_correlationKey": "org"}
ACTIVITIES = {
    "userTask": {"name": "A", "ducha_candidateGroups": "officer"},
    "serviceTask": {"ducha_service": "urge"},
    "sendTask": {"messageRef": "m", **KEY},
    "receiveTask": {"messageRef": "m", **KEY},
    "callActivity": {"calledElement": "other"},
    "businessRuleTask": {"ducha_decision": "D4"},
}
CHOREOGRAPHY = {"callChoreography", "choreographyTask", "subChoreography"}
MARKS = {
    "standardLoop": "<standardLoopCharacteristics/>",
    "multiInstance": '<multiInstanceLoopCharacteristics ducha:collection="[org]"/>',
}
KINDS = FLOW_NODES - CHOREOGRAPHY - {"implicitThrowEvent"} | {"eventSubProcess", "compensation", *MARKS}
DRAWN = [one for one in TABLE if one.kind in KINDS and one.event != "other"]


def name_of(one):
    return "-".join(filter(None, (one.kind, one.event, one.place)))


def draw(d, one):
    """A diagram in which ``x`` is an element of this kind, and everything else is sound."""
    start = d.node("startEvent", "s")
    if one.kind == "startEvent":
        return _draw_start(d, one)
    if one.kind == "boundaryEvent":
        settings = {"cancelActivity": "false"} if "not interrupting" in one.event else {}
        settings |= KEY if one.event == "message" else {}
        boundary = d.node("boundaryEvent", "x", DEFINITIONS[one.event], attachedToRef="a", **settings)
        host = d.node("subProcess", "a", d.node("startEvent", "t") + d.user("b") + d.chain("t", "b"))
        return d.process(
            start + host + boundary + d.node("endEvent", "e") + d.chain("s", "a", "e") + d.chain("x", "e"), HEAD
        )
    if one.kind == "endEvent":
        return d.process(start + d.node("endEvent", "x", DEFINITIONS[one.event], **KEY) + d.chain("s", "x"), HEAD)
    return _draw_between(d, one)


def _draw_start(d, one):
    settings = KEY if one.event == "message" else {}
    event = d.node("startEvent", "x", DEFINITIONS[one.event], **settings)
    rest = d.user("b") + d.node("endEvent", "f") + d.chain("x", "b", "f")
    if one.place == "process":
        return d.process(event + rest, HEAD)
    if one.place == "subProcess":
        sub = d.node("subProcess", "sub", event + rest)
        return d.simple(sub, "sub", head=HEAD)
    return d.simple(d.user("a") + d.node("subProcess", "sub", event + rest, triggeredByEvent="true"), "a", head=HEAD)


def _draw_between(d, one):
    if one.kind in MARKS:
        return d.simple(d.user("x", MARKS[one.kind]), "x")
    if one.kind == "eventSubProcess":
        return _draw_start(d, row("startEvent", "timer", "eventSubProcess"))
    if one.kind in ("subProcess", "transaction", "adHocSubProcess"):
        inner = d.node("startEvent", "t") + d.user("b") + d.node("endEvent", "f") + d.chain("t", "b", "f")
        return d.simple(d.node(one.kind, "x", inner), "x")
    if one.kind == "eventBasedGateway":
        return _draw_event_gateway(d, one)
    return _draw_event(d, one) if one.event else _draw_plain(d, one)


def _draw_plain(d, one):
    if one.kind == "compensation":
        return d.simple(d.user("x", isForCompensation="true"), "x")
    body = "<script>a = 1</script>" if one.kind == "scriptTask" else ""
    return d.simple(d.node(one.kind, "x", body, **ACTIVITIES.get(one.kind, {})), "x", head=HEAD)


def _draw_event_gateway(d, one):
    settings = {"instantiate": "true"} if one.event else {}
    catches = d.node("intermediateCatchEvent", "c1", DEFINITIONS["timer"])
    catches += d.node("intermediateCatchEvent", "c2", DEFINITIONS["signal"])
    ways = d.chain("s", "x", "c1", "e") + d.chain("x", "c2", "e")
    gateway = d.node("eventBasedGateway", "x", **settings)
    return d.process(d.node("startEvent", "s") + gateway + catches + d.node("endEvent", "e") + ways, HEAD)


def _draw_event(d, one):
    if one.event == "link":
        return _draw_links(d, one)
    if one.event == "cancel":
        end = d.node("endEvent", "x", DEFINITIONS["cancel"])
        return d.process(d.node("startEvent", "s") + end + d.chain("s", "x"))
    kind = one.kind
    if kind == "event":
        kind = "intermediateThrowEvent" if one.event == "compensate" else "intermediateCatchEvent"
    settings = KEY if one.event == "message" else {}
    return d.simple(d.node(kind, "x", DEFINITIONS[one.event], **settings), "x", head=HEAD)


def _draw_links(d, one):
    throw, catch = ("x", "y") if one.kind == "intermediateThrowEvent" else ("y", "x")
    links = d.node("intermediateThrowEvent", throw, DEFINITIONS["link"])
    links += d.node("intermediateCatchEvent", catch, DEFINITIONS["link"])
    ends = d.node("startEvent", "s") + d.node("endEvent", "e")
    return d.process(ends + links + d.chain("s", throw) + d.chain(catch, "e"))


@pytest.fixture
def decision(table):
    return read_decision(table("FIRST", ["org"], ["o"], [["-", "1"]]))


@pytest.mark.parametrize("one", DRAWN, ids=name_of)
def test_the_checker_does_what_the_table_says(one, drawing, decision):
    known = Known(
        forms={"p/x", "some/form"},
        roles={"officer"},
        services={"urge"},
        processes={"other"},
        decisions={"D4": decision},
    )
    found = {problem.code: problem for problem in check_diagram(read_diagram(draw(drawing, one)), known)}
    assert ("not_executed" in found) is (one.handling == "refused")
    assert ("rewritten" in found) is (one.handling == "rewritten")
    if one.handling == "refused":
        assert found["not_executed"].params["note"] == one.note
    else:
        errors = [str(problem) for problem in found.values() if problem.severity == "error"]
        assert errors == []


@pytest.mark.parametrize("one", DRAWN, ids=name_of)
def test_the_runtime_does_what_the_table_says(one, drawing, decision):
    data = draw(drawing, one)
    if one.handling == "refused":
        with pytest.raises(Refused):
            compile_definition(data, "p", {"D4": decision})
    else:
        assert compile_definition(data, "p", {"D4": decision}).key == "p"


def test_every_flow_node_of_bpmn_is_in_the_table():
    assert {one.kind for one in TABLE} >= FLOW_NODES


def test_no_kind_is_in_two_lists():
    keys = [(one.kind, one.event, one.place) for one in TABLE]
    assert len(keys) == len(set(keys))


def test_what_is_not_in_the_table_is_refused():
    assert row("startEvent", "terminate", "process").handling == "refused"
    assert row("anything").handling == "refused"


def test_the_page_shows_the_table():
    page = Path("docs/bpmn.md").read_text(encoding="utf-8")
    titles = {
        "executes": "### Executes as BPMN 2.0 says",
        "rewritten": "### Is rewritten into what executes",
        "refused": "### Is refused",
    }
    for handling, title in titles.items():
        section = page.partition(title)[2].partition("\n#")[0]
        shown = re.findall(r"^\| (.+?) \| (.+) \|$", section, re.MULTILINE)
        expected = []
        for one in TABLE:
            if one.handling == handling:
                name = one.kind + (f" ({one.event})" if one.event else "") + (f" in {one.place}" if one.place else "")
                expected.append((name, one.note))
        assert shown == expected
