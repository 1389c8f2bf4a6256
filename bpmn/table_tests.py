"""Tests that stand beside a decision table, in its own document: what is given, and what the table should answer.

They are kept as ``<ducha:tests>`` in the extension elements of the decision, so that they travel with the table.  What
is given and what is expected are formulas (`bpmn.expressions`); they know no variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from lxml import etree

from bpmn.decision_table import Decision, DecisionFault
from bpmn.decisions import check_decision
from bpmn.expressions import ExpressionFault, compile_expression, plain_result
from bpmn.moment import Moment
from bpmn.unary import feel
from bpmn.values import equal
from bpmn.xml import DMN, DUCHA, read_xml
from faults import Fault, Refused

MOST_TESTS = 200
LONGEST = 1_000  # characters of a name or formula

State = Literal["passed", "failed", "fault", "open"]


class TooManyTests(Fault):
    """A table can have at most {most} tests. Remove those that say the same."""


@dataclass(frozen=True, slots=True)
class TableTest:
    """``given``: dotted path -> formula; ``expected``: output -> formula; ``on``: the day it is, None for today.

    Where a table answers with a list, what is expected of an output is the list of its values.
    """

    name: str
    on: date | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``open``: nothing is expected. ``answer``: output -> value, ``wrong``: the outputs that are not as expected.

    ``rules``: the numbers of the rules that made the answer; ``fault``: why there is none.
    """

    state: State
    answer: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()
    fault: Fault | None = None


def read_tests(data: bytes) -> tuple[TableTest, ...]:
    """Raises Refused for what is no decision table."""
    found = _decision(read_xml(data, "dmn")).iterfind(f"{_DMN}extensionElements/{_DUCHA}tests/{_DUCHA}test")
    return tuple(_read(node) for node in found)


def with_tests(data: bytes, tests: Sequence[TableTest]) -> bytes:
    """The document with these tests instead of those it has. Raises Refused, TooManyTests."""
    if len(tests) > MOST_TESTS:
        raise TooManyTests(most=MOST_TESTS)
    root = read_xml(data, "dmn")
    decision = _decision(root)
    before = decision.findall(f"{_DMN}extensionElements/{_DUCHA}tests")
    if not before and not tests:
        return data
    for node in before:
        _remove(node)
    if tests:
        box = etree.SubElement(_extensions(decision), f"{_DUCHA}tests", nsmap={"ducha": DUCHA})
        for test in tests:
            _write(box, test)
        etree.indent(box, level=3)
        box.tail = "\n    "
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def said(tests: Iterable[TableTest]) -> str:
    """The tests as text, one a line, for comparing two editions of a table."""
    return "\n".join(_said(test) for test in tests)


def play(decision: Decision, test: TableTest, names: Mapping[str, Any], moment: Moment) -> Verdict:
    """``names`` are variables that the test need not give; ``moment`` lies on the day of the test."""
    try:
        explained = decision.explain(_given(test, names, moment), moment)
        answer = _by_output(decision, explained.answer)
        expected = {name: _value(formula, moment) for name, formula in test.expected.items() if formula.strip()}
    except (ExpressionFault, DecisionFault) as fault:
        return Verdict("fault", fault=fault)
    wrong = tuple(name for name, value in expected.items() if not _same(answer.get(name), value, moment))
    state: State = "failed" if wrong else "passed" if expected else "open"
    return Verdict(state, answer, wrong, explained.rules)


def _said(test: TableTest) -> str:
    given, expected = (
        ", ".join(f"{name} = {formula}" for name, formula in pairs.items()) for pairs in (test.given, test.expected)
    )
    head = " ".join(filter(None, (test.name, test.on.isoformat() if test.on else "")))
    return f"{head + ': ' if head else ''}{given} -> {expected}"


_DMN = f"{{{DMN}}}"
_DUCHA = f"{{{DUCHA}}}"
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _decision(root: etree._Element) -> etree._Element:
    found = root.findall(f"{_DMN}decision")
    if len(found) != 1:
        raise Refused(check_decision(etree.tostring(root)))
    return found[0]


# ---- as XML


def _read(node: etree._Element) -> TableTest:
    return TableTest(
        node.get("name", ""),
        read_day(node.get("on", "")),
        _pairs(node.iterfind(f"{_DUCHA}given")),
        _pairs(node.iterfind(f"{_DUCHA}expected")),
    )


def read_day(text: str) -> date | None:
    """None for what is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pairs(nodes: Iterable[etree._Element]) -> dict[str, str]:
    return {node.get("name", ""): node.get("value", "") for node in nodes}


def _write(box: etree._Element, test: TableTest) -> None:
    node = etree.SubElement(box, f"{_DUCHA}test", name=_clean(test.name))
    if test.on is not None:
        node.set("on", test.on.isoformat())
    for tag, pairs in (("given", test.given), ("expected", test.expected)):
        for name, value in pairs.items():
            if value.strip():
                etree.SubElement(node, f"{_DUCHA}{tag}", name=_clean(name), value=_clean(value))


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)[:LONGEST]


def _extensions(decision: etree._Element) -> etree._Element:
    """The standard wants them behind the description and before all else."""
    found = decision.find(f"{_DMN}extensionElements")
    if found is None:
        found = etree.Element(f"{_DMN}extensionElements")
        description = decision.find(f"{_DMN}description")
        decision.insert(0 if description is None else 1, found)
        found.text, found.tail = "\n      ", "\n    "
    return found


def _remove(node: etree._Element) -> None:
    """With the extension elements, where nothing else is in them."""
    box = node.getparent()
    assert box is not None
    box.remove(node)
    if not len(box) and (decision := box.getparent()) is not None:
        decision.remove(box)


# ---- playing


def _given(test: TableTest, names: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The variables: what a test gives goes before what there is already; members go into a mapping of their own."""
    visible = {name: dict(value) if isinstance(value, Mapping) else value for name, value in names.items()}
    for path, formula in sorted(test.given.items(), key=lambda pair: pair[0].count(".")):
        if not formula.strip():
            continue
        *boxes, last = path.split(".")
        box = visible
        for part in boxes:
            inner = box.get(part)
            box[part] = box = dict(inner) if isinstance(inner, Mapping) else {}
        box[last] = _value(formula, moment)
    return visible


def _value(formula: str, moment: Moment) -> Any:
    expression = compile_expression(feel(formula))
    return plain_result(expression, expression.evaluate({}, moment))


def _by_output(decision: Decision, answer: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if isinstance(answer, Mapping):
        return dict(answer)
    return {output.name: [one[output.name] for one in answer] for output in decision.outputs}


def _same(found: Any, wanted: Any, moment: Moment) -> bool:
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(_same(*pair, moment) for pair in zip(found, wanted, strict=True))
    return equal(found, wanted, moment)
