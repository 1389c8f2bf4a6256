"""Decision tables: DMN 1.3 as dmn-js writes it, read once into compiled tests and evaluated.

One file holds one decision with one table.  Its input cells are unary tests (`bpmn.unary`), its input headers and
output cells expressions (`bpmn.expressions`).  Unlike DMN, where no rule fits there is no silent null: without a
default output that is a `DecisionFault`, as are two rules of a UNIQUE table that fit together.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from bpmn.decision_table import Decision, DecisionFault, Input, Output, Rule
from bpmn.expressions import Expression, ExpressionFault, compile_expression
from bpmn.hits import POLICIES
from bpmn.unary import SOMETIME, VALUE, UnaryTest, compile_unary, feel
from bpmn.xml import DMN, line_of, local, read_xml
from faults import N_, Problem, Refused

__all__ = ["Decision", "DecisionFault", "Input", "Output", "Rule", "check_decision", "name_of", "read_decision"]

MOST_RULES = 1_000
MOST_COLUMNS = 50
MOST_CELLS = 10_000
RESERVED_NAMES = frozenset({"true", "false", "null", "performers"})

MESSAGES: Mapping[str, str] = {
    # the document
    "no_decision": N_("The file holds no decision. Draw a decision with a table."),
    "several_decisions": N_("The file holds {count} decisions. Put each decision table into a file of its own."),
    "not_a_table": N_("The decision “{name}” is not a table. Replace it by a decision table."),
    "bad_id": N_("The decision's id “{id}” is not usable. Use letters, digits and _, beginning with a letter."),
    "too_many_rules": N_(
        "The table has more than {most} rules, {columns} columns or {cells} cells. "
        "Split it into several tables."
    ),
    "input_empty": N_("The input column {column} says not what it looks at. Write an expression into its head."),
    "output_name": N_("The output column {column} has no usable name (“{name}”). Use letters, digits and _."),
    "output_twice": N_("Two output columns are called “{name}”. Give each a name of its own."),
    "cells": N_("Rule {rule} has {found} cells where the table has {wanted} columns. Open and save it in the modeler."),
    "bare_word": N_(
        "Rule {rule}, input “{label}”: {name} is read as a name. If it is a text, write it in quotation marks."
    ),
    "output_empty": N_("Rule {rule}, output “{label}”: the cell is empty. Write a value, or null."),
    "output_not_listed": N_("Rule {rule}, output “{label}”: {found} is not among the possible values of the column."),
    "no_priorities": N_(
        "The hit policy {policy} needs an order of the outputs. "
        "List the possible values of an output column, best first."
    ),
    "aggregation": N_("{aggregation} works on one output column only, the table has {count}."),
    "no_rules": N_("The table has no rules, so it never gives an answer. Add a rule."),
}  # fmt: skip


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
        return _read(data)[1]
    except Refused as refused:
        return refused.problems


def name_of(data: bytes) -> str:
    """The name of the decision, whatever else is wrong with the document; "" where none can be read."""
    try:
        decision = read_xml(data, "dmn").find(f"{_PREFIX}decision")
    except Refused:
        return ""
    return "" if decision is None else decision.get("name") or ""


# ---- reading


_PREFIX = f"{{{DMN}}}"
_ID = re.compile(r"[A-Za-z]\w*", re.ASCII)


@lru_cache(maxsize=64)  # checked, then read, by each process that asks it
def _read(data: bytes) -> tuple[Decision | None, tuple[Problem, ...]]:
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
    decision, problems = _Reader(node, table).read()
    return decision, tuple(problems)


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
        if len(rows) > MOST_RULES or len(heads) > MOST_COLUMNS or len(rows) * len(heads) > MOST_CELLS:
            self._add("too_many_rules", self.table, most=MOST_RULES, columns=MOST_COLUMNS, cells=MOST_CELLS)
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
            self._fault("input_expression", head, fault, label)
            return None
        kind = expression_node.get("typeRef", "") if expression_node is not None else ""
        return Input(head.get("id", ""), label, expression, kind, allowed)

    def _output(self, head: etree._Element, column: int) -> Output:
        name = head.get("name", "").strip() or self._name_of_single_output()
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
                self._fault("default_output", head, fault, label)
        return Output(head.get("id", ""), name, label, head.get("typeRef", ""), values, default)

    def _name_of_single_output(self) -> str:
        """DMN lets the only output column go without a name: it is that of the decision's variable, else its id."""
        if len(list(self._heads("output"))) > 1:
            return ""
        variable = self.node.find(f"{_PREFIX}variable")
        name = "" if variable is None else variable.get("name", "").strip()
        return name if name.isidentifier() else self.node.get("id", "")

    def _allowed(self, head: etree._Element, tag: str, label: str) -> UnaryTest | None:
        text = _text(head.find(f"{_PREFIX}{tag}"))
        if not text.strip():
            return None
        try:
            return compile_unary(text)
        except ExpressionFault as fault:
            self._fault("allowed_values", head, fault, label)
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
        known = frozenset(name for column in inputs if column for name in column.expression.names) | self._declared()
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

    def _declared(self) -> frozenset[str]:
        """Names that the document declares as input data: cells may use them without a column."""
        root = self.node.getroottree().getroot()
        return frozenset(data.get("name", "") for data in root.iterfind(f"{_PREFIX}inputData"))

    def _cell(self, cell: etree._Element, number: int, column: Input | None, known: frozenset[str]) -> UnaryTest | None:
        label = column.label if column else ""
        try:
            test = compile_unary(_text(cell))
        except ExpressionFault as fault:
            self._fault("input_cell", cell, fault, f"#{number} {label}")
            return None
        for expression in test.expressions:
            alone = {path[0] for path in expression.paths if len(path) == 1}  # nobody writes a text with a dot so
            for name in sorted(alone - known - {VALUE}):
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
            self._fault("output_cell", cell, fault, f"#{number} {column.label}")
            return None
        return expression

    def _check_policy(self, policy: str, aggregation: str | None, outputs: list[Output]) -> None:
        if policy not in POLICIES:
            return  # the schema has refused it
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.values for output in outputs):
            self._add("no_priorities", self.table, policy=policy)
        if aggregation and len(outputs) != 1:
            self._add("aggregation", self.table, aggregation=aggregation, count=len(outputs))

    def _fault(self, code: str, node: etree._Element, fault: ExpressionFault, where: str) -> None:
        """The expression's own sentence, with the place in the table put before its source."""
        params = {**fault.params, "source": f"{where}: {fault.params.get('source', '')}"}
        self.problems.append(Problem(_nearest_id(node), code, fault.message, params, line=line_of(node)))

    def _add(self, code: str, node: etree._Element, *, severity: str = "error", **params: Any) -> None:
        self.problems.append(_problem(code, node, severity=severity, **params))


def _problem(code: str, node: etree._Element, *, severity: str = "error", **params: Any) -> Problem:
    level = "warning" if severity == "warning" else "error"
    return Problem(_nearest_id(node), code, MESSAGES[code], params, severity=level, line=line_of(node))  # type: ignore[arg-type]


def _declared(node: etree._Element) -> frozenset[str]:
    """The names of the data that the diagram of the table says it needs: who writes one there means no text."""
    return frozenset(data.get("name", "") for data in node.getroottree().getroot().iter(f"{_PREFIX}inputData"))


def _nearest_id(node: etree._Element | None) -> str:
    """The id of a cell, else of its rule, table or decision."""
    while node is not None:
        if node.get("id"):
            return str(node.get("id"))
        node = node.getparent()
    return ""


def _text(node: etree._Element | None) -> str:
    return "" if node is None else (node.findtext(f"{_PREFIX}text") or "")
