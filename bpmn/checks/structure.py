"""How elements are connected: flows, starts, ways that lead nowhere, gateways whose conditions may all fail."""

from __future__ import annotations

from collections.abc import Iterable

from bpmn.checks.case import ACTIVITIES, Case
from bpmn.checks.conditions import are_exhaustive, may_be_true_or_false
from bpmn.diagram import Element, Flow
from bpmn.elements import row
from bpmn.expressions import Expression, ExpressionFault, compile_expression


def check_flows(case: Case) -> None:
    elements = case.process.elements
    for flow in case.process.flows.values():
        source, target = elements.get(flow.source), elements.get(flow.target)
        if source is None or target is None:
            case.error(flow.id, "dangling_flow")
            continue
        if not source.scope == target.scope == flow.scope:
            case.error(flow.id, "flow_across")
        if target.kind == "startEvent":
            case.error(flow.id, "flow_into_start")
        if source.kind == "endEvent":
            case.error(flow.id, "flow_out_of_end")
        if target.kind == "boundaryEvent":
            case.error(flow.id, "flow_into_boundary")
        if source.by_event or target.by_event:
            case.error(flow.id, "flow_at_event_subprocess")


def check_starts(case: Case) -> None:
    for scope in case.scopes():
        held = case.process.within(scope.id if scope else None)
        starts = [element for element in held if element.kind == "startEvent"]
        if scope is not None and scope.by_event:
            if len(starts) != 1:
                case.error(scope.id, "event_subprocess_start")
        elif not starts and scope is None:
            if held:
                case.error(case.process.key, "missing_start")
        elif not starts and scope is not None:
            _tell_implicit_start(case, scope)
        plain = [start for start in starts if start.event == "none"]
        for start in plain[1:]:
            case.error(start.id, "several_starts")


def _tell_implicit_start(case: Case, scope: Element) -> None:
    if case.process.within(scope.id):
        case.warn(scope.id, "rewritten", note=row("noStartEvent").note)
    else:
        case.error(scope.id, "empty_subprocess")


def check_ways(case: Case) -> None:
    """Elements that no way leads to, that no way leads on from, and loops without a way out."""
    for scope in case.scopes():
        held = {element.id: element for element in case.process.within(scope.id if scope else None)}
        onward = _onward(case, held)
        entries = _entries(held)
        reached = _closure(entries, onward)
        for id_ in held:
            if id_ not in reached and entries:
                case.error(id_, "unreachable")
        _check_ends(case, held, onward, reached)


def _check_ends(case: Case, held: dict[str, Element], onward: dict[str, set[str]], reached: set[str]) -> None:
    backward: dict[str, set[str]] = {id_: set() for id_ in held}
    for id_, targets in onward.items():
        for target in targets:
            backward[target].add(id_)
    ends = [id_ for id_, element in held.items() if not element.outgoing and not _leads_by_link(case, element)]
    ending = _closure(ends, backward)
    for id_, element in held.items():
        if id_ not in reached or element.by_event:
            continue
        if id_ not in ending:
            case.warn(id_, "endless")
        elif not element.outgoing and element.kind != "endEvent" and not _leads_by_link(case, element):
            case.warn(id_, "no_way_on")


def _leads_by_link(case: Case, element: Element) -> bool:
    return element.kind == "intermediateThrowEvent" and element.event == "link"


def _entries(held: dict[str, Element]) -> list[str]:
    starts = [id_ for id_, element in held.items() if element.kind == "startEvent" or element.by_event]
    if any(held[id_].kind == "startEvent" for id_ in starts):
        return starts
    begins = [id_ for id_, element in held.items() if not element.incoming and element.kind != "boundaryEvent"]
    return [*starts, *begins]


def _onward(case: Case, held: dict[str, Element]) -> dict[str, set[str]]:
    """Element -> elements that it can lead to: over flows, its boundary events, and links."""
    onward: dict[str, set[str]] = {id_: set() for id_ in held}
    for flow in case.process.flows.values():
        if flow.source in held and flow.target in held:
            onward[flow.source].add(flow.target)
    for element in held.values():
        if element.kind == "boundaryEvent" and element.attached_to in held:
            onward[element.attached_to].add(element.id)
        if _leads_by_link(case, element):
            onward[element.id] |= {
                other.id
                for other in held.values()
                if other.kind == "intermediateCatchEvent"
                and other.event == "link"
                and other.events[0].name == element.events[0].name
            }
    return onward


def _closure(start: Iterable[str], onward: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += onward[here] - reached
    return reached


def check_gateways(case: Case) -> None:
    for element in case.elements():
        flows = [case.process.flows[id_] for id_ in element.outgoing]
        if element.default is not None and element.default not in element.outgoing:
            case.error(element.id, "default_unknown", found=element.default)
        conditions = [flow for flow in flows if flow.condition is not None]
        if element.kind in ("parallelGateway", "eventBasedGateway"):
            for flow in conditions:
                case.warn(flow.id, "condition_ignored")
            continue
        for flow in conditions:
            if flow.id == element.default:
                case.warn(flow.id, "default_condition")
        if element.kind in ("exclusiveGateway", "inclusiveGateway") or element.kind in ACTIVITIES or conditions:
            _check_choice(case, element, flows)


def _check_choice(case: Case, element: Element, flows: list[Flow]) -> None:
    rest = [flow for flow in flows if flow.id != element.default]
    unconditional = [flow for flow in rest if flow.condition is None]
    if element.kind == "exclusiveGateway" and len(flows) > 1:
        for flow in unconditional:
            case.error(flow.id, "condition_missing")
    has_default = element.default is not None and element.default in element.outgoing
    compiled = [_compiled(flow) for flow in rest if flow.condition is not None]
    for flow, condition in zip((flow for flow in rest if flow.condition is not None), compiled, strict=True):
        if condition is not None and not may_be_true_or_false(condition.tree):
            case.error(flow.id, "not_a_condition", source=condition.source)
    if compiled and not has_default and not unconditional:
        known = [condition for condition in compiled if condition is not None]
        if len(known) < len(compiled) or not are_exhaustive([condition.tree for condition in known]):
            case.error(element.id, "no_default")


def _compiled(flow: Flow) -> Expression | None:
    try:
        return compile_expression(flow.condition or "")
    except ExpressionFault:
        return None  # told with all other expressions
