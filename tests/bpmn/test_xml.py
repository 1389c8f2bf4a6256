from __future__ import annotations

import gzip
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.check import Known, check_diagram
from bpmn.diagram import read_diagram
from bpmn.xml import LARGEST, MOST_FLOW_NODES, MOST_FLOWS, read_xml
from faults import Refused


def refusal(data, schema="bpmn"):
    with pytest.raises(Refused) as caught:
        read_xml(data, schema)
    assert all("{" not in str(problem) for problem in caught.value.problems)
    return caught.value.problems


def codes(data, schema="bpmn"):
    return {problem.code for problem in refusal(data, schema)}


@pytest.fixture
def good(drawing):
    return drawing.simple(drawing.user("a"), "a")


def test_a_good_diagram_is_read(good):
    assert read_xml(good, "bpmn").tag.endswith("definitions")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_and_utf_16(good, encoding):
    text = good.decode().replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")
    assert read_diagram(text.encode(encoding)).processes[0].name == "流程"


LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">&lol2;</definitions>"""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_document"),
        (b" \n ", "empty_document"),
        (b"x" * (LARGEST + 1), "too_large"),
        (b"\xff\xfe\x00", "encoding"),
        (b"\x00\x01\x02\x80", "encoding"),
        (bytes(range(256)), "encoding"),
        ("<a>督查</a>".encode("gbk"), "encoding"),
        (gzip.compress(b"<a/>", mtime=0), "encoding"),
        (LAUGHS, "doctype"),
        (LAUGHS.decode().encode("utf-16"), "doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
        (b'<!doctype a SYSTEM "http://example.com/x.dtd"><a/>', "doctype"),
        (b'<a><!ENTITY x "y"></a>', "doctype"),
        (b"<a>&unknown;</a>", "not_xml"),
        (b"<a><b></a>", "not_xml"),
        (b"<a/><b/>", "not_xml"),
        (b"no xml", "not_xml"),
        (b"<a b=1/>", "not_xml"),
        (b"<a>\x01</a>", "not_xml"),
        (b"<a:b/>", "not_xml"),
        (b"\x00<a/>", "not_xml"),
        (b"<a>" * 5000 + b"</a>" * 5000, "nested_too_deeply"),
        (b"<html/>", "not_a_diagram"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "not_a_diagram"),
        (b"<definitions/>", "not_a_diagram"),
        (b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="p"/>', "not_a_diagram"),
    ],
)
def test_hostile_and_useless_documents(data, code):
    assert codes(data) == {code}


def test_an_encoding_that_the_declaration_lies_about_is_not_believed(good):
    for lie in (b"UTF-7", b"GBK", b"ISO-8859-1", b"EBCDIC-CP-US", b"nonsense"):
        assert read_diagram(good.replace(b'encoding="UTF-8"', b'encoding="' + lie + b'"')).processes[0].name == "流程"


