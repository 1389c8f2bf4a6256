"""Two bundles as pages compare them: every difference in words with the words that differ marked, tables as grids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn import table_sides
from bpmn.decision_table import Decision
from bpmn.decisions import read_decision
from bpmn.diagram import Diagram, Flow, read_diagram
from bpmn.table_sides import Grid
from engine import differences
from engine.differences import Change, Part
from engine.publish import Bundle
from faults import Refused
from forms.document import read_form
from forms.field import Field, Form
from web import difference_words
from web.word_marks import Pieces, marked
from web.words import content

KINDS = ("added", "removed", "changed", "moved")
Names = difference_words.Names


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that differs, in words, with the texts before and after."""

    words: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True, slots=True)
class Place:
    """An element, field or rule that differs. ``id`` and ``name`` are empty for the document as a whole."""

    id: str
    name: str
    kind: str
    words: str  # of the kind
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A form or table that differs. ``unreadable`` where an edition of it can't be compared.

    ``grids``: both editions of a table; None for a form, and for what is not there or can't be read.
    """

    name: str
    title: str
    kind: str
    words: str
    places: tuple[Place, ...]
    unreadable: bool
    grids: tuple[Grid | None, Grid | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``counts``: how many elements and flows were added, removed, changed, moved."""

    diagram: tuple[Place, ...]
    counts: Mapping[str, int]
    unreadable: bool
    forms: tuple[Document, ...]
    tables: tuple[Document, ...]

    @property
    def nothing(self) -> bool:
        return not (self.diagram or self.forms or self.tables or self.unreadable)


def compared(before: Bundle, after: Bundle) -> Comparison:
    changes = differences.of_bundles(before, after)
    drawn = [_diagram(bundle.diagram) for bundle in (before, after)]
    names = _names(*drawn)
    diagram = _places("diagram", (one for one in changes if one.part == "diagram"), names)
    return Comparison(
        diagram,
        {kind: sum(place.kind == kind for place in diagram) for kind in KINDS},
        None in drawn,
        tuple(_forms(changes, before, after, names)),
        tuple(_tables(changes, before, after)),
    )


def of_diagrams(before: bytes, after: bytes) -> tuple[Place, ...]:
    """Of two diagrams alone; empty where one of them can't be read."""
    found = differences.of_diagrams(before, after)
    changes = (Change("", one.element, one.kind, one.facet, one.before, one.after) for one in found)
    return _places("diagram", changes, _names(_diagram(after), _diagram(before)))


# ---- places


def _places(part: Part, changes: Iterable[Change], names: Names) -> tuple[Place, ...]:
    found: dict[tuple[str, str], list[Change]] = {}
    for one in changes:
        found.setdefault((one.place, one.kind), []).append(one)
    return tuple(_place(part, own, names) for own in found.values())


def _place(part: Part, changes: list[Change], names: Names) -> Place:
    first = changes[0]
    facets = tuple(_facet(part, one, names) for one in changes if one.facet)
    if part == "table" and not first.facet:  # what a rule said that came or went
        facets = (Facet(difference_words.facet(part, "rule", names), *marked(first.before, first.after)),)
    name = difference_words.place(part, first.place, names)
    if part == "diagram" and first.place not in names:  # pools, lanes and notes
        name = next((one.after or one.before for one in changes if one.facet in ("", "name")), "") or first.place
    return Place(first.place, name, first.kind, difference_words.kind(first.kind), facets)


def _facet(part: Part, one: Change, names: Names) -> Facet:
    words = difference_words.facet(part, one.facet, names)
    texts = (difference_words.value(part, one.facet, text, names) for text in (one.before, one.after))
    return Facet(words, *marked(*texts))


def _names(*diagrams: Diagram | None) -> Names:
    """Id -> name of what the diagrams consist of, the last one counts; a flow without one is called by its ends."""
    found: dict[str, str] = {}
    for diagram in diagrams:
        for process in diagram.processes if diagram else ():
            named = {one.id: one.name for one in process.elements.values() if one.name}
            flows = {one.id: one.name or _ends(one, named) for one in process.flows.values()}
            found |= {process.key: process.name or process.key} | named | flows
    return found


def _ends(flow: Flow, names: Names) -> str:
    return " → ".join(content(names.get(end)) or end for end in (flow.source, flow.target))


# ---- documents


def _forms(changes: Iterable[Change], before: Bundle, after: Bundle, names: Names) -> Iterator[Document]:
    for name, own in _documents(changes, "form"):
        old, new = form(before, name), form(after, name)
        named = {**labels(*(one for one in (old, new) if one)), **names}
        title = content((new or old).title) if new or old else name  # type: ignore[union-attr]
        yield _document(name, title, own, _places("form", _inner(own), named), (old, new))


def _tables(changes: Iterable[Change], before: Bundle, after: Bundle) -> Iterator[Document]:
    for name, own in _documents(changes, "table"):
        old, new = _decision(before, name), _decision(after, name)
        title = content((new or old).name) if new or old else name  # type: ignore[union-attr]
        yield _document(name, title or name, own, _places("table", _inner(own), {}), (old, new), _grids(old, new))


def _documents(changes: Iterable[Change], part: Part) -> list[tuple[str, list[Change]]]:
    found: dict[str, list[Change]] = {}
    for one in changes:
        if one.part == part:
            found.setdefault(one.document, []).append(one)
    return list(found.items())


def _inner(changes: Iterable[Change]) -> Iterator[Change]:
    """Without the one that is about the document as a whole."""
    return (one for one in changes if one.place or one.facet)


def _document(
    name: str,
    title: str,
    changes: list[Change],
    places: tuple[Place, ...],
    editions: tuple[object, object],
    grids: tuple[Grid | None, Grid | None] = (None, None),
) -> Document:
    whole = next((one for one in changes if not one.place and not one.facet), None)
    kind = whole.kind if whole else "changed"
    wanted = {"added": editions[1:], "removed": editions[:1]}.get(kind, editions)
    return Document(name, title, kind, difference_words.kind(kind), places, None in wanted, grids)


def labels(*forms: Form) -> dict[str, str]:
    """Path -> label of the fields and columns; the later form counts."""
    found: dict[str, str] = {}
    for one in forms:
        found |= _labels("", one.fields)
    return found


def _labels(prefix: str, fields: tuple[Field, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields:
        found[prefix + field.name] = content(field.label)
        found |= _labels(f"{prefix}{field.name}.", field.columns)
    return found


def _grids(before: Decision | None, after: Decision | None) -> tuple[Grid | None, Grid | None]:
    if before is not None and after is not None:
        return table_sides.sides(before, after)
    return (table_sides.alone(before) if before else None, table_sides.alone(after) if after else None)


# ---- reading what may not be readable any more


def form(bundle: Bundle, name: str) -> Form | None:
    """None for a form that is not there or has faults."""
    document: Mapping[str, Any] | None = bundle.forms.get(name)
    try:
        return read_form(document) if document is not None else None
    except Refused:
        return None


def _decision(bundle: Bundle, name: str) -> Decision | None:
    data = bundle.decisions.get(name)
    try:
        return read_decision(data) if data is not None else None
    except Refused:
        return None


def _diagram(data: bytes) -> Diagram | None:
    try:
        return read_diagram(data)
    except Refused:
        return None
