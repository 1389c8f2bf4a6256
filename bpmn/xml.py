"""Reads the XML of diagrams and decision tables from anybody without harm.

Any DOCTYPE is refused, so there are no entities; nothing is fetched, XInclude is not followed; size, depth and the
number of flow nodes are bounded; the text is validated against the OMG's XML Schemas.  The first three are decided
on the decoded text, before a parser sees it, so no encoding can hide them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from typing import Any, Literal

from lxml import etree

from bpmn.encodings import decoded, undeclared
from faults import N_, Problem, Refused

Schema = Literal["bpmn", "dmn"]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DUCHA = "https://ducha.example/bpmn"

_NAMESPACES = (
    BPMN,
    DMN,
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "https://www.omg.org/spec/DMN/20191111/DMNDI/",
)

LARGEST = 2 * 1024 * 1024  # bytes
MOST_FLOW_NODES = 400
MOST_FLOWS = 2_000
MOST_PROBLEMS = 50

FLOW_NODES = frozenset(
    {
        "task", "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "manualTask",
        "callActivity", "subProcess", "transaction", "adHocSubProcess", "callChoreography", "choreographyTask",
        "subChoreography", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
        "complexGateway", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent", "event", "implicitThrowEvent",
    }
)  # fmt: skip

MESSAGES: Mapping[str, str] = {
    "empty_document": N_("The file is empty. Choose a diagram or a decision table."),
    "too_large": N_("The file is larger than {most} MB. Remove what does not belong into it, such as pictures."),
    "encoding": N_("The file is not UTF-8 text. Save it as UTF-8."),
    "doctype": N_("The file has a DOCTYPE or an entity declaration, which is not accepted. Remove it."),
    "not_xml": N_("The file is not well-formed XML, see line {line}, column {column}. Save it anew with a modeler."),
    "nested_too_deeply": N_("Elements are nested too deeply, see line {line}. Save the file anew with a modeler."),
    "not_a_diagram": N_("The file is no BPMN 2.0 diagram: its outermost element is “{found}”."),
    "not_a_decision": N_(
        "The file is no DMN 1.3 decision table: its outermost element is “{found}”. Open it in the modeler and save it."
    ),
    "too_many_nodes": N_("The diagram has {found} elements, more than {most}. Move parts into called processes."),
    "too_many_flows": N_("The diagram has {found} flows, more than {most}. Move parts into called processes."),
    "misplaced": N_("The element “{tag}” is not expected here, line {line}. Remove it, or save with a modeler."),
    "incomplete": N_("The element “{tag}” lacks a part ({expected}), line {line}."),
    "attribute_missing": N_("The element “{tag}” lacks the attribute “{attribute}”, line {line}."),
    "attribute_unknown": N_(
        "The element “{tag}” has an attribute “{attribute}” that BPMN and DMN don't know, line {line}."
    ),
    "value": N_("“{found}” is not a possible value of “{attribute}” of the element “{tag}”, line {line}."),
    "duplicate_id": N_("The id “{found}” is used twice, line {line}. Give one of the two another id."),
    "schema": N_("The element “{tag}” does not follow the standard, line {line}: {what}"),
}


def problem(code: str, element: str = "", line: int | None = None, **params: Any) -> Problem:
    return Problem(element, code, MESSAGES[code], {"line": line, **params} if line else params, line=line)


def read_xml(data: bytes, schema: Schema) -> etree._Element:
    """The root element, without comments and processing instructions. Raises Refused."""
    root = read_bounded(data, schema)
    faults = [*_missing_ids(root), *standard_faults(root, schema)]
    if faults:
        raise Refused(faults)
    return root


def read_bounded(data: bytes, schema: Schema) -> etree._Element:
    """The same without asking whether it follows the standard; only its size and what is dangerous. Raises Refused."""
    root = _parsed(_decoded(data))
    namespace, code = (BPMN, "not_a_diagram") if schema == "bpmn" else (DMN, "not_a_decision")
    if root.tag != f"{{{namespace}}}definitions":
        raise Refused((problem(code, found=_local(str(root.tag))),))
    count = sum(1 for node in root.iter(f"{{{namespace}}}*") if local(node) in FLOW_NODES)
    if count > MOST_FLOW_NODES:
        raise Refused((problem("too_many_nodes", found=count, most=MOST_FLOW_NODES),))
    flows = sum(1 for _ in root.iter(f"{{{BPMN}}}sequenceFlow"))
    if flows > MOST_FLOWS:
        raise Refused((problem("too_many_flows", found=flows, most=MOST_FLOWS),))
    return root


def without_id(root: etree._Element) -> list[etree._Element]:
    """The elements that need one: the schema lets ids be left out, but nothing can be told about such an element."""
    named = (*FLOW_NODES, "sequenceFlow", "process")
    return [node for node in root.iter(*(f"{{{BPMN}}}{tag}" for tag in named)) if not node.get("id")]


def standard_faults(root: etree._Element, schema: Schema) -> tuple[Problem, ...]:
    """Where it does not follow the standard, and ids that are used twice."""
    duplicates = _duplicate_ids(root)
    taken = {duplicate.element for duplicate in duplicates}
    faults = (_translated(root, entry) for entry in violations(root, schema))
    seen = {(fault.code, fault.element, fault.line): fault for fault in faults if not _is_about_id(fault, taken)}
    return (*duplicates, *seen.values())


def violations(root: etree._Element, name: Schema) -> list[Any]:
    """The lines of the validator's log, at most 50: ``path``, ``type_name`` and ``message`` tell what is where."""
    with _validating:
        schema = _schema(name)
        if schema.validate(root):
            return []
        return [entry for entry, _ in zip(schema.error_log, range(MOST_PROBLEMS), strict=False)]  # type: ignore[call-overload]


