"""What is said about the process as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bpmn.checks.case import Case, is_name
from bpmn.checks.names import near_or_unknown

CLASSIFICATIONS = frozenset({"public", "internal", "work_secret"})


def check_process(case: Case) -> None:
    process = case.process
    if not is_name(process.key):
        case.error(process.key, "process_key", id=process.key)
    if not process.name:
        case.error(process.key, "process_name")
    if not process.elements:
        case.error(process.key, "empty_process")
    found = process.attributes.get("classification")
    if found is not None and found not in CLASSIFICATIONS:
        case.error(process.key, "classification", found=found)
    for role in process.starter_groups:
        near_or_unknown(case, process.key, role, case.known.roles, "role_near", "unknown_role")
    by_hand = any(start.event == "none" for start in process.within(None) if start.kind == "startEvent")
    if by_hand and not process.starter_groups:
        case.warn(process.key, "no_starter")
    _check_outputs(case)


def _check_outputs(case: Case) -> None:
    _check_output_names(case, case.process.key, case.process.outputs)
    for element in case.elements():
        _check_output_names(case, element.id, element.outputs)
        if element.outputs and (element.kind != "subProcess" or element.loop is None):
            case.warn(element.id, "unknown_attribute", name="output")


def _check_output_names(case: Case, element: str, outputs: Iterable[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for name, _ in outputs:
        if not is_name(name) or name in seen:
            case.error(element, "output_name", name=name)
        seen.add(name)


def check_recursion(case: Case) -> None:
    """A process that comes back to itself over calls, with the way it takes."""
    calls = {**case.known.calls, case.process.key: {element.called for element in case.elements() if element.called}}
    for element in case.elements("callActivity"):
        way = _way_back(calls, element.called or "", case.process.key)
        if way:
            case.error(element.id, "recursion", path=" → ".join((case.process.key, *way)))


def _way_back(calls: Mapping[str, Collection[str]], start: str, goal: str) -> tuple[str, ...] | None:
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        here = way[-1]
        if here == goal:
            return way
        if here in seen:
            continue
        seen.add(here)
        ways += [(*way, key) for key in sorted(calls.get(here, ()))]
    return None
