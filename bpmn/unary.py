"""The cells of a decision table's inputs: S-FEEL unary tests (DMN 1.3, clause 9 and 7.3.7), compiled to functions.

``-`` and an empty cell fit all; ``> 30``; ``[10..30]``, ``]1..2[``, ``(1..2)``; ``"red", "yellow"``; ``not(...)``; a
list is fitted by what is in it; a cell with ``?`` (which stands for the value) is a condition.  As in FEEL, a
comparison with nothing does not hold; only ``null`` fits it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bpmn.expressions import Expression, ExpressionFault, compile_expression
from bpmn.instants import Mismatch
from bpmn.moment import Moment
from bpmn.values import contains, equal, ordered
from faults import N_

LONGEST_CELL = 4_000
VALUE = "cellValue"  # what ? becomes

Test = Callable[[Any, Mapping[str, Any], Moment], bool]


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """``expressions`` are all that stand in the cell, for a checker."""

    text: str
    test: Test
    expressions: tuple[Expression, ...]

    def holds(self, value: Any, names: Mapping[str, Any], moment: Moment) -> bool:
        """Raises ExpressionFault, and TypeError or ValueError where value and cell can't be compared."""
        return self.test(value, names, moment)


def compile_unary(text: str) -> UnaryTest:
    """Raises ExpressionFault."""
    if len(text) > LONGEST_CELL:
        raise ExpressionFault("too_long", most=LONGEST_CELL)
    expressions: list[Expression] = []
    test = _tests(text.strip(), expressions)
    return UnaryTest(text, test, tuple(expressions))


def feel(text: str) -> str:
    """FEEL's functions of several words as this language calls them, outside of quoted text."""
    return _outside_texts(text, lambda part: _DATE_AND_TIME.sub("datetime(", part))


_DATE_AND_TIME = re.compile(r"\bdate\s+and\s+time\s*\(")
_NOT = re.compile(r"not\s*\((.*)\)\s*", re.DOTALL)
_COMPARISON = re.compile(r"(<=|>=|!=|==|<|>|=)\s*(.*)", re.DOTALL)
_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SOMETIME = Moment(datetime(2000, 1, 1, tzinfo=UTC))  # for literals, which depend on no time


def _tests(text: str, expressions: list[Expression]) -> Test:
    if text in ("", "-"):
        return lambda value, names, moment: True
    negated = _NOT.fullmatch(text)
    if negated and _closes_at_end(text, text.index("(")):
        inner = _tests(negated[1].strip(), expressions)
        return lambda value, names, moment: not inner(value, names, moment)
    parts = [_test(part.strip(), text, expressions) for part in _split(text)]
    if len(parts) == 1:
        return parts[0]
    return lambda value, names, moment: any(part(value, names, moment) for part in parts)


def _test(text: str, cell: str, expressions: list[Expression]) -> Test:
    if not text:
        raise ExpressionFault("syntax", source=cell, line=1, column=1)
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        return _compared(comparison[1], _operand(comparison[2], expressions))
    interval = _interval(text, expressions)
    if interval is not None:
        return interval
    if _mentions_value(text):
        return _condition(text, expressions)
    return _listed(_operand(text, expressions))


def _compared(sign: str, operand: _Operand) -> Test:
    if sign in ("=", "=="):
        return lambda value, names, moment: equal(value, operand(names, moment), moment)
    if sign == "!=":
        return lambda value, names, moment: not equal(value, operand(names, moment), moment)
    order = _ORDERS[sign]

    def test(value: Any, names: Mapping[str, Any], moment: Moment) -> bool:
        other = operand(names, moment)
        return value is not None and other is not None and ordered(order, value, other, moment)

    return test


def _interval(text: str, expressions: list[Expression]) -> Test | None:
    if text[0] not in "[(]" or text[-1] not in "])[":
        return None
    inside = text[1:-1]
    at = _top_level(inside, "..")
    if at < 0:
        return None
    low, high = _operand(inside[:at], expressions), _operand(inside[at + 2 :], expressions)
    above = operator.ge if text[0] == "[" else operator.gt
    below = operator.le if text[-1] == "]" else operator.lt

    def test(value: Any, names: Mapping[str, Any], moment: Moment) -> bool:
        first, last = low(names, moment), high(names, moment)
        if value is None or first is None or last is None:
            return False
        return ordered(above, value, first, moment) and ordered(below, value, last, moment)

    return test


def _condition(text: str, expressions: list[Expression]) -> Test:
    source = _outside_texts(text, lambda part: part.replace("?", f" {VALUE} "))
    expression = compile_expression(feel(source))
    expressions.append(expression)

    def test(value: Any, names: Mapping[str, Any], moment: Moment) -> bool:
        result = expression.evaluate({**names, VALUE: value}, moment)
        if not isinstance(result, bool):
            raise Mismatch(N_("a condition that is neither true nor false"))
        return result

    return test


def _listed(operand: _Operand) -> Test:
    def test(value: Any, names: Mapping[str, Any], moment: Moment) -> bool:
        other = operand(names, moment)
        if isinstance(other, list | tuple) and not isinstance(value, list | tuple):
            return contains(other, value, moment)
        return equal(value, other, moment)

    return test


@dataclass(frozen=True, slots=True)
class _Operand:
    """An end point or a value; literals are evaluated once."""

    expression: Expression
    is_literal: bool
    literal: Any = None

    def __call__(self, names: Mapping[str, Any], moment: Moment) -> Any:
        return self.literal if self.is_literal else self.expression.evaluate(names, moment)


def _operand(text: str, expressions: list[Expression]) -> _Operand:
    expression = compile_expression(feel(text.strip()))
    expressions.append(expression)
    if expression.names or expression.calls:
        return _Operand(expression, is_literal=False)
    return _Operand(expression, is_literal=True, literal=expression.evaluate({}, SOMETIME))


# ---- finding commas, dots and question marks outside of quotes and brackets


def _split(text: str) -> list[str]:
    parts, start = [], 0
    while (at := _top_level(text[start:], ",")) >= 0:
        parts.append(text[start : start + at])
        start += at + 1
    return [*parts, text[start:]]


def _top_level(text: str, mark: str) -> int:
    """Where ``mark`` first stands outside of quotes and brackets, or -1.

    ``]1..2[`` turns brackets round, so a closing one at the very start of a test opens.
    """
    depth, quote, fresh = 0, "", True
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote and text[at - 1] != "\\" else quote
            continue
        if depth == 0 and text.startswith(mark, at):
            return at
        if char in "\"'":
            quote = char
        elif fresh and char == "]":
            depth += 1
        elif char in "([{":
            depth += -1 if char == "[" and depth == 1 and _ends_here(text, at) else 1
        elif char in ")]}":
            depth = max(0, depth - 1)
        fresh = (fresh and char.isspace()) or (char == "," and depth == 0)
    return -1


def _ends_here(text: str, at: int) -> bool:
    """Whether the ``[`` at ``at`` closes an interval as in ``[1..2[``: nothing but a comma or the end follows."""
    rest = text[at + 1 :].lstrip()
    return not rest or rest.startswith(",")


def _closes_at_end(text: str, opening: int) -> bool:
    depth, quote = 0, ""
    for at in range(opening, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return not text[at + 1 :].strip()
    return False


def _mentions_value(text: str) -> bool:
    found = False

    def look(part: str) -> str:
        nonlocal found
        found = found or "?" in part
        return part

    _outside_texts(text, look)
    return found


def _outside_texts(text: str, change: Callable[[str], str]) -> str:
    return "".join(
        part if part[:1] in "\"'" and part else change(part)
        for part in re.split(r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", text)
    )
