"""What activities need from outside: people, forms, services, decision tables, called processes; and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpmn.checks.case import RESERVED, Case, is_name
from bpmn.checks.names import near_or_unknown
from bpmn.diagram import Element, Loop, names_in
from bpmn.expressions import ExpressionFault, compile_expression

MOST_INSTANCES = 500


def check_activities(case: Case) -> None:
    for element in case.elements():
        check = _CHECKS.get(element.kind)
        if check:
            check(case, element)
        if element.inputs:
            _check_inputs(case, element)
        if element.loop is not None and element.loop.kind != "standard":
            _check_loop(case, element, element.loop)


def _check_user_task(case: Case, task: Element) -> None:
    groups = task.attributes.get("candidateGroups", "")
    is_computed = groups.strip().startswith("=")
    roles = () if is_computed else names_in(groups)
    is_named = task.attributes.get("assignee") or task.attributes.get("sameAs")
    if not roles and not is_computed and not is_named:
        case.error(task.id, "assignment_missing")
    for role in roles:
        near_or_unknown(case, task.id, role, case.known.roles, "role_near", "unknown_role")
    near_or_unknown(case, task.id, case.process.form_of(task), case.known.forms, "form_near", "unknown_form")
    tasks = [other.id for other in case.elements("userTask")]
    for other in names_in(task.attributes.get("notSameAs", "")):
        near_or_unknown(case, task.id, other, tasks, "not_same_as_near", "not_same_as")


def _check_service_task(case: Case, task: Element) -> None:
    name = task.attributes.get("service")
    if not name:
        case.error(task.id, "service_missing")
    elif near_or_unknown(case, task.id, name, case.known.services, "service_near", "unknown_service"):
        _check_known_inputs(case, task, name, case.known.service(name).inputs)


def _check_decision_task(case: Case, task: Element) -> None:
    name = task.attributes.get("decision")
    if not name:
        case.error(task.id, "decision_missing")
    else:
        near_or_unknown(case, task.id, name, case.known.decisions, "decision_near", "unknown_decision")


def _check_call(case: Case, call: Element) -> None:
    if not call.called:
        case.error(call.id, "call_missing")
    elif call.called not in case.known.processes and call.called != case.process.key:
        case.warn(call.id, "unknown_process", name=call.called)
    else:
        _check_known_inputs(case, call, call.called, case.known.process(call.called).inputs)


_CHECKS: Mapping[str, Callable[[Case, Element], None]] = {
    "userTask": _check_user_task,
    "serviceTask": _check_service_task,
    "businessRuleTask": _check_decision_task,
    "callActivity": _check_call,
}


def _check_known_inputs(case: Case, element: Element, of: str, possible: frozenset[str] | None) -> None:
    for name, _ in element.inputs:
        if possible is not None and is_name(name) and name not in possible:
            case.warn(element.id, "input_unknown", name=name, of=of)


def _check_inputs(case: Case, element: Element) -> None:
    seen: set[str] = set()
    for name, value in element.inputs:
        if not is_name(name) or name in seen:
            case.error(element.id, "input_name", name=name)
        if not value:
            case.error(element.id, "input_empty", name=name)
        seen.add(name)


def _check_loop(case: Case, element: Element, loop: Loop) -> None:
    if element.by_event:
        case.error(element.id, "loop_event_subprocess", line=loop.line)
    if not loop.cardinality and not loop.collection:
        case.error(element.id, "loop_count", line=loop.line)
    if loop.cardinality and loop.collection:
        case.warn(element.id, "loop_both", line=loop.line)
    if loop.cardinality:
        _check_cardinality(case, element, loop)
    if loop.variable:
        if not is_name(loop.variable) or loop.variable in RESERVED:
            case.error(element.id, "loop_variable", line=loop.line, name=loop.variable)
        elif loop.variable in case.process.elements:
            case.error(element.id, "loop_variable_taken", line=loop.line, name=loop.variable)


def _check_cardinality(case: Case, element: Element, loop: Loop) -> None:
    try:
        found = compile_expression(loop.cardinality or "").literal
    except ExpressionFault:
        return  # told with all other expressions
    is_number = isinstance(found, int) and not isinstance(found, bool)
    if found is not None and not (is_number and 0 <= found <= MOST_INSTANCES):
        case.error(element.id, "loop_many", line=loop.line, found=found, most=MOST_INSTANCES)
