"""Reads the text of a formula or a script into syntax trees that hold nothing but what the language has."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping
from typing import Any

from bpmn.expression_fault import ExpressionFault, nearest, shortened
from bpmn.functions import FUNCTIONS
from bpmn.mistakes import Place, syntax_fault
from faults import N_

LONGEST_SOURCE = 4_000  # characters
LONGEST_SCRIPT = 16_000
MOST_LINES = 200
DEEPEST = 60
RESERVED = frozenset({"true", "false", "null", "performers"})


def read_formula(text: str) -> tuple[str, ast.expr]:
    """The bare formula and its checked tree. Raises ExpressionFault."""
    source, shift = _unwrapped(text)
    if not source:
        raise ExpressionFault("empty")
    if len(source) > LONGEST_SOURCE:
        raise ExpressionFault("too_long", most=LONGEST_SOURCE)
    place = Place(text, source, shift)
    return source, _Reader(place).read(_parsed(source, place))


def read_assignments(text: str) -> list[tuple[str, int, str, ast.expr]]:
    """Name, line, formula and its checked tree, of each line of a script. Raises ExpressionFault."""
    if len(text) > LONGEST_SCRIPT:
        raise ExpressionFault("too_long", most=LONGEST_SCRIPT)
    # Scripts in XML are often indented as a whole, which means nothing: columns count from the first sign of a line.
    text = "\n".join(line.strip() for line in text.replace("\f", " ").splitlines())
    place = Place(text, text)
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise syntax_fault(error, place) from None
    if not module.body:
        raise ExpressionFault("empty")
    if len(module.body) > MOST_LINES:
        raise ExpressionFault("too_many_lines", most=MOST_LINES)
    return [_assignment(statement, place) for statement in module.body]


def _assignment(statement: ast.stmt, place: Place) -> tuple[str, int, str, ast.expr]:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        raise ExpressionFault("not_an_assignment", line=statement.lineno)
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        raise ExpressionFault("not_an_assignment", line=statement.lineno)
    if target.id in RESERVED or target.id.startswith("_"):
        raise ExpressionFault("reserved_name", line=statement.lineno, name=target.id)
    tree: ast.expr = _Reader(place).read(statement.value)
    line, column = statement.value.lineno, statement.value.col_offset
    source = ast.get_source_segment(place.source, statement.value) or ast.unparse(tree)
    for node in ast.walk(tree):  # places count from the beginning of the formula
        if isinstance(node, ast.expr):
            node.col_offset -= column if node.lineno == line else 0
            node.lineno -= line - 1
    return target.id, line, source, tree


def _unwrapped(text: str) -> tuple[str, int]:
    """The formula without ``=`` or ``${}``, and where it begins in ``text``."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text.startswith("=", start) and not text.startswith("==", start):
        start += 1
    if text.startswith(("${", "#{"), start) and text.endswith("}", start, end):
        start, end = start + 2, end - 1
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return text[start:end].rstrip(), start


def _parsed(source: str, place: Place) -> ast.expr:
    # Line ends become spaces, so that a formula may be spread over lines and places can still be found.
    flat = source.replace("\r", " ").replace("\n", " ").replace("\f", " ")
    if "${" in source or "#{" in source:
        raise ExpressionFault("several_placeholders", source=shortened(source))
    if "#" in flat and _has_comment(flat):
        raise ExpressionFault("comment", source=shortened(source))
    try:
        return ast.parse(flat, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise syntax_fault(error, place) from None


def _has_comment(source: str) -> bool:
    try:
        return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return False  # the parser will say what is wrong


_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_PLAIN_NODES = (
    ast.Attribute, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.Subscript,
    ast.Slice, ast.UnaryOp, ast.JoinedStr, ast.operator, ast.boolop, ast.cmpop, ast.unaryop, ast.expr_context,
)  # fmt: skip
_SHUT_OPERATORS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift, ast.MatMult, ast.Invert)
_WORDS: Mapping[type[ast.AST], str] = {
    ast.Lambda: "lambda",
    ast.NamedExpr: ":=",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Set: "{a, b}",
    ast.SetComp: "{… for …}",
    ast.Starred: "*",
}


