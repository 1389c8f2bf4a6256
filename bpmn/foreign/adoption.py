"""From a diagram of another engine to one of this project, with a list of what was not taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bpmn.encodings import as_utf8
from bpmn.foreign import camunda, zeebe
from bpmn.foreign.ids import give_ids, plain_references, rename
from bpmn.foreign.notes import Notes
from bpmn.foreign.repair import repair
from bpmn.picture import with_picture
from bpmn.xml import BPMN, DUCHA, local, read_bounded
from faults import Problem

etree.register_namespace("ducha", DUCHA)


@dataclass(frozen=True, slots=True)
class Adopted:
    """``diagram`` is BPMN XML of this project, ``forms`` are form documents by name, ``notes`` what was not taken over
    (each with its element); ``origin`` names the engine, empty for a diagram that is nobody's."""

    diagram: bytes
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    origin: str = ""


# namespace -> the engine's name and how its words are read
DIALECTS = {
    "http://camunda.org/schema/1.0/bpmn": ("Camunda 7", camunda.take_over),
    "http://flowable.org/bpmn": ("Flowable", camunda.take_over),
    "http://activiti.org/bpmn": ("Activiti", camunda.take_over),
    "http://camunda.org/schema/zeebe/1.0": ("Zeebe", zeebe.take_over),
}


def adopt(data: bytes) -> Adopted:
    """Translate what has a meaning here. A diagram in UTF-8 in which nothing had to be changed is given back as it is.

    Raises Refused for what is no valid BPMN 2.0 XML.
    """
    root = read_bounded(data, "bpmn")
    notes = Notes()
    made = (give_ids(root, notes), repair(root, notes), plain_references(root), rename(root, notes))
    present = [namespace for namespace in DIALECTS if _uses(root, namespace)]
    forms: dict[str, Mapping[str, Any]] = {}
    for namespace in present:
        _, take_over = DIALECTS[namespace]
        for name, document in take_over(root, namespace, notes).items():
            if name not in forms or document["fields"]:  # a file may speak two dialects at once
                forms[name] = document
    for namespace in present:
        _list_remains(root, namespace, notes)
    diagram = as_utf8(data)
    if any(made) or present:
        diagram = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=False)
    drawn = with_picture(diagram)
    if drawn != diagram:
        notes.add("", "foreign_drawn")
    return Adopted(drawn, forms, notes.listed(), DIALECTS[present[0]][0] if present else "")


def _uses(root: etree._Element, namespace: str) -> bool:
    prefix = f"{{{namespace}}}"
    return any(
        str(node.tag).startswith(prefix) or any(str(name).startswith(prefix) for name in node.attrib)
        for node in root.iter("*")
    )


def _list_remains(root: etree._Element, namespace: str, notes: Notes) -> None:
    """What no translation has removed stays in the file, without effect, and is listed."""
    prefix = f"{{{namespace}}}"
    for node in root.iter("*"):
        if str(node.tag).startswith(prefix):
            if not str(getattr(node.getparent(), "tag", "")).startswith(prefix):
                notes.not_taken(_owner(node), local(node), _told(node)[:80])
            continue
        if not str(node.tag).startswith(f"{{{BPMN}}}"):
            continue  # how a line was drawn there is nobody's concern
        for name, value in node.attrib.items():
            if str(name).startswith(prefix):
                notes.not_taken(_owner(node), str(name).removeprefix(prefix), str(value)[:80])


def _told(node: etree._Element) -> str:
    """What an element says, in one line: its text, else its attributes, else what is in it."""
    text = " ".join((node.text or "").split())
    values = ", ".join(f"{name!s}={value!s}" for name, value in node.attrib.items())
    inside = "; ".join(f"{local(one)} {_told(one)}".strip() for one in node.iterchildren("*"))
    return " · ".join(part for part in (text, values, inside) if part)


def _owner(node: etree._Element) -> str:
    """The id of the nearest element of the diagram around the node."""
    found: etree._Element | None = node
    while found is not None:
        if str(found.tag).startswith(f"{{{BPMN}}}") and found.get("id") and not local(found).endswith("Definition"):
            return str(found.get("id"))
        found = found.getparent()
    return ""
