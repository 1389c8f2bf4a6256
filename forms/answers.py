"""Validates answers: either clean answers come back, or every field that needs attention is named with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import jsonschema_rs

from faults import N_, Problem, Refused
from forms import plain
from forms.field import Field, Form, shown_fields
from forms.fields import TYPES, numbers
from forms.fields.kind import Fault
from forms.fixed import with_fixed
from forms.schema import validator


class AnswersRefused(Refused):
    """Some answers need attention. Correct the marked fields and send the form again; nothing you typed was lost."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An id in the answers. ``kind`` is org, user, ref or attachment; ``element`` the path of its field."""

    element: str
    kind: str
    ident: str


# What a person is told, by the keyword of JSON Schema that failed. Other keywords: the sentence of the field's type.
_MESSAGES = {
    "required": N_("Please fill in this field."),
    "minLength": N_("Write at least {limit} characters."),
    "maxLength": N_("Write at most {limit} characters."),
    "minimum": N_("Must not be less than {limit}."),
    "maximum": N_("Must not be more than {limit}."),
    "minItems": N_("At least {limit} are needed."),
    "maxItems": N_("At most {limit} are allowed."),
    "uniqueItems": N_("The same entry occurs twice."),
    "additionalProperties": N_("This field does not belong to the form."),
}
_UNKNOWN = N_("There is no such entry, or you may not use it.")


