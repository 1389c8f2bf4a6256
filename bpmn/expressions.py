"""The expression language of diagrams, decision tables and forms: one formula, or a script of assignments.

The syntax is Python's for a single expression, narrowed to values, operators, comprehensions, ``x if c else y`` and
calls of the functions in `bpmn.functions`. ``=formula`` and ``${formula}`` are read as ``formula``; ``true``, ``false``
and ``null`` as Python's words for them. docs/expressions.md describes it for authors.

Nothing is ever silently nothing: a missing name, a member of nothing or a division by zero is an `ExpressionFault`.
"""

from __future__ import annotations

import ast
import difflib
import io
import keyword
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bpmn.evaluator import Empty, NoMember, Unknown, evaluator
from bpmn.functions import FUNCTIONS, Lacking
from bpmn.moment import Moment
from bpmn.values import Budget, TooMuch, plain
from faults import N_, Fault

LONGEST_SOURCE = 4_000  # characters
LONGEST_SCRIPT = 16_000
MOST_LINES = 200
DEEPEST = 60
RESERVED = frozenset({"true", "false", "null", "performers"})

MESSAGES: Mapping[str, str] = {
    # when it is read
    "empty": N_("The expression is empty. Write a formula, for example: issue_order.deadline"),
    "too_long": N_("The expression is longer than {most} characters. Split it over several script lines."),
    "syntax": N_("“{source}” can't be read at line {line}, column {column}."),
    "bracket": N_("“{source}”: a bracket or a quotation mark is missing, see line {line}, column {column}."),
    "full_width": N_(
        "“{source}”: the character “{found}” at line {line}, column {column} is a full-width one; type {wanted}."
    ),
    "assignment": N_(
        "“{source}”: a single = does not compare, see line {line}, column {column}. "
        "Write == to ask whether two are equal."
    ),
    "foreign_operator": N_("“{source}”: write {wanted} instead of {found}, see line {line}, column {column}."),
    "several_placeholders": N_(
        '“{source}”: ${{…}} may only enclose the whole formula. Join texts with +, or write f"… {{name}} …".'
    ),
    "comment": N_("“{source}”: a formula has no room for a comment. Remove the # and what follows it."),
    "not_allowed": N_("“{source}”: {what} is not part of the language, see line {line}, column {column}."),
    "unknown_function": N_("“{source}”: there is no function “{name}”.{hint}"),
    "arguments": N_("“{source}”: the function is used as {usage}, see line {line}, column {column}."),
    "too_deep": N_("“{source}” is nested too deeply. Split it over several script lines."),
    "not_an_assignment": N_("Line {line} of the script is not an assignment. Each line must read: name = formula"),
    "reserved_name": N_("Line {line} of the script: “{name}” can't be assigned. Choose another name."),
    "too_many_lines": N_("The script has more than {most} lines. Use several script tasks."),
    # when it is evaluated
    "unknown_name": N_("“{source}”: there is no “{name}”.{hint}"),
    "unknown_member": N_("“{source}”: “{of}” has no “{name}”.{hint}"),
    "empty_member": N_("“{source}”: “{of}” is empty, so it has no “{name}”. Ask first whether it is filled in."),
    "no_members": N_("“{source}”: “{of}” is {kind} and has no “{name}”."),
    "performer": N_("“{source}”: nobody has completed the task “{name}” yet."),
    "division": N_("“{source}”: division by zero at line {line}, column {column}."),
    "index": N_("“{source}”: the list has no such place, see line {line}, column {column}."),
    "wrong_kind": N_("“{source}”: these values do not go together at line {line}, column {column} ({what})."),
    "wrong_value": N_("“{source}”: this value does not fit at line {line}, column {column} ({what})."),
    "too_much": N_("“{source}” takes too much work or gives too long a result. Make it simpler."),
}
HINT = " Did you mean “{name}”?"


