"""One small diagram for every sentence that the checker has."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bpmn.check import Interface, Known, check_diagram
from bpmn.checks.messages import MESSAGES
from bpmn.decisions import read_decision
from bpmn.diagram import read_diagram
from workflows.roles import ROLES

HEAD = (
    '<message id="m" name="msg_order"/><message id="m0"/><signal id="s1" name="sig_closed"/>'
    '<error id="err" errorCode="cancelled"/><escalation id="esc" escalationCode="late"/>'
)
EVENTS = {
    "message": '<messageEventDefinition messageRef="m"/>',
    "signal": '<signalEventDefinition signalRef="s1"/>',
    "error": '<errorEventDefinition errorRef="err"/>',
    "escalation": '<escalationEventDefinition escalationRef="esc"/>',
    "timer": "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>",
    "link": '<linkEventDefinition name="L"/>',
}
LOOP = "<multiInstanceLoopCharacteristics{}>{}</multiInstanceLoopCharacteristics>"

EXAMPLES: list[tuple[str, str, Callable]] = []


def example(code, element):
    """``element``: the id of the element that the problem must name."""

    def keep(draw):
        EXAMPLES.append((code, element, draw))
        return draw

    return keep


@pytest.fixture
def known(table):
    return Known(
        forms={"some/form": frozenset({"verdict", "deadline"}), "p/a": None},
        decisions={"D4": read_decision(table("FIRST", ["kind"], ["latest"], [["-", "1"]])), "D5": None},
        services={"urge": Interface(frozenset({"unit"}), frozenset({"count"}), at_start=False), "notify": None},
        processes={"other": Interface(frozenset({"x"}), frozenset({"result"})), "third": None},
        roles=frozenset({"officer", "lead"}),
        calls={"other": {"third"}, "third": {"p"}, "loop": {"loop"}},
    )


def problems(data, known):
    return check_diagram(read_diagram(data), known)


def test_a_sound_diagram_has_no_problems(drawing, known):
    d = drawing
    body = (
        d.node("startEvent", "s")
        + d.user("a", ducha_due="wd(1)", ducha_candidateOrg="org", ducha_notSameAs="b")
        + d.node("businessRuleTask", "rule", _inputs(kind="a.verdict"), ducha_decision="D4")
        + d.node("serviceTask", "urge", _inputs(unit="org"), ducha_service="urge")
        + d.node("exclusiveGateway", "g", default="no")
        + d.node("callActivity", "call", _inputs(x="rule.latest"), calledElement="loop")
        + d.user(
            "b", LOOP.format(' ducha:collection="[1, 2]" ducha:elementVariable="unit"', ""), ducha_assignee="starter"
        )
        + d.node("boundaryEvent", "late", d.timer("timeCycle", "R/wd(1)"), attachedToRef="b", cancelActivity="false")
        + d.node("scriptTask", "count", "<script>fails = value('fails', 0) + 1</script>")
        + d.node("endEvent", "e")
        + d.node("endEvent", "e2")
        + d.chain("s", "a", "rule", "urge", "g")
        + d.flow("g", "call", "a.verdict == 'pass' and urge.count > 1 and a.opinion != ''")
        + d.flow("g", "b", id_="no")
        + d.chain("call", "e")
        + d.chain("b", "e")
        + d.chain("late", "count", "e2")
    )
    more = Known(
        forms=known.forms,
        decisions=known.decisions,
        services=known.services,
        processes={**known.processes, "loop": None},
        roles=known.roles,
        calls={},
    )
    assert problems(d.process(body, HEAD), more) == ()


def _inputs(**pairs):
    written = "".join(f'<ducha:input name="{name}" value="{value}"/>' for name, value in pairs.items())
    return f"<extensionElements>{written}</extensionElements>"


# ---- the process


@example("no_process", "")
def _(d):
    return d.process("", isExecutable="false")


@example("several_processes", "q")
def _(d):
    return d.process("").replace(b"</definitions>", b'<process id="q" name="q" isExecutable="true"/></definitions>')


@example("empty_process", "p")
def _(d):
    return d.process("")


@example("process_key", "p-1")
def _(d):
    return d.process("", id="p-1")


@example("process_name", "p")
def _(d):
    return d.process("", name="")


@example("classification", "p")
def _(d):
    return d.process("", ducha_classification="secret")


@example("no_starter", "p")
def _(d):
    return d.process(d.node("startEvent", "s"), **{"ducha:starterGroups": ""})


@example("unknown_role", "p")
def _(d):
    return d.process("", ducha_starterGroups="officer, minister")


@example("recursion", "c")
def _(d):
    return d.simple(d.node("callActivity", "c", calledElement="other"), "c")


@example("recursion", "c")
def _(d):
    return d.simple(d.node("callActivity", "c", calledElement="p"), "c")


@example("output_name", "p")
def _(d):
    return d.process('<extensionElements><ducha:output name="a-b" value="1"/></extensionElements>')


@example("output_name", "p")
def _(d):
    output = '<ducha:output name="a" value="1"/>'
    return d.process(f"<extensionElements>{output}{output}</extensionElements>")


@example("unknown_attribute", "u")
def _(d):
    """Only a multi-instance sub-process gives something back."""
    output = '<extensionElements><ducha:output name="a" value="1"/></extensionElements>'
    return d.simple(d.node("subProcess", "u", output + d.user("t")), "u")


# ---- ids, names, settings


@example("element_id", "a-1")
def _(d):
    return d.simple(d.user("a-1"), "a-1")


@example("element_id", "class")
def _(d):
    return d.simple(d.user("class"), "class")


@example("reserved_id", "title")
def _(d):
    return d.simple(d.user("title"), "title")


@example("task_name", "a")
def _(d):
    return d.simple(d.user("a", name=""), "a")


@example("duplicate_name", "a")
def _(d):
    return d.simple(d.user("a", name="审核") + d.user("b", name="审核"), "a")


@example("unknown_attribute", "a")
def _(d):
    return d.simple(d.user("a", ducha_colour="red"), "a")


@example("attribute_near", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateGroup="officer"), "a")


# ---- kinds


@example("not_executed", "x")
def _(d):
    return d.simple(d.node("complexGateway", "x"), "x")


@example("not_executed", "x")
def _(d):
    return d.simple(d.node("receiveTask", "x", messageRef="m", instantiate="true"), "x", head=HEAD)


@example("not_executed", "a")
def _(d):
    return d.simple(d.user("a", "<standardLoopCharacteristics/>"), "a")


@example("not_executed", "a")
def _(d):
    return d.simple(d.user("a", isForCompensation="true"), "a")


@example("not_executed", "sub")
def _(d):
    inner = d.node("startEvent", "t", EVENTS["timer"])
    return d.simple(d.user("a") + d.node("transaction", "sub", inner, triggeredByEvent="true"), "a")


@example("rewritten", "sub")
def _(d):
    return d.simple(d.node("subProcess", "sub", d.user("a")), "sub")


@example("rewritten", "b")
def _(d):
    boundary = d.node("boundaryEvent", "b", EVENTS["error"], attachedToRef="a", cancelActivity="false")
    return d.simple(d.user("a") + boundary, "a", head=HEAD)


@example("plain_task", "a")
def _(d):
    return d.simple(d.node("task", "a"), "a")


@example("nesting", "deep")
def _(d):
    body = d.user("deep")
    for n in range(11):
        body = d.node("subProcess", f"sub{n}", body)
    return d.simple(body, "sub10")


# ---- flows


@example("dangling_flow", "x")
def _(d):
    return d.simple(d.user("a"), "a", d.flow("a", "nowhere", id_="x"))


@example("flow_across", "x")
def _(d):
    return d.simple(d.node("subProcess", "sub", d.user("a")), "sub", d.flow("a", "e", id_="x"))


@example("flow_into_start", "x")
def _(d):
    return d.simple(d.user("a"), "a", d.flow("a", "s", id_="x"))


@example("flow_out_of_end", "x")
def _(d):
    return d.simple(d.user("a"), "a", d.flow("e", "a", id_="x"))


@example("flow_into_boundary", "x")
def _(d):
    boundary = d.node("boundaryEvent", "b", EVENTS["timer"], attachedToRef="a")
    return d.simple(d.user("a") + boundary, "a", d.flow("a", "b", id_="x"))


@example("flow_at_event_subprocess", "x")
def _(d):
    sub = d.node("subProcess", "sub", d.node("startEvent", "t", EVENTS["timer"]), triggeredByEvent="true")
    return d.simple(d.user("a") + sub, "a", d.flow("a", "sub", id_="x"))


@example("missing_start", "p")
def _(d):
    return d.process(d.user("a") + d.node("endEvent", "e") + d.chain("a", "e"))


@example("several_starts", "s2")
def _(d):
    return d.simple(d.user("a"), "a", d.node("startEvent", "s2") + d.flow("s2", "a"))


@example("event_subprocess_start", "sub")
def _(d):
    return d.simple(d.user("a") + d.node("subProcess", "sub", d.user("b"), triggeredByEvent="true"), "a")


@example("empty_subprocess", "sub")
def _(d):
    return d.simple(d.node("subProcess", "sub"), "sub")


@example("unreachable", "lost")
def _(d):
    return d.simple(d.user("a") + d.user("lost"), "a")


@example("unreachable", "one")
def _(d):
    return d.simple(d.user("a") + d.user("one") + d.user("two"), "a", d.chain("one", "two", "one"))


@example("no_way_on", "b")
def _(d):
    return d.simple(d.user("a") + d.user("b"), "a", d.flow("a", "b"))


@example("endless", "b")
def _(d):
    return d.simple(d.user("a") + d.user("b") + d.user("c"), "a", d.chain("a", "b", "c", "b"))


# ---- gateways


@example("no_default", "g")
def _(d):
    start = d.node("startEvent", "s") + d.node("exclusiveGateway", "g") + d.user("a")
    return d.process(start + d.chain("s", "g") + d.flow("g", "a", "org == '1'"))


@example("no_default", "g")
def _(d):
    start = d.node("startEvent", "s") + d.node("inclusiveGateway", "g") + d.user("a") + d.user("b")
    return d.process(start + d.chain("s", "g") + d.flow("g", "a", "org == '1'") + d.flow("g", "b", "org == '2'"))


@example("no_default", "t")
def _(d):
    start = d.node("startEvent", "s") + d.user("t") + d.user("a")
    return d.process(start + d.chain("s", "t") + d.flow("t", "a", "org == '1'"))


@example("condition_missing", "x")
def _(d):
    return d.simple(d.node("exclusiveGateway", "g", default="y") + d.user("a") + d.user("b"), "g").replace(
        b"</process>",
        (d.flow("g", "a", id_="x") + d.flow("g", "b", id_="y") + "</process>").encode(),
    )


@example("default_condition", "x")
def _(d):
    gateway = d.node("exclusiveGateway", "g", default="x") + d.user("a")
    return d.simple(gateway, "g", d.flow("g", "a", "true", id_="x"))


@example("default_unknown", "g")
def _(d):
    return d.simple(d.node("exclusiveGateway", "g", default="x") + d.user("a"), "g", d.flow("a", "g", id_="x"))


@example("condition_ignored", "x")
def _(d):
    return d.simple(d.node("parallelGateway", "g") + d.user("a"), "g", d.flow("g", "a", "true", id_="x"))


@example("not_a_condition", "x")
def _(d):
    return d.simple(d.user("a") + d.user("b"), "a", d.flow("a", "b", "'pass'", id_="x"))


@example("event_gateway_target", "a")
def _(d):
    gateway = d.node("eventBasedGateway", "g") + d.user("a") + d.node("intermediateCatchEvent", "t", EVENTS["timer"])
    return d.process(d.node("startEvent", "s") + gateway + d.chain("s", "g", "a") + d.chain("g", "t"))


@example("event_gateway_target", "t")
def _(d):
    gateway = d.node("eventBasedGateway", "g") + d.user("a") + d.node("intermediateCatchEvent", "t", EVENTS["timer"])
    return d.process(d.node("startEvent", "s") + gateway + d.chain("s", "g", "t") + d.chain("a", "t"))


@example("event_gateway_few", "g")
def _(d):
    return d.simple(d.node("eventBasedGateway", "g"), "g")


# ---- expressions


@example("expression", "x")
def _(d):
    return d.simple(d.user("a") + d.user("b"), "a", d.flow("a", "b", "a.verdict = 1", id_="x"))


@example("expression", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateOrg="org +"), "a")


@example("expression", "a")
def _(d):
    return d.simple(d.user("a", ducha_taskCode="x y"), "a")


@example("expression", "a")
def _(d):
    return d.simple(d.user("a", ducha_assignee="("), "a")


@example("expression", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t", _inputs(unit="1 +"), ducha_service="urge"), "t")


@example("expression", "t")
def _(d):
    return d.simple(d.node("sendTask", "t", messageRef="m", ducha_correlationKey="a b"), "t", head=HEAD)


@example("expression", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format("", "<completionCondition>1 +</completionCondition>")), "a")


@example("expression", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format(' ducha:collection="["', "")), "a")


@example("expression", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format("", "<loopCardinality>1 +</loopCardinality>")), "a")


@example("expression", "t")
def _(d):
    return d.simple(d.node("scriptTask", "t", "<script>a = 1\nb</script>"), "t")


@example("expression", "p")
def _(d):
    return d.process('<extensionElements><ducha:output name="a" value="1 +"/></extensionElements>')


@example("script_empty", "t")
def _(d):
    return d.simple(d.node("scriptTask", "t"), "t")


@example("script_language", "t")
def _(d):
    return d.simple(d.node("scriptTask", "t", "<script>a = 1</script>", scriptFormat="javascript"), "t")


@example("assigns_element", "t")
def _(d):
    return d.simple(d.user("a") + d.node("scriptTask", "t", "<script>a = 1</script>"), "t")


@example("assigns_start", "t")
def _(d):
    return d.simple(d.node("scriptTask", "t", "<script>title = 'x'</script>"), "t")


@example("unknown_name", "a")
def _(d):
    start = d.node("startEvent", "s", EVENTS["message"])
    return d.process(start + d.user("a", ducha_candidateOrg="district") + d.chain("s", "a"), HEAD)


@example("outside_name", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateOrg="district.code"), "a")


@example("name_near", "a")
def _(d):
    return d.simple(d.user("issue_order") + d.user("a", ducha_candidateOrg="issue_ordr.unit"), "issue_order")


@example("name_near", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateOrg="starter_orga"), "a")


@example("brings_nothing", "a")
def _(d):
    return d.simple(d.node("exclusiveGateway", "g") + d.user("a", ducha_candidateOrg="g.unit"), "g")


@example("unknown_field", "b")
def _(d):
    return d.simple(d.user("a") + d.user("b", ducha_candidateOrg="a.unit"), "a")


@example("field_near", "b")
def _(d):
    return d.simple(d.user("a") + d.user("b", ducha_due="=a.deadlne"), "a")


@example("unknown_field", "b")
def _(d):
    service = d.node("serviceTask", "t", ducha_service="urge")
    return d.simple(service + d.user("b", ducha_candidateOrg="t.unit"), "t")


@example("field_near", "b")
def _(d):
    call = d.node("callActivity", "t", calledElement="other")
    return d.simple(call + d.user("b", ducha_candidateOrg="t.resut"), "t")


@example("field_near", "b")
def _(d):
    rule = d.node("businessRuleTask", "t", ducha_decision="D4")
    return d.simple(rule + d.user("b", ducha_due="=t.lastest"), "t")


@example("unknown_performer", "a")
def _(d):
    return d.simple(d.user("a", ducha_assignee="performer('b')"), "a")


@example("input_name", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t", _inputs(**{"a-b": "1"}), ducha_service="notify"), "t")


@example("input_empty", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t", _inputs(unit=""), ducha_service="urge"), "t")


@example("input_unknown", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t", _inputs(units="1"), ducha_service="urge"), "t")


@example("input_unknown", "t")
def _(d):
    return d.simple(d.node("callActivity", "t", _inputs(units="1"), calledElement="other"), "t")


# ---- timers


@example("timer_missing", "t")
def _(d):
    return d.simple(d.node("intermediateCatchEvent", "t", "<timerEventDefinition/>"), "t")


@example("timer", "t")
def _(d):
    return d.simple(d.node("intermediateCatchEvent", "t", d.timer("timeDuration", "P999999Y")), "t")


@example("timer", "b")
def _(d):
    cycle = d.node("boundaryEvent", "b", d.timer("timeCycle", "R/PT0S"), attachedToRef="a", cancelActivity="false")
    return d.simple(d.user("a") + cycle, "a")


@example("timer", "a")
def _(d):
    return d.simple(d.user("a", ducha_due="3 days"), "a")


@example("timer_cycle", "t")
def _(d):
    return d.simple(d.node("intermediateCatchEvent", "t", d.timer("timeCycle", "R3/P1D")), "t")


@example("timer_cycle_interrupts", "b")
def _(d):
    return d.simple(d.user("a") + d.node("boundaryEvent", "b", d.timer("timeCycle", "R3/P1D"), attachedToRef="a"), "a")


@example("timer_start_names", "s")
def _(d):
    return d.process(d.node("startEvent", "s", d.timer("timeDate", "=org")) + d.user("a") + d.chain("s", "a"))


def test_the_timer_of_a_start_may_use_what_its_service_gives(drawing, known):
    d = drawing
    for name, expected in (("count", []), ("kount", ["timer_start_names"])):
        start = d.node("startEvent", "s", d.timer("timeCycle", f"R/wd_of_month({name})"), ducha_service="urge")
        data = d.process(start + d.user("a", ducha_assignee="s.who") + d.chain("s", "a"))
        plain = Known(forms=known.forms, services={"urge": Interface(frozenset(), frozenset({"count", "who"}))})
        assert [one.code for one in problems(data, plain) if one.severity == "error" and one.element == "s"] == expected


# ---- messages, signals, errors, links, boundaries


@example("message_missing", "t")
def _(d):
    return d.simple(d.node("intermediateCatchEvent", "t", "<messageEventDefinition/>"), "t")


@example("message_missing", "t")
def _(d):
    return d.simple(d.node("receiveTask", "t", messageRef="m0"), "t", head=HEAD)


@example("message_key", "t")
def _(d):
    return d.simple(d.node("intermediateCatchEvent", "t", EVENTS["message"]), "t", head=HEAD)


@example("message_key", "m1")
def _(d):
    start = d.node("startEvent", "m1", EVENTS["message"])
    return d.simple(d.user("a") + d.node("subProcess", "sub", start, triggeredByEvent="true"), "a", head=HEAD)


@example("thrown_key", "t")
def _(d):
    return d.simple(d.node("sendTask", "t", messageRef="m"), "t", head=HEAD)


@example("signal_missing", "t")
def _(d):
    return d.simple(d.node("intermediateThrowEvent", "t", "<signalEventDefinition/>"), "t")


@example("each_place", "m1")
def _(d):
    start = d.node("startEvent", "m1", EVENTS["message"], ducha_each="items", ducha_correlationKey="title")
    return d.simple(d.user("a") + d.node("subProcess", "sub", start, triggeredByEvent="true"), "a", head=HEAD)


@example("each_name", "m1")
def _(d):
    start = d.node("startEvent", "m1", EVENTS["message"], ducha_each="payload.items")
    return d.simple(d.user("a") + start, "a", d.flow("m1", "a"), head=HEAD)


@example("each_place", "tick")
def _(d):
    return d.simple(
        d.user("a") + d.node("startEvent", "tick", EVENTS["timer"], ducha_each="x"), "a", d.flow("tick", "a")
    )


@example("service_place", "m1")
def _(d):
    start = d.node("startEvent", "m1", EVENTS["message"], ducha_service="notify")
    return d.simple(d.user("a") + start, "a", d.flow("m1", "a"), head=HEAD)


@example("service_start", "tick")
def _(d):
    start = d.node("startEvent", "tick", EVENTS["timer"], ducha_service="urge")
    return d.simple(d.user("a") + start, "a", d.flow("tick", "a"))


@example("error_missing", "x")
def _(d):
    return d.simple(d.user("a") + d.node("endEvent", "x", "<errorEventDefinition/>"), "a", d.flow("a", "x"))


@example("escalation_missing", "x")
def _(d):
    return d.simple(d.node("intermediateThrowEvent", "x", "<escalationEventDefinition/>"), "x")


@example("uncaught_error", "x")
def _(d):
    return d.simple(d.user("a") + d.node("endEvent", "x", EVENTS["error"]), "a", d.flow("a", "x"), head=HEAD)


@example("link_name", "x")
def _(d):
    return d.simple(
        d.user("a") + d.node("intermediateThrowEvent", "x", '<linkEventDefinition name=""/>'), "a", d.flow("a", "x")
    )


@example("link_target", "x")
def _(d):
    return d.simple(d.user("a") + d.node("intermediateThrowEvent", "x", EVENTS["link"]), "a", d.flow("a", "x"))


@example("link_source", "x")
def _(d):
    return d.simple(d.user("a") + d.node("intermediateCatchEvent", "x", EVENTS["link"]), "a")


@example("link_twice", "y")
def _(d):
    catches = "".join(d.node("intermediateCatchEvent", id_, EVENTS["link"]) for id_ in "xy")
    return d.simple(
        d.user("a") + d.node("intermediateThrowEvent", "t", EVENTS["link"]) + catches, "a", d.flow("a", "t")
    )


@example("boundary_host", "b")
def _(d):
    return d.simple(d.user("a") + d.node("boundaryEvent", "b", EVENTS["timer"], attachedToRef="s"), "a")


@example("boundary_host", "b")
def _(d):
    inner = d.node("boundaryEvent", "b", EVENTS["timer"], attachedToRef="a")
    return d.simple(d.user("a") + d.node("subProcess", "sub", d.user("c") + inner), "a")


@example("boundary_idle", "b")
def _(d):
    script = d.node("scriptTask", "a", "<script>x = 1</script>")
    return d.simple(script + d.node("boundaryEvent", "b", EVENTS["timer"], attachedToRef="a"), "a")


# ---- what elements need from outside


@example("assignment_missing", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateGroups=""), "a")


@example("unknown_role", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateGroups="minister"), "a")


@example("role_near", "a")
def _(d):
    return d.simple(d.user("a", ducha_candidateGroups="oficer"), "a")


@example("unknown_form", "b")
def _(d):
    return d.simple(d.user("b", ducha_form="other/thing"), "b")


@example("form_near", "b")
def _(d):
    return d.simple(d.user("b", ducha_form="some/from"), "b")


@example("not_same_as", "a")
def _(d):
    return d.simple(d.user("a", ducha_notSameAs="nobody"), "a")


@example("not_same_as_near", "a")
def _(d):
    return d.simple(d.user("a", ducha_notSameAs="report_plann") + d.user("report_plan"), "a")


@example("service_missing", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t"), "t")


@example("unknown_service", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t", ducha_service="launch"), "t")


@example("service_near", "t")
def _(d):
    return d.simple(d.node("serviceTask", "t", ducha_service="notfy"), "t")


@example("decision_missing", "t")
def _(d):
    return d.simple(d.node("businessRuleTask", "t"), "t")


@example("unknown_decision", "t")
def _(d):
    return d.simple(d.node("businessRuleTask", "t", ducha_decision="X_light"), "t")


@example("decision_near", "t")
def _(d):
    return d.simple(d.node("businessRuleTask", "t", ducha_decision="D45"), "t")


@example("decision_input", "t")
def _(d):
    return d.simple(d.node("businessRuleTask", "t", ducha_decision="D4"), "t")


@example("call_missing", "t")
def _(d):
    return d.simple(d.node("callActivity", "t"), "t")


@example("unknown_process", "t")
def _(d):
    return d.simple(d.node("callActivity", "t", calledElement="not_yet"), "t")


# ---- multi-instance


def _ruled(d, rule, inside="", **more):
    return d.simple(
        d.user("a", LOOP.format(f' ducha:collection="[1]" ducha:elementVariable="one" {rule}', inside), **more), "a"
    )


@example("rule_value", "a")
def _(d):
    return d.simple(d.user("a", ducha_choose="eldest"), "a")


@example("rule_value", "a")
def _(d):
    return _ruled(d, 'ducha:agree="most"')


@example("choose_roles", "a")
def _(d):
    return d.simple(d.user("a", ducha_choose="rotation", ducha_candidateGroups="", ducha_assignee="starter"), "a")


@example("choose_named", "a")
def _(d):
    return d.simple(d.user("a", ducha_choose="rotation", ducha_assignee="starter"), "a")


@example("same_as", "a")
def _(d):
    return d.simple(d.user("a", ducha_sameAs="a"), "a")


@example("same_as_near", "a")
def _(d):
    return d.simple(d.user("a", ducha_sameAs="report_plann") + d.user("report_plan"), "a")


@example("same_as_named", "a")
def _(d):
    return d.simple(d.user("a", ducha_sameAs="b", ducha_assignee="starter") + d.user("b"), "a")


@example("same_and_not", "a")
def _(d):
    return d.simple(d.user("a", ducha_sameAs="b", ducha_notSameAs="c, b") + d.user("b") + d.user("c"), "a")


@example("repeated_of", "a")
def _(d):
    return d.simple(d.user("a", ducha_repeated="skip", ducha_repeatedOf="zz"), "a")


@example("repeated_of_near", "a")
def _(d):
    middle = d.user("a", ducha_repeated="skip", ducha_repeatedOf="report_plann") + d.user("report_plan")
    return d.simple(middle, "a")


@example("repeated_nothing", "a")
def _(d):
    return d.simple(d.user("a", ducha_repeated="skip") + d.user("b", ducha_form="p/a"), "a")


@example("rule_idle", "a")
def _(d):
    return d.simple(d.user("a", ducha_repeatedOf="b") + d.user("b"), "a")


@example("rule_idle", "a")
def _(d):
    return d.simple(d.user("a", _skipped(verdict="'ok'")), "a")


@example("rule_idle", "a")
def _(d):
    return _ruled(d, 'ducha:ratio="0.5"')


@example("rule_idle", "a")
def _(d):
    return _ruled(d, 'ducha:agree="all" ducha:veto="true"')


@example("rule_idle", "a")
def _(d):
    return _ruled(d, 'ducha:agree="all" ducha:ratio="0.5"')


@example("rule_idle", "a")
def _(d):
    return _ruled(d, 'ducha:agree="any" ducha:weight="one"')


@example("skipped_name", "a")
def _(d):
    return d.simple(d.user("a", _skipped(**{"1x": "1"}), ducha_nobody="skip"), "a")


@example("skipped_field", "a")
def _(d):
    return d.simple(d.user("a", _skipped(colour="1"), ducha_nobody="skip"), "a")


@example("input_empty", "a")
def _(d):
    return d.simple(d.user("a", _skipped(verdict=""), ducha_nobody="skip"), "a")


@example("superior_place", "a")
def _(d):
    return d.simple(d.user("a", ducha_subject="superior(org)", ducha_candidateOrg="superior(org)"), "a")


@example("agree_and_condition", "a")
def _(d):
    return _ruled(d, 'ducha:agree="all"', "<completionCondition>true</completionCondition>")


@example("agree_share", "a")
def _(d):
    return _ruled(d, 'ducha:agree="ratio"')


@example("agree_share_range", "a")
def _(d):
    return _ruled(d, 'ducha:agree="ratio" ducha:ratio="60"')


@example("agree_weight", "a")
def _(d):
    return _ruled(d, 'ducha:agree="weight" ducha:ratio="0.5"')


@example("agree_in_order", "a")
def _(d):
    return _ruled(d, 'ducha:agree="in_order"')


@example("verdict_taken", "a")
def _(d):
    return d.simple(
        d.user("a", LOOP.format(' ducha:collection="[1]" ducha:agree="all"', "")) + d.user("a_verdict"), "a"
    )


@example("attribute_near", "a")
def _(d):
    return _ruled(d, 'ducha:agree="all" ducha:onReturns="let_finish"')


@example("field_near", "e")
def _(d):
    body = d.node("startEvent", "s") + d.user("a", LOOP.format(' ducha:collection="[1]" ducha:agree="all"', ""))
    body += d.node("scriptTask", "e", "<script>fine = a_verdict.agree</script>")
    return d.process(body + d.chain("s", "a", "e"))


def test_rules_that_fit_have_no_problems(drawing, known):
    d = drawing
    rule = (
        'ducha:agree="weight" ducha:ratio="2 / 3" ducha:weight="one" ducha:veto="one == 1" ducha:onReturn="let_finish"'
    )
    several = LOOP.format(
        f' ducha:collection="[1, 2]" ducha:elementVariable="one" {rule} ducha:approves="b.verdict == 1"', ""
    )
    body = (
        d.node("startEvent", "s")
        + d.user(
            "a", _skipped(verdict="1"), ducha_choose="rotation", ducha_nobody="skip", ducha_candidateOrg="superior(org)"
        )
        + d.user("b", several, ducha_sameAs="a", ducha_nobody="deputy")
        + d.user("c", ducha_repeated="skip", ducha_choose="least_loaded")
        + d.node("exclusiveGateway", "g", default="no")
        + d.node("endEvent", "e")
        + d.chain("s", "a", "b", "c", "g")
        + d.flow("g", "e", "b_verdict.agreed and b_verdict.share > 0.5")
        + d.flow("g", "a", id_="no")
    )
    assert problems(d.process(body), known) == ()


def _skipped(**pairs):
    written = "".join(f'<ducha:skipped name="{name}" value="{value}"/>' for name, value in pairs.items())
    return f"<extensionElements>{written}</extensionElements>"


@example("loop_count", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format("", "")), "a")


@example("loop_both", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format(' ducha:collection="org"', "<loopCardinality>3</loopCardinality>")), "a")


@pytest.mark.parametrize("times", ["501", "-1", "1.5", "'3'", "true"])
def test_loop_many(drawing, known, times):
    mark = LOOP.format("", f"<loopCardinality>{times}</loopCardinality>")
    assert "loop_many" in {problem.code for problem in problems(drawing.simple(drawing.user("a", mark), "a"), known)}


@example("loop_many", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format("", "<loopCardinality>100000</loopCardinality>")), "a")


@example("loop_variable", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format(' ducha:collection="org" ducha:elementVariable="a-b"', "")), "a")


@example("loop_variable_taken", "a")
def _(d):
    return d.simple(d.user("a", LOOP.format(' ducha:collection="org" ducha:elementVariable="e"', "")), "a")


@example("loop_event_subprocess", "sub")
def _(d):
    inner = LOOP.format(' ducha:collection="org"', "") + d.node("startEvent", "t", EVENTS["timer"])
    return d.simple(d.user("a") + d.node("subProcess", "sub", inner, triggeredByEvent="true"), "a")


# ---- the tests


@pytest.mark.parametrize(("code", "element", "draw"), EXAMPLES, ids=[code for code, _, _ in EXAMPLES])
def test_every_problem_is_found_at_its_element(code, element, draw, drawing, known):
    found = problems(draw(drawing), known)
    at = [problem for problem in found if (problem.code, problem.element) == (code, element)]
    assert at, [str(problem) for problem in found]
    for problem in found:
        unfilled = set(re.findall(r"(?<!{){(\w+)}", problem.message)) - set(problem.params)
        assert not unfilled, problem
        assert problem.line or not problem.element


def test_every_sentence_has_an_example():
    fault_codes = {"expression", "timer"}
    assert {code for code, _, _ in EXAMPLES} == set(MESSAGES) | fault_codes


def test_every_sentence_is_described():
    page = Path("docs/bpmn.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `(\w+)` \| (?:error|warning|error or warning) \| (.*) \|$", page, re.MULTILINE))
    assert {code: described.get(code) for code in MESSAGES} == dict(MESSAGES)
    assert set(described) == set(MESSAGES) | {"expression", "timer"}


@pytest.mark.parametrize(("code", "element", "draw"), EXAMPLES, ids=[code for code, _, _ in EXAMPLES])
def test_severities_are_described(code, element, draw, drawing, known):
    page = Path("docs/bpmn.md").read_text(encoding="utf-8")
    written = re.search(rf"^\| `{code}` \| ([a-z ]+) \|", page, re.MULTILINE)
    found = {one.severity for one in problems(draw(drawing), known) if (one.code, one.element) == (code, element)}
    assert found <= set(written[1].split(" or "))


def test_all_problems_come_at_once_in_the_order_of_the_document(drawing, known):
    body = (
        drawing.node("startEvent", "s")
        + drawing.user("a", ducha_candidateGroups="minister", ducha_due="soon, I hope")
        + drawing.node("complexGateway", "g")
        + drawing.node("serviceTask", "t")
        + drawing.chain("s", "a", "g", "t")
    )
    found = problems(drawing.process(body), known)
    assert [problem.code for problem in found] == [
        "timer",
        "unknown_role",
        "not_executed",
        "no_way_on",
        "service_missing",
    ]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


@pytest.mark.parametrize(
    ("one", "other", "is_exhaustive"),
    [
        ("a.verdict == 'pass'", "a.verdict != 'pass'", True),
        ("a.verdict == 'pass'", "not (a.verdict == 'pass')", True),
        ("not a.verdict", "a.verdict", True),
        ("org > 3", "org <= 3", True),
        ("org in ['1']", "org not in ['1']", True),
        ("true", "org == '1'", True),
        ("a.verdict == 'pass'", "a.verdict == 'fail'", False),
        ("a.verdict == 'pass'", "a.verdict != 'fail'", False),
        ("org > 3", "org < 3", False),
        ("org > 3", "title <= 3", False),
        ("1 < org < 3", "1 >= org >= 3", False),
    ],
)
def test_conditions_that_can_not_all_fail_need_no_default(one, other, is_exhaustive, drawing, known):
    body = (
        drawing.node("startEvent", "s")
        + drawing.user("a")
        + drawing.node("exclusiveGateway", "g")
        + drawing.node("endEvent", "x")
        + drawing.node("endEvent", "y")
        + drawing.chain("s", "a", "g")
        + drawing.flow("g", "x", one)
        + drawing.flow("g", "y", other)
    )
    codes = {problem.code for problem in problems(drawing.process(body), known)}
    assert codes == (set() if is_exhaustive else {"no_default"})


def test_a_process_that_nobody_can_call_must_bring_all_names_itself(drawing, known):
    task = drawing.user("a", ducha_candidateOrg="district")
    by_hand = drawing.simple(task, "a")
    by_message = drawing.process(
        drawing.node("startEvent", "s", EVENTS["message"])
        + task
        + drawing.node("endEvent", "e")
        + drawing.chain("s", "a", "e"),
        HEAD,
    )
    assert problems(by_hand, known) == ()
    assert {problem.code for problem in problems(by_message, known)} == {"unknown_name"}


def test_names_of_loops_and_scripts_exist(drawing, known):
    mark = LOOP.format(
        ' ducha:collection="units" ducha:elementVariable="unit"',
        "<completionCondition>nrOfCompletedInstances == nrOfInstances and a.verdict == 'pass'</completionCondition>",
    )
    middle = drawing.node("scriptTask", "t", "<script>units = [org]</script>") + drawing.user(
        "a", mark, ducha_candidateOrg="unit.code", ducha_taskCode="text(loopCounter)"
    )
    assert problems(drawing.simple(middle, "t", drawing.chain("t", "a", "e")), known) == ()


def test_errors_are_caught_by_the_scopes_around(drawing, known):
    throwing = (
        drawing.node("startEvent", "t") + drawing.node("endEvent", "x", EVENTS["error"]) + drawing.chain("t", "x")
    )
    sub = drawing.node("subProcess", "sub", throwing)
    boundary = drawing.node("boundaryEvent", "b", EVENTS["error"], attachedToRef="sub")
    end = drawing.node("endEvent", "e2") + drawing.chain("b", "e2")
    assert problems(drawing.simple(sub + boundary, "sub", end, head=HEAD), known) == ()
    handler_body = (
        drawing.node("startEvent", "h", "<errorEventDefinition/>")
        + drawing.node("endEvent", "i")
        + drawing.chain("h", "i")
    )
    handler = drawing.node("subProcess", "handler", handler_body, triggeredByEvent="true")
    assert problems(drawing.simple(sub + handler, "sub", head=HEAD), known) == ()
    assert {one.code for one in problems(drawing.simple(sub, "sub", head=HEAD), known)} == {"uncaught_error"}


def test_an_error_thrown_in_its_own_handler_is_not_caught_by_it(drawing, known):
    handler_body = (
        drawing.node("startEvent", "h", EVENTS["error"])
        + drawing.node("endEvent", "x", EVENTS["error"])
        + drawing.chain("h", "x")
    )
    handler = drawing.node("subProcess", "handler", handler_body, triggeredByEvent="true")
    found = problems(drawing.simple(drawing.user("a") + handler, "a", head=HEAD), known)
    assert [(one.code, one.element) for one in found] == [("uncaught_error", "x")]


def test_links_lead_on(drawing, known):
    links = (
        drawing.node("intermediateThrowEvent", "t", EVENTS["link"])
        + drawing.node("intermediateCatchEvent", "c", EVENTS["link"])
        + drawing.node("endEvent", "e2")
        + drawing.chain("a", "t")
        + drawing.chain("c", "e2")
    )
    found = problems(drawing.simple(drawing.user("a") + links, "a"), known)
    assert {(one.code, one.element, one.severity) for one in found} == {
        ("rewritten", "t", "warning"),
        ("rewritten", "c", "warning"),
    }


def test_plain_sets_of_names_are_enough(drawing):
    known = Known(forms={"some/form"}, services={"urge"}, roles={"officer"}, decisions={"D4"}, processes={"other"})
    middle = (
        drawing.user("a")
        + drawing.node("serviceTask", "t", ducha_service="urge")
        + drawing.node("businessRuleTask", "r", _inputs(kind="a.anything + t.anything"), ducha_decision="D4")
        + drawing.node("callActivity", "c", calledElement="other")
    )
    assert problems(drawing.simple(middle, "a", drawing.chain("a", "t", "r", "c", "e")), known) == ()


def test_shipped_diagrams_have_no_errors():
    services = set()
    forms = set()
    for path in Path("bpmn/processes").glob("*.bpmn"):
        diagram = read_diagram(path.read_bytes())
        for process in diagram.processes:
            for element in process.elements.values():
                services.add(element.attributes.get("service", ""))
                forms.add(process.form_of(element))
    tables = {path.stem: read_decision(path.read_bytes()) for path in Path("bpmn/decisions").glob("*.dmn")}
    known = Known(forms=forms, decisions=tables, services=services, roles=ROLES)
    for path in Path("bpmn/processes").glob("*.bpmn"):
        found = check_diagram(read_diagram(path.read_bytes()), known)
        assert [str(one) for one in found if one.severity == "error"] == []
