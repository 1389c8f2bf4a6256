"""A text as a page sees it: the HTML of `forms.richtext` read into blocks of runs, which both renderers lay out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lxml import etree, html

from forms import richtext

Kind = Literal["text", "level1", "level2", "item", "quote", "table", "rule"]

_KINDS: dict[str, Kind] = {"p": "text", "h3": "level1", "h4": "level2", "blockquote": "quote"}
_MARKS: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "b": {"bold": True},
    "em": {"italic": True},
    "i": {"italic": True},
    "u": {"underline": True},
    "s": {"struck": True},
    "sub": {"shift": "sub"},
    "sup": {"shift": "super"},
}
_BREAK = "\n"
SHORT = 12


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; ``\\n`` in it is a forced line break."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    struck: bool = False
    shift: str = ""  # sub, super


@dataclass(frozen=True, slots=True)
class Cell:
    runs: tuple[Run, ...]
    is_head: bool = False
    columns: int = 1  # that it spans
    rows: int = 1

    @property
    def is_short(self) -> bool:
        """Short ones are centred."""
        return sum(len(run.text) for run in self.runs) <= SHORT


@dataclass(frozen=True, slots=True)
class Block:
    """``level1`` is 一、 (黑体), ``level2`` （一） (楷体). ``mark`` stands before an item, ``depth`` counts from 0."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    mark: str = ""
    depth: int = 0
    rows: tuple[tuple[Cell, ...], ...] = field(default=())

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text, which is cleaned first; empty ones are left out."""
    root = html.fragment_fromstring(richtext.clean(text) or "<p></p>", create_parent="div")
    return tuple(block for block in _blocks(root, 0) if block.runs or block.rows or block.kind == "rule")


def _blocks(parent: html.HtmlElement, depth: int) -> Iterator[Block]:
    loose: list[Run] = list(_plain(parent.text))
    for child in parent:
        inline = not _is_block(child)
        if inline:
            loose += _runs(child, Run(""))
        else:
            yield Block("text", _trimmed(loose))
            loose = []
            yield from _block(child, depth)
        loose += _plain(child.tail)
    yield Block("text", _trimmed(loose))


def _block(element: html.HtmlElement, depth: int) -> Iterator[Block]:
    tag = element.tag
    if tag in ("ul", "ol"):
        yield from _list(element, depth)
    elif tag == "table":
        yield Block("table", rows=tuple(_rows(element)))
    elif tag == "hr":
        yield Block("rule")
    elif tag == "blockquote" and any(_is_block(child) for child in element):
        yield from (replace(one, kind="quote") if one.kind == "text" else one for one in _blocks(element, depth))
    else:
        yield Block(_KINDS.get(tag, "text"), _trimmed(_inside(element, Run(""))))


def _list(element: html.HtmlElement, depth: int) -> Iterator[Block]:
    """Items numbered as officials do it, 1. and then （1）; bullets are not used in official papers, but may be."""
    for count, item in enumerate(element.iterchildren("li"), 1):
        mark = "●" if element.tag == "ul" else f"{count}." if depth == 0 else f"（{count}）"
        own = [child for child in item if child.tag in ("ul", "ol", "table")]
        for child in own:
            item.remove(child)
        yield Block("item", _trimmed(_inside(item, Run(""))), mark=mark, depth=depth)
        for child in own:
            yield from _block(child, depth + 1)


def _rows(table: html.HtmlElement) -> Iterator[tuple[Cell, ...]]:
    for row in table.iter("tr"):
        yield tuple(
            Cell(
                _trimmed(_inside(cell, Run(""))),
                cell.tag == "th" or row.getparent().tag == "thead",
                _span(cell.get("colspan")),
                _span(cell.get("rowspan")),
            )
            for cell in row.iterchildren("td", "th")
        )


def _inside(element: html.HtmlElement, style: Run) -> list[Run]:
    runs = list(_plain(element.text, style))
    for child in element:
        if _is_block(child) and runs and not runs[-1].text.endswith(_BREAK):  # a paragraph within a cell
            runs.append(replace(style, text=_BREAK))
        runs += _runs(child, style)
        runs += _plain(child.tail, style)
    return runs


def _runs(element: html.HtmlElement, style: Run) -> list[Run]:
    if not isinstance(element.tag, str):  # a comment
        return []
    if element.tag == "br":
        return [replace(style, text=_BREAK)]
    if element.tag in _MARKS:
        style = replace(style, **_MARKS[element.tag])
    return _inside(element, style)


def _plain(text: str | None, style: Run | None = None) -> Iterator[Run]:
    """White space is one blank, as everywhere in HTML."""
    if text:
        blank = text[:1].isspace(), text[-1:].isspace()
        words = " ".join(text.split())
        joined = (" " if blank[0] else "") + words + (" " if blank[1] and words else "")
        yield replace(style or Run(""), text=joined)


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Without blanks at both ends and around breaks, runs of one style joined."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    if joined:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(run for run in joined if run.text)


def _is_block(element: etree._Element) -> bool:
    return element.tag in ("p", "h3", "h4", "blockquote", "ul", "ol", "li", "table", "hr")


def _span(text: str | None) -> int:
    return min(max(int(text), 1), 50) if text and text.isdigit() else 1
