"""Formulas of other engines in the language of this project: JUEL (Camunda 7, Flowable, Activiti) and FEEL (Zeebe).

Both are read as a row of tokens; what calls a bean or needs a construct that does not exist here is not translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bpmn.expressions import ExpressionFault, compile_expression

Language = Literal["juel", "feel"]
Names = Mapping[str, str]  # a variable of the foreign process -> the path under which it is kept here

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|\.\.|[-+*/%<>=!?:().,\[\]{}])
    )""",
    re.VERBOSE,
)
_JUEL: Mapping[str, str] = {
    "&&": "and", "||": "or", "!": "not", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "div": "/", "mod": "%",
}  # fmt: skip
_FEEL: Mapping[str, str] = {"=": "=="}
_FEEL_FUNCTIONS: Mapping[str, str] = {
    "date and time": "datetime",
    "upper case": "upper",
    "lower case": "lower",
    "starts with": "startswith",
    "ends with": "endswith",
    "string length": "len",
    "list contains": "contains",
    "string": "text",
    "ceiling": "ceil",
}
# What may be called: everything else is a bean or a function of the other engine.
_FUNCTIONS = frozenset(
    {
        "today", "now", "date", "datetime", "duration", "year", "month", "day", "round", "floor", "ceil", "abs",
        "number", "len", "count", "sum", "min", "max", "mean", "any", "all", "unique", "flatten", "text",
        "upper", "lower", "startswith", "endswith", "contains", "replace", "split", "join", "value", "exists",
    }
)  # fmt: skip
_WORDS = frozenset({"and", "or", "not", "in", "true", "false", "null", "if", "else", "is"})


class NotTranslatable(Exception):
    """The formula says something that has no counterpart here."""


def translate(text: str, language: Language, names: Names) -> str:
    """The formula without ``${}`` or ``=`` around it; known variables are called by their path here.

    Raises NotTranslatable.
    """
    bare = _unwrapped(text)
    if not bare:
        raise NotTranslatable
    if language == "feel":
        for foreign, own in _FEEL_FUNCTIONS.items():
            bare = re.sub(rf"\b{foreign}\s*\(", f"{own}(", bare)
    tokens = _tokens(bare)
    said = _joined(_choice(tokens, language, names))
    try:
        compile_expression(said)
    except ExpressionFault:
        raise NotTranslatable from None
    return said


