"""Says what an author probably meant where a formula can't be read: full-width signs, ``&&``, a single ``=``."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from bpmn.expression_fault import ExpressionFault, shortened


@dataclass(frozen=True, slots=True)
class Place:
    """Turns places in the parsed text into lines and columns of the written one."""

    written: str
    source: str
    shift: int = 0

    def at(self, offset: int) -> dict[str, Any]:
        before = self.written[: self.shift + offset]
        return {
            "source": shortened(self.source),
            "line": before.count("\n") + 1,
            "column": len(before) - (before.rfind("\n") + 1) + 1,
        }

    def of(self, node: ast.AST) -> dict[str, Any]:
        line, byte = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        lines = self.source.split("\n") if line > 1 else [self.source]
        column = len(lines[line - 1].encode()[:byte].decode(errors="ignore")) if line <= len(lines) else 0
        return self.at(sum(len(text) + 1 for text in lines[: line - 1]) + column)


_FULL_WIDTH = {
    "，": ",", "（": "(", "）": ")", "：": ":", "“": '"', "”": '"', "‘": "'", "’": "'", "＝": "=", "＞": ">",
    "＜": "<", "！": "!", "【": "[", "】": "]", "；": ";", "。": ".", "、": ",", "＋": "+", "－": "-", "×": "*",
    "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "\u3000": " ", "｛": "{", "｝": "}", "\u00a0": " ",
}  # fmt: skip
_FOREIGN = {"&&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!="}


def syntax_fault(error: Exception, place: Place) -> ExpressionFault:
    if isinstance(error, RecursionError | MemoryError):
        return ExpressionFault("too_deep", source=shortened(place.source))
    message = str(getattr(error, "msg", error))
    if "too many nested" in message:
        return ExpressionFault("too_deep", source=shortened(place.source))
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
