"""Files that don't quite follow the standard, as some tools write them: put right without throwing anything away.

Parts in the wrong order are sorted. What is not possible where it stands goes into the extension elements there, inside
``ducha:kept``, and gets a namespace of its own, as do attributes: so it stays in the file and has no effect.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from bpmn.foreign.ids import ids
from bpmn.foreign.notes import Notes
from bpmn.xml import BPMN, DUCHA, FLOW_NODES, free_id, local, node_at, standard_faults, violations
from faults import Refused

KEPT = "https://ducha.example/kept"
_STANDARD = tuple(
    f"{{{namespace}}}*"
    for namespace in (
        BPMN,
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
    )
)
ROUNDS = 100  # each puts right at least one place

# In which order the standard has the parts of events, activities, gateways and processes, as far as it is the same for
# all; what is not named here stands behind them in the order of the file.
_ORDER = {
    name: number
    for number, name in enumerate(
        (
            "documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef", "supportedInterfaceRef",
            "incoming", "outgoing", "participantRef", "ioSpecification", "ioBinding", "property", "dataInput",
            "dataInputAssociation", "inputSet", "dataOutput", "dataOutputAssociation", "outputSet", "performer",
            "humanPerformer", "potentialOwner", "resourceRole", "standardLoopCharacteristics",
            "multiInstanceLoopCharacteristics", "laneSet", "Bounds", "waypoint",
        )
    )
}  # fmt: skip
_CORE = FLOW_NODES | {"process", "collaboration", "participant", "sequenceFlow", "messageFlow", "lane", "laneSet"}
_SHOWN, _PLACES = ("BPMNShape", "BPMNEdge"), ("Bounds", "waypoint")
_LAST = ("association", "group", "textAnnotation", "completionCondition")
_ATTRIBUTE = re.compile(r"attribute '(?:\{([^}]*)\})?([^']*)'")


def repair(root: etree._Element, notes: Notes) -> bool:
    """Says whether anything was changed. Raises Refused for what can't be put right."""
    changed = _single_ids(root, notes)
    sorted_: set[etree._Element] = set()
    for _ in range(ROUNDS):
        entries = violations(root, "bpmn")
        done = [_mend(root, node_at(root, entry.path), entry, sorted_, notes) for entry in entries]
        if not any(done):
            break
        changed = True
    faults = standard_faults(root, "bpmn")
    if faults:
        raise Refused(faults)
    return changed


def _mend(
    root: etree._Element, node: etree._Element | None, entry: Any, sorted_: set[etree._Element], notes: Notes
) -> bool:
    if node is None or (node is root and "attribute" not in entry.message):
        return False
    found = _ATTRIBUTE.search(entry.message)
    if found:
        return _keep_attribute(node, found, notes)
    parent = node.getparent()
    if entry.type_name != "SCHEMAV_ELEMENT_CONTENT" or parent is None:
        return False
    if "Missing child" in entry.message:  # it is kept aside as a whole, unless a diagram is nothing without it
        return local(node) not in _CORE and _keep_element(node, parent, notes)
    if parent not in sorted_ and (str(parent.tag).startswith(f"{{{BPMN}}}") or local(parent) in _SHOWN):
        sorted_.add(parent)
        if _sort(parent):
            notes.add(_owner(parent), "foreign_sorted")
            return True
    return _keep_element(node, parent, notes)


def _sort(parent: etree._Element) -> bool:
    before = list(parent)
    after = sorted(before, key=lambda one: _ORDER.get(local(one), 100 + (local(one) in _LAST)))
    if before == after:
        return False
    parent[:] = after
    return True


def _keep_element(node: etree._Element, parent: etree._Element, notes: Notes) -> bool:
    plane = parent.getparent()
    if plane is not None and local(parent) in _SHOWN and not any(local(one) in _PLACES for one in parent):
        node, parent = parent, plane  # it has no place: it is drawn anew
    holder = _holder(node, parent)
    if holder is None or local(node) == "extensionElements" or holder is node:
        return False
    notes.add(
        _owner(node),
        "foreign_kept",
        name=local(node),
        value=" ".join(str(part).strip() for part in node.itertext()).strip()[:80],
    )
    node.tail = None
    box = holder.find(f"{{{BPMN}}}extensionElements")
    if box is None:
        box = etree.Element(f"{{{BPMN}}}extensionElements")
        holder.insert(len(holder.findall(f"{{{BPMN}}}documentation")), box)
    kept = box.find(f"{{{DUCHA}}}kept")
    if kept is None:
        kept = etree.SubElement(box, f"{{{DUCHA}}}kept")
    kept.append(node)
    for one in node.iter(*_STANDARD):  # else it would be judged by the standard there as well
        one.tag = f"{{{KEPT}}}{local(one)}"
    return True


def _holder(node: etree._Element, parent: etree._Element) -> etree._Element | None:
    """Its parent; for what stands beside the processes the first of them; for a part of the picture what it shows."""
    shown = next((one for one in (node, parent) if local(one) in _SHOWN), None)
    if shown is not None:
        about = (shown.get("bpmnElement") or "").rpartition(":")[2]
        return next((one for one in node.getroottree().iter(f"{{{BPMN}}}*") if one.get("id") == about), None)
    if not str(parent.tag).startswith(f"{{{BPMN}}}"):
        return None
    if local(parent) == "definitions":
        return next((one for one in parent if local(one) in ("process", "collaboration", "choreography")), None)
    return parent


def _keep_attribute(node: etree._Element, found: re.Match[str], notes: Notes) -> bool:
    """One that the standard does not know, or whose value is impossible; a required one can't be done without."""
    name = f"{{{found[1]}}}{found[2]}" if found[1] else found[2]
    value = node.get(name)
    if value is None or found[1] or found[2] == "id":
        return False
    del node.attrib[name]
    node.set(f"{{{KEPT}}}{found[2]}", value)
    notes.add(_owner(node), "foreign_kept", name=found[2], value=value[:80])
    return True


def _single_ids(root: etree._Element, notes: Notes) -> bool:
    """A part of the picture that has the id of something else gets another one: nothing refers to it."""
    taken, seen, changed = ids(root), set[str](), False
    nodes = [*root.iter(f"{{{BPMN}}}*"), *root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}*")]
    for node in nodes:
        ident = node.get("id")
        if ident in seen and not str(node.tag).startswith(f"{{{BPMN}}}") and local(node) != "BPMNLabelStyle":
            node.set("id", free_id(f"{ident}_di", taken))
            notes.add(_owner(node), "foreign_id_twice", old=str(ident), new=str(node.get("id")))
            changed = True
        seen.add(str(ident))
    return changed


def _owner(node: etree._Element) -> str:
    found: etree._Element | None = node
    while found is not None:
        if found.get("bpmnElement"):
            return str(found.get("bpmnElement"))
        if found.get("id") and str(found.tag).startswith(f"{{{BPMN}}}"):
            return str(found.get("id"))
        found = found.getparent()
    return ""
