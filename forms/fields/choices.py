"""Choices: yes or no, one of the options, several of them."""

from __future__ import annotations

from typing import Any

from faults import N_
from forms.field import Field
from forms.fields.kind import Posted, Shown, Words

YES = frozenset({"true", "1", "on", "yes"})
NO = frozenset({"false", "0", "off", "no"})


def bool_schema(field: Field) -> dict[str, Any]:
    return {"type": "boolean"}


def one_schema(field: Field) -> dict[str, Any]:
    return {"type": "string", "maxLength": 100, "oneOf": _options(field)}


def several_schema(field: Field) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {"type": "string", "maxLength": 100, "oneOf": _options(field)},
        "uniqueItems": True,
        "minItems": int(field.min or 1),
        "maxItems": int(field.max or len(field.options)),
    }


def parse_bool(field: Field, posted: Posted, name: str) -> bool | str | None:
    """A switch that is off posts nothing; a pair of radio buttons of which none was chosen posts nothing either."""
    text = posted.one(name)
    if text is None:
        return None if field.required else False
    return True if text in YES else False if text in NO else text


def parse_one(field: Field, posted: Posted, name: str) -> str | None:
    return posted.one(name)


def parse_several(field: Field, posted: Posted, name: str) -> list[str] | None:
    return list(dict.fromkeys(posted.all(name))) or None


def show_bool(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", words.say(N_("Yes") if value is True else N_("No")))


def show_one(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", words.say(dict(field.options).get(str(value), str(value))))


def show_several(field: Field, value: Any, words: Words) -> Shown:
    labels = dict(field.options)
    return Shown(field.name, field.label, "list", items=tuple(words.say(labels.get(one, one)) for one in _texts(value)))


def _options(field: Field) -> list[dict[str, Any]]:
    return [{"const": value, "title": label} for value, label in field.options]


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
