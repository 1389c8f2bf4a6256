"""Gives the process of a diagram another key, wherever the diagram names it."""

from __future__ import annotations

from lxml import etree

from bpmn.xml import BPMN, DUCHA, read_xml


def rekeyed(data: bytes, old: str, new: str) -> bytes:
    """The diagram with process ``old`` called ``new``: its id, its pool, its plane, calls of itself, and forms.

    Raises Refused for what is no valid BPMN 2.0 XML.
    """
    root = read_xml(data, "bpmn")
    for node in root.iter("*"):
        for name in ("id", "processRef", "bpmnElement", "calledElement"):
            if node.get(name) == old and (name != "id" or node.tag == f"{{{BPMN}}}process"):
                node.set(name, new)
        form = node.get(f"{{{DUCHA}}}form")
        if form is not None and form.startswith(f"{old}/"):
            node.set(f"{{{DUCHA}}}form", f"{new}/{form.removeprefix(f'{old}/')}")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
