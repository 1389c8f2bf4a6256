"""The expression language of diagrams, decision tables and forms: one formula, or a script of assignments.

The syntax is Python's for a single expression, narrowed to values, operators, comprehensions, ``x if c else y`` and
calls of the functions in `bpmn.functions`. ``=formula`` and ``${formula}`` are read as ``formula``; ``true``, ``false``
and ``null`` as Python's words for them. docs/expressions.md describes it for authors.

Nothing is ever silently nothing: a missing name, a member of nothing or a division by zero is an `ExpressionFault`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bpmn.evaluator import Empty, NoMember, Unknown, evaluator
from bpmn.expression_fault import ExpressionFault, nearest, shortened
from bpmn.functions import Lacking
from bpmn.instants import Mismatch, Unfit
from bpmn.mistakes import Place
from bpmn.moment import Moment
from bpmn.syntax import read_assignments, read_formula
from bpmn.values import Budget, TooMuch, plain
from faults import N_

__all__ = [
    "Assignment",
    "Call",
    "Expression",
    "ExpressionFault",
    "Script",
    "compile_expression",
    "compile_script",
    "plain_result",
]


@dataclass(frozen=True, slots=True)
class Call:
    """A function called with ``first``, if that is a literal text: what a checker can look after."""

    function: str
    first: str | None


@dataclass(frozen=True, slots=True)
class Expression:
    """``names`` are the variables it needs; ``paths`` the same with their members, as in ``issue_order.deadline``."""

    source: str
    tree: ast.expr = field(repr=False, compare=False)
    names: frozenset[str] = field(compare=False)
    paths: frozenset[tuple[str, ...]] = field(compare=False)
    calls: frozenset[Call] = field(compare=False)

    @property
    def is_literal(self) -> bool:
        """Whether it has the same value always."""
        return not self.names and not self.calls

    @property
    def literal(self) -> Any:
        """The value of a bare literal such as 5, -5 or "a"; None for all else (and for null)."""
        try:
            return ast.literal_eval(self.tree) if isinstance(self.tree, ast.Constant | ast.UnaryOp) else None
        except ValueError:
            return None

    def evaluate(self, names: Mapping[str, Any], moment: Moment) -> Any:
        """The value; dates, instants and `Duration`s as such. Raises ExpressionFault."""
        here = evaluator()
        try:
            result = here.run(self.source, self.tree, names, moment)
            if type(result) in (list, tuple, dict, str, float):
                Budget().weigh(result)
        except Exception as error:
            fault = _fault_of(error, self, here.failed or self.tree)
            if fault is None:
                raise
            raise fault from None
        return result


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of a script; ``line`` is where its formula begins."""

    name: str
    line: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class Script:
    """``names`` are the variables needed from outside, not those that an earlier line assigns."""

    source: str
    assignments: tuple[Assignment, ...]

    @property
    def names(self) -> frozenset[str]:
        needed: set[str] = set()
        assigned: set[str] = set()
        for assignment in self.assignments:
            needed |= assignment.expression.names - assigned
            assigned.add(assignment.name)
        return frozenset(needed)

    def run(self, names: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
        """What the lines assign, as JSON values; each line sees those before it. Raises ExpressionFault."""
        visible = dict(names)
        assigned: dict[str, Any] = {}
        for assignment in self.assignments:
            try:
                value = plain_result(assignment.expression, assignment.expression.evaluate(visible, moment))
            except ExpressionFault as fault:
                params = {**fault.params, "line": fault.params.get("line", 1) + assignment.line - 1}
                raise ExpressionFault(fault.code, **params) from None
            visible[assignment.name] = assigned[assignment.name] = value
        return assigned


@lru_cache(maxsize=8192)
def compile_expression(text: str) -> Expression:
    """Raises ExpressionFault whose params hold line and column (from 1) of the fault."""
    return _expression(*read_formula(text))


@lru_cache(maxsize=1024)
def compile_script(text: str) -> Script:
    """Lines of ``name = formula``; empty lines and lines that begin with # are passed over. Raises ExpressionFault."""
    lines = read_assignments(text)
    return Script(text, tuple(Assignment(name, line, _expression(source, tree)) for name, line, source, tree in lines))


def plain_result(expression: Expression, value: Any) -> Any:
    """``value`` as JSON knows it. Raises ExpressionFault where it has no such form."""
    try:
        return plain(value)
    except (Unfit, Mismatch) as error:
        where = Place(expression.source, expression.source).of(expression.tree)
        raise ExpressionFault("wrong_value", what=str(error), **where) from None


# ---- what an expression needs


def _expression(source: str, tree: ast.expr) -> Expression:
    needs = _Needs()
    needs.collect(tree, frozenset())
    return Expression(source, tree, frozenset(needs.names), frozenset(needs.paths), frozenset(needs.calls))


class _Needs:
    """Walks a tree for the names that must be given from outside."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.paths: set[tuple[str, ...]] = set()
        self.calls: set[Call] = set()

    def collect(self, node: ast.AST, bound: frozenset[str]) -> None:
        path = _path(node)
        if path:
            if path[0] not in bound:
                self.names.add(path[0])
                self.paths.add(path)
        elif isinstance(node, ast.Call):
            self._call(node, bound)
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            self._comprehension(node, bound)
        else:
            for child in ast.iter_child_nodes(node):
                self.collect(child, bound)

    def _call(self, node: ast.Call, bound: frozenset[str]) -> None:
        first = node.args[0] if node.args else None
        literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        self.calls.add(Call(node.func.id, literal))  # type: ignore[attr-defined]
        for argument in node.args:
            self.collect(argument, bound)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp, bound: frozenset[str]) -> None:
        for part in node.generators:
            self.collect(part.iter, bound)
            bound |= {name.id for name in ast.walk(part.target) if isinstance(name, ast.Name)}
            for condition in part.ifs:
                self.collect(condition, bound)
        for result in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.collect(result, bound)


def _path(node: ast.AST) -> tuple[str, ...]:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


# ---- what went wrong


def _fault_of(error: Exception, expression: Expression, node: ast.AST) -> ExpressionFault | None:
    where = Place(expression.source, expression.source).of(node)
    match error:
        case Unknown():
            return _unknown(error, where)
        case Empty():
            code = "empty_member" if error.kind == "NoneType" else "no_members"
            return ExpressionFault(code, name=error.name, of=error.of, **where)
        case Lacking():
            return ExpressionFault("performer", name=error.name, **where)
        case ZeroDivisionError():
            return ExpressionFault("division", **where)
        case IndexError():
            return ExpressionFault("index", **where)
        case Unfit():
            return ExpressionFault("wrong_value", what=str(error), **where)
        case TypeError() | KeyError() | AttributeError():
            what = str(error) if isinstance(error, Mismatch) else N_("the values are of different kinds")
            return ExpressionFault("wrong_kind", what=what, **where)
        case ArithmeticError() | ValueError():
            return ExpressionFault("wrong_value", what=N_("out of range"), **where)
        case TooMuch() | RecursionError() | MemoryError():
            return ExpressionFault("too_much", **where)
    # simpleeval's own refusals, told by the module they come from: a loop that is too long, most of all.
    return ExpressionFault("too_much", **where) if type(error).__module__ == "simpleeval" else None


def _unknown(error: Unknown, where: Mapping[str, Any]) -> ExpressionFault:
    near = nearest(error.name, error.known)
    params = {"name": error.name, **({"near": near} if near else {}), **where}
    if isinstance(error, NoMember):
        return ExpressionFault("member_near" if near else "unknown_member", of=shortened(error.of), **params)
    return ExpressionFault("name_near" if near else "unknown_name", **params)
