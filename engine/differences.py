"""What differs between two bundles, in one list for people: diagram, forms and decision tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bpmn import compare as diagrams
from bpmn import table_compare as tables
from bpmn.decisions import read_decision
from bpmn.diagram import read_diagram
from bpmn.table_tests import read_tests, said
from engine.publish import Bundle
from faults import Refused
from forms import compare as forms
from forms.document import read_form

Part = Literal["diagram", "form", "table"]


@dataclass(frozen=True, slots=True)
class Change:
    """``document`` is "" for the diagram, else the name of the form or the id of the table.

    ``place`` is the element, field or rule in it; ``kind`` added, removed, changed or moved; ``facet`` what of it, with
    the texts before and after.  ``part`` says what the document is: diagram, form or table.
    """

    document: str
    place: str
    kind: str
    facet: str = ""
    before: str = ""
    after: str = ""
    part: Part = "diagram"


def of_bundles(before: Bundle, after: Bundle) -> tuple[Change, ...]:
    """Documents that can't be read any more are one change each."""
    found = [
        Change("", one.element, one.kind, one.facet, one.before, one.after)
        for one in of_diagrams(before.diagram, after.diagram)
    ]
    found += [replace(one, part="form") for one in _of_documents(before.forms, after.forms, _of_forms)]
    found += [replace(one, part="table") for one in _of_documents(before.decisions, after.decisions, _of_tables)]
    return tuple(found)


def of_diagrams(before: bytes, after: bytes) -> tuple[diagrams.Difference, ...]:
    """Empty where one of the two is no diagram."""
    try:
        return diagrams.compare(read_diagram(before), read_diagram(after))
    except Refused:
        return ()


def names(bundle: Bundle) -> Mapping[str, str]:
    """Id -> name of every element, flow and process of the diagram, for showing differences."""
    found: dict[str, str] = {}
    for process in read_diagram(bundle.diagram).processes:
        found[process.key] = process.name
        found |= {one.id: one.name for one in process.elements.values()}
        found |= {one.id: one.name for one in process.flows.values()}
    return {ident: name for ident, name in found.items() if name}


def _of_documents(before: Mapping[str, Any], after: Mapping[str, Any], compare: Any) -> Iterable[Change]:
    for name in {**after, **before}:
        if name not in before:
            yield Change(name, "", "added")
        elif name not in after:
            yield Change(name, "", "removed")
        elif before[name] != after[name]:
            yield from compare(name, before[name], after[name])


def _of_forms(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    try:
        found = forms.compare(read_form(before), read_form(after))
    except Refused:
        return (Change(name, "", "changed"),)
    return [Change(name, one.path, one.kind, one.facet, one.before, one.after) for one in found]


def _of_tables(name: str, before: bytes, after: bytes) -> Iterable[Change]:
    try:
        found = tables.compare(read_decision(before), read_decision(after))
        tests = said(read_tests(before)), said(read_tests(after))
    except Refused:
        return (Change(name, "", "changed"),)
    listed = [Change(name, str(one.rule or ""), one.kind, one.facet, one.before, one.after) for one in found]
    return listed if tests[0] == tests[1] else [*listed, Change(name, "", "changed", "tests", *tests)]
