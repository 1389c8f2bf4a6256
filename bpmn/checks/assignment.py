"""Who gets a task among several, what if nobody does, and who need not do the same again."""

from __future__ import annotations

from collections.abc import Collection

from bpmn.checks.case import Case, is_name
from bpmn.checks.names import near_or_unknown
from bpmn.diagram import Element, names_in

CHOOSE = ("least_loaded", "rotation")
NOBODY = ("deputy", "list", "skip")
REPEATED = ("keep", "skip")


def check_assignments(case: Case) -> None:
    for task in case.elements("userTask"):
        one_of(case, task.id, "choose", task.attributes.get("choose", ""), CHOOSE)
        one_of(case, task.id, "nobody", task.attributes.get("nobody", ""), NOBODY)
        one_of(case, task.id, "repeated", task.attributes.get("repeated", ""), REPEATED)
        _check_choice(case, task)
        _check_same(case, task)
        _check_repetition(case, task)
        _check_skipped(case, task)


def one_of(case: Case, element: str, name: str, found: str, possible: Collection[str]) -> str:
    """``found`` if it is possible, else the empty text and an error; nothing said is nothing wrong."""
    if not found or found in possible:
        return found
    case.error(element, "rule_value", name=name, found=found, possible=", ".join(possible))
    return ""


def _check_choice(case: Case, task: Element) -> None:
    if not task.attributes.get("choose"):
        return
    if not task.attributes.get("candidateGroups"):
        case.error(task.id, "choose_roles")
    elif task.attributes.get("assignee"):
        case.warn(task.id, "choose_named")


def _check_same(case: Case, task: Element) -> None:
    name = task.attributes.get("sameAs", "")
    if not name or not near_or_unknown(case, task.id, name, _others(case, task), "same_as_near", "same_as"):
        return
    if task.attributes.get("assignee"):
        case.error(task.id, "same_as_named", name=name)
    if name in names_in(task.attributes.get("notSameAs", "")):
        case.error(task.id, "same_and_not", name=name)


def _check_repetition(case: Case, task: Element) -> None:
    repeated = names_in(task.attributes.get("repeatedOf", ""))
    for name in repeated:
        near_or_unknown(case, task.id, name, _others(case, task), "repeated_of_near", "repeated_of")
    if task.attributes.get("repeated") != "skip":
        if repeated:
            case.warn(task.id, "rule_idle", name="repeatedOf", needed="repeated=skip")
        return
    form = case.process.form_of(task)
    alike = [other for other in case.elements("userTask") if case.process.form_of(other) == form and other is not task]
    if not repeated and not alike:
        case.error(task.id, "repeated_nothing")


def _check_skipped(case: Case, task: Element) -> None:
    if not task.skipped:
        return
    if task.attributes.get("nobody") != "skip" and task.attributes.get("repeated") != "skip":
        case.warn(task.id, "rule_idle", name="skipped", needed="nobody=skip")
    fields = case.known.fields(case.process.form_of(task))
    seen: set[str] = set()
    for name, value in task.skipped:
        if not is_name(name) or name in seen:
            case.error(task.id, "skipped_name", name=name)
        elif fields is not None and name not in fields:
            case.error(task.id, "skipped_field", name=name)
        if not value:
            case.error(task.id, "input_empty", name=name)
        seen.add(name)


def _others(case: Case, task: Element) -> list[str]:
    return [other.id for other in case.elements("userTask") if other is not task]
