"""What came without a picture gets one, all of it; what is drawn already stays where it is."""

from __future__ import annotations

import itertools

import pytest
from lxml import etree

from bpmn.picture import redrawn, with_picture
from bpmn.picture.grid import cells
from tests.bpmn.interchanged import BPMN, DC, DD, DI, bare, content, drawn, layout

LANES = bare("petition")  # pools, nested lanes, data and notes, without a picture
SHOWN = {"office", "citizen", "desk", "unit", "staff", "head", "nobody", "s", "t1", "g", "t2", "t3", "e", "late",
         "remind", "inside", "in1", "in2", "letter", "note"}  # fmt: skip
INSIDE = {"desk": "s t1", "staff": "g t2", "head": "t3", "unit": "staff head", "office": "desk unit e", "inside": "in1"}
JOINED = {"asks", "about", "i1", *(f"f{number}" for number in range(1, 10))}


def shapes(data: bytes) -> dict[str, tuple[float, float, float, float]]:
    """id -> left, top, right, bottom"""
    found = {}
    for shape in etree.fromstring(data).iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        assert bounds is not None
        x, y, width, height = (float(bounds.get(name, "0")) for name in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement", "")] = (x, y, x + width, y + height)
    return found


def lines(data: bytes) -> dict[str, list[tuple[float, float]]]:
    return {
        edge.get("bpmnElement", ""): [
            (float(one.get("x", "0")), float(one.get("y", "0"))) for one in edge.iter(f"{{{DD}}}waypoint")
        ]
        for edge in etree.fromstring(data).iter(f"{{{DI}}}BPMNEdge")
    }


def holds(outer: tuple[float, ...], inner: tuple[float, ...]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def undrawn(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for page in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(page)
    return etree.tostring(root)


def test_pools_lanes_data_and_notes_without_a_picture() -> None:
    found = with_picture(LANES)
    places = shapes(found)
    assert set(places) == SHOWN
    assert set(lines(found)) == JOINED
    assert all(len(points) >= 2 for points in lines(found).values())
    assert content(undrawn(found), {}) == content(LANES, {})
    for lane, inside in {
        "desk": "s t1",
        "staff": "g t2",
        "head": "t3",
        "unit": "staff head",
        "office": "desk unit e",
    }.items():
        assert all(holds(places[lane], places[one]) for one in inside.split()), lane
    assert holds(places["inside"], places["in1"])
    apart = [places[one] for one in ("s", "t1", "g", "t2", "t3", "e", "remind", "inside", "letter", "note")]
    assert not any(overlap(one, other) for one, other in itertools.combinations(apart, 2))
    _, top, _, bottom = places["late"]
    assert top < places["t2"][3] < bottom, "on the border of its activity"
    assert with_picture(found) == found


@pytest.mark.parametrize("name", ["bridge", "sheets", "talk", "dance"])
def test_no_element_is_lost_and_all_that_can_be_shown_is(name: str) -> None:
    found = with_picture(bare(name))
    assert content(undrawn(found), {}) == content(bare(name), {})
    nodes = {
        node.get("id")
        for node in etree.fromstring(bare(name)).iter(
            *(f"{{{BPMN}}}{kind}" for kind in ("participant", "userTask", "lane"))
        )
        if not any(etree.QName(one).localname.startswith(("global", "choreo")) for one in node.iterancestors())
    }
    assert nodes <= set(shapes(found))


def test_what_is_drawn_stays_and_what_was_left_out_is_added() -> None:
    whole = drawn("sheets")
    root = etree.fromstring(whole)
    for shape in list(root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")):
        if shape.get("bpmnElement") in ("permitted", "p-2", "look", "collect"):
            shape.getparent().remove(shape)
    less = etree.tostring(root)
    found = with_picture(less)
    assert layout(less, {}) <= layout(found, {})
    assert set(shapes(found)) == set(shapes(whole))
    assert {"p-2"} <= set(lines(found))
    pages = {page.get("id"): page for page in etree.fromstring(found).iter(f"{{{DI}}}BPMNDiagram")}
    assert len(pages) == len(list(etree.fromstring(whole).iter(f"{{{DI}}}BPMNDiagram")))
    inside = [page for page in pages.values() if page.find(f".//{{{DI}}}BPMNShape[@bpmnElement='look']") is not None]
    assert [page[0].get("bpmnElement") for page in inside] == ["examine"], "on the page of its closed sub-process"


def test_what_is_inside_a_closed_sub_process_gets_a_page_of_its_own() -> None:
    root = etree.fromstring(drawn("sheets"))
    for page in root.findall(f"{{{DI}}}BPMNDiagram"):
        if page[0].get("bpmnElement") == "examine":
            root.remove(page)
    found = etree.fromstring(with_picture(etree.tostring(root)))
    plane = found.find(f".//{{{DI}}}BPMNPlane[@bpmnElement='examine']")
    assert plane is not None
    assert {shape.get("bpmnElement") for shape in plane} >= {"examine_begins", "look", "measure", "e-1", "e-2"}


def test_a_border_event_that_was_left_out_sits_on_its_activity() -> None:
    found = with_picture(LANES)
    root = etree.fromstring(found)
    for shape in list(root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")):
        if shape.get("bpmnElement") in ("late", "f8"):
            shape.getparent().remove(shape)
    again = shapes(with_picture(etree.tostring(root)))
    assert again["late"] == shapes(found)["late"]


def test_it_is_drawn_anew_with_its_colours() -> None:
    root = etree.fromstring(drawn("sheets"))
    found = etree.fromstring(redrawn(etree.tostring(root)))
    before, after = (
        {one.get("bpmnElement"): one.get(COLOUR) for one in tree.iter(f"{{{DI}}}BPMNShape") if one.get(COLOUR)}
        for tree in (root, found)
    )
    assert after == before
    assert content(undrawn(etree.tostring(found)), {}) == content(undrawn(drawn("sheets")), {})


PLAIN = ("participant", "userTask", "lane")
COLOUR = "{http://bpmn.io/schema/bpmn/biocolor/1.0}stroke"


def test_no_two_share_a_cell_whatever_leads_where() -> None:
    names = [f"n{number}" for number in range(30)]
    for step in range(1, 12):
        flows = [(names[at], names[(at * step + 7) % 30]) for at in range(0, 30, 2)]
        found = cells(names, [*flows, (names[3], names[3]), ("gone", names[1])])
        assert set(found) == set(names)
        assert len(set(found.values())) == 30
        assert all(column >= 0 and row >= 0 for column, row in found.values())
