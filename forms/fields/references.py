"""Ids of things that are kept elsewhere: organisations, accounts, entries of a register.

Whether such a thing exists is the caller's to know: `forms.answers.references` lists what is to be looked up.
"""

from __future__ import annotations

from typing import Any

from forms.field import Field
from forms.fields.kind import Posted, Shown, Words

MANY = 100
# Anything that can be read, but no white space at the ends and no control characters.
_IDENT = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$"}


def one_schema(field: Field) -> dict[str, Any]:
    return dict(_IDENT)


def several_schema(field: Field) -> dict[str, Any]:
    return {
        "type": "array",
        "items": dict(_IDENT),
        "uniqueItems": True,
        "minItems": int(field.min or 1),
        "maxItems": int(field.max or MANY),
    }


def parse_one(field: Field, posted: Posted, name: str) -> str | None:
    return posted.one(name)


def parse_several(field: Field, posted: Posted, name: str) -> list[str] | None:
    """Where there is nothing to choose from, a text area is shown: one id a line."""
    lines = [line.strip() for value in posted.all(name) for line in value.splitlines()]
    return list(dict.fromkeys(line for line in lines if line)) or None


def show_org(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", words.name("org", str(value)))


def show_orgs(field: Field, value: Any, words: Words) -> Shown:
    return _list(field, "org", value, words)


def show_user(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", words.name("user", str(value)))


def show_users(field: Field, value: Any, words: Words) -> Shown:
    return _list(field, "user", value, words)


def show_ref(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", words.name("ref", str(value)))


def show_refs(field: Field, value: Any, words: Words) -> Shown:
    return _list(field, "ref", value, words)


def _list(field: Field, kind: str, value: Any, words: Words) -> Shown:
    idents = value if isinstance(value, list | tuple) else [value]
    return Shown(field.name, field.label, "list", items=tuple(words.name(kind, str(ident)) for ident in idents))
