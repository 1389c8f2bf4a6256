"""What a form document may say: the rules by which it is checked, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from faults import N_, Problem
from forms.fields import TYPES

FORM_NAME = re.compile(r"[a-z][a-z0-9_]*(/[a-zA-Z][a-zA-Z0-9_]*)?")
# No hyphen and no double underscore: `measures-0-name` and `photos__upload` are names of inputs.
FIELD_NAME = re.compile(r"(?!.*__)[a-z][a-z0-9_]{0,59}")
MOST_FIELDS = 80
_NO_DEEPER = N_("A table in a row of a table can't hold another one. Ask for that in a table of its own.")
_COMMON = {"name", "label", "type", "required", "visible_if", "readonly", "prefill", "help"}
_CONTROLS = ("bool", "enum", "multi")  # the types that can decide whether other fields are shown

Report = Iterator[Problem]


def form_problems(document: Mapping[str, Any], reserved: frozenset[str]) -> Report:
    yield from _unknown("", document, {"name", "title", "fields", "steps"})
    name = document.get("name")
    if not isinstance(name, str) or len(name) > 120 or not FORM_NAME.fullmatch(name):
        yield Problem("", "name", N_("The form needs a name such as “process/task” in lower-case letters."))
    yield from _text("", document, "title", 200, needed=True)
    fields = document.get("fields")
    if not isinstance(fields, list) or len(fields) > MOST_FIELDS:
        yield Problem("", "fields", N_("“fields” must be a list of at most {limit} fields."), {"limit": MOST_FIELDS})
        return
    yield from _level("", fields, reserved)


def _level(path: str, fields: list[Any], reserved: frozenset[str]) -> Report:
    """The fields of the form, or the columns of one table. Conditions see the fields before them only.

    ``path`` is that of the table, with a hyphen before each column.
    """
    depth = path.count("-") + 1 if path else 0
    before: dict[str, Mapping[str, Any]] = {}
    for place, field in enumerate(fields):
        if not isinstance(field, dict):
            yield Problem(path or f"#{place + 1}", "field", N_("A field is a JSON object with name, label and type."))
            continue
        name = field.get("name")
        if not isinstance(name, str) or not FIELD_NAME.fullmatch(name):
            message = N_("Field {number} needs a name in lower-case letters, digits and single underscores.")
            yield Problem(path or f"#{place + 1}", "name", message, {"number": place + 1})
            name = f"#{place + 1}"
        element = f"{path}-{name}" if path else name
        if name in before:
            yield Problem(element, "twice", N_("Two fields have this name."))
        if name in reserved:
            yield Problem(element, "reserved", N_("Every form gets this field by itself; leave it out or rename it."))
        yield from _field(element, field, depth)
        yield from _visible_if(element, field.get("visible_if", []), before)
        before[name] = field


def _field(element: str, field: Mapping[str, Any], depth: int) -> Report:
    """``depth`` counts the tables around it."""
    yield from _text(element, field, "label", 120, needed=True)
    yield from _text(element, field, "help", 500)
    yield from _text(element, field, "unit", 20)
    yield from _text(element, field, "prefill", 500)
    for key in ("required", "readonly"):
        if not isinstance(field.get(key, False), bool):
            yield Problem(element, key, N_("“{key}” must be true or false."), {"key": key})
    kind = TYPES.get(field["type"]) if isinstance(field.get("type"), str) else None
    if kind is None:
        params = {"type": str(field.get("type"))[:40], "types": ", ".join(TYPES)}
        yield Problem(element, "type", N_("There is no field type “{type}”. Use one of: {types}."), params)
        return
    yield from _unknown(element, field, _COMMON | kind.takes)
    if depth > kind.deepest and "columns" in kind.takes:
        yield Problem(element, "column", _NO_DEEPER)
        return
    if depth > kind.deepest:
        yield Problem(element, "column", N_("A column of a table can't be of type {type}."), {"type": field["type"]})
    if depth and (field.get("readonly") or field.get("prefill")):
        yield Problem(element, "column", N_("Prefill the table as a whole, not a column of it."))
    if kind.fixed and field.get("readonly") is not True:
        message = N_("A field of type {type} is only shown. Make it read-only.")
        yield Problem(element, "readonly", message, {"type": field["type"]})
    if field.get("readonly") is True and not field.get("prefill"):
        yield Problem(element, "readonly", N_("A read-only field needs “prefill”, or it could never be filled in."))
    for key, rule in _RULES.items():
        if key in kind.takes:
            yield from rule(element, field)


def _options(element: str, field: Mapping[str, Any]) -> Report:
    options = field.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= 100 or not all(_is_option(one) for one in options):
        message = N_("“options” must be a list of 1 to 100 pairs [value, label].")
        yield Problem(element, "options", message)
        return
    for key, name in ((0, "value"), (1, "label")):
        if len({one[key] for one in options}) < len(options):
            yield Problem(element, "options", N_("Two options have the same {what}."), {"what": name})


def _is_option(one: Any) -> bool:
    return (
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) and 0 < len(part) <= 100 for part in one)
    )


def _columns(element: str, field: Mapping[str, Any]) -> Report:
    columns = field.get("columns")
    if not isinstance(columns, list) or not 1 <= len(columns) <= 20:
        yield Problem(element, "columns", N_("“columns” must be a list of 1 to 20 fields."))
        return
    yield from _level(element, columns, frozenset())


def _bounds(element: str, field: Mapping[str, Any]) -> Report:
    valid = _is_day if field.get("type") == "date" else _is_count if TYPES[field["type"]].largest else _is_number
    given = {key: field[key] for key in ("min", "max") if field.get(key) is not None}
    for key, value in given.items():
        if not valid(value):
            message = N_("“{key}” is not a valid bound for a field of type {type}.")
            yield Problem(element, key, message, {"key": key, "type": field["type"]})
            return
    largest = TYPES[field["type"]].largest
    if largest and any(value > largest for value in given.values()):
        yield Problem(element, "max", N_("A field of this type allows at most {limit}."), {"limit": largest})
    if len(given) == 2 and "today" not in given.values() and given["min"] > given["max"]:
        yield Problem(element, "min", N_("“min” is greater than “max”."))


def _places(element: str, field: Mapping[str, Any]) -> Report:
    places = field.get("places", 0)
    if isinstance(places, bool) or not isinstance(places, int) or not 0 <= places <= 8:
        yield Problem(element, "places", N_("“places” must be a whole number from 0 to 8."))


def _register(element: str, field: Mapping[str, Any]) -> Report:
    register = field.get("register", "" if field["type"] == "register" else "any")
    if not isinstance(register, str) or not FIELD_NAME.fullmatch(register):
        yield Problem(element, "register", N_("“register” must name a register in lower-case letters."))


_RULES: Mapping[str, Callable[[str, Mapping[str, Any]], Report]] = {
    "options": _options,
    "columns": _columns,
    "max": _bounds,
    "places": _places,
    "register": _register,
}


def _visible_if(element: str, given: Any, before: Mapping[str, Mapping[str, Any]]) -> Report:
    for one in given if isinstance(given, list) else [given]:
        keys = set(one) - {"field"} if isinstance(one, dict) else set()
        if len(keys) != 1 or not keys <= {"equals", "in", "not_in"}:
            message = N_("“visible_if” names a “field” and one of “equals”, “in” and “not_in”.")
            yield Problem(element, "visible_if", message)
            continue
        control = before.get(one["field"]) if isinstance(one.get("field"), str) else None
        if control is None or control.get("type") not in _CONTROLS:
            message = N_("“visible_if” must name an earlier field of type bool, enum or multi.")
            yield Problem(element, "visible_if", message)
            continue
        values = [one["equals"]] if "equals" in one else next(one[key] for key in keys)
        if not isinstance(values, list) or not values or not all(_can_be(value, control) for value in values):
            message = N_("“visible_if” compares with values that “{field}” can't have.")
            yield Problem(element, "visible_if", message, {"field": one["field"]})


def _can_be(value: Any, control: Mapping[str, Any]) -> bool:
    if control["type"] == "bool":
        return isinstance(value, bool)
    options = control.get("options")
    return isinstance(options, list) and value in [one[0] for one in options if _is_option(one)]


def _text(element: str, data: Mapping[str, Any], key: str, limit: int, needed: bool = False) -> Report:
    value = data.get(key)
    if value is None and not needed:
        return
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        message = N_("“{key}” must be a text of 1 to {limit} characters.")
        yield Problem(element, key, message, {"key": key, "limit": limit})


def _unknown(element: str, data: Mapping[str, Any], known: set[str] | frozenset[str]) -> Report:
    for key in sorted(set(data) - known):
        yield Problem(element, "unknown", N_("“{key}” has no meaning here."), {"key": key[:60]})


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15


def _is_day(value: Any) -> bool:
    try:
        return value == "today" or (isinstance(value, str) and date.fromisoformat(value) is not None)
    except ValueError:
        return False
