"""Ids that expressions can't use, names that people can't tell apart, settings that have no effect."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Mapping

from bpmn.checks.case import RESERVED, Case, is_name
from bpmn.diagram import Element

# The ducha: attributes of each kind of element; docs/bpmn.md tells what they mean.
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "process": frozenset({"starterGroups", "classification"}),
    "userTask": frozenset(
        {
            "candidateGroups",
            "candidateOrg",
            "taskCode",
            "assignee",
            "notSameAs",
            "barred",
            "form",
            "due",
            "subject",
            "sameAs",
            "choose",
            "nobody",
            "repeated",
            "repeatedOf",
        }
    ),
    "serviceTask": frozenset({"service"}),
    "businessRuleTask": frozenset({"decision"}),
    "sendTask": frozenset({"correlationKey", "receiver"}),
    "receiveTask": frozenset({"correlationKey"}),
    "startEvent": frozenset({"correlationKey", "each", "service"}),
    "endEvent": frozenset({"correlationKey", "receiver"}),
    "intermediateCatchEvent": frozenset({"correlationKey"}),
    "intermediateThrowEvent": frozenset({"correlationKey", "receiver"}),
    "boundaryEvent": frozenset({"correlationKey"}),
    "multiInstanceLoopCharacteristics": frozenset({"agree", "ratio", "weight", "approves", "veto", "onReturn"}),
}


def check_names(case: Case) -> None:
    _check_attributes(case, case.process.key, "process", case.process.attributes)
    for element in case.elements():
        if not is_name(element.id):
            case.error(element.id, "element_id", id=element.id)
        elif element.id in RESERVED:
            case.error(element.id, "reserved_id", id=element.id)
        _check_attributes(case, element.id, element.kind, element.attributes)
        if element.loop is not None:
            _check_attributes(case, element.id, "multiInstanceLoopCharacteristics", element.loop.rule)
    _check_tasks(case)


def _check_tasks(case: Case) -> None:
    tasks = list(case.elements("userTask"))
    counted = Counter(task.name for task in tasks if task.name)
    for task in tasks:
        if not task.name:
            case.error(task.id, "task_name")
        elif counted[task.name] > 1:
            case.warn(task.id, "duplicate_name", name=task.name)


def _check_attributes(case: Case, element: str, kind: str, attributes: Mapping[str, str]) -> None:
    possible = ATTRIBUTES.get(kind, frozenset())
    for name in attributes:
        if name not in possible:
            near = closest(name, possible, 0.7)
            if near:
                case.error(element, "attribute_near", name=name, near=near)
            else:
                case.warn(element, "unknown_attribute", name=name)


def closest(name: str, known: Collection[str], cutoff: float = 0.8) -> str | None:
    """The one of ``known`` that ``name`` is a slip of, if any."""
    found = difflib.get_close_matches(name, [other for other in known if other != name], n=1, cutoff=cutoff)
    return found[0] if found else None


def near_or_unknown(
    case: Case, element: str, name: str, known: Collection[str], near_code: str, unknown_code: str
) -> bool:
    """Whether ``name`` is known; if not, an error that offers the nearest."""
    if name in known:
        return True
    near = closest(name, known)
    if near:
        case.error(element, near_code, name=name, near=near)
    else:
        case.error(element, unknown_code, name=name)
    return False


def is_activity_with_data(element: Element) -> bool:
    """Whether something is stored under the element's id."""
    if element.loop is not None:
        return True
    if element.kind in ("userTask", "serviceTask", "businessRuleTask", "callActivity", "receiveTask"):
        return True
    if element.kind == "startEvent" and element.event == "timer":
        return bool(element.attributes.get("service"))
    catches = element.kind in ("startEvent", "intermediateCatchEvent", "boundaryEvent")
    return catches and element.event in ("message", "signal", "error", "escalation")
