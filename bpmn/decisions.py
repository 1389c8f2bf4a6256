"""Decision tables: DMN 1.3 as dmn-js writes it, read once into compiled tests and evaluated.

One file holds one decision with one table.  Its input cells are unary tests (`bpmn.unary`), its input headers and
output cells expressions (`bpmn.expressions`).  Unlike DMN, where no rule fits there is no silent null: without a
default output that is a `DecisionFault`, as are two rules of a UNIQUE table that fit together.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bpmn.expressions import Expression, ExpressionFault, compile_expression, plain_result
from bpmn.hits import POLICIES, Hit, settle
from bpmn.moment import Moment
from bpmn.unary import SOMETIME, VALUE, UnaryTest, compile_unary, feel
from bpmn.xml import DMN, line_of, local, read_xml
from faults import N_, Fault, Problem, Refused

MOST_RULES = 1_000
MOST_COLUMNS = 50
RESERVED_NAMES = frozenset({"true", "false", "null", "performers"})

MESSAGES: Mapping[str, str] = {
    # the document
    "no_decision": N_("The file holds no decision. Draw a decision with a table."),
    "several_decisions": N_("The file holds {count} decisions. Put each decision table into a file of its own."),
    "not_a_table": N_("The decision “{name}” is not a table. Replace it by a decision table."),
    "bad_id": N_("The decision's id “{id}” is not usable. Use letters, digits and _, beginning with a letter."),
    "too_many_rules": N_("The table has more than {most} rules or {columns} columns. Split it into several tables."),
    "input_empty": N_("The input column {column} says not what it looks at. Write an expression into its head."),
    "input_expression": N_("The head of the input column {column}: {reason}"),
    "allowed_values": N_("The list of possible values of column {column}: {reason}"),
    "output_name": N_("The output column {column} has no usable name (“{name}”). Use letters, digits and _."),
    "output_twice": N_("Two output columns are called “{name}”. Give each a name of its own."),
    "cells": N_("Rule {rule} has {found} cells where the table has {wanted} columns. Open and save it in the modeler."),
    "input_cell": N_("Rule {rule}, input “{label}”: {reason}"),
    "bare_word": N_(
        "Rule {rule}, input “{label}”: {name} is read as a name. If it is a text, write it in quotation marks."
    ),
    "output_empty": N_("Rule {rule}, output “{label}”: the cell is empty. Write a value, or null."),
    "output_cell": N_("Rule {rule}, output “{label}”: {reason}"),
    "output_not_listed": N_("Rule {rule}, output “{label}”: {found} is not among the possible values of the column."),
    "default_output": N_("The default of the output “{label}”: {reason}"),
    "no_priorities": N_(
        "The hit policy {policy} needs an order of the outputs. "
        "List the possible values of an output column, best first."
    ),
    "aggregation": N_("{aggregation} works on one output column only, the table has {count}."),
    "no_rules": N_("The table has no rules, so it never gives an answer. Add a rule."),
    # an evaluation
    "no_rule": N_("{decision}: no rule fits {values}. Add a rule for this case, or one with “-” in every input."),
    "several_rules": N_("{decision}: the rules {rules} fit together ({values}), but the hit policy allows only one."),
    "differing": N_("{decision}: the rules {rules} fit together ({values}) but give different answers."),
    "not_allowed": N_("{decision}: {found} is not a possible value of the input “{label}”."),
    "uncomparable": N_("{decision}, rule {rule}, input “{label}”: {found} can't be compared with {cell}."),
    "not_numbers": N_("{decision}: the outputs of the rules {rules} are not all numbers, so they can't be collected."),
}  # fmt: skip


class DecisionFault(Fault):
    """A decision table gives no answer. Mend the table, or the data that it decides on."""

    def __init__(self, code: str, message: str | None = None, **params: Any) -> None:
        super().__init__(message or MESSAGES[code], **params)
        self.code = code


@dataclass(frozen=True, slots=True)
class Input:
    id: str
    label: str
    expression: Expression
    type: str
    allowed: UnaryTest | None


@dataclass(frozen=True, slots=True)
class Output:
    """``values`` are the possible ones, best first, where the table lists them."""

    id: str
    name: str
    label: str
    type: str
    values: tuple[Any, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """``number`` from 1, as the modeler shows it."""

    id: str
    number: int
    tests: tuple[UnaryTest, ...]
    results: tuple[Expression, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``names`` are the variables that the table needs."""

    id: str
    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: str
    aggregation: str | None

    @property
    def names(self) -> frozenset[str]:
        expressions = [column.expression for column in self.inputs]
        for rule in self.rules:
            expressions += [expression for test in rule.tests for expression in test.expressions]
            expressions += rule.results
        return frozenset(name for expression in expressions for name in expression.names) - {VALUE}

    @property
    def gives_one(self) -> bool:
        """Whether it answers with one mapping, not with a list of them."""
        return bool(self.aggregation) or self.hit_policy in ("UNIQUE", "FIRST", "ANY", "PRIORITY")

    def decide(self, names: Mapping[str, Any], moment: Moment) -> dict[str, Any] | list[dict[str, Any]]:
        """Output name -> JSON value; a list of such for RULE ORDER, OUTPUT ORDER and COLLECT without aggregation.

        Raises DecisionFault.
        """
        values = [self._value(column, names, moment) for column in self.inputs]
        hits = [
            Hit(rule.number, self._results(rule, names, moment))
            for rule in self.rules
            if self._fits(rule, values, names, moment)
        ]
        settled = settle(self.hit_policy, self.aggregation, hits, [output.values for output in self.outputs])
        if isinstance(settled, str):
            if settled == "no_rule" and self._has_defaults:
                return self._defaults(names, moment)
            raise DecisionFault(
                settled,
                decision=self.id,
                rules=", ".join(str(hit.rule) for hit in hits),
                values=self._described(values),
            )
        if isinstance(settled, list):
            return [self._named(answer) for answer in settled]
        return self._named(settled)

    def _value(self, column: Input, names: Mapping[str, Any], moment: Moment) -> Any:
        try:
            value = column.expression.evaluate(names, moment)
        except ExpressionFault as fault:
            raise self._located(fault, column.label) from None
        if column.allowed is not None and value is not None:
            try:
                is_allowed = column.allowed.holds(value, names, moment)
            except (TypeError, ValueError):
                is_allowed = False
            if not is_allowed:
                raise DecisionFault("not_allowed", decision=self.id, label=column.label, found=_shown(value))
        return value

    def _fits(self, rule: Rule, values: list[Any], names: Mapping[str, Any], moment: Moment) -> bool:
        for test, value, column in zip(rule.tests, values, self.inputs, strict=True):
            try:
                if not test.holds(value, names, moment):
                    return False
            except ExpressionFault as fault:
                raise self._located(fault, f"#{rule.number} {column.label}") from None
            except (TypeError, ValueError):
                raise DecisionFault(
                    "uncomparable",
                    decision=self.id,
                    rule=rule.number,
                    label=column.label,
                    found=_shown(value),
                    cell=test.text,
                ) from None
        return True

    def _results(self, rule: Rule, names: Mapping[str, Any], moment: Moment) -> tuple[Any, ...]:
        return tuple(
            self._evaluated(result, names, moment, f"#{rule.number} {output.label}")
            for result, output in zip(rule.results, self.outputs, strict=True)
        )

    @property
    def _has_defaults(self) -> bool:
        return all(output.default is not None for output in self.outputs)

    def _defaults(self, names: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
        return self._named(
            tuple(
                self._evaluated(output.default, names, moment, output.label)
                for output in self.outputs
                if output.default is not None
            )
        )

    def _named(self, answer: tuple[Any, ...]) -> dict[str, Any]:
        return {output.name: value for output, value in zip(self.outputs, answer, strict=True)}

    def _evaluated(self, expression: Expression, names: Mapping[str, Any], moment: Moment, where: str) -> Any:
        try:
            value = expression.evaluate(names, moment)
            return plain_result(expression, value)
        except ExpressionFault as fault:
            raise self._located(fault, where) from None

    def _located(self, fault: ExpressionFault, where: str) -> DecisionFault:
        """The expression's own sentence, with the place in the table put before its source."""
        params = {**fault.params, "source": f"{self.id} {where}: {fault.params.get('source', '')}"}
        return DecisionFault("expression", fault.message, **params)

    def _described(self, values: list[Any]) -> str:
        pairs = zip(self.inputs, values, strict=True)
        return ", ".join(f"{column.label} = {_shown(value)}" for column, value in pairs) or "-"


def read_decision(data: bytes) -> Decision:
    """Raises Refused with every fault of the document."""
    decision, problems = _read(data)
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if errors or decision is None:
        raise Refused(errors)
    return decision


def check_decision(data: bytes) -> tuple[Problem, ...]:
    """All faults and warnings of the document at once."""
    try:
        return tuple(_read(data)[1])
    except Refused as refused:
        return refused.problems


# ---- reading


_PREFIX = f"{{{DMN}}}"
_ID = re.compile(r"[A-Za-z]\w*", re.ASCII)


def _read(data: bytes) -> tuple[Decision | None, list[Problem]]:
    """The decision, None where its faults leave none, and all faults. Raises Refused for what is no DMN at all."""
    root = read_xml(data, "dmn")
    decisions = root.findall(f"{_PREFIX}decision")
    if len(decisions) != 1:
        code = "several_decisions" if decisions else "no_decision"
        raise Refused((_problem(code, root, count=len(decisions)),))
    node = decisions[0]
    table = node.find(f"{_PREFIX}decisionTable")
    if table is None:
        raise Refused((_problem("not_a_table", node, name=node.get("name") or node.get("id")),))
    return _Reader(node, table).read()


class _Reader:
    """Collects every problem of one table instead of stopping at the first."""

    def __init__(self, node: etree._Element, table: etree._Element) -> None:
        self.node = node
        self.table = table
        self.problems: list[Problem] = []

    def read(self) -> tuple[Decision | None, list[Problem]]:
        id_ = self.node.get("id") or ""
        if not _ID.fullmatch(id_):
            self._add("bad_id", self.node, id=id_)
        rows = self.table.findall(f"{_PREFIX}rule")
        heads = [child for child in self.table if local(child) in ("input", "output")]
        if len(rows) > MOST_RULES or len(heads) > MOST_COLUMNS:
            self._add("too_many_rules", self.table, most=MOST_RULES, columns=MOST_COLUMNS)
            return None, self.problems
        inputs = [self._input(head, n + 1) for n, head in enumerate(self._heads("input"))]
        outputs = [self._output(head, n + 1) for n, head in enumerate(self._heads("output"))]
        rules = [self._rule(row, n + 1, inputs, outputs) for n, row in enumerate(rows)]
        if not rows:
            self._add("no_rules", self.table, severity="warning")
        policy = self.table.get("hitPolicy", "UNIQUE")
        aggregation = self.table.get("aggregation") if policy == "COLLECT" else None
        self._check_policy(policy, aggregation, outputs)
        if any(problem.severity == "error" for problem in self.problems):
            return None, self.problems
        name = self.node.get("name") or id_
        return (
            Decision(
                id_,
                name,
                tuple(column for column in inputs if column),
                tuple(outputs),
                tuple(rule for rule in rules if rule),
                policy,
                aggregation,
            ),
            self.problems,
        )

    def _heads(self, tag: str) -> Iterator[etree._Element]:
        return self.table.iterchildren(f"{_PREFIX}{tag}")

    def _input(self, head: etree._Element, column: int) -> Input | None:
        expression_node = head.find(f"{_PREFIX}inputExpression")
        text = _text(expression_node)
        label = head.get("label") or text or str(column)
        allowed = self._allowed(head, "inputValues", label)
        if not text.strip():
            self._add("input_empty", head, column=column)
            return None
        try:
            expression = compile_expression(feel(text))
        except ExpressionFault as fault:
            self._add("input_expression", head, column=column, reason=str(fault))
            return None
        kind = expression_node.get("typeRef", "") if expression_node is not None else ""
        return Input(head.get("id", ""), label, expression, kind, allowed)

    def _output(self, head: etree._Element, column: int) -> Output:
        name = head.get("name", "").strip()
        label = head.get("label") or name or str(column)
        if not name.isidentifier() or keyword.iskeyword(name) or name in RESERVED_NAMES or name.startswith("_"):
            self._add("output_name", head, column=column, name=name)
        elif any(other.get("name", "").strip() == name for other in head.itersiblings(head.tag, preceding=True)):
            self._add("output_twice", head, name=name)
        values = tuple(self._listed(head, label))
        default = None
        default_text = _text(head.find(f"{_PREFIX}defaultOutputEntry"))
        if default_text.strip():
            try:
                default = compile_expression(feel(default_text))
            except ExpressionFault as fault:
                self._add("default_output", head, label=label, reason=str(fault))
        return Output(head.get("id", ""), name, label, head.get("typeRef", ""), values, default)

    def _allowed(self, head: etree._Element, tag: str, label: str) -> UnaryTest | None:
        text = _text(head.find(f"{_PREFIX}{tag}"))
        if not text.strip():
            return None
        try:
            return compile_unary(text)
        except ExpressionFault as fault:
            self._add("allowed_values", head, column=label, reason=str(fault))
            return None

    def _listed(self, head: etree._Element, label: str) -> list[Any]:
        """The literal output values in their order; they are the priorities."""
        test = self._allowed(head, "outputValues", label)
        if test is None:
            return []
        literals = [expression for expression in test.expressions if not expression.names and not expression.calls]
        return [expression.evaluate({}, SOMETIME) for expression in literals]

    def _rule(self, row: etree._Element, number: int, inputs: list[Input | None], outputs: list[Output]) -> Rule | None:
        tests = row.findall(f"{_PREFIX}inputEntry")
        results = row.findall(f"{_PREFIX}outputEntry")
        if len(tests) != len(inputs) or len(results) != len(outputs):
            found, wanted = len(tests) + len(results), len(inputs) + len(outputs)
            self._add("cells", row, rule=number, found=found, wanted=wanted)
            return None
        known = frozenset(name for column in inputs if column for name in column.expression.names)
        compiled = [self._cell(cell, number, column, known) for cell, column in zip(tests, inputs, strict=True)]
        answers = [self._result(cell, number, column) for cell, column in zip(results, outputs, strict=True)]
        notes = "; ".join(filter(None, (_text(note).strip() for note in row.findall(f"{_PREFIX}annotationEntry"))))
        annotation = notes or (row.findtext(f"{_PREFIX}description") or "").strip()
        return Rule(
            row.get("id", ""),
            number,
            tuple(test for test in compiled if test),
            tuple(answer for answer in answers if answer),
            annotation,
        )

    def _cell(self, cell: etree._Element, number: int, column: Input | None, known: frozenset[str]) -> UnaryTest | None:
        label = column.label if column else ""
        try:
            test = compile_unary(_text(cell))
        except ExpressionFault as fault:
            self._add("input_cell", cell, rule=number, label=label, reason=str(fault))
            return None
        for expression in test.expressions:
            for name in sorted(expression.names - known - {VALUE}):
                self._add("bare_word", cell, severity="warning", rule=number, label=label, name=name)
        return test

    def _result(self, cell: etree._Element, number: int, column: Output) -> Expression | None:
        text = _text(cell)
        if not text.strip():
            self._add("output_empty", cell, rule=number, label=column.label)
            return None
        try:
            expression = compile_expression(feel(text))
            literal = not expression.names and not expression.calls
            if column.values and literal and expression.evaluate({}, SOMETIME) not in column.values:
                self._add("output_not_listed", cell, rule=number, label=column.label, found=text.strip()[:80])
        except ExpressionFault as fault:
            self._add("output_cell", cell, rule=number, label=column.label, reason=str(fault))
            return None
        return expression

    def _check_policy(self, policy: str, aggregation: str | None, outputs: list[Output]) -> None:
        if policy not in POLICIES:
            return  # the schema has refused it
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.values for output in outputs):
            self._add("no_priorities", self.table, policy=policy)
        if aggregation and len(outputs) != 1:
            self._add("aggregation", self.table, aggregation=aggregation, count=len(outputs))

    def _add(self, code: str, node: etree._Element, *, severity: str = "error", **params: Any) -> None:
        self.problems.append(_problem(code, node, severity=severity, **params))


def _problem(code: str, node: etree._Element, *, severity: str = "error", **params: Any) -> Problem:
    level = "warning" if severity == "warning" else "error"
    return Problem(node.get("id", ""), code, MESSAGES[code], params, severity=level, line=line_of(node))  # type: ignore[arg-type]


def _text(node: etree._Element | None) -> str:
    return "" if node is None else (node.findtext(f"{_PREFIX}text") or "")


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else "null" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