def test_other_files_are_never_included(good, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'
    extended = good.replace(b'name="A"', b'name="B"').replace(
        b"</userTask>", f"<extensionElements>{include}</extensionElements></userTask>".encode()
    )
    assert b"secret" not in read_diagram(extended).xml.replace(str(secret).encode(), b"")
    assert read_diagram(extended).processes[0].elements["a"].documentation == ""


def test_comments_and_processing_instructions_do_not_count(good):
    data = good.replace(b"<process", b"<!-- <process id='q'/> --><?pi x?><process", 1)
    assert [process.key for process in read_diagram(data).processes] == ["p"]


def test_a_great_many_elements_are_refused(drawing):
    nodes = "".join(drawing.node("task", f"t{n}") for n in range(MOST_FLOW_NODES + 1))
    problem = refusal(drawing.process(nodes))[0]
    assert (problem.code, problem.params["found"]) == ("too_many_nodes", MOST_FLOW_NODES + 1)
    assert codes(drawing.process(drawing.user("a") + drawing.chain(*["a"] * (MOST_FLOWS + 2)))) == {"too_many_flows"}


def test_the_largest_diagram_is_examined_soon(drawing):
    ids = [f"t{n}" for n in range(MOST_FLOW_NODES - 2)]
    body = drawing.node("startEvent", "s") + "".join(drawing.user(id_) for id_ in ids) + drawing.node("endEvent", "e")
    flows = drawing.chain("s", *ids, "e") + "".join(drawing.flow(ids[n], ids[-n - 1], "x.y == 1") for n in range(200))
    started = time.process_time()
    check_diagram(read_diagram(drawing.process(body + flows)), Known())
    assert time.process_time() - started < 3


# ---- the schema, in words

TWO_TIMES = "<timerEventDefinition><timeDate/><timeCycle/></timerEventDefinition>"


@pytest.mark.parametrize(
    ("body", "code", "element", "named"),
    [
        ('<userTask id="a b"/>', "value", "a b", "a b"),
        ('<userTask id="a"/><endEvent id="a"/>', "duplicate_id", "a", "a"),
        ('<somethingElse id="z"/>', "misplaced", "z", "somethingElse"),
        ('<sequenceFlow id="f" sourceRef="a"/>', "attribute_missing", "f", "targetRef"),
        ("<userTask/>", "attribute_missing", "", "id"),
        ('<sequenceFlow sourceRef="a" targetRef="b"/>', "attribute_missing", "", "id"),
        ('<userTask id="a" assignee="me"/>', "attribute_unknown", "a", "assignee"),
        ('<exclusiveGateway id="g" gatewayDirection="Up"/>', "value", "g", "Up"),
        ('<userTask id="a"><incoming>f</incoming><documentation/></userTask>', "misplaced", "a", "documentation"),
        ('<task id="c"><multiInstanceLoopCharacteristics isSequential="perhaps"/></task>', "value", "c", "perhaps"),
        ('<laneSet id="l"><lane id="x"><flowNodeRef/></lane></laneSet>', "schema", "x", "flowNodeRef"),
        (f'<startEvent id="s">{TWO_TIMES}</startEvent>', "misplaced", "s", "timeCycle"),
    ],
)  # fmt: skip
def test_faults_against_the_schema_name_element_and_line(drawing, body, code, element, named):
    data = drawing.process(body)
    found = [problem for problem in refusal(data) if problem.code == code]
    assert found
    assert found[0].element == element
    assert found[0].line == 4
    assert named in str(found[0])


def test_foreign_attributes_and_elements_are_welcome(drawing):
    body = (
        '<userTask id="a" camunda:assignee="me"><documentation textFormat="text/plain">x</documentation>'
        '<extensionElements><camunda:formData><camunda:formField id="x" type="string"/></camunda:formData>'
        '<other xmlns="https://example.org/other" any="thing"><deep/></other></extensionElements></userTask>'
    )
    assert "a" in read_diagram(drawing.process(body)).processes[0].elements


def test_problems_are_bounded_in_number(drawing):
    body = "".join(f'<userTask id="u{n}" wrong="1"/>' for n in range(200))
    assert len(refusal(drawing.process(body))) <= 50


@pytest.mark.parametrize("path", sorted(Path("bpmn/processes").glob("*.bpmn")), ids=lambda path: path.stem)
def test_shipped_diagrams_follow_the_schema(path):
    assert read_diagram(path.read_bytes()).processes


# ---- anything else


def examine(data):
    with suppress(Refused):
        diagram = read_diagram(data)
        assert [problem for problem in check_diagram(diagram, Known()) if not str(problem)] == []


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data):
    examine(data)


CONTENT = Path("bpmn/processes/rectification.bpmn").read_bytes()
PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"<", b">", b"</", b'"', b"&amp;", b"&x;", b"<!DOCTYPE x>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"id=",
         b"\xff", b"bpmn:task", b"bpmn:subProcess", b"default=", b"ducha:", b"sourceRef", b"targetRef", b"attached"]
    ),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_mutation_of_a_diagram_is_examined_or_refused(data):
    content = bytearray(CONTENT)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 60))] = data.draw(PIECES)
    examine(bytes(content))