def node_at(root: etree._Element, path: str | None) -> etree._Element | None:
    """The element that a line of the log is about."""
    names = {prefix: uri for node in root.iter("*") for prefix, uri in node.nsmap.items() if prefix}
    try:
        nodes = root.getroottree().xpath(path or "/nothing", namespaces=names)
    except etree.XPathError:
        return None
    return nodes[0] if isinstance(nodes, list) and nodes and isinstance(nodes[0], etree._Element) else None


def referred(text: str | None) -> str:
    """An id that another element is named by; tools may write a prefix before it."""
    return (text or "").strip().rpartition(":")[2]


def free_id(wanted: str, taken: set[str]) -> str:
    """``wanted``, or the next to it that is not taken; it is taken then."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    taken.add(name)
    return name


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return _local(str(node.tag))


def line_of(node: etree._Element) -> int | None:
    line: Any = node.sourceline
    return line if isinstance(line, int) else None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise Refused((problem("empty_document"),))
    if len(data) > LARGEST:
        raise Refused((problem("too_large", most=LARGEST // 1024 // 1024),))
    text = decoded(data)
    if text is None:
        raise Refused((problem("encoding"),))
    if re.search(r"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", text, re.IGNORECASE):
        raise Refused((problem("doctype"),))
    return undeclared(text)


def _parsed(text: str) -> etree._Element:
    # A parser a call: they are cheap, and one that is shared between threads is not safe.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.lineno or 1, max(1, (error.offset or 0) + 1)
        code = "nested_too_deeply" if "depth" in (error.msg or "") else "not_xml"
        raise Refused((problem(code, line=line, column=column),)) from None
    except (ValueError, UnicodeEncodeError):
        raise Refused((problem("not_xml", line=1, column=1),)) from None


# ---- the XML Schemas

# They are the OMG's texts and stand under its terms, so they are not part of this project.  The distribution of
# SpiffWorkflow carries them; they are found as its data files, without importing the package: only the runtime may.
_FILES: Mapping[Schema, str] = {
    "bpmn": "SpiffWorkflow/bpmn/parser/schema/BPMN20.xsd",
    "dmn": "SpiffWorkflow/dmn/parser/schema/DMN13.xsd",
}
_validating = threading.Lock()  # a schema keeps the log of its last validation


@cache
def _schema(name: Schema) -> etree.XMLSchema:
    path = distribution("SpiffWorkflow").locate_file(_FILES[name])
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True, resolve_entities=False)))


def _duplicate_ids(root: etree._Element) -> tuple[Problem, ...]:
    """libxml2 calls them a wrong value only. Ids in foreign elements are their own affair."""
    seen: set[str] = set()
    problems: dict[str, Problem] = {}
    for node in root.iter(*(f"{{{namespace}}}*" for namespace in _NAMESPACES)):
        id_ = node.get("id")
        if id_ and id_ in seen:
            problems.setdefault(id_, problem("duplicate_id", id_, line_of(node), found=id_))
        seen.add(id_ or "")
    return tuple(problems.values())[:MOST_PROBLEMS]


def _missing_ids(root: etree._Element) -> tuple[Problem, ...]:
    return tuple(
        problem("attribute_missing", line=line_of(node), tag=local(node), attribute="id")
        for node in without_id(root)[:MOST_PROBLEMS]
    )


def _is_about_id(fault: Problem, taken: set[str]) -> bool:
    return fault.code == "value" and fault.params["attribute"] == "id" and fault.params["found"] in taken


_TAG = re.compile(r"Element '(?:\{[^}]*\})?([^']*)'")
_ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?([^']*)'")
_VALUE = re.compile(r"(?:value |: )'([^']*)'")
_EXPECTED = re.compile(r"\{[^}]*\}(\w+)")


def _translated(root: etree._Element, entry: Any) -> Problem:
    """A line of libxml2's log as a problem; its texts are stable enough to take the names out of them."""
    message = entry.message
    tag, attribute = _found(_TAG, message), _found(_ATTRIBUTE, message)
    element, line = _nearest_id(root, entry.path), entry.line or None
    params: dict[str, Any] = {"tag": tag, "attribute": attribute, "found": _found(_VALUE, message)[:80]}
    match entry.type_name:
        case "SCHEMAV_ELEMENT_CONTENT" if "Missing child" in message:
            code, params["expected"] = "incomplete", ", ".join(_EXPECTED.findall(message.partition("Expected")[2])[:5])
        case "SCHEMAV_ELEMENT_CONTENT" | "SCHEMAV_CVC_ELT_1":
            code = "misplaced"
        case "SCHEMAV_CVC_COMPLEX_TYPE_4":
            code = "attribute_missing"
        case "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1" | "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2":
            code = "attribute_unknown"
        case "SCHEMAV_CVC_DATATYPE_VALID_1_2_1" | "SCHEMAV_CVC_ENUMERATION_VALID" if attribute:
            code = "value"
        case _:
            code, params["what"] = "schema", message.partition(": ")[2][:200]
    return problem(code, element, line, **params)


def _found(pattern: re.Pattern[str], message: str) -> str:
    match = pattern.search(message)
    return match[1] if match else ""


def _nearest_id(root: etree._Element, path: str | None) -> str:
    """The id of the element at ``path`` or of the nearest one around it that has one."""
    node = node_at(root, path)
    while node is not None:
        if node.get("id"):
            return str(node.get("id"))
        node = node.getparent()
    return ""
