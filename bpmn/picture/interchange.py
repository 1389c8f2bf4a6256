"""The diagram part of a file: what is drawn in it, and adding shapes and lines to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from bpmn.picture.shapes import Bounds
from bpmn.xml import free_id, referred

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
NAMES = {"bpmndi": DI, "dc": DC, "di": DD}


class Plane:
    """One drawing of the file."""

    def __init__(self, node: etree._Element, taken: set[str]) -> None:
        self.node, self.taken = node, taken
        self.about = referred(node.get("bpmnElement"))
        self.shapes: dict[str, Bounds] = {}
        self.collapsed: set[str] = set()
        self.lines: set[str] = set()
        for shape in node.iterchildren(f"{{{DI}}}BPMNShape"):
            ident, bounds = referred(shape.get("bpmnElement")), shape.find(f"{{{DC}}}Bounds")
            if bounds is not None:
                self.shapes[ident] = Bounds(*(float(bounds.get(name, 0)) for name in ("x", "y", "width", "height")))
            if shape.get("isExpanded", "true") in ("false", "0"):
                self.collapsed.add(ident)
        self.lines = {referred(edge.get("bpmnElement")) for edge in node.iterchildren(f"{{{DI}}}BPMNEdge")}

    @property
    def left(self) -> float:
        return min((one.x for one in self.shapes.values()), default=160.0)

    @property
    def bottom(self) -> float:
        points = [float(one.get("y", 0)) for one in self.node.iter(f"{{{DD}}}waypoint")]
        return max([one.bottom for one in self.shapes.values()] + points, default=40.0)

    def draw(self, ident: str, bounds: Bounds, **more: str) -> None:
        shape = self._child("BPMNShape", ident, **more)
        values = {name: _written(getattr(bounds, name)) for name in ("x", "y", "width", "height")}
        etree.SubElement(shape, f"{{{DC}}}Bounds", values)
        self.shapes[ident] = bounds

    def join(self, ident: str, points: Iterable[tuple[float, float]]) -> None:
        edge = self._child("BPMNEdge", ident)
        for x, y in points:
            etree.SubElement(edge, f"{{{DD}}}waypoint", {"x": _written(x), "y": _written(y)})
        self.lines.add(ident)

    def _child(self, kind: str, ident: str, **more: str) -> etree._Element:
        return etree.SubElement(self.node, f"{{{DI}}}{kind}", {"id": free_id(f"{ident}_di", self.taken),
                                                              "bpmnElement": ident, **more})  # fmt: skip


def planes(root: etree._Element, taken: set[str]) -> Iterator[Plane]:
    for node in root.iter(f"{{{DI}}}BPMNPlane"):
        yield Plane(node, taken)


def new_plane(root: etree._Element, about: str, taken: set[str]) -> Plane:
    """A further drawing. The standard wants it after all elements and before the relationships."""
    diagram = etree.Element(f"{{{DI}}}BPMNDiagram", {"id": free_id(f"BPMNDiagram_{about}", taken)}, nsmap=NAMES)
    node = etree.SubElement(
        diagram, f"{{{DI}}}BPMNPlane", {"id": free_id(f"BPMNPlane_{about}", taken), "bpmnElement": about}
    )
    later = next((one for one in root if etree.QName(one).localname == "relationship"), None)
    if later is None:
        root.append(diagram)
    else:
        later.addprevious(diagram)
    return Plane(node, taken)


def _written(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
