"""What all dialects do to the XML: set our attributes, add inputs, drop what was taken over, translate formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from bpmn.foreign.formulas import Language, Names, NotTranslatable, is_formula, translate
from bpmn.foreign.notes import Notes
from bpmn.xml import BPMN, DUCHA, local


def tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def give(node: etree._Element, name: str, value: str) -> None:
    node.set(f"{{{DUCHA}}}{name}", value)


def pop(node: etree._Element, namespace: str, name: str) -> str | None:
    """The value of a foreign attribute, which is taken off the element."""
    full = f"{{{namespace}}}{name}"
    value = node.get(full)
    if value is None:
        return None
    del node.attrib[full]
    return value.strip()


def extensions(node: etree._Element, namespace: str, name: str) -> Iterator[etree._Element]:
    """Foreign elements of that name right under the extension elements."""
    box = node.find(tag("extensionElements"))
    if box is not None:
        yield from list(box.iterchildren(f"{{{namespace}}}{name}"))


def drop(node: etree._Element) -> None:
    """Take an element out, and the box of extensions with the last one in it."""
    box = node.getparent()
    if box is None:
        return
    box.remove(node)
    if local(box) == "extensionElements" and not len(box):
        owner = box.getparent()
        if owner is not None:
            owner.remove(box)


def consume(node: etree._Element, owner: etree._Element, used: Iterable[str], notes: Notes) -> None:
    """Take out a foreign element whose attributes ``used`` were taken over; the others are listed."""
    for name, value in node.attrib.items():
        if str(name) not in used:
            notes.not_taken(owner.get("id", ""), f"{local(node)} {name!s}", str(value)[:80])
    drop(node)


def add_input(node: etree._Element, name: str, value: str) -> None:
    box = node.find(tag("extensionElements"))
    if box is None:
        box = etree.Element(tag("extensionElements"))
        # The schema wants it right after the documentation.
        node.insert(len(node.findall(tag("documentation"))), box)
    etree.SubElement(box, f"{{{DUCHA}}}input", {"name": name, "value": value})


def said(text: str, language: Language, names: Names, notes: Notes, element: str, of: str) -> str | None:
    """The formula here; None, with a note, if it can't be said."""
    try:
        return translate(text, language, names)
    except NotTranslatable:
        notes.add(element, "foreign_formula", name=of, value=text[:80])
        return None


def value_of(text: str, language: Language, names: Names, notes: Notes, element: str, of: str) -> str | None:
    """As `said`, where a text that is no formula stands for itself."""
    if is_formula(text):
        return said(text, language, names, notes, element, of)
    return repr(text)


def rewrite_timers(root: etree._Element, language: Language, names: Names, notes: Notes) -> None:
    for node in root.iter(tag("timeDate"), tag("timeDuration"), tag("timeCycle")):
        text = "".join(str(part) for part in node.itertext()).strip()
        if is_formula(text):
            event = node.getparent()
            holder = event.getparent() if event is not None else None
            found = said(text, language, names, notes, holder.get("id", "") if holder is not None else "", local(node))
            if found is not None:
                node.text = f"={found}"


def rewrite_conditions(root: etree._Element, language: Language, names: Names, notes: Notes) -> None:
    """Conditions of flows and the completion conditions of multi-instance activities."""
    for node in root.iter(tag("conditionExpression"), tag("completionCondition"), tag("loopCardinality")):
        text = "".join(str(part) for part in node.itertext()).strip()
        owner = node.getparent()
        if owner is not None and local(owner) == "multiInstanceLoopCharacteristics":
            owner = owner.getparent()
        foreign = node.get("language")
        if foreign and not foreign.lower().endswith(("juel", "feel")):
            notes.add(owner.get("id", "") if owner is not None else "", "foreign_script", language=foreign)
            continue
        if text and (is_formula(text) or local(node) == "conditionExpression"):
            of = local(node)
            found = said(text, language, names, notes, owner.get("id", "") if owner is not None else "", of)
            if found is not None:
                node.text = found
                node.attrib.pop("language", "")
