"""Ids of other tools: those that are missing are given, those that no formula could name are changed, wherever used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from bpmn.checks.case import RESERVED, is_name
from bpmn.diagram import Diagram
from bpmn.foreign.notes import Notes
from bpmn.xml import BPMN, FLOW_NODES, free_id, local, without_id

_MODELS = (f"{{{BPMN}}}", "{http://www.omg.org/spec/BPMN/20100524/DI}")
# Attributes and elements that name another element, besides those that end in Ref or Refs.
_ATTRIBUTES = frozenset({"id", "default", "bpmnElement", "calledElement"})
_ELEMENTS = frozenset({"incoming", "outgoing", "supports", "source", "target"})


def give_ids(root: etree._Element, notes: Notes) -> bool:
    """Ids for flow nodes, flows and processes that have none. Says whether anything was changed."""
    taken = ids(root)
    missing = without_id(root)
    for node in missing:
        name = free_id(_cleaned(node.get("name") or local(node)), taken)
        node.set("id", name)
        notes.add(name, "foreign_id_given", tag=local(node))
    return bool(missing)


def plain_references(root: etree._Element) -> bool:
    """``tns:task`` as ``task`` where the prefix stands for the diagram's own namespace: they say the same, but the
    drawing tool would lose the former. Says whether anything was changed.
    """
    known, own = ids(root), root.get("targetNamespace")

    def plain(node: etree._Element, text: str) -> str:
        prefix, _, name = text.rpartition(":")
        return name if prefix and name in known and node.nsmap.get(prefix) == own else text

    return _rewrite(root, plain)


def rename(root: etree._Element, notes: Notes) -> bool:
    """Ids of processes, events, activities and gateways become names that formulas can use (``sid-4F-2`` ->
    ``sid_4F_2``), wherever they are referred to. Says whether anything was changed.
    """
    new: dict[str, str] = {}
    taken = ids(root)
    for node in root.iter(f"{{{BPMN}}}*"):
        old = node.get("id")
        if old is None or (local(node) not in FLOW_NODES and local(node) != "process"):
            continue
        wanted = process_key(old) if local(node) == "process" else _cleaned(old)
        if wanted != old:
            new[old] = free_id(wanted, taken)
            notes.renamed(new[old], old)
    called = _rename_calls(root, taken, notes)
    return (bool(new) and _rewrite(root, lambda _, text: new.get(text, text))) or called


def process_key(old: str) -> str:
    """What a process of another tool is called here: ``InvoiceCheck`` -> ``invoice_check``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", old)
    return _cleaned(words).lower()


def subject(diagram: Diagram) -> tuple[str, str]:
    """Key and name of what a diagram is about: its executable process, else the first one, else what is drawn."""
    processes = sorted(diagram.processes, key=lambda one: not one.executable)
    if processes:
        return processes[0].key, processes[0].name or processes[0].key
    key = process_key(diagram.id or "drawing")
    return key, diagram.name or key


def ids(root: etree._Element) -> set[str]:
    return {str(node.get("id")) for node in root.iter("*") if node.get("id")}


def _rename_calls(root: etree._Element, here: set[str], notes: Notes) -> bool:
    """A called process lies in another file, whose key becomes another one in the same way when that is brought in."""
    changed = False
    for call in root.iter(f"{{{BPMN}}}callActivity"):
        old = call.get("calledElement")
        if not old or old in here or not re.fullmatch(r"[\w.-]+", old) or process_key(old) == old:
            continue
        call.set("calledElement", process_key(old))
        notes.add(call.get("id", ""), "foreign_call", old=old, new=process_key(old))
        changed = True
    return changed


def _rewrite(root: etree._Element, new: Callable[[etree._Element, str], str]) -> bool:
    """Put ``new`` in the place of each reference, in attributes and in the text of elements."""
    changed = False
    for node, name, old in list(_references(root)):
        text = new(node, old)
        if text == old:
            continue
        changed = True
        if name is None:
            node.text = text
        else:
            node.set(name, text)
    return changed


def _references(root: etree._Element) -> Iterator[tuple[etree._Element, str | None, str]]:
    """(element, attribute or None for its text, what stands there). Other tools' elements may refer to ours as well."""
    for node in root.iter("*"):
        ours = str(node.tag).startswith(_MODELS)
        for name, value in node.attrib.items():
            if str(name).endswith(("Ref", "Refs")) or (ours and str(name) in _ATTRIBUTES):
                yield node, str(name), str(value)
        text = (node.text or "").strip()
        if ours and text and (local(node).endswith(("Ref", "Refs")) or local(node) in _ELEMENTS):
            yield node, None, text


def _cleaned(old: str) -> str:
    if is_name(old) and old not in RESERVED:
        return old
    name = re.sub(r"\W+", "_", old, flags=re.ASCII).strip("_")[:90]
    name = name if name[:1].isalpha() else f"e_{name}".rstrip("_")
    return f"{name}_1" if name in RESERVED or not is_name(name) else name
