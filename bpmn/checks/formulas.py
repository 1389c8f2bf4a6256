"""All expressions of a diagram: whether they can be read, and whether the names in them can exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from bpmn.checks.agreement import VERDICT, verdict_of
from bpmn.checks.case import LOOP_VARIABLES, START_VARIABLES, Case
from bpmn.checks.names import closest, is_activity_with_data
from bpmn.diagram import Element
from bpmn.expressions import Expression, ExpressionFault, Script, compile_expression, compile_script
from bpmn.timers import Kind, TimerFault, compile_due, compile_timer

OWN_FIELDS = frozenset({"opinion", "attachments"})  # every form has them
_ATTRIBUTES = ("taskCode", "assignee", "barred", "correlationKey", "subject")
_SCRIPT_LANGUAGES = frozenset({"", "ducha", "text/x-ducha", "application/x-ducha"})


@dataclass(frozen=True, slots=True)
class Formula:
    element: str
    expression: Expression
    line: int | None
    places: bool = False  # says in which organisation a task is done


def check_formulas(case: Case) -> None:
    scripts = dict(_scripts(case))
    names = _Names(case, scripts)
    for formula in _formulas(case, scripts):
        names.check(formula)
    for element, script in scripts.items():
        _check_assignments(case, element, script)
    _check_decision_inputs(case, names)


def _formulas(case: Case, scripts: Mapping[str, Script]) -> Iterator[Formula]:
    for flow in case.process.flows.values():
        if flow.condition is not None:
            yield from _read(case, flow.id, flow.condition, flow.line)
    for element in case.elements():
        for text in _texts(element):
            yield from _read(case, element.id, text, element.line)
        if place := element.attributes.get("candidateOrg"):
            yield from (replace(formula, places=True) for formula in _read(case, element.id, place, element.line))
        if not (element.kind == "startEvent" and case.place(element.scope) == "process"):  # has no names of its own
            yield from _timer_formulas(element)
    for id_, script in scripts.items():
        for assignment in script.assignments:
            yield Formula(id_, assignment.expression, case.process.elements[id_].line)
    for _, value in case.process.outputs:
        yield from _read(case, case.process.key, value, case.process.line)


def _texts(element: Element) -> Iterator[str]:
    for name in _ATTRIBUTES:
        if element.attributes.get(name):
            yield element.attributes[name]
    if element.attributes.get("candidateGroups", "").strip().startswith("="):
        yield element.attributes["candidateGroups"].strip()
    for _, value in (*element.inputs, *element.outputs, *element.skipped):
        if value:
            yield value
    if element.loop is not None:
        rule = (element.loop.rule.get(name) for name in ("ratio", "weight", "approves", "veto"))
        for text in (element.loop.cardinality, element.loop.collection, element.loop.until, *rule):
            if text:
                yield text


def _timer_formulas(element: Element) -> Iterator[Formula]:
    """Those that can be read; what can't is told by the check of timers."""
    texts: list[tuple[Kind | None, str]] = [(None, element.attributes["due"])] if element.attributes.get("due") else []
    for event in element.events:
        if event.timer and event.timer_kind in ("date", "duration", "cycle"):
            texts.append((event.timer_kind, event.timer))  # type: ignore[arg-type]
    for kind, text in texts:
        try:
            timer = compile_due(text) if kind is None else compile_timer(kind, text)
        except (TimerFault, ExpressionFault):
            continue
        if timer.expression is not None:
            yield Formula(element.id, timer.expression, element.line)


def _read(case: Case, element: str, text: str, line: int | None) -> Iterator[Formula]:
    try:
        yield Formula(element, compile_expression(text), line)
    except ExpressionFault as fault:
        case.fault(element, fault, "expression", line)


def _scripts(case: Case) -> Iterator[tuple[str, Script]]:
    for element in case.elements("scriptTask"):
        if (element.script_format or "").strip().lower() not in _SCRIPT_LANGUAGES:
            case.warn(element.id, "script_language", found=element.script_format)
        if not (element.script or "").strip():
            case.error(element.id, "script_empty")
            continue
        try:
            yield element.id, compile_script(element.script or "")
        except ExpressionFault as fault:
            case.fault(element.id, fault, "expression")


