"""Compiles a form to JSON Schema 2020-12: what the API shows, and what validates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema_rs

from forms.field import Condition, Field, Form
from forms.fields import TYPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def compile_schema(form: Form) -> dict[str, Any]:
    """The schema of the answers to a form. Everything in it is bounded and it refers to nothing outside."""
    return {"$schema": DIALECT, "title": form.title} | _object(form.fields)


@lru_cache(maxsize=512)
def validator(form: Form) -> jsonschema_rs.Draft202012Validator:
    """Compiled once per form. Patterns run in linear time; references are never fetched."""
    return jsonschema_rs.Draft202012Validator(
        compile_schema(form),
        validate_formats=True,
        ignore_unknown_formats=False,
        pattern_options=jsonschema_rs.RegexOptions(),
        offline=True,
    )


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    by_name = {field.name: field for field in fields}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: _property(field) for field in fields},
        "required": [field.name for field in fields if _always_required(field)],
        "additionalProperties": False,
    }
    conditional = [_conditional(field, by_name) for field in fields if field.visible_if]
    return schema | ({"allOf": conditional} if conditional else {})


def _always_required(field: Field) -> bool:
    return _needed(field) and not field.visible_if


def _needed(field: Field) -> bool:
    # What is read-only, or comes with its rows, is filled in by the system; a person can't be blamed for its absence.
    return field.required and not field.readonly and not field.fixed_rows


def _property(field: Field) -> dict[str, Any]:
    schema = {"title": field.label} | TYPES[field.type].schema(field)
    if field.columns:
        schema["items"] = _object(field.columns)
    if field.help:
        schema["description"] = field.help
    if field.readonly:
        schema["readOnly"] = True
    return schema


def _conditional(field: Field, by_name: dict[str, Field]) -> dict[str, Any]:
    conditions = [_holds(one, by_name[one.field]) for one in field.visible_if]
    return {
        "if": conditions[0] if len(conditions) == 1 else {"allOf": conditions},
        "then": {"required": [field.name]} if _needed(field) else {},
        "else": {"properties": {field.name: False}},
    }


def _holds(condition: Condition, control: Field) -> dict[str, Any]:
    among: dict[str, Any] = {"enum": list(condition.values)}
    test = {"contains": among} if control.type == "multi" else among
    return {"properties": {control.name: {"not": test} if condition.negated else test}, "required": [control.name]}
