"""Diagrams as other tools exchange them: every element, every trait of a drawing, and what must survive a journey."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
COLOUR = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"
BIOC = "http://bpmn.io/schema/bpmn/biocolor/1.0"
NAMES = {"bpmndi": DI, "omgdc": DC, "omgdi": DD, "color": COLOUR, "bioc": BIOC}

SOURCES = Path(__file__).parent / "interchange"
NODES = re.compile(r"(Event|Gateway|[tT]ask|ubProcess|transaction|callActivity|Choreography|onversation)$")
ASIDE = ("dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "textAnnotation", "group")
LINES = (
    "sequenceFlow", "messageFlow", "association", "dataInputAssociation", "dataOutputAssociation", "conversationLink",
)  # fmt: skip
CLOSED = ("paint", "examine", "measure")  # sub-processes with a drawing of their own


def bare(name: str) -> bytes:
    """A diagram without a picture: one of the files beside this one."""
    return (SOURCES / f"{name}.bpmn").read_bytes()


def drawn(name: str) -> bytes:
    """The same with a picture of our own, in which nothing is where a program would put it."""
    return _drawn(bare(name))


def _drawn(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for number, about in enumerate(_pages(root)):
        root.append(_page(root, about, number))
    relationship = root.find(f"{{{BPMN}}}relationship")
    if relationship is not None:
        root.append(relationship)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def prefixed(data: bytes, prefix: str) -> bytes:
    """The same with ``prefix`` in place of the default namespace, as its tags and the names of types have it."""
    text = data.decode()
    text = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])(?![^<>]*xmlns=\"http://example)", rf"<\1{prefix}:\2", text)
    text = text.replace(f'xmlns="{BPMN}"', f'xmlns:{prefix}="{BPMN}"')
    return text.replace('xsi:type="tF', f'xsi:type="{prefix}:tF').encode()


def documents() -> dict[str, bytes]:
    """By names that say what is special about each."""
    whole = drawn("bridge")
    german = drawn("sheets").decode().replace("Permits", "Genehmigungen für Plätze")
    chinese = drawn("sheets").decode().replace("Permits", "行政许可")
    return {
        "everything": whole,
        "other prefix": prefixed(drawn("sheets"), "semantic"),
        "choreography": drawn("dance"),
        "conversation": drawn("talk"),
        "several pages": drawn("sheets"),
        "byte order mark": b"\xef\xbb\xbf" + drawn("sheets"),
        "utf-16": drawn("sheets").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "utf-16 without mark": drawn("sheets").decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
        "latin": german.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "ascii that says latin": drawn("sheets").decode().replace("UTF-8", "ISO-8859-1").encode("ascii"),
        "gb 18030": chinese.replace("UTF-8", "GB18030").encode("gb18030"),
        "odd ids": _drawn(_named(bare("nameless"))),
    }


def _named(data: bytes) -> bytes:
    """With an id for each element that has none."""
    text = data.decode().replace("<process ", '<process id="sid-4711" ').replace("<task ", '<task id="Weg-3.1" ')
    return text.replace("<sequenceFlow source", '<sequenceFlow id="sid-AF_2" source').encode()


# ---- what must survive


def content(data: bytes, renamed: Mapping[str, str]) -> Counter[tuple[object, ...]]:
    """Every element with its attributes, its text and its parent. ``renamed``: old ids -> new ones."""
    root = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    known = {node.get("id") for node in root.iter("*")}

    def said(node: etree._Element, text: str) -> str:
        prefix, _, name = text.strip().rpartition(":")
        if prefix and name in known and node.nsmap.get(prefix) == root.get("targetNamespace"):
            text = name
        return renamed.get(text.strip(), text)

    def ident(node: etree._Element | None) -> tuple[str, str] | None:
        return None if node is None else (str(node.tag), renamed.get(node.get("id", ""), node.get("id", "")))

    return Counter(
        (ident(node.getparent()), str(node.tag), tuple(sorted(_attributes(node, said))), _text(node, said))
        for node in root.iter("*")
    )


def layout(data: bytes, renamed: Mapping[str, str]) -> Counter[tuple[object, ...]]:
    """Where each shape and its label are, and the way of each line, for each drawing."""
    root = etree.fromstring(data)
    found: Counter[tuple[object, ...]] = Counter()
    for plane in root.iter(f"{{{DI}}}BPMNPlane"):
        for one in plane:
            about = (one.get("bpmnElement") or "").rpartition(":")[2]
            places = [tuple(float(node.get(name)) for name in sorted(node.attrib)) for node in one.iter(*_PLACES)]
            found[renamed.get(about, about), str(one.tag), tuple(places)] += 1
    return found


def losses(before: bytes, after: bytes, renamed: Mapping[str, str] | None = None) -> list[object]:
    """What was there before and is not afterwards, or was made up on the way."""
    names = renamed or {}
    one, other = content(before, names), content(after, names)
    placed, kept = layout(before, names), layout(after, names)
    return [*(one - other), *(other - one), *(placed - kept), *(kept - placed)]


_PLACES = (f"{{{DC}}}Bounds", f"{{{DD}}}waypoint")


def _attributes(node: etree._Element, said: object) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        if name == XSI_TYPE:
            prefix, _, local = str(value).rpartition(":")
            yield str(name), f"{{{node.nsmap.get(prefix or None)}}}{local}"
        else:
            yield str(name), said(node, str(value))  # type: ignore[operator]


def _text(node: etree._Element, said: object) -> str:
    text = "".join(str(part) for part in node.xpath("text()"))
    return text.strip() if len(node) else said(node, text)  # type: ignore[operator]


# ---- drawing


def _pages(root: etree._Element) -> list[etree._Element]:
    """What gets a drawing of its own: collaborations, choreographies, processes in no pool, closed sub-processes."""
    pools = {(one.get("processRef") or "").rpartition(":")[2] for one in root.iter(f"{{{BPMN}}}participant")}
    whole = ("collaboration", "choreography")
    return [
        node
        for node in root.iter(f"{{{BPMN}}}*")
        if _local(node) in whole
        or (_local(node) == "process" and node.get("id") and node.get("id") not in pools)
        or node.get("id") in CLOSED
    ]


def _page(root: etree._Element, about: etree._Element, number: int) -> etree._Element:
    page = etree.Element(
        f"{{{DI}}}BPMNDiagram", {"id": f"page_{number}", "name": f"Page {number}", "documentation": "",
                                 "resolution": "96.00000267028808"}, nsmap=NAMES
    )  # fmt: skip
    plane = etree.SubElement(page, f"{{{DI}}}BPMNPlane", {"id": f"plane_{number}", "bpmnElement": about.get("id", "")})
    for at, (node, open_) in enumerate(_shown(root, about)):
        if _local(node) in LINES:
            _line(plane, node, at)
        else:
            _shape(plane, node, at, number, open_)
    style = etree.SubElement(page, f"{{{DI}}}BPMNLabelStyle", {"id": f"style_{number}"})
    etree.SubElement(style, f"{{{DC}}}Font", {"name": "Arial", "size": "8.0", "isBold": "false", "isItalic": "true"})
    return page


def _shown(root: etree._Element, about: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """(element, whether it is open) of all that this page shows."""
    processes = {one.get("id"): one for one in root.iterchildren(f"{{{BPMN}}}process")}
    for node in about.iterchildren(f"{{{BPMN}}}*"):
        kind = _local(node)
        if kind == "participant":
            yield node, True
            held = processes.get((node.get("processRef") or "").rpartition(":")[2])
            yield from _shown(root, held) if held is not None else ()
        elif kind == "laneSet":
            yield from ((lane, True) for lane in node.iter(f"{{{BPMN}}}lane"))
        elif node.get("id") and (kind in (*ASIDE, *LINES) or NODES.search(kind)):
            closed = node.get("id") in CLOSED
            yield node, not closed
            yield from () if closed else _shown(root, node)
        elif kind == "ioSpecification":
            yield from _shown(root, node) if _local(about) == "process" else ()


def _shape(plane: etree._Element, node: etree._Element, at: int, number: int, open_: bool) -> None:
    kind, ident = _local(node), node.get("id", "")
    shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"shape_{number}_{at}", "bpmnElement": ident})
    if kind in ("participant", "lane"):
        shape.set("isHorizontal", "false" if ident in ("pool-builder", "lane-north") else "true")
    if kind == "exclusiveGateway":
        shape.set("isMarkerVisible", "true")
    if kind in ("subProcess", "transaction", "adHocSubProcess", "callActivity"):
        shape.set("isExpanded", str(open_ and kind != "callActivity").lower())
    if at % 3 == 0:
        shape.set(f"{{{BIOC}}}stroke", "#0d4372")
        shape.set(f"{{{COLOUR}}}background-color", "#bbdefb")
    if kind == "choreographyTask":
        shape.set("participantBandKind", "top_initiating")
        shape.set("isMessageVisible", "true")
    x, y = 100.5 + 137.25 * (at % 12), 80.0 + 121.75 * (at // 12)
    width, height = ("36.0", "36.0") if kind.endswith("Event") else ("100.0", "80.0")
    etree.SubElement(shape, f"{{{DC}}}Bounds", {"x": f"{x}", "y": f"{y}", "width": width, "height": height})
    label = etree.SubElement(shape, f"{{{DI}}}BPMNLabel", {"labelStyle": f"style_{number}"})
    if at % 2:
        etree.SubElement(
            label, f"{{{DC}}}Bounds", {"height": "12.804751171875008", "width": "94.93", "x": f"{x - 3}", "y": f"{y}"}
        )


def _line(plane: etree._Element, node: etree._Element, at: int) -> None:
    edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"edge_{at}_{node.get('id')}"})
    edge.set("bpmnElement", node.get("id", ""))
    if _local(node) == "messageFlow":
        edge.set("messageVisibleKind", "non_initiating")
    for step in range(2 + at % 3):
        etree.SubElement(edge, f"{{{DD}}}waypoint", {"x": f"{20.5 * at + 40 * step}", "y": f"{300.0 + step}"})
    if at % 4 == 0:
        label = etree.SubElement(edge, f"{{{DI}}}BPMNLabel")
        etree.SubElement(label, f"{{{DC}}}Bounds", {"x": "1.0", "y": "2.0", "width": "30.5", "height": "14.0"})


def _local(node: etree._Element) -> str:
    return str(etree.QName(node).localname)
