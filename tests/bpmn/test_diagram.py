from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from bpmn.diagram import Event, Loop, read_diagram

HEAD = (
    '<collaboration id="collaboration"><participant id="pool" name="整改泳池" processRef="p"/></collaboration>'
    '<message id="m1" name="msg_order"/><signal id="s1" name="sig_closed"/><error id="e1" errorCode="cancelled"/>'
    '<error id="e2" name="by name"/><escalation id="x1" escalationCode="late"/>'
)


@pytest.fixture
def read(drawing):
    def run(body, head=HEAD, **attributes):
        return read_diagram(drawing.process(body, head, **attributes)).processes[0]

    return run


def test_the_process(read):
    process = read(
        "<documentation>说明\nclause: S4.2d S4.6a\nclause: S2.8</documentation>"
        '<extensionElements><ducha:output name="result" value="a.b"/>'
        '<ducha:output name="n" value="1"/></extensionElements>',
        ducha_starterGroups=" a, b ,",
        ducha_classification="internal",
    )
    assert (process.key, process.name, process.line) == ("p", "流程", 3)
    assert process.clauses == ("S4.2d", "S4.6a", "S2.8")
    assert process.starter_groups == ("a", "b")
    assert process.outputs == (("result", "a.b"), ("n", "1"))
    assert process.attributes["classification"] == "internal"


def test_a_process_without_a_name_is_called_like_its_pool(read):
    assert read("", name="").name == "整改泳池"
    assert read("", head="", name="").name == ""


def test_an_element_and_its_flows(read, drawing):
    process = read(
        drawing.node("startEvent", "s")
        + drawing.user(
            "a", "<documentation>clause: S1.1</documentation>", ducha_due=" wd(1) ", camunda_x="1".strip()
        ).replace("camunda_x", "camunda:x")
        + drawing.node("endEvent", "e")
        + drawing.flow("s", "a", id_="in")
        + drawing.flow("a", "e", "a.x == 1", id_="out")
    )
    task = process.elements["a"]
    assert (task.kind, task.name, task.scope, task.line) == ("userTask", "A", None, 5)
    assert (task.incoming, task.outgoing) == (("in",), ("out",))
    assert task.attributes == {"candidateGroups": "officer", "form": "some/form", "due": "wd(1)"}
    assert task.clauses == ("S1.1",)
    assert process.flows["out"].condition == "a.x == 1"
    assert process.flows["in"].condition is None
    assert process.form_of(task) == "some/form"


def test_the_form_is_named_after_process_and_task(read, drawing):
    process = read(drawing.node("userTask", "issue_order"))
    assert process.form_of(process.elements["issue_order"]) == "p/issue_order"


@pytest.mark.parametrize(
    ("definition", "event"),
    [
        ('<messageEventDefinition messageRef="m1"/>', Event("message", "m1", "msg_order", line=4)),
        ('<messageEventDefinition messageRef="tns:m1"/>', Event("message", "tns:m1", "msg_order", line=4)),
        ('<messageEventDefinition messageRef="nowhere"/>', Event("message", "nowhere", line=4)),
        ("<messageEventDefinition/>", Event("message", line=4)),
        ('<signalEventDefinition signalRef="s1"/>', Event("signal", "s1", "sig_closed", line=4)),
        ('<errorEventDefinition errorRef="e1"/>', Event("error", "e1", "cancelled", line=4)),
        ('<errorEventDefinition errorRef="e2"/>', Event("error", "e2", "by name", line=4)),
        ('<escalationEventDefinition escalationRef="x1"/>', Event("escalation", "x1", "late", line=4)),
        (
            "<timerEventDefinition><timeDuration>\n P3D </timeDuration></timerEventDefinition>",
            Event("timer", timer_kind="duration", timer="P3D", line=4),
        ),
        ("<timerEventDefinition/>", Event("timer", line=4)),
        ("<terminateEventDefinition/>", Event("terminate", line=4)),
        ('<linkEventDefinition name="L"/>', Event("link", name="L", line=4)),
        ("<compensateEventDefinition/>", Event("compensate", line=4)),
    ],
)
def test_events(read, drawing, definition, event):
    element = read(drawing.node("intermediateThrowEvent", "x", definition)).elements["x"]
    assert element.events == (event,)
    assert element.event == event.kind