def is_formula(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith(("${", "#{", "="))


def _unwrapped(text: str) -> str:
    bare = text.strip()
    if bare.startswith(("${", "#{")) and bare.endswith("}") and "${" not in bare[2:] and "#{" not in bare[2:]:
        return bare[2:-1].strip()
    if "${" in bare or "#{" in bare:  # a text with formulas in it
        raise NotTranslatable
    return bare.removeprefix("=").strip()


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotTranslatable
        found.append(match[match.lastgroup or 0])
        place = match.end()
    return found


def _choice(tokens: Sequence[str], language: Language, names: Names) -> list[str]:
    """``c ? a : b`` and ``if c then a else b`` as ``a if c else b``; the rest word by word."""
    if language == "juel":
        parts = _split(tokens, "?", ":")
    else:
        parts = _split(tokens[1:], "then", "else") if tokens[:1] == ["if"] else None
    if parts is None:
        return _words(tokens, language, names)
    condition, yes, no = (_choice(part, language, names) for part in parts)
    return ["(", *yes, ")", "if", "(", *condition, ")", "else", "(", *no, ")"]


def _split(tokens: Sequence[str], first: str, second: str) -> tuple[Sequence[str], ...] | None:
    places: list[int] = []
    depth = inner = 0
    for place, token in enumerate(tokens):
        depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
        if depth:
            continue
        if token == first:
            if places:
                inner += 1
            else:
                places.append(place)
        elif token == second and places:
            if inner:
                inner -= 1
            else:
                return tokens[: places[0]], tokens[places[0] + 1 : place], tokens[place + 1 :]
    return None


def _words(tokens: Sequence[str], language: Language, names: Names) -> list[str]:
    signs = _JUEL if language == "juel" else _FEEL
    found: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if language == "juel" and token in ("empty",):
            path, place = _path(tokens, place + 1)
            found += [_kept(path, names), "in", "[", "null", ",", "''", ",", "[", "]", "]"]
        elif token in signs or token in _WORDS:
            found.append(signs.get(token, token))
            place += 1
        elif _is_name(token):
            said, place = _named(tokens, place, language, names)
            found += said
        elif token in ("?", "{", "}", ".."):
            raise NotTranslatable
        else:
            found.append(token)
            place += 1
    return found


def _named(tokens: Sequence[str], place: int, language: Language, names: Names) -> tuple[list[str], int]:
    """A variable, a member of one or a call, said here; and the place behind it."""
    path, after = _path(tokens, place)
    if after >= len(tokens) or tokens[after] != "(":
        return [_kept(path, names)], after
    end = _closing(tokens, after)
    return _called(path, tokens[after + 1 : end], language, names), end + 1


def _called(path: list[str], inside: Sequence[str], language: Language, names: Names) -> list[str]:
    if len(path) == 1 and path[0] in _FUNCTIONS:
        return [path[0], "(", *_words(inside, language, names), ")"]
    if path == ["execution", "getVariable"] and len(inside) == 1 and inside[0][0] in "'\"":
        return [_kept([inside[0][1:-1]], names)]
    make = _METHODS.get(path[-1]) if len(path) > 1 else None
    if make is None or path[0] in ("execution", "task"):
        raise NotTranslatable
    return make(_kept(path[:-1], names), _words(inside, language, names))


_METHODS: Mapping[str, Callable[[str, list[str]], list[str]]] = {
    "size": lambda owner, _: ["len", "(", owner, ")"],
    "length": lambda owner, _: ["len", "(", owner, ")"],
    "isEmpty": lambda owner, _: ["len", "(", owner, ")", "==", "0"],
    "contains": lambda owner, inside: ["(", *inside, ")", "in", owner],
    "equals": lambda owner, inside: [owner, "==", "(", *inside, ")"],
    "startsWith": lambda owner, inside: ["startswith", "(", owner, ",", *inside, ")"],
    "endsWith": lambda owner, inside: ["endswith", "(", owner, ",", *inside, ")"],
    "toUpperCase": lambda owner, _: ["upper", "(", owner, ")"],
    "toLowerCase": lambda owner, _: ["lower", "(", owner, ")"],
}


def _path(tokens: Sequence[str], place: int) -> tuple[list[str], int]:
    if place >= len(tokens) or not _is_name(tokens[place]):
        raise NotTranslatable
    path = [tokens[place]]
    place += 1
    while place + 1 < len(tokens) and tokens[place] == "." and _is_name(tokens[place + 1]):
        path.append(tokens[place + 1])
        place += 2
    return path, place


def _closing(tokens: Sequence[str], place: int) -> int:
    depth = 0
    for end in range(place, len(tokens)):
        depth += (tokens[end] == "(") - (tokens[end] == ")")
        if not depth:
            return end
    raise NotTranslatable


def _kept(path: list[str], names: Names) -> str:
    if "$" in "".join(path):
        raise NotTranslatable
    return ".".join([names.get(path[0], path[0]), *path[1:]])


def _is_name(token: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z_$][\w$]*", token))


def _joined(tokens: Sequence[str]) -> str:
    """Written as people write it: no blank inside brackets and before a comma."""
    text = " ".join(tokens)
    text = re.sub(r"([(\[]) ", r"\1", text)
    text = re.sub(r" ([)\],])", r"\1", text)
    text = re.sub(r"\b(\w+) \(", lambda m: f"{m[1]} (" if m[1] in _WORDS else f"{m[1]}(", text)
    return text.replace(" . ", ".")
