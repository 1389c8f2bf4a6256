"""What differs between two diagrams: elements and flows that came, went, changed or were only moved on the picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from bpmn.diagram import Diagram, Element, Event, Flow, Loop, Process
from bpmn.xml import BPMN, local, read_xml

Kind = Literal["added", "removed", "changed", "moved"]
Facets = Mapping[str, str]

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
# What is drawn and not executed; it is compared by its name, or what is written in it, and what it leads to.
_PICTURED = (
    "participant", "lane", "textAnnotation", "group", "dataObjectReference", "dataStoreReference", "messageFlow",
    "association",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """``element`` is the id of an element or flow, or of the process for what belongs to the whole.

    ``facet`` says what changed (name, condition, candidateGroups, timer ...), with the texts before and after; it is
    empty where the element came, went or was moved, and then the texts are its names.
    """

    element: str
    kind: Kind
    facet: str = ""
    before: str = ""
    after: str = ""


def compare(before: Diagram, after: Diagram) -> tuple[Difference, ...]:
    """All differences in the order of the later diagram, what was removed at the end.

    An element whose kind has changed is one that went and one that came: it is another step.
    """
    roots = [read_xml(diagram.xml, "bpmn") for diagram in (before, after)]
    old, new = _facets_of(before) | _pictured(roots[0]), _facets_of(after) | _pictured(roots[1])
    old_places, new_places = _places(roots[0]), _places(roots[1])
    found: list[Difference] = []
    for key, facets in new.items():
        if key not in old or old[key]["kind"] != facets["kind"]:
            found.append(Difference(key, "added", after=facets.get("name", "")))
            continue
        changes = list(_changes(key, old[key], facets))
        found += changes
        places = old_places.get(key), new_places.get(key)
        if not changes and None not in places and places[0] != places[1]:
            found.append(Difference(key, "moved", before=facets.get("name", ""), after=facets.get("name", "")))
    for key, facets in old.items():
        if key not in new or new[key]["kind"] != facets["kind"]:
            found.append(Difference(key, "removed", before=facets.get("name", "")))
    return tuple(found)


def _changes(key: str, old: Facets, new: Facets) -> Iterator[Difference]:
    for facet in {**new, **old}:
        before, after = old.get(facet, ""), new.get(facet, "")
        if before != after:
            yield Difference(key, "changed", facet, before, after)


def _facets_of(diagram: Diagram) -> dict[str, Facets]:
    """The id of everything that can differ -> what can differ of it, as texts. Empty facets are left out."""
    found: dict[str, Facets] = {}
    for process in diagram.processes:
        found[process.key] = _filled(_of_process(process))
        for element in process.elements.values():
            found[element.id] = _filled(_of_element(element))
        for flow in process.flows.values():
            found[flow.id] = _filled(_of_flow(flow))
    return found


def _pictured(root: etree._Element) -> dict[str, Facets]:
    found: dict[str, Facets] = {}
    for node in root.iter(*(f"{{{BPMN}}}{tag}" for tag in _PICTURED)):
        if ident := node.get("id"):
            written = " ".join("".join(map(str, node.itertext(f"{{{BPMN}}}text"))).split())
            ends = {end: (node.get(f"{end}Ref") or "").rpartition(":")[2] for end in ("source", "target")}
            name = " ".join((node.get("name") or "").split())
            found[ident] = _filled({"kind": local(node), "name": name or written, **ends})
    return found


def _filled(facets: Mapping[str, str | None]) -> Facets:
    return {name: text for name, text in facets.items() if text}


def _of_process(process: Process) -> Mapping[str, str | None]:
    return {
        "kind": "process",
        "name": process.name,
        "documentation": process.documentation,
        "outputs": _pairs(process.outputs),
        **process.attributes,
    }


def _of_element(element: Element) -> Mapping[str, str | None]:
    return {
        "kind": element.kind,
        "name": element.name,
        "lane": element.lane,
        "scope": element.scope,
        "documentation": element.documentation,
        **element.attributes,
        "inputs": _pairs(element.inputs),
        "outputs": _pairs(element.outputs),
        "skipped": _pairs(element.skipped),
        "event": "; ".join(_event(event) for event in element.events),
        "attachedTo": element.attached_to,
        "interrupting": "" if element.interrupting else "no",
        "default": element.default,
        "loop": _loop(element.loop),
        "calledElement": element.called,
        "message": element.message,
        "script": element.script,
    }


def _of_flow(flow: Flow) -> Mapping[str, str | None]:
    return {
        "kind": "sequenceFlow",
        "name": flow.name,
        "source": flow.source,
        "target": flow.target,
        "condition": flow.condition,
    }


def _event(event: Event) -> str:
    return " ".join(filter(None, (event.kind, event.name, event.timer_kind, event.timer)))


def _loop(loop: Loop | None) -> str:
    if loop is None:
        return ""
    named = {
        "": loop.kind,
        "cardinality": loop.cardinality,
        "collection": loop.collection,
        "elementVariable": loop.variable,
        "completionCondition": loop.until,
        **dict(sorted(loop.rule.items())),
    }
    return "\n".join(f"{name} {text}".strip() for name, text in named.items() if text)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs)


def _places(root: etree._Element) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Where each element and flow is drawn: its bounds and waypoints."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for shape in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge"):
        element = (shape.get("bpmnElement") or "").rpartition(":")[2]
        found[element] = tuple(_numbers(place) for place in shape.iter("{*}Bounds", "{*}waypoint"))
    return found


def _numbers(place: etree._Element) -> tuple[str, ...]:
    """The numbers of a place, written alike: tools write 80 or 80.0."""
    return tuple(f"{float(place.get(name, '0')):.0f}" for name in ("x", "y", "width", "height") if place.get(name))
