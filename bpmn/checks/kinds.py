"""Kinds of elements that are not executed, or otherwise than drawn."""

from __future__ import annotations

from bpmn.checks.case import Case
from bpmn.elements import Row, row, row_of

DEEPEST_NESTING = 10


def check_kinds(case: Case) -> None:
    for element in case.elements():
        _tell(case, element.id, row_of(element, case.place(element.scope)))
        if element.loop is not None and element.loop.kind == "standard":
            _tell(case, element.id, row("standardLoop"))
        if element.for_compensation:
            _tell(case, element.id, row("compensation"))
        if element.kind == "receiveTask" and element.instantiate:
            case.error(element.id, "not_executed", kind="instantiate", note=_MESSAGE_START)
        if element.kind == "task":
            case.warn(element.id, "plain_task")
        if _depth(case, element.scope) == DEEPEST_NESTING + 1:
            case.error(element.id, "nesting", most=DEEPEST_NESTING)


_MESSAGE_START = row("eventBasedGateway", "instantiate").note


def _tell(case: Case, element: str, found: Row) -> None:
    kind = f"{found.kind}: {found.event}" if found.event else found.kind
    if found.handling == "refused":
        case.error(element, "not_executed", kind=kind, note=found.note)
    elif found.handling == "rewritten":
        case.warn(element, "rewritten", note=found.note)


def _depth(case: Case, scope: str | None) -> int:
    depth = 0
    while scope is not None and depth <= DEEPEST_NESTING + 1:
        depth += 1
        holder = case.process.elements.get(scope)
        scope = holder.scope if holder else None
    return depth
