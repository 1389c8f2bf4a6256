"""From a diagram of another engine to one of this project, with a list of what was not taken over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bpmn.checks.case import RESERVED, is_name
from bpmn.foreign import camunda, zeebe
from bpmn.foreign.notes import Notes
from bpmn.xml import BPMN, DUCHA, local, read_xml
from faults import Problem

etree.register_namespace("ducha", DUCHA)

_MODELS = ("http://www.omg.org/spec/BPMN/20100524/", "http://www.omg.org/spec/DD/20100524/")


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
    """Translate what has a meaning here. A diagram without words of another engine is given back as it is.

    Raises Refused for what is no valid BPMN 2.0 XML.
    """
    root = read_xml(data, "bpmn")
    present = [namespace for namespace in DIALECTS if _uses(root, namespace)]
    if not present:
        return Adopted(data)
    notes = Notes()
    _rename(root, notes)
    forms: dict[str, Mapping[str, Any]] = {}
    for namespace in present:
        _, take_over = DIALECTS[namespace]
        forms |= take_over(root, namespace, notes)
    for namespace in present:
        _list_remains(root, namespace, notes)
    diagram = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=False)
    return Adopted(diagram, forms, notes.listed(), DIALECTS[present[0]][0])


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
                notes.not_taken(_owner(node), local(node), (node.text or "").strip()[:80])
            continue
        for name, value in node.attrib.items():
            if str(name).startswith(prefix):
                notes.not_taken(_owner(node), str(name).removeprefix(prefix), str(value)[:80])


def _owner(node: etree._Element) -> str:
    """The id of the nearest element of the diagram around the node."""
    found: etree._Element | None = node
    while found is not None:
        if str(found.tag).startswith(f"{{{BPMN}}}") and found.get("id") and not local(found).endswith("Definition"):
            return str(found.get("id"))
        found = found.getparent()
    return ""


# ---- ids


def _rename(root: etree._Element, notes: Notes) -> None:
    """Ids become names that formulas can use (``sid-4F-2`` -> ``sid_4F_2``), wherever they are referred to."""
    new: dict[str, str] = {}
    taken = {str(node.get("id")) for node in root.iter("*") if node.get("id")}
    for node in root.iter(f"{{{BPMN}}}*"):
        old = node.get("id")
        if old is None or local(node) in ("definitions", "message", "signal", "error", "escalation"):
            continue
        is_process = local(node) == "process"
        wanted = _process_key(old) if is_process else old if is_name(old) and old not in RESERVED else _cleaned(old)
        if wanted != old:
            new[old] = _free(wanted, taken)
            taken.add(new[old])
            notes.renamed(new[old], old)
    if new:
        for node in root.iter("*"):
            if str(node.tag).startswith(f"{{{BPMN}}}") or str(node.tag).startswith(_namespaces(_MODELS)):
                _replace(node, new)


def _namespaces(models: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{{{model}" for model in models)


def _replace(node: etree._Element, new: Mapping[str, str]) -> None:
    for name, value in node.attrib.items():
        if str(name) in _REFERENCES and str(value) in new:
            node.set(name, new[str(value)])
    if local(node) in ("incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef", "processRef"):
        text = (node.text or "").strip()
        if text in new:
            node.text = new[text]


_REFERENCES = frozenset(
    {"id", "sourceRef", "targetRef", "attachedToRef", "default", "processRef", "bpmnElement", "calledElement",
     "dataObjectRef", "dataStoreRef", "categoryValueRef"}
)  # fmt: skip


def _process_key(old: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", old)
    return _cleaned(words).lower()


def _cleaned(old: str) -> str:
    name = re.sub(r"\W+", "_", old, flags=re.ASCII).strip("_")
    name = name if name[:1].isalpha() else f"e_{name}"
    return f"{name}_1" if name in RESERVED or not is_name(name) else name


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