class _Reader:
    """Refuses all syntax that is not named here, and puts constants in the place of true, false and null."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def read(self, node: Any, depth: int = 0) -> Any:
        if depth > DEEPEST:
            raise ExpressionFault("too_deep", source=shortened(self.place.source))
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Constant):
            self._constant(node)
        elif isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            self._comprehension(node)
        elif isinstance(node, ast.FormattedValue):
            if node.format_spec or node.conversion != -1:
                raise self._not_allowed(node, N_('a format in f""'))
        elif isinstance(node, ast.Compare):
            self._compare(node)
        elif isinstance(node, _SHUT_OPERATORS) or not isinstance(node, (*_PLAIN_NODES, ast.comprehension)):
            raise self._not_allowed(node, _WORDS.get(type(node), _operator_words.get(type(node), type(node).__name__)))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            raise self._not_allowed(node, node.attr)
        self._children(node, depth)
        return node

    def _children(self, node: ast.AST, depth: int) -> None:
        operator = getattr(node, "op", None)
        if isinstance(operator, _SHUT_OPERATORS):
            raise self._not_allowed(node, _operator_words[type(operator)])
        for name, value in ast.iter_fields(node):
            if isinstance(node, ast.Call) and name == "func":
                continue
            if isinstance(value, ast.AST):
                setattr(node, name, self.read(value, depth + 1))
            elif isinstance(value, list):
                value[:] = [self.read(item, depth + 1) if isinstance(item, ast.AST) else item for item in value]

    def _name(self, node: ast.Name) -> ast.expr:
        if node.id in _CONSTANTS:
            return ast.copy_location(ast.Constant(_CONSTANTS[node.id]), node)
        if node.id.startswith("_"):
            raise self._not_allowed(node, node.id)
        return node

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if type(value) not in (str, int, float, bool, type(None)):
            raise self._not_allowed(node, ast.unparse(node))
        if isinstance(value, str) and any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
            raise self._not_allowed(node, ascii(value))
        if (isinstance(value, int) and value.bit_length() > 63) or (
            isinstance(value, float) and value in (float("inf"),)
        ):
            raise ExpressionFault("wrong_value", what=N_("a number that is too high"), **self.place.of(node))

    def _call(self, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Name):
            raise self._not_allowed(node, f"{ast.unparse(node.func)[:40]}()")
        function = FUNCTIONS.get(node.func.id)
        if function is None:
            near = nearest(node.func.id, FUNCTIONS)
            code = "function_near" if near else "unknown_function"
            raise ExpressionFault(code, name=node.func.id, near=near, **self.place.of(node))
        count = len(node.args)
        if node.keywords or count < function.least or (function.most is not None and count > function.most):
            raise ExpressionFault("arguments", usage=function.usage, **self.place.of(node))

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> None:
        for generator in node.generators:
            targets = generator.target.elts if isinstance(generator.target, ast.Tuple) else [generator.target]
            if generator.is_async or not all(
                isinstance(target, ast.Name) and target.id not in RESERVED and not target.id.startswith("_")
                for target in targets
            ):
                raise self._not_allowed(node, f"for {ast.unparse(generator.target)[:40]}")

    def _compare(self, node: ast.Compare) -> None:
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.Is | ast.IsNot) and not (
                (isinstance(right, ast.Constant) and (right.value is None or isinstance(right.value, bool)))
                or (isinstance(right, ast.Name) and right.id in _CONSTANTS)
            ):
                raise self._not_allowed(node, "is")

    def _not_allowed(self, node: ast.AST, what: str) -> ExpressionFault:
        return ExpressionFault("not_allowed", what=what, **self.place.of(node))


_operator_words: Mapping[type[ast.AST], str] = {
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.MatMult: "@",
    ast.Invert: "~",
}
