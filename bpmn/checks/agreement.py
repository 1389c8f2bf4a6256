"""How several people decide together: all, any, a share, by weight, in order; and whose refusal is a veto."""

from __future__ import annotations

from bpmn.checks.assignment import one_of
from bpmn.checks.case import Case
from bpmn.diagram import Element, Loop
from bpmn.expressions import ExpressionFault, compile_expression

AGREE = ("all", "any", "ratio", "weight", "in_order")
ON_RETURN = ("cancel_others", "let_finish")
VERDICT = frozenset({"agreed", "approved", "refused", "asked", "share", "vetoed"})  # what a verdict has


def verdict_of(element: str) -> str:
    """The variable that says what came of it."""
    return f"{element}_verdict"


def check_agreements(case: Case) -> None:
    for element in case.elements():
        if element.loop is not None and element.loop.kind != "standard" and element.loop.rule:
            _check(case, element, element.loop)


def _check(case: Case, element: Element, loop: Loop) -> None:
    rule = loop.rule
    agree = one_of(case, element.id, "agree", rule.get("agree", ""), AGREE)
    one_of(case, element.id, "onReturn", rule.get("onReturn", ""), ON_RETURN)
    if not rule.get("agree"):
        for name in sorted(rule.keys() & {"ratio", "weight", "approves", "veto", "onReturn"}):
            case.warn(element.id, "rule_idle", loop.line, name=name, needed="agree")
        return
    if loop.until:
        case.error(element.id, "agree_and_condition", loop.line)
    if agree in ("ratio", "weight"):
        _check_share(case, element, loop)
    elif rule.get("ratio"):
        case.warn(element.id, "rule_idle", loop.line, name="ratio", needed="agree=ratio")
    if agree == "weight" and not rule.get("weight"):
        case.error(element.id, "agree_weight", loop.line)
    if agree != "weight" and rule.get("weight"):
        case.warn(element.id, "rule_idle", loop.line, name="weight", needed="agree=weight")
    if agree == "in_order" and loop.kind != "sequential":
        case.error(element.id, "agree_in_order", loop.line)
    if rule.get("veto") and not rule.get("approves"):
        case.warn(element.id, "rule_idle", loop.line, name="veto", needed="approves")
    _check_verdict(case, element)


def _check_share(case: Case, element: Element, loop: Loop) -> None:
    text = loop.rule.get("ratio", "")
    if not text:
        case.error(element.id, "agree_share", loop.line)
        return
    try:
        found = compile_expression(text).literal
    except ExpressionFault:
        return  # told with all other expressions
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if found is not None and not (is_number and 0 < found <= 1):
        case.error(element.id, "agree_share_range", loop.line, found=found)


def _check_verdict(case: Case, element: Element) -> None:
    name = verdict_of(element.id)
    if name in case.process.elements:
        case.error(element.id, "verdict_taken", name=name)
