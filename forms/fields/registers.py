"""Registers: rows that are kept in a table of their own and worked on at a page of their own, such as a ledger.

A form only says which register it is about; the rows are never part of the answers.  So the field is read-only: its
value comes from ``prefill``, and what is posted for it is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from forms.field import Field
from forms.fields.kind import Posted, Shown, Words


def schema(field: Field) -> dict[str, Any]:
    """``id`` leads to the page; ``name`` is what people read."""
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": 200},
            "name": {"type": "string", "maxLength": 200},
        },
        "required": ["id"],
        "additionalProperties": False,
    }


def parse(field: Field, posted: Posted, name: str) -> None:
    return None


def tidy(value: Any) -> Any:
    """The id alone is enough."""
    return {"id": value} if isinstance(value, str) else value


def show(field: Field, value: Any, words: Words) -> Shown:
    """The name as text, and the address of the page as the only item."""
    given = value if isinstance(value, Mapping) else {"id": str(value)}
    ident = str(given.get("id", ""))
    text = str(given.get("name") or words.name(field.register, ident))
    return Shown(field.name, field.label, "register", text, items=(f"/{field.register}/{quote(ident, safe='')}",))
