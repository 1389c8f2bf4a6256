"""Diagrams of other tools come in and go out again without losing an element, an attribute or a place."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from lxml import etree

from bpmn.diagram import read_diagram
from bpmn.encodings import as_utf8
from bpmn.foreign import Adopted, adopt
from bpmn.foreign.ids import subject
from bpmn.foreign.repair import KEPT
from faults import Refused
from tests.bpmn.interchanged import BPMN, DI, bare, documents, drawn, layout, losses

DOCUMENTS = documents()
SCHEMA = "SpiffWorkflow/bpmn/parser/schema/Semantic.xsd"
# General elements in whose place the standard's own files always have a special one.
NEVER = {"callableElement", "conversationAssociation", "dataAssociation", "expression", "gateway", "implicitThrowEvent"}


def renamed(adopted: Adopted) -> dict[str, str]:
    codes = ("foreign_renamed", "foreign_call")
    return {one.params["old"]: one.params["new"] for one in adopted.notes if one.code in codes}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_lost(name: str) -> None:
    adopted = adopt(DOCUMENTS[name])
    assert losses(DOCUMENTS[name], adopted.diagram, renamed(adopted)) == []
    assert {one.code for one in adopted.notes} <= {"foreign_renamed", "foreign_call"}
    assert adopt(adopted.diagram).diagram == adopted.diagram, "what has come in is not changed when it comes again"
    assert adopted.diagram.decode().splitlines()[0].lower().count("utf-8") == 1


def test_they_hold_every_element_that_the_standard_has() -> None:
    schema = etree.parse(str(distribution("SpiffWorkflow").locate_file(SCHEMA))).getroot()
    types = {one.get("name"): one for one in schema.iter("{*}complexType")}
    declared = {
        one.get("name")
        for one in schema.iterchildren("{*}element")
        if types[one.get("type")].get("abstract") != "true" and one.get("name") not in NEVER
    }
    held = {
        etree.QName(node).localname
        for name in ("bridge", "dance", "talk", "sheets")
        for node in etree.fromstring(drawn(name)).iter(f"{{{BPMN}}}*")
    }
    assert declared - held == set()


def test_what_had_no_id_gets_one_and_what_no_formula_can_name_another() -> None:
    adopted = adopt(bare("nameless"))
    process = read_diagram(adopted.diagram).processes[0]
    assert process.name == "接待 来访"
    assert {(one.name, one.kind) for one in process.elements.values()} == {
        ("", "startEvent"), ("Réponse du maire", "userTask"), ("Nowhere to be found", "task"), ("", "endEvent")
    }  # fmt: skip
    assert {(one.source, one.target) for one in process.flows.values()} == {
        ("e_7f0a_1_b", "title_1"),
        ("title_1", "if_1"),
    }
    assert [one.code for one in adopted.notes].count("foreign_id_given") == 3
    assert {one.params["old"] for one in adopted.notes if one.code == "foreign_renamed"} == {"_7f0a-1.b", "title", "if"}


def test_what_no_process_is_in_has_a_key_and_a_name() -> None:
    for name, key in (("dance", "order_of_talks"), ("talk", "who_talks")):
        diagram = read_diagram(adopt(drawn(name)).diagram)
        assert diagram.processes == ()
        assert subject(diagram)[0] == key
    assert subject(read_diagram(adopt(drawn("dance")).diagram))[1] == "Talks"


def test_what_the_standard_does_not_allow_is_sorted_or_kept_aside() -> None:
    text = bare("sheets").decode()
    data = text.replace(
        '<startEvent id="applied"/>',
        '<startEvent id="applied" colour="red"><messageEventDefinition/><outgoing>p-1</outgoing><shape>round</shape>'
        '</startEvent>',
    ).replace('<process id="permits"', '<interface id="empty_one" name="Bank"/><process id="permits"').replace(
        'isExecutable="true"', 'isExecutable="maybe"'
    )  # fmt: skip
    adopted = adopt(data.encode())
    root = etree.fromstring(adopted.diagram)
    start = root.find(f".//{{{BPMN}}}startEvent[@id='applied']")
    assert start is not None
    assert [etree.QName(one).localname for one in start] == ["extensionElements", "outgoing", "messageEventDefinition"]
    kept = {etree.QName(node).localname: node for node in root.iter(f"{{{KEPT}}}*")}
    assert (kept["shape"].text, kept["interface"].get("name")) == ("round", "Bank")
    assert start.get(f"{{{KEPT}}}colour") == "red"
    assert root.find(f"{{{BPMN}}}process").get(f"{{{KEPT}}}isExecutable") == "maybe"
    told = [(one.element, one.code, one.params.get("name")) for one in adopted.notes]
    assert ("applied", "foreign_sorted", None) in told
    assert {name for _, code, name in told if code == "foreign_kept"} == {
        "colour",
        "isExecutable",
        "shape",
        "interface",
    }


def test_what_cannot_be_put_right_is_refused_with_a_sentence() -> None:
    text = bare("sheets").decode()
    for wrong in (
        text.replace('sourceRef="applied" targetRef="examine"', 'targetRef="examine"'),
        text.replace("</definitions>", '<process id="permits"/></definitions>'),
        text.replace(' targetNamespace="http://example.com/sheets"', ""),
    ):
        with pytest.raises(Refused) as refused:
            adopt(wrong.encode())
        assert all("{" not in str(one) for one in refused.value.problems)


def test_a_line_without_a_way_and_a_shape_without_a_place_are_kept_aside_and_drawn_anew() -> None:
    root = etree.fromstring(drawn("sheets"))
    edge, shape = (root.find(f".//{{{DI}}}*[@bpmnElement='{ident}']") for ident in ("p-1", "permitted"))
    assert edge is not None
    assert shape is not None
    for point in list(edge)[1:]:
        edge.remove(point)
    shape.remove(shape[0])
    adopted = adopt(etree.tostring(root))
    found = etree.fromstring(adopted.diagram)
    assert {one.element for one in adopted.notes if one.code == "foreign_kept"} == {"p-1", "permitted"}
    assert {etree.QName(one).localname for one in found.iter(f"{{{KEPT}}}*")} >= {"BPMNEdge", "BPMNShape"}
    for ident in ("p-1", "permitted"):
        assert found.find(f".//{{{DI}}}*[@bpmnElement='{ident}']") is not None


def test_a_shape_with_the_id_of_what_it_shows_gets_another() -> None:
    data = drawn("sheets").replace(b'id="shape_0_0"', b'id="sheet_pool"')
    adopted = adopt(data)
    assert [one.code for one in adopted.notes] == ["foreign_id_twice"]
    assert layout(data, {}) == layout(adopted.diagram, {})


@pytest.mark.parametrize("encoding", ["UTF-7", "EBCDIC-CP-US", "nonsense", "hex", "utf-32"])
def test_an_encoding_in_which_signs_could_hide_is_not_used(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>'.encode() + b"\xe9</a>"
    assert as_utf8(data) == data


# The files of the working group are not part of this project: docs/foreign.md says how to get them.
MIWG = os.environ.get("DUCHA_MIWG", "")


def _files() -> Iterator[Path]:
    yield from sorted(path for path in Path(MIWG).rglob("*") if path.suffix.lower() == ".bpmn") if MIWG else ()


@pytest.mark.skipif(not MIWG, reason="DUCHA_MIWG names no folder")
@pytest.mark.parametrize("path", list(_files()), ids=str)
def test_the_suite(path: Path) -> None:
    data = path.read_bytes()
    adopted = adopt(data)
    names, told = renamed(adopted), {one.code for one in adopted.notes}
    assert _elements(data, names) == _elements(adopted.diagram, names)
    assert layout(data, names) <= layout(adopted.diagram, names), "what had no place in the picture may have one now"
    if told <= {"foreign_renamed", "foreign_call"}:
        assert losses(data, adopted.diagram, names) == []


def _elements(data: bytes, names: dict[str, str]) -> Counter[tuple[str, str]]:
    """The standard's elements; what it does not allow is kept aside, the words of other engines are translated."""
    nodes = etree.fromstring(data).iter(f"{{{BPMN}}}*", f"{{{KEPT}}}*")
    found = Counter(
        (str(etree.QName(node).localname), names.get(node.get("id", ""), node.get("id", ""))) for node in nodes
    )
    return Counter({key: number for key, number in found.items() if key[0] not in ("extensionElements", "script")})