def validate(
    form: Form,
    answers: Mapping[str, Any],
    prefilled: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The answers in canonical form, without hidden and unanswered fields.

    What is read-only comes from ``prefilled`` (see `forms.prefilled.fit`), whatever was posted for it.  ``today`` is
    needed by dates that must not lie in the past.  Raises `AnswersRefused`, at most one problem a field.
    """
    if not isinstance(answers, Mapping):
        raise AnswersRefused([Problem("", "malformed", N_("Answers are a JSON object of fields."))])
    hostile = list(_hostile(form, answers))
    if hostile:
        raise AnswersRefused(hostile)
    given = with_fixed(form, answers, prefilled or {})
    clean = _tidy(form.fields, given)
    unknown = [_problem(name[:60], "additionalProperties", None, None) for name in given if form.field(name) is None]
    problems = unknown + [_explain(form, clean, error) for error in validator(form).iter_errors(clean)]
    if not problems:
        problems = list(_checks(form.fields, clean, "", today))
    if problems:
        raise AnswersRefused(_one_each(form, problems))
    return clean


def visible(form: Form, answers: Mapping[str, Any]) -> frozenset[str]:
    """The names of the fields that these answers make visible."""
    return frozenset(field.name for field in shown_fields(form.fields, answers))


def with_gaps(form: Form, clean: Mapping[str, Any]) -> dict[str, Any]:
    """Clean answers with None for what was hidden or left empty, so that an expression may ask for every field.

    In rows that hold tables too: `[step.cost for row in report.rows for step in row.steps or []]`.
    """
    hidden = (name for name, rule in form.permissions.items() if rule == "hidden" and "." not in name)
    return {field.name: _without_gaps(field, clean.get(field.name)) for field in form.fields} | dict.fromkeys(hidden)


def references(form: Form, clean: Mapping[str, Any]) -> tuple[Reference, ...]:
    """All ids in clean answers, so that the caller can look up each kind at once.

    Of what is read-only only the attachments: whoever was named by an earlier step may have left since.
    """
    return tuple(_references(form.fields, clean, ""))


def refuse_unknown(found: Collection[Reference]) -> AnswersRefused:
    """The error to raise for references that lead nowhere, or to what the person must not use."""
    return AnswersRefused([Problem(one.element, "unknown", _UNKNOWN) for one in found])


def with_evidence(form: Form, clean: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Clean answers whose evidences carry what the server knows of each photo.

    ``facts`` maps attachment ids to sha256, captured_at (ISO), geo, device and grade.
    """
    return _add_facts(form.fields, clean, facts)


def _without_gaps(field: Field, value: Any) -> Any:
    if not value or not any(column.columns for column in field.columns):
        return value
    return [_full_row(field.columns, row) for row in value]


def _full_row(columns: tuple[Field, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    full: dict[str, Any] = {column.name: row.get(column.name) for column in columns}
    for column in columns:
        if column.columns and full[column.name]:
            full[column.name] = [_full_row(column.columns, inner) for inner in full[column.name]]
    return full


def _hostile(form: Form, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """What must not even reach the validator: not JSON, not finite, too deep, too much."""
    if len(answers) > 500:
        yield Problem("", "nested", N_("These are more answers than any form has fields."))
        return
    for name, value in answers.items():
        fault = (
            plain.fault_of(value) if isinstance(name, str) else Fault("malformed", N_("This is not a valid value."), {})
        )
        element = name if isinstance(name, str) and form.field(name) else ""
        if fault is not None:
            yield Problem(element, fault.code, fault.message, fault.params)
    whole = plain.fault_of(dict(answers)) if all(isinstance(name, str) for name in answers) else None
    if whole is not None and whole.code == "size":
        yield Problem("", whole.code, N_("These answers are too long together. Attach long texts as files."))


def _tidy(fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical values of the visible fields; empty ones are left out."""
    values = {field.name: _tidy_one(field, given.get(field.name)) for field in fields}
    values = {name: value for name, value in values.items() if not _is_empty(value)}
    return {field.name: values[field.name] for field in shown_fields(fields, values) if field.name in values}


def _tidy_one(field: Field, value: Any) -> Any:
    if field.columns and isinstance(value, list):
        return [_tidy_row(field.columns, row) if isinstance(row, dict) else row for row in value]
    return TYPES[field.type].tidy(value)


def _tidy_row(columns: tuple[Field, ...], row: dict[str, Any]) -> dict[str, Any]:
    known = {column.name for column in columns}
    return _tidy(columns, row) | {name: value for name, value in row.items() if name not in known}


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _explain(form: Form, clean: Mapping[str, Any], error: jsonschema_rs.ValidationError) -> Problem:
    path: list[str | int] = list(error.instance_path)
    keyword, limit = error.kind.name, error.kind.value
    if keyword == "required":  # the value of this keyword is the name of the missing property
        path.append(str(limit))
    elif keyword == "additionalProperties" and limit:
        path.append(str(limit[0]))
    element, field, inner = _locate(form.fields, path)
    return _problem(element, "malformed" if inner else keyword, limit, field)


def _problem(element: str, keyword: str, limit: Any, field: Field | None) -> Problem:
    if keyword == "minItems" and limit == 1:
        keyword = "required"
    if keyword in ("minLength", "maxLength") and field is not None and TYPES[field.type].largest is None:
        keyword = "malformed"  # nobody counts the characters of a date
    template = _MESSAGES.get(keyword)
    if template is not None:
        return Problem(element, keyword, template, {"limit": limit})
    params = {"places": numbers.decimals(field)} if field is not None and field.type in numbers.PLACES else {}
    message = TYPES[field.type].malformed if field is not None else N_("This is not a valid value.")
    return Problem(element, "malformed", message, params)


def _locate(fields: tuple[Field, ...], path: list[str | int]) -> tuple[str, Field | None, bool]:
    """The input that a place in the answers belongs to: `["measures", 0, "name"]` -> ``measures-0-name``.

    And whether the place lies inside of the value of this input: a part that people don't see by itself.
    """
    if not path:
        return "", None, False
    name = str(path[0])
    field = next((one for one in fields if one.name == name), None)
    if field is None or not field.columns or len(path) < 2:
        return name[:60], field, len(path) > 1
    if len(path) == 2:
        return f"{name}-{path[1]}", field, False
    element, column, inner = _locate(field.columns, path[2:])
    return f"{name}-{path[1]}-{element}", column, inner


def _checks(fields: tuple[Field, ...], values: Mapping[str, Any], prefix: str, today: date | None) -> Iterator[Problem]:
    """What the schema can't say. Called once the schema is content, so every value has its type."""
    for field in fields:
        value = values.get(field.name)
        if value is None or field.readonly:  # nobody could mend it
            continue
        if field.columns:
            for place, row in enumerate(value):
                yield from _checks(field.columns, row, f"{prefix}{field.name}-{place}-", today)
        fault = TYPES[field.type].check(field, value, today)
        if fault is not None:
            yield Problem(prefix + field.name, fault.code, fault.message, fault.params)


def _one_each(form: Form, problems: list[Problem]) -> list[Problem]:
    """One problem an element, in the order of the form: that is the order in which a person meets them."""
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.element, problem)
    return sorted(first.values(), key=lambda one: _order(form.fields, one.element))


def _order(fields: tuple[Field, ...], element: str) -> tuple[int, ...]:
    """Where an input stands in the form: the places of its field, row and column. What is unknown comes first."""
    name, _, rest = element.partition("-")
    row, _, inner = rest.partition("-")
    place = next((place for place, field in enumerate(fields) if field.name == name), -1)
    if place < 0 or not fields[place].columns or not row.isdecimal():
        return (place,)
    return place, int(row), *(_order(fields[place].columns, inner) if inner else ())


def _references(fields: tuple[Field, ...], values: Mapping[str, Any], prefix: str) -> Iterator[Reference]:
    for field in fields:
        value = values.get(field.name)
        kind = TYPES[field.type].refers
        if value is None:
            continue
        if field.columns:
            for place, row in enumerate(value):
                yield from _references(field.columns, row, f"{prefix}{field.name}-{place}-")
        elif kind is not None and (kind == "attachment" or not field.readonly):
            for one in value if isinstance(value, list) else [value]:
                yield Reference(prefix + field.name, kind, one["id"] if isinstance(one, dict) else one)


def _add_facts(
    fields: tuple[Field, ...], values: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    result = dict(values)
    for field in fields:
        value = values.get(field.name)
        if value is None:
            continue
        if field.columns:
            result[field.name] = [_add_facts(field.columns, row, facts) for row in value]
        elif field.type == "evidences":
            result[field.name] = [dict(facts.get(item["id"], {})) | {"id": item["id"]} for item in value]
    return result
