"""Reads form documents. All problems are found at once, each with the field it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from faults import N_, Problem, Refused
from forms.field import Condition, Field, Form
from forms.grammar import form_problems
from forms.permissions import shown_at, step_problems

# Every human task takes an opinion and attachments, so no document repeats them.
STANDARD: tuple[dict[str, Any], ...] = (
    {"name": "opinion", "label": "意见", "type": "longtext"},
    {"name": "attachments", "label": "附件", "type": "files"},
)
_STANDARD = {one["name"]: one for one in STANDARD}


class FormRefused(Refused):
    """The form has faults. Mend those that are listed and try again."""


def read_form(data: bytes | str | Mapping[str, Any]) -> Form:
    """The form with its standard fields. Raises `FormRefused` with all problems."""
    document, problems = _load(data)
    problems = problems or check_form(document)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise FormRefused(errors)
    fields = [_field(one) for one in (*document["fields"], *STANDARD)]
    digest = hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
    form = Form(digest, document["name"], document["title"], tuple(fields))
    steps = document.get("steps", {})
    return replace(form, steps={step: shown_at(form, step, steps[step], frozenset(_STANDARD)) for step in steps})


def check_form(data: bytes | str | Mapping[str, Any]) -> tuple[Problem, ...]:
    """Everything that is wrong with a form document; empty for a good one. The element is the path of the field."""
    document, problems = _load(data)
    return problems or (*form_problems(document, frozenset(_STANDARD)), *step_problems(document, _STANDARD))


def texts(form: Form) -> Iterator[str]:
    """Every text of a form that people read, for the message catalogues: title, labels, options, units, helps."""
    yield form.title
    for field in form.fields:
        yield from _field_texts(field)


def _field_texts(field: Field) -> Iterator[str]:
    yield from (text for text in (field.label, field.unit, field.help) if text)
    yield from (label for _, label in field.options)
    for column in field.columns:
        yield from _field_texts(column)


def _load(data: bytes | str | Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """A plain copy of the document, or the reason why there is none."""
    if isinstance(data, bytes | str) and len(data) > 500_000:
        return {}, (Problem("", "size", N_("The form is larger than 500 kB. Split it.")),)
    try:
        document = orjson.loads(data if isinstance(data, bytes | str) else orjson.dumps(data))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError) as error:
        return {}, (Problem("", "json", N_("The form is not valid JSON: {reason}."), {"reason": str(error)}),)
    if not isinstance(document, dict):
        return {}, (Problem("", "json", N_("A form is a JSON object with name, title and fields.")),)
    return document, ()


def _field(data: Mapping[str, Any]) -> Field:
    return Field(
        name=data["name"],
        label=data["label"],
        type=data["type"],
        required=data.get("required", False),
        options=tuple((value, label) for value, label in data.get("options", ())),
        visible_if=_conditions(data.get("visible_if", [])),
        readonly=data.get("readonly", False),
        prefill=data.get("prefill"),
        columns=tuple(_field(column) for column in data.get("columns", ())),
        min=data.get("min"),
        max=data.get("max"),
        places=data.get("places"),
        unit=data.get("unit", ""),
        help=data.get("help", ""),
        register=data.get("register", ""),
    )


def _conditions(data: Any) -> tuple[Condition, ...]:
    return tuple(_condition(one) for one in (data if isinstance(data, list) else [data]))


def _condition(data: Mapping[str, Any]) -> Condition:
    if "equals" in data:
        return Condition(data["field"], (data["equals"],))
    negated = "not_in" in data
    return Condition(data["field"], tuple(data["not_in" if negated else "in"]), negated)
