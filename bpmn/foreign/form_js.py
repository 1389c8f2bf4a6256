"""Forms of Camunda's form-js, which Zeebe's diagrams may carry, as form documents of this project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from bpmn.foreign.fields import own_name
from bpmn.foreign.notes import Notes

_TYPES: Mapping[str, str] = {
    "textfield": "text", "textarea": "longtext", "number": "decimal", "checkbox": "bool", "select": "enum",
    "radio": "enum", "checklist": "multi", "taglist": "multi", "filepicker": "files",
}  # fmt: skip
# What only shows something, or only holds other fields.
_SILENT = frozenset({"text", "html", "image", "spacer", "separator", "button", "default"})
_BOXES = frozenset({"group", "default"})

__all__ = ["document", "names", "own_name"]


def names(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The variables that the form fills in."""
    return tuple(str(part["key"]) for part in _parts(body) if part.get("key") and part.get("type") not in _SILENT)


def document(body: Mapping[str, Any], name: str, task: etree._Element, notes: Notes) -> dict[str, Any]:
    ident = task.get("id", "")
    found = [_field(part, ident, notes) for part in _parts(body) if part.get("key") and part.get("type") not in _SILENT]
    return {"name": name, "title": (task.get("name") or ident).strip(), "fields": found}


def _parts(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for part in body.get("components", ()):
        if isinstance(part, dict):
            yield part
            if part.get("type") in _BOXES:
                yield from _parts(part)


def _field(part: Mapping[str, Any], task: str, notes: Notes) -> dict[str, Any]:
    foreign = str(part.get("type"))
    kind = _TYPES.get(foreign)
    if foreign == "datetime":
        kind = "datetime" if part.get("subtype") == "datetime" else "date"
    if foreign == "number" and part.get("decimalDigits") == 0:
        kind = "int"
    options = [
        [str(one.get("value")), str(one.get("label") or one.get("value"))]
        for one in part.get("values", ())
        if isinstance(one, dict) and one.get("value") is not None
    ]
    if kind is None or (kind in ("enum", "multi") and not options):
        notes.add(task, "foreign_field", name=str(part["key"]), type=foreign)
        kind = "text"
    found: dict[str, Any] = {
        "name": own_name(str(part["key"])),
        "label": str(part.get("label") or part.get("dateLabel") or part["key"]),
        "type": kind,
        "required": bool((part.get("validate") or {}).get("required")),
    }
    if kind in ("enum", "multi"):
        found["options"] = options
    return found