def _check_assignments(case: Case, element: str, script: Script) -> None:
    for assignment in script.assignments:
        if assignment.name in case.process.elements:
            case.error(element, "assigns_element", name=assignment.name)
        elif assignment.name in START_VARIABLES:
            case.warn(element, "assigns_start", name=assignment.name)


def _check_decision_inputs(case: Case, names: _Names) -> None:
    for element in case.elements("businessRuleTask"):
        decision = case.known.decision(element.attributes.get("decision", ""))
        if decision is None:
            continue
        given = {name for name, _ in element.inputs}
        for name in sorted(decision.names - given - names.known):
            case.warn(element.id, "decision_input", name=name)


class _Names:
    """What names may be used, and what members they have."""

    def __init__(self, case: Case, scripts: Mapping[str, Script]) -> None:
        self.case = case
        self.elements = case.process.elements
        self.data = {element.id for element in case.elements() if is_activity_with_data(element)}
        assigned = {assignment.name for script in scripts.values() for assignment in script.assignments}
        items = {element.loop.variable for element in case.elements() if element.loop and element.loop.variable}
        verdicts = {
            verdict_of(element.id) for element in case.elements() if element.loop and "agree" in element.loop.rule
        }
        self.verdicts = verdicts
        self.known = self.data | assigned | items | verdicts | START_VARIABLES | LOOP_VARIABLES
        self.tasks = [task.id for task in case.elements("userTask")]
        # Only a plain start lets others call the process and bring variables of their own.
        starts = [element for element in case.process.within(None) if element.kind == "startEvent"]
        self.is_callable = not starts or any(start.event == "none" for start in starts)

    def check(self, formula: Formula) -> None:
        for path in sorted(formula.expression.paths):
            if path[0] in self.known:
                self._check_member(formula, path)
            else:
                self._check_unknown(formula, path)
        for call in formula.expression.calls:
            if call.function == "superior" and not formula.places:
                source = formula.expression.source
                self.case.error(formula.element, "superior_place", formula.line, source=source)
            if call.function == "performer" and call.first is not None and call.first not in self.tasks:
                source = formula.expression.source
                self.case.error(formula.element, "unknown_performer", formula.line, source=source, name=call.first)

    def _check_unknown(self, formula: Formula, path: tuple[str, ...]) -> None:
        case, name = self.case, path[0]
        params = {"source": formula.expression.source, "name": name}
        if name in self.elements:
            case.error(formula.element, "brings_nothing", formula.line, **params)
            return
        near = closest(name, self.known)
        if near and (len(path) > 1 or not self.is_callable):
            case.error(formula.element, "name_near", formula.line, near=near, **params)
        elif near:
            case.warn(formula.element, "name_near", formula.line, near=near, **params)
        elif not self.is_callable:
            case.error(formula.element, "unknown_name", formula.line, **params)
        elif len(path) > 1:
            case.warn(formula.element, "outside_name", formula.line, **params)

    def _check_member(self, formula: Formula, path: tuple[str, ...]) -> None:
        element = self.elements.get(path[0])
        members = VERDICT if path[0] in self.verdicts else self._members(element) if element is not None else None
        if len(path) == 1 or members is None or path[1] in members:
            return
        params = {"source": formula.expression.source, "of": path[0], "name": path[1]}
        near = closest(path[1], members, 0.75)
        if near:
            self.case.error(formula.element, "field_near", formula.line, near=near, **params)
        else:
            self.case.error(formula.element, "unknown_field", formula.line, **params)

    def _members(self, element: Element) -> Collection[str] | None:
        """The names under which an element's data have members; None where that is not known."""
        known = self.case.known
        if element.kind == "userTask":
            fields = known.fields(self.case.process.form_of(element))
            return None if fields is None else frozenset(fields) | OWN_FIELDS
        if element.kind == "serviceTask":
            return known.service(element.attributes.get("service", "")).outputs
        if element.kind == "callActivity":
            return known.process(element.called or "").outputs
        if element.kind == "businessRuleTask":
            decision = known.decision(element.attributes.get("decision", ""))
            if decision is not None and decision.gives_one:
                return frozenset(output.name for output in decision.outputs)
        return None