def test_several_events(read, drawing):
    both = '<messageEventDefinition messageRef="m1"/><signalEventDefinition signalRef="s1"/>'
    assert read(drawing.node("intermediateCatchEvent", "x", both)).elements["x"].event == "multiple"
    assert read(drawing.node("intermediateCatchEvent", "x")).elements["x"].event == "none"


def test_boundary_events_and_event_sub_processes(read, drawing):
    process = read(
        drawing.user("a")
        + drawing.node("boundaryEvent", "b", attachedToRef="a", cancelActivity="false")
        + drawing.node("boundaryEvent", "c", attachedToRef="a")
        + drawing.node(
            "subProcess",
            "sub",
            drawing.node("startEvent", "s", isInterrupting="false")
            + drawing.user("inner")
            + drawing.flow("s", "inner"),
            triggeredByEvent="true",
        )
    )
    assert (process.elements["b"].attached_to, process.elements["b"].interrupting) == ("a", False)
    assert process.elements["c"].interrupting
    assert process.elements["sub"].by_event
    assert not process.elements["s"].interrupting
    assert process.elements["inner"].scope == "sub"
    assert [element.id for element in process.within("sub")] == ["s", "inner"]
    assert [element.id for element in process.within(None)] == ["a", "b", "c", "sub"]


@pytest.mark.parametrize(
    ("mark", "loop"),
    [
        (
            '<multiInstanceLoopCharacteristics ducha:collection="units" ducha:elementVariable="unit">'
            "<completionCondition>nrOfInstances == 2</completionCondition></multiInstanceLoopCharacteristics>",
            Loop("parallel", None, "units", "unit", "nrOfInstances == 2", 4),
        ),
        (
            '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>'
            "</multiInstanceLoopCharacteristics>",
            Loop("sequential", "3", line=4),
        ),
        ("<standardLoopCharacteristics/>", Loop("standard", line=4)),
    ],
)
def test_loops(read, drawing, mark, loop):
    assert read(drawing.user("a", mark)).elements["a"].loop == loop


def test_other_activities(read, drawing):
    pair = '<extensionElements><ducha:input name="x" value="a.b"/></extensionElements>'
    process = read(
        drawing.node("callActivity", "call", pair, calledElement="tns:other")
        + drawing.node("scriptTask", "script", "<script>a = 1\nb = 2</script>", scriptFormat="ducha")
        + drawing.node("receiveTask", "receive", messageRef="m1", ducha_correlationKey="org")
        + drawing.node("exclusiveGateway", "g", default="f9")
        + drawing.node("task", "undo", isForCompensation="true")
    )
    assert process.elements["call"].called == "other"
    assert process.elements["call"].inputs == (("x", "a.b"),)
    assert process.elements["script"].script == "a = 1\nb = 2"
    assert process.elements["receive"].message == "msg_order"
    assert process.elements["g"].default == "f9"
    assert process.elements["undo"].for_compensation


def test_lanes(read, drawing):
    lanes = (
        '<laneSet id="l"><lane id="outer" name="外"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef>'
        '<childLaneSet id="i"><lane id="inner" name="内"><flowNodeRef>b</flowNodeRef></lane></childLaneSet>'
        "</lane></laneSet>"
    )
    process = read(lanes + drawing.user("a") + drawing.user("b") + drawing.user("c"))
    assert [process.elements[id_].lane for id_ in "abc"] == ["外", "内", None]
    assert [lane.elements for lane in process.lanes] == [("a", "b"), ("b",)]


def test_values_do_not_change(read, drawing):
    process = read(drawing.user("a"))
    with pytest.raises(FrozenInstanceError):
        process.elements["a"].name = "x"
    with pytest.raises(TypeError):
        process.elements["b"] = process.elements["a"]


def test_a_diagram_knows_its_messages_and_errors(drawing):
    diagram = read_diagram(drawing.process("", HEAD))
    assert diagram.messages == {"m1": "msg_order"}
    assert diagram.signals == {"s1": "sig_closed"}
    assert diagram.errors == {"e1": "cancelled", "e2": "by name"}
    assert diagram.escalations == {"x1": "late"}