class ExpressionFault(Fault):
    """An expression can't be read or evaluated. Mend it in the diagram, or the data that it uses."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(MESSAGES[code], **params)
        self.code = code


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

    def evaluate(self, names: Mapping[str, Any], moment: Moment) -> Any:
        """The value; dates, instants and `Duration`s as such. Raises ExpressionFault."""
        return _evaluated(self, names, moment)


@dataclass(frozen=True, slots=True)
class Assignment:
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
            value = plain_result(assignment.expression, assignment.expression.evaluate(visible, moment))
            visible[assignment.name] = assigned[assignment.name] = value
        return assigned


@lru_cache(maxsize=8192)
def compile_expression(text: str) -> Expression:
    """Raises ExpressionFault whose params hold line and column (from 1) of the fault."""
    source, shift = _unwrapped(text)
    if not source.strip():
        raise ExpressionFault("empty")
    if len(source) > LONGEST_SOURCE:
        raise ExpressionFault("too_long", most=LONGEST_SOURCE)
    place = _Place(text, source, shift)
    tree = _parsed(source, place)
    tree = _Reader(place).read(tree)
    return _expression(source.strip(), tree)


@lru_cache(maxsize=1024)
def compile_script(text: str) -> Script:
    """Lines of ``name = formula``; empty lines and lines that begin with # are passed over. Raises ExpressionFault."""
    if len(text) > LONGEST_SCRIPT:
        raise ExpressionFault("too_long", most=LONGEST_SCRIPT)
    place = _Place(text, text, 0)
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_fault(error, place) from None
    if not module.body:
        raise ExpressionFault("empty")
    if len(module.body) > MOST_LINES:
        raise ExpressionFault("too_many_lines", most=MOST_LINES)
    return Script(text, tuple(_assignment(statement, place) for statement in module.body))


def plain_result(expression: Expression, value: Any) -> Any:
    """``value`` as JSON knows it. Raises ExpressionFault where it has no such form."""
    try:
        return plain(value)
    except (ValueError, TypeError) as error:
        raise ExpressionFault(
            "wrong_value", source=_short(expression.source), line=1, column=1, what=str(error)
        ) from None


def nearest(name: str, known: tuple[str, ...] | frozenset[str]) -> str:
    """`` Did you mean …?`` if one of ``known`` is near to ``name``, else an empty text."""
    found = difflib.get_close_matches(name, [other for other in known if other != name], n=1, cutoff=0.7)
    return HINT.format(name=found[0]) if found else ""


# ---- reading


@dataclass(frozen=True, slots=True)
class _Place:
    """Turns places in the parsed text into lines and columns of the written one."""

    written: str
    source: str
    shift: int

    def at(self, offset: int) -> dict[str, Any]:
        before = self.written[: self.shift + offset]
        return {
            "source": _short(self.source),
            "line": before.count("\n") + 1,
            "column": len(before) - (before.rfind("\n") + 1) + 1,
        }

    def of(self, node: ast.AST) -> dict[str, Any]:
        line, byte = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        lines = self.source.split("\n") if line > 1 else [self.source]
        column = len(lines[line - 1].encode()[:byte].decode(errors="ignore")) if line <= len(lines) else 0
        return self.at(sum(len(text) + 1 for text in lines[: line - 1]) + column)


