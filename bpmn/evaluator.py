"""The evaluator of expressions: simpleeval, narrowed to values of known kinds, own operators and own functions.

simpleeval (1.0.8) walks the syntax tree; what it would allow beyond this language is shut here:

* ``a.b`` is the item ``b`` of a mapping, never an attribute of an object;
* a name is only looked up among the given names, a called name only in `bpmn.functions.FUNCTIONS`;
* every step, and every list or text that is taken or made, is charged to a `Budget`, so that neither comprehensions
  within comprehensions nor lists that hold themselves many times over can stop the process;
* every intermediate result must be of a kind in `bpmn.values.KINDS`.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Mapping
from typing import Any

from simpleeval import EvalWithCompoundTypes

from bpmn.functions import FUNCTIONS, Context, Function
from bpmn.instants import Mismatch
from bpmn.moment import Moment
from bpmn.values import KINDS, Budget, Reckoner, as_text
from faults import N_


class Unknown(Exception):
    """A name that does not exist; ``known`` are those it could have been meant to be."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


class NoMember(Unknown):
    """``name`` is not in the mapping ``of``."""

    def __init__(self, name: str, of: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.of = of


class Empty(Exception):
    """A member of nothing, or of a value that has no members."""

    def __init__(self, name: str, of: str, kind: str) -> None:
        super().__init__(name)
        self.name, self.of, self.kind = name, of, kind


_WEIGHED = frozenset({list, tuple, dict, str})


class _Evaluator(EvalWithCompoundTypes):  # type: ignore[misc]
    """One per thread: making one is dearer than an evaluation, and its tables change while it works."""

    failed: ast.AST | None
    context: Context
    reckoner: Reckoner
    budget: Budget

    def __init__(self) -> None:
        super().__init__(operators={}, functions={}, names={}, allowed_attrs={})
        self.nodes[ast.Constant] = _constant
        for kind in (ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.GeneratorExp, ast.DictComp):
            self.nodes[kind] = self._weighing(self.nodes[kind])

    def run(self, source: str, tree: ast.AST, names: Mapping[str, Any], moment: Moment) -> Any:
        self._max_count = 0
        self.expr = source
        self.failed = None
        self.names = names
        self.budget = Budget()
        self.context = Context(moment, names, self.budget)
        self.reckoner = Reckoner(moment, self.budget)
        self._bind(self.reckoner)
        try:
            return self._eval(tree)
        finally:
            self.names = {}
            del self.context

    def _bind(self, reckoner: Reckoner) -> None:
        self.operators = {
            ast.Add: reckoner.add,
            ast.Sub: reckoner.subtract,
            ast.Mult: reckoner.multiply,
            ast.Div: reckoner.divide,
            ast.FloorDiv: reckoner.floor_divide,
            ast.Mod: reckoner.modulo,
            ast.Pow: reckoner.power,
            ast.Eq: reckoner.equal,
            ast.NotEq: reckoner.different,
            ast.Lt: reckoner.less,
            ast.LtE: reckoner.at_most,
            ast.Gt: reckoner.greater,
            ast.GtE: reckoner.at_least,
            ast.In: reckoner.is_in,
            ast.NotIn: reckoner.is_not_in,
            ast.Is: _same,
            ast.IsNot: _not_same,
            ast.Not: _not,
            ast.USub: reckoner.negate,
            ast.UAdd: _itself,
        }

    def _eval(self, node: ast.AST) -> Any:
        self.budget.left -= 1
        if self.budget.left < 0:
            self.budget.charge(1)
        try:
            result = self.nodes[type(node)](node)
        except Exception:
            if self.failed is None:
                self.failed = node
            raise
        if type(result) not in KINDS:
            self.failed = node
            raise Mismatch(N_("not a value that can be kept"))
        return result

    def _weighing(self, handler: Any) -> Any:
        def made(node: ast.AST) -> Any:
            result = handler(node)
            self.budget.weigh(result)
            return result

        return made

    def _eval_name(self, node: ast.Name) -> Any:
        try:
            return self.names[node.id]
        except KeyError:
            raise Unknown(node.id, tuple(str(name) for name in self.names)) from None

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        return self._member(node, self._eval(node.value), node.attr)

    def _eval_subscript(self, node: ast.Subscript) -> Any:
        container = self._eval(node.value)
        key = self._eval(node.slice)
        if type(container) is dict:
            return self._member(node, container, key)
        if type(container) not in (list, tuple, str):
            raise Empty(ast.unparse(node.slice), ast.unparse(node.value), type(container).__name__)
        result = container[key]
        if type(key) is slice:
            self.budget.weigh(result)
        return result

    def _member(self, node: ast.Attribute | ast.Subscript, container: Any, key: Any) -> Any:
        if type(container) is not dict:
            raise Empty(str(key), ast.unparse(node.value), type(container).__name__)
        try:
            return container[key]
        except KeyError:
            known = tuple(str(name) for name in container)
            raise NoMember(str(key), ast.unparse(node.value), known) from None

    def _eval_call(self, node: ast.Call) -> Any:
        function: Function = FUNCTIONS[node.func.id]  # type: ignore[attr-defined]
        values = [self._eval(argument) for argument in node.args]
        for value in values:
            if type(value) in _WEIGHED:
                self.budget.weigh(value)
        result = function.run(self.context, *values)
        if type(result) in _WEIGHED:
            self.budget.weigh(result)
        return result

    def _eval_formattedvalue(self, node: ast.FormattedValue) -> str:
        return as_text(self._eval(node.value))

    def _eval_joinedstr(self, node: ast.JoinedStr) -> str:
        text = "".join(self._eval(part) for part in node.values)
        self.budget.weigh(text)
        return text


def evaluator() -> _Evaluator:
    """This thread's evaluator."""
    found: _Evaluator | None = getattr(_of_thread, "evaluator", None)
    if found is None:
        found = _of_thread.evaluator = _Evaluator()
    return found


_of_thread = threading.local()


def _constant(node: ast.Constant) -> Any:
    return node.value


def _same(left: Any, right: Any) -> bool:
    return left is right


def _not_same(left: Any, right: Any) -> bool:
    return left is not right


def _not(value: Any) -> bool:
    return not value


def _itself(value: Any) -> Any:
    return value
