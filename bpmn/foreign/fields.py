"""Form fields that Camunda 7 and its relatives keep inside the diagram, as form documents of this project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from bpmn.foreign.notes import Notes
from bpmn.foreign.pieces import drop, extensions
from bpmn.xml import local

_TYPES: Mapping[str, str] = {
    "string": "text", "long": "int", "integer": "int", "double": "decimal", "boolean": "bool", "date": "date",
    "enum": "enum", "text": "text", "multi-line-text": "longtext", "decimal": "decimal", "dropdown": "enum",
}  # fmt: skip


def names(node: etree._Element, namespace: str) -> tuple[str, ...]:
    """The variables that the fields inside the element fill in."""
    return tuple(field.get("id", "") for field in _fields(node, namespace) if field.get("id"))


def own_name(name: str) -> str:
    """A field's name here: small letters, digits and single underscores."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    cleaned = re.sub(r"_+", "_", re.sub(r"\W+", "_", words, flags=re.ASCII)).strip("_").lower()
    return (cleaned if cleaned[:1].isalpha() else f"f_{cleaned}")[:60].strip("_")


def take_form(task: etree._Element, namespace: str, name: str, notes: Notes) -> dict[str, Any]:
    """The form document of a task, from the fields that its extension elements hold, which are taken out."""
    document = {
        "name": name,
        "title": (task.get("name") or task.get("id") or "").strip(),
        "fields": [_field(field, namespace, task.get("id", ""), notes) for field in _fields(task, namespace)],
    }
    for box in (*extensions(task, namespace, "formData"), *extensions(task, namespace, "formProperty")):
        drop(box)
    return document


def _fields(node: etree._Element, namespace: str) -> Iterator[etree._Element]:
    for box in extensions(node, namespace, "formData"):
        yield from box.iterchildren(f"{{{namespace}}}formField")
    yield from extensions(node, namespace, "formProperty")


def _field(field: etree._Element, namespace: str, task: str, notes: Notes) -> dict[str, Any]:
    ident, foreign = field.get("id", ""), field.get("type") or "string"
    kind = _TYPES.get(foreign)
    options = [
        [value.get("id", ""), value.get("name") or value.get("id") or ""]
        for value in field.iter(f"{{{namespace}}}value")
        if value.get("id")
    ]
    if kind is None or (kind == "enum" and not options):
        notes.add(task, "foreign_field", name=ident, type=foreign)
        kind = "text"
    found: dict[str, Any] = {
        "name": own_name(ident),
        "label": field.get("label") or field.get("name") or ident,
        "type": kind,
        "required": _required(field, namespace),
    }
    if kind == "enum":
        found["options"] = options
    _bounds(field, namespace, kind, found)
    default = field.get("defaultValue") or field.get("default")
    if default and "${" not in default:
        found["prefill"] = _literal(default, kind)
    elif default:
        notes.not_taken(task, f"{ident} defaultValue", default[:80])
    return found


def _literal(text: str, kind: str) -> str:
    """A value as an expression."""
    plain = (kind == "bool" and text in ("true", "false")) or (
        kind in ("int", "decimal") and re.fullmatch(r"-?\d{1,12}(\.\d+)?", text) is not None
    )
    return text if plain else repr(text)


def _bounds(field: etree._Element, namespace: str, kind: str, found: dict[str, Any]) -> None:
    for one in field.iter(f"{{{namespace}}}constraint"):
        name, config = (one.get("name") or "").removesuffix("length"), one.get("config") or ""
        if name in ("min", "max") and re.fullmatch(r"\d{1,9}", config) and kind in ("text", "longtext", "int"):
            found[name] = int(config)


def _required(field: etree._Element, namespace: str) -> bool:
    if field.get("required") == "true":
        return True
    return any(
        local(one) == "constraint" and one.get("name") == "required" for one in field.iter(f"{{{namespace}}}constraint")
    )