def _unwrapped(text: str) -> tuple[str, int]:
    """The formula without ``=`` or ``${}``, and where it begins in ``text``."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text.startswith("=", start) and not text.startswith("==", start):
        start += 1
    if text.startswith(("${", "#{"), start) and text.endswith("}", start, end):
        start, end = start + 2, end - 1
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return text[start:end].rstrip(), start


def _parsed(source: str, place: _Place) -> ast.expr:
    # Line ends become spaces, so that a formula may be spread over lines and places can still be found.
    flat = source.replace("\r", " ").replace("\n", " ").replace("\f", " ")
    if "${" in source or "#{" in source:
        raise ExpressionFault("several_placeholders", source=_short(source))
    if "#" in flat and _has_comment(flat):
        raise ExpressionFault("comment", source=_short(source))
    try:
        return ast.parse(flat, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_fault(error, place) from None


def _has_comment(source: str) -> bool:
    try:
        return any(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return False  # the parser will say what is wrong


_FULL_WIDTH = {
    "，": ",", "（": "(", "）": ")", "：": ":", "“": '"', "”": '"', "‘": "'", "’": "'", "＝": "=", "＞": ">",
    "＜": "<", "！": "!", "【": "[", "】": "]", "；": ";", "。": ".", "、": ",", "＋": "+", "－": "-", "×": "*",
    "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "\u3000": " ", "｛": "{", "｝": "}", "\u00a0": " ",
}  # fmt: skip
_FOREIGN = {"&&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!="}


def _syntax_fault(error: Exception, place: _Place) -> ExpressionFault:
    if isinstance(error, RecursionError | MemoryError):
        return ExpressionFault("too_deep", source=_short(place.source))
    message = str(getattr(error, "msg", error))
    if "too many nested" in message:
        return ExpressionFault("too_deep", source=_short(place.source))
    offset = _offset(error, place.source)
    where = place.at(offset)
    bare = _without_texts(place.source)
    if (found := place.source[offset : offset + 1]) in _FULL_WIDTH and found:
        return ExpressionFault("full_width", found=found, wanted=_FULL_WIDTH[found], **where)
    for wrong, wanted in _FOREIGN.items():
        if (at := bare.find(wrong)) >= 0:
            return ExpressionFault("foreign_operator", found=wrong, wanted=wanted, **place.at(at))
    if (at := _lone_exclamation(bare)) >= 0:
        return ExpressionFault("foreign_operator", found="!", wanted="not", **place.at(at))
    if "never closed" in message or "unterminated" in message or "unmatched" in message or "does not match" in message:
        return ExpressionFault("bracket", **where)
    if (at := _lone_equals(bare)) >= 0:
        return ExpressionFault("assignment", **place.at(at))
    return ExpressionFault("syntax", **where)


def _offset(error: Exception, source: str) -> int:
    line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
    lines = source.split("\n")
    before = sum(len(text) + 1 for text in lines[: line - 1])
    return max(0, min(len(source), before + column - 1))


def _without_texts(source: str) -> str:
    """``source`` with quoted text blanked out, places kept."""
    kept, quote = [], ""
    for char in source:
        if quote:
            kept.append(" ")
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
            kept.append(" ")
        else:
            kept.append(char)
    return "".join(kept)


def _lone_exclamation(bare: str) -> int:
    return next((at for at, char in enumerate(bare) if char == "!" and bare[at + 1 : at + 2] != "="), -1)


def _lone_equals(bare: str) -> int:
    for at, char in enumerate(bare):
        if char == "=" and bare[at - 1 : at] not in ("=", "!", "<", ">") and bare[at + 1 : at + 2] != "=":
            return at
    return -1


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

    def __init__(self, place: _Place) -> None:
        self.place = place

    def read(self, node: Any, depth: int = 0) -> Any:
        if depth > DEEPEST:
            raise ExpressionFault("too_deep", source=_short(self.place.source))
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
                raise self._not_allowed(node, 'a format in f""')
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
            raise ExpressionFault("wrong_value", what="too high", **self.place.of(node))

    def _call(self, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Name):
            raise self._not_allowed(node, f"{ast.unparse(node.func)[:40]}()")
        function = FUNCTIONS.get(node.func.id)
        if function is None:
            hint = nearest(node.func.id, tuple(FUNCTIONS))
            raise ExpressionFault("unknown_function", name=node.func.id, hint=hint, **self.place.of(node))
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


def _expression(source: str, tree: ast.expr) -> Expression:
    names: set[str] = set()
    paths: set[tuple[str, ...]] = set()
    calls: set[Call] = set()
    _collect(tree, frozenset(), names, paths, calls)
    return Expression(source, tree, frozenset(names), frozenset(paths), frozenset(calls))


def _collect(
    node: ast.AST, bound: frozenset[str], names: set[str], paths: set[tuple[str, ...]], calls: set[Call]
) -> None:
    if isinstance(node, ast.Name | ast.Attribute):
        path = _path(node)
        if path:
            if path[0] not in bound:
                names.add(path[0])
                paths.add(path)
            return
    if isinstance(node, ast.Call):
        first = node.args[0] if node.args else None
        literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        calls.add(Call(node.func.id, literal))  # type: ignore[attr-defined]
        for argument in node.args:
            _collect(argument, bound, names, paths, calls)
        return
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
        targets = [name.id for part in node.generators for name in ast.walk(part.target) if isinstance(name, ast.Name)]
        # The first source is outside the scope of the loop's own names.
        _collect(node.generators[0].iter, bound, names, paths, calls)
        inner = bound | frozenset(targets)
        rest = [child for part in node.generators for child in (*part.ifs, part.iter)]
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for child in (*rest[:], *results):
            if child is not node.generators[0].iter:
                _collect(child, inner, names, paths, calls)
        return
    for child in ast.iter_child_nodes(node):
        _collect(child, bound, names, paths, calls)


def _path(node: ast.expr) -> tuple[str, ...]:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def _assignment(statement: ast.stmt, place: _Place) -> Assignment:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        raise ExpressionFault("not_an_assignment", line=statement.lineno)
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        raise ExpressionFault("not_an_assignment", line=statement.lineno)
    if target.id in RESERVED or target.id.startswith("_") or keyword.issoftkeyword(target.id):
        raise ExpressionFault("reserved_name", line=statement.lineno, name=target.id)
    tree = _Reader(place).read(statement.value)
    source = ast.get_source_segment(place.source, statement.value) or ast.unparse(statement.value)
    return Assignment(target.id, statement.lineno, _expression(source, tree))


# ---- evaluating


def _evaluated(expression: Expression, names: Mapping[str, Any], moment: Moment) -> Any:
    here = evaluator()
    try:
        result = here.run(expression.source, expression.tree, names, moment)
        if type(result) in (list, tuple, dict, str):
            Budget().weigh(result)
        return result
    except Exception as error:
        fault = _fault_of(error, expression, here.failed or expression.tree)
        if fault is None:
            raise
        raise fault from None


def _fault_of(error: Exception, expression: Expression, node: ast.AST) -> ExpressionFault | None:
    where = _Place(expression.source, expression.source, 0).of(node)
    match error:
        case NoMember():
            hint = nearest(error.name, error.known)
            return ExpressionFault("unknown_member", name=error.name, of=error.of, hint=hint, **where)
        case Unknown():
            return ExpressionFault("unknown_name", name=error.name, hint=nearest(error.name, error.known), **where)
        case Empty() if error.kind == "NoneType":
            return ExpressionFault("empty_member", name=error.name, of=error.of, **where)
        case Empty():
            return ExpressionFault("no_members", name=error.name, of=error.of, kind=error.kind, **where)
        case Lacking():
            return ExpressionFault("performer", name=error.name, **where)
        case ZeroDivisionError():
            return ExpressionFault("division", **where)
        case IndexError():
            return ExpressionFault("index", **where)
        case TypeError() | KeyError() | AttributeError():
            return ExpressionFault("wrong_kind", what=str(error), **where)
        case TooMuch() | RecursionError() | MemoryError():
            return ExpressionFault("too_much", **where)
        case ArithmeticError() | ValueError():
            return ExpressionFault("wrong_value", what=str(error), **where)
    return _library_fault(error, where)


def _library_fault(error: Exception, where: Mapping[str, Any]) -> ExpressionFault | None:
    """simpleeval's own refusals, told by the module they come from: a loop that is too long, most of all."""
    if type(error).__module__ == "simpleeval":
        return ExpressionFault("too_much", **where)
    return None


def _short(source: str) -> str:
    one_line = " ".join(source.split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"
