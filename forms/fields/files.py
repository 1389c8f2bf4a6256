"""Attached files, and evidences: photos whose hash, time, place and grade the server knows.

A client names attachments by id and nothing else; `forms.answers.with_evidence` adds what the server knows about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.field import Field
from forms.fields.kind import Posted, Shown, Words
from forms.fields.times import tidy_instant

MANY = 20
_NOTHING: Mapping[str, Any] = dict.fromkeys(("sha256", "captured_at", "geo", "device", "grade"))
ID = {"type": "string", "maxLength": 64, "pattern": "^[0-9A-Za-z_-]{1,64}$"}


def one_schema(field: Field) -> dict[str, Any]:
    return dict(ID)


def several_schema(field: Field) -> dict[str, Any]:
    return _array(field, dict(ID))


def evidences_schema(field: Field) -> dict[str, Any]:
    known = {
        "sha256": {"type": "string", "maxLength": 64, "readOnly": True},
        "captured_at": {"type": ["string", "null"], "maxLength": 40, "readOnly": True},
        "geo": {"type": ["object", "null"], "maxProperties": 4, "readOnly": True},
        "device": {"type": ["string", "null"], "maxLength": 200, "readOnly": True},
        "grade": {"type": "string", "enum": ["A", "B", "C"], "readOnly": True},
    }
    item = {"type": "object", "properties": {"id": dict(ID)} | known, "required": ["id"], "additionalProperties": False}
    return _array(field, item)


def parse_one(field: Field, posted: Posted, name: str) -> str | None:
    return posted.one(name)


def parse_several(field: Field, posted: Posted, name: str) -> list[str] | None:
    return list(dict.fromkeys(posted.all(name))) or None


def parse_evidences(field: Field, posted: Posted, name: str) -> list[dict[str, str]] | None:
    return [{"id": ident} for ident in dict.fromkeys(posted.all(name))] or None


def tidy_evidences(value: Any) -> Any:
    """Ids only: what a client says about hash, time, place or grade is not believed. A photo counts once."""
    if not isinstance(value, list):
        return value
    items = [{"id": item} if isinstance(item, str) else _only_id(item) for item in value]
    return [item for place, item in enumerate(items) if item not in items[:place]]


def show_file(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "files", items=(str(value),))


def show_files(field: Field, value: Any, words: Words) -> Shown:
    idents = value if isinstance(value, list | tuple) else [value]
    return Shown(field.name, field.label, "files", items=tuple(str(ident) for ident in idents))


def show_signature(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "signature", items=(str(value),))


def show_evidences(field: Field, value: Any, words: Words) -> Shown:
    photos = [item for item in value if isinstance(item, dict) and "id" in item] if isinstance(value, list) else []
    return Shown(field.name, field.label, "photos", items=tuple(_photo(photo) for photo in photos))


def _photo(known: dict[str, Any]) -> dict[str, Any]:
    photo = dict(_NOTHING) | known
    return photo | {"captured_at": tidy_instant(photo["captured_at"])}


def _only_id(item: Any) -> Any:
    if isinstance(item, dict) and item.keys() <= {"id", "sha256", "captured_at", "geo", "device", "grade", "name"}:
        return {"id": item["id"]} if "id" in item else {}
    return item


def _array(field: Field, items: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "array",
        "items": items,
        "uniqueItems": True,
        "minItems": int(field.min or 1),
        "maxItems": int(field.max or MANY),
    }
