"""The shipped diagrams are clean pictures: nothing crosses, nothing lies on anything, all is named and explained."""

import itertools
import re
from pathlib import Path

import pytest
from lxml import etree

NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
DIAGRAMS = sorted(Path("bpmn/processes").glob("*.bpmn"))
CONTAINERS = {"participant", "lane", "subProcess"}
SILENT = {"sequenceFlow", "laneSet", "documentation", "extensionElements"}


@pytest.fixture(scope="module", params=DIAGRAMS, ids=lambda path: path.stem)
def picture(request):
    return Picture(etree.parse(request.param).getroot())


class Picture:
    """Boxes of shapes, boxes of labels and the straight pieces of flows, by the id of the element."""

    def __init__(self, root):
        self.elements = {element.get("id"): element for element in root.iter() if element.get("id")}
        self.boxes, self.labels, self.flows = {}, {}, {}
        for shape in root.iterfind(".//bpmndi:BPMNShape", NS):
            self.boxes[shape.get("bpmnElement")] = _box(shape.find("dc:Bounds", NS))
        for edge in root.iterfind(".//bpmndi:BPMNEdge", NS):
            points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iterfind("di:waypoint", NS)]
            self.flows[edge.get("bpmnElement")] = list(itertools.pairwise(points))
        for drawn in root.iterfind(".//bpmndi:BPMNLabel", NS):
            self.labels[drawn.getparent().get("bpmnElement")] = _box(drawn.find("dc:Bounds", NS))

    def kind(self, element_id):
        return etree.QName(self.elements[element_id]).localname

    def solid(self):
        return {name: box for name, box in self.boxes.items() if self.kind(name) not in CONTAINERS}


def test_every_element_is_drawn(picture):
    process = next(e for e in picture.elements.values() if etree.QName(e).localname == "process")
    wanted = set()
    for element in process.iter():
        if etree.QName(element).namespace == NS["bpmn"] and element.get("id"):
            kind = etree.QName(element).localname
            if kind not in SILENT | {"process"} and not kind.endswith("EventDefinition"):
                wanted.add(element.get("id"))
    assert wanted <= set(picture.boxes)
    flows = {name for name in picture.elements if picture.kind(name) == "sequenceFlow"}
    assert flows == set(picture.flows)


def test_flows_are_straight_and_touch_what_they_join(picture):
    for name, pieces in picture.flows.items():
        for (x1, y1), (x2, y2) in pieces:
            assert x1 == x2 or y1 == y2, f"{name} is slanted"
        flow = picture.elements[name]
        assert _on_edge(pieces[0][0], picture.boxes[flow.get("sourceRef")]), name
        assert _on_edge(pieces[-1][1], picture.boxes[flow.get("targetRef")]), name


def test_flows_do_not_cross(picture):
    for (one, first), (two, second) in itertools.combinations(picture.flows.items(), 2):
        for a, b in itertools.product(first, second):
            assert not _meet(a, b), f"{one} and {two} meet"


def test_flows_do_not_run_through_shapes(picture):
    for name, pieces in picture.flows.items():
        for other, box in picture.solid().items():
            assert not any(_through(piece, _shrunk(box, 1)) for piece in pieces), f"{name} runs through {other}"


def test_shapes_and_labels_do_not_lie_on_each_other(picture):
    drawn = {**picture.solid(), **{f"label of {name}": box for name, box in picture.labels.items()}}
    for (one, a), (two, b) in itertools.combinations(drawn.items(), 2):
        if _attached(picture, one, two):
            continue
        assert not _overlap(a, b), f"{one} lies on {two}"


def test_labels_do_not_lie_on_flows(picture):
    for name, box in picture.labels.items():
        for flow, pieces in picture.flows.items():
            assert not any(_through(piece, box) for piece in pieces), f"the label of {name} lies on {flow}"


def test_all_that_stands_in_a_lane_lies_in_it(picture):
    for name, element in picture.elements.items():
        if picture.kind(name) == "lane":
            for node in element.iterfind("bpmn:flowNodeRef", NS):
                x, y = _middle(picture.boxes[node.text])
                assert _inside((x, y), picture.boxes[name]), f"{node.text} lies outside its lane"


def test_everything_is_named_in_chinese_and_explained_with_its_clause(picture):
    for name in picture.boxes:
        element = picture.elements[name]
        if picture.kind(name) == "participant":
            continue
        assert re.search(r"[\u4e00-\u9fff]", element.get("name", "")), f"{name} has no Chinese name"
        if picture.kind(name) != "lane":
            words = element.findtext("bpmn:documentation", "", NS)
            assert re.search(r"^clause: (S\d\.\d+[a-z]?)( S\d\.\d+[a-z]?)*$", words, re.MULTILINE), f"{name}: no clause"
            assert re.search(r"[\u4e00-\u9fff]", words)


def _box(bounds):
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return (x, y, x + width, y + height)


def _shrunk(box, by):
    return (box[0] + by, box[1] + by, box[2] - by, box[3] - by)


def _middle(box):
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def _inside(point, box):
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _on_edge(point, box):
    return _inside(point, box) and not _inside(point, _shrunk(box, 0.6))


def _overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _span(piece):
    (x1, y1), (x2, y2) = piece
    return (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _through(piece, box):
    span = _span(piece)
    return span[0] < box[2] and box[0] < span[2] + 0.01 and span[1] < box[3] and box[1] < span[3] + 0.01


def _meet(a, b):
    one, two = _span(a), _span(b)
    return one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3]


def _attached(picture, one, two):
    """A boundary event lies on the edge of its host."""
    return any(
        name in picture.elements and picture.elements[name].get("attachedToRef") == host
        for name, host in ((one, two), (two, one))
    )
