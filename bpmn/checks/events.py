"""Timers, messages, signals, errors, links, boundary events and event-based gateways."""

from __future__ import annotations

from collections import Counter
from typing import cast

from bpmn.checks.case import ACTIVITIES, Case, is_name
from bpmn.checks.names import near_or_unknown
from bpmn.diagram import Element, Event
from bpmn.expressions import ExpressionFault
from bpmn.timers import Kind, TimerFault, compile_due, compile_timer

CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
_PASSED_AT_ONCE = frozenset({"task", "manualTask", "scriptTask", "businessRuleTask", "sendTask"})


def check_timers(case: Case) -> None:
    for element in case.elements():
        if element.event == "timer":
            _check_timer(case, element, element.events[0])
        due = element.attributes.get("due")
        if due and element.kind == "userTask":
            try:
                compile_due(due)
            except (TimerFault, ExpressionFault) as fault:
                case.fault(element.id, fault, "timer")


def _check_timer(case: Case, element: Element, event: Event) -> None:
    if not event.timer or event.timer_kind is None:
        case.error(element.id, "timer_missing", line=event.line)
        return
    try:
        timer = compile_timer(cast(Kind, event.timer_kind), event.timer)
    except (TimerFault, ExpressionFault) as fault:
        case.fault(element.id, fault, "timer", event.line)
        return
    starts_process = element.kind == "startEvent" and case.place(element.scope) == "process"
    if timer.kind == "cycle" and not starts_process:
        if element.kind == "intermediateCatchEvent":
            case.error(element.id, "timer_cycle", line=event.line)
        elif element.interrupting:
            case.warn(element.id, "timer_cycle_interrupts", line=event.line)
    if starts_process:
        service = element.attributes.get("service")
        given = case.known.service(service).outputs if service else frozenset()
        for name in sorted(timer.names - given) if given is not None else ():
            case.error(element.id, "timer_start_names", line=event.line, name=name)


def check_messages(case: Case) -> None:
    for element in case.elements():
        if element.event == "message" or element.kind in ("sendTask", "receiveTask"):
            name = element.events[0].name if element.event == "message" else element.message
            if not name:
                case.error(element.id, "message_missing")
            elif not element.attributes.get("correlationKey"):
                _check_key(case, element)
        if element.event == "signal" and not element.events[0].name:
            case.error(element.id, "signal_missing")


def check_payloads(case: Case) -> None:
    """What brings data to a new instance: a message, a signal, or a service that a timer asks; perhaps a list."""
    for element in case.elements("startEvent"):
        service = element.attributes.get("service")
        if service is not None:
            _check_service(case, element, service)
        name = element.attributes.get("each")
        if name is None:
            continue
        brings = element.event in ("message", "signal") or (element.event == "timer" and service)
        if not brings or case.place(element.scope) != "process":
            case.error(element.id, "each_place")
        elif not is_name(name):
            case.error(element.id, "each_name", name=name)


def _check_service(case: Case, element: Element, name: str) -> None:
    if element.event != "timer" or case.place(element.scope) != "process":
        case.error(element.id, "service_place")
        return
    known = near_or_unknown(case, element.id, name, case.known.services, "service_near", "unknown_service")
    if known and not case.known.service(name).at_start:
        case.error(element.id, "service_start", name=name)


def _check_key(case: Case, element: Element) -> None:
    if element.kind == "startEvent" and case.place(element.scope) == "process":
        return  # a message that starts an instance needs none
    if element.kind in CATCHING or element.kind == "receiveTask":
        case.error(element.id, "message_key")
    else:
        case.warn(element.id, "thrown_key")


def check_errors(case: Case) -> None:
    for element in case.elements("endEvent", "intermediateThrowEvent"):
        if element.event not in ("error", "escalation"):
            continue
        name = element.events[0].name
        if not name:
            case.error(element.id, f"{element.event}_missing")
        elif element.event == "error" and not _is_caught(case, element, name):
            case.warn(element.id, "uncaught_error", name=name)


def _is_caught(case: Case, element: Element, code: str) -> bool:
    """By an event sub-process or a boundary event, scope by scope outwards."""
    elements = case.process.elements
    scope = element.scope
    inside: str | None = None  # an event sub-process does not catch what is thrown in itself
    while True:
        for handler in case.process.within(scope):
            if handler.by_event and handler.id != inside:
                starts = case.process.within(handler.id)
                if any(start.kind == "startEvent" and _catches(start, code) for start in starts):
                    return True
        if scope is None or scope not in elements:
            return False
        for boundary in case.elements("boundaryEvent"):
            if boundary.attached_to == scope and _catches(boundary, code):
                return True
        inside, scope = scope, elements[scope].scope


def _catches(element: Element, code: str) -> bool:
    return element.event == "error" and element.events[0].name in (None, code)


def check_links(case: Case) -> None:
    for scope in case.scopes():
        links = [element for element in case.process.within(scope.id if scope else None) if element.event == "link"]
        thrown = Counter(link.events[0].name for link in links if link.kind == "intermediateThrowEvent")
        caught = Counter(link.events[0].name for link in links if link.kind == "intermediateCatchEvent")
        for link in links:
            name = link.events[0].name
            if not name:
                case.error(link.id, "link_name")
            elif link.kind == "intermediateThrowEvent" and not caught[name]:
                case.error(link.id, "link_target", name=name)
            elif link.kind == "intermediateCatchEvent" and not thrown[name]:
                case.error(link.id, "link_source", name=name)
            elif link.kind == "intermediateCatchEvent" and caught[name] > 1:
                case.error(link.id, "link_twice", name=name)


def check_boundaries(case: Case) -> None:
    for element in case.elements("boundaryEvent"):
        host = case.process.elements.get(element.attached_to or "")
        if host is None or host.kind not in ACTIVITIES or host.scope != element.scope or host.by_event:
            case.error(element.id, "boundary_host")
        elif host.kind in _PASSED_AT_ONCE and host.loop is None and element.event in ("timer", "message", "signal"):
            case.warn(element.id, "boundary_idle")


def check_event_gateways(case: Case) -> None:
    for gateway in case.elements("eventBasedGateway"):
        if len(gateway.outgoing) < 2:
            case.error(gateway.id, "event_gateway_few")
        for flow in gateway.outgoing:
            target = case.process.elements.get(case.process.flows[flow].target)
            if target is not None and not _may_follow(case, target):
                case.error(target.id, "event_gateway_target")


def _may_follow(case: Case, target: Element) -> bool:
    is_watched = any(boundary.attached_to == target.id for boundary in case.elements("boundaryEvent"))
    is_catching = target.kind in ("intermediateCatchEvent", "receiveTask") and target.event != "link"
    return is_catching and len(target.incoming) == 1 and not is_watched and target.loop is None
