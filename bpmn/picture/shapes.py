"""Where things are: bounds, in the pixels of the standard's diagrams, and the scopes whose elements stand together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bpmn.xml import BPMN, FLOW_NODES, local, referred

SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
ASIDE = frozenset({"dataObjectReference", "dataStoreReference", "textAnnotation", "group"})

_SIZES = {
    "event": (36.0, 36.0), "gateway": (50.0, 50.0), "dataObjectReference": (36.0, 50.0),
    "dataStoreReference": (50.0, 50.0), "textAnnotation": (120.0, 50.0), "group": (140.0, 100.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> Bounds:
        return Bounds(self.x + x, self.y + y, self.width, self.height)


def tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def size(node: etree._Element) -> tuple[float, float]:
    """Width and height of what holds nothing."""
    kind = local(node)
    kind = "event" if kind.endswith("Event") else "gateway" if kind.endswith("Gateway") else kind
    return _SIZES.get(kind, (100.0, 80.0))


def flow_nodes(scope: etree._Element) -> list[etree._Element]:
    return [node for node in scope.iterchildren(tag("*")) if local(node) in FLOW_NODES and node.get("id")]


def boundaries(scope: etree._Element) -> dict[str, list[etree._Element]]:
    """The events on the border of each activity, by its id."""
    found: dict[str, list[etree._Element]] = {}
    for node in scope.iterchildren(tag("boundaryEvent")):
        found.setdefault(node.get("attachedToRef", ""), []).append(node)
    return found


def aside(scope: etree._Element) -> list[etree._Element]:
    """Data, notes and groups."""
    return [node for node in scope.iterchildren(tag("*")) if local(node) in ASIDE and node.get("id")]


def flows(scope: etree._Element) -> list[tuple[str, str]]:
    """(source, target) of the sequence flows right inside the scope; those of a boundary event come from its host."""
    hosts = {one.get("id", ""): host for host, events in boundaries(scope).items() for one in events}
    found = [(one.get("sourceRef", ""), one.get("targetRef", "")) for one in scope.iterchildren(tag("sequenceFlow"))]
    return [(hosts.get(source, source), target) for source, target in found]


def lines(holder: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """(element, from, to) of every line right inside a scope or collaboration, with the ids of its ends."""
    for node in holder.iterchildren(tag("*")):
        if local(node) in ("sequenceFlow", "association", "messageFlow"):
            yield node, referred(node.get("sourceRef")), referred(node.get("targetRef"))
        for one in node.iterchildren(tag("dataInputAssociation"), tag("dataOutputAssociation")):
            here = node.get("id", "")
            if local(one) == "dataInputAssociation":
                yield one, referred(one.findtext(tag("sourceRef"))), here
            else:
                yield one, here, referred(one.findtext(tag("targetRef")))
