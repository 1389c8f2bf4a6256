"""How a step shows the form of another step: there some fields are hidden, only shown, optional or required.

A form document says it under ``steps``: the id of a user task, with the step whose answers are carried over (``from``;
the form's own step if it is not said) and the permissions by field, those of columns as ``table.column``, those of a
table in a row as ``table.column.inner``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from faults import N_, Problem
from forms.field import Field, Form

PERMISSIONS = ("hidden", "readonly", "optional", "required")
STEP = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")  # what an expression can name
MOST_STEPS = 30
LEVELS = 3  # fields, columns, and those of a table in a row

Report = Iterator[Problem]


def own_step(name: str) -> str | None:
    """The step that a form belongs to by its name: ``check`` of ``errand/check``."""
    return name.partition("/")[2] or None


def shown_at(form: Form, step: str, rules: Mapping[str, Any], standard: frozenset[str]) -> Form:
    """The form as ``step`` shows it. ``rules`` have passed `step_problems`.

    Fields take over what the source has answered; those of every form (``standard``) only where they are read-only.
    """
    given: Mapping[str, str] = rules.get("fields", {})
    source = rules.get("from") or own_step(form.name) or ""
    shown = (one for one in form.fields if given.get(one.name) != "hidden")
    fields = tuple(_field(one, given, source, one.name in standard) for one in shown)
    digest = hashlib.sha256(f"{form.digest} {step}".encode()).hexdigest()
    return Form(digest, form.name, form.title, fields, dict(given), source)


def step_problems(document: Mapping[str, Any], standard: Mapping[str, Mapping[str, Any]]) -> Report:
    """What is wrong with ``steps`` as far as the document alone tells; its fields may have faults of their own."""
    steps = document.get("steps", {})
    if not isinstance(steps, dict) or len(steps) > MOST_STEPS:
        yield Problem("", "steps", N_("“steps” must give permissions by step, at most {limit}."), {"limit": MOST_STEPS})
        return
    fields = _by_path(document, standard)
    for step, rules in steps.items():
        problem = _step_problem(document, step, rules)
        if problem is not None:
            yield problem
            continue
        given = rules.get("fields", {})
        for path, rule in given.items():
            yield from _rule_problems(step, path, rule, given, fields)
        yield from _lost_controls(step, given, fields)


def _field(field: Field, given: Mapping[str, str], source: str, standard: bool) -> Field:
    rule, columns = given.get(field.name), _columns(field, given, field.name)
    if field.readonly:
        return replace(field, columns=columns)  # the program fills it in, wherever it is shown
    carried = f"{source}.{field.name}" if rule == "readonly" or not standard else None
    return replace(
        field, required=_required(field, rule), readonly=rule == "readonly", columns=columns, prefill=carried
    )


def _columns(table: Field, given: Mapping[str, str], path: str) -> tuple[Field, ...]:
    shown = ((one, f"{path}.{one.name}") for one in table.columns)
    return tuple(_column(one, given, inner) for one, inner in shown if given.get(inner) != "hidden")


def _column(column: Field, given: Mapping[str, str], path: str) -> Field:
    rule = given.get(path)
    required, columns = _required(column, rule), _columns(column, given, path)
    return replace(column, required=required, readonly=rule == "readonly", columns=columns)


def _required(field: Field, rule: str | None) -> bool:
    return rule == "required" or (field.required and rule != "optional")


def _by_path(document: Mapping[str, Any], standard: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The fields as the document has them, columns under ``table.column`` and ``table.column.inner``."""
    return dict(standard) | dict(_paths(document.get("fields"), "", LEVELS))


def _paths(fields: Any, prefix: str, levels: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field in _dicts(fields) if levels else ():
        path = f"{prefix}{field.get('name')}"
        yield path, field
        yield from _paths(field.get("columns"), f"{path}.", levels - 1)


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _step_problem(document: Mapping[str, Any], step: str, rules: Any) -> Problem | None:
    params = {"step": step[:100]}
    if not STEP.fullmatch(step):
        return Problem("", "step", N_("“{step}” can't be the id of a step."), params)
    if not isinstance(rules, dict) or not rules.keys() <= {"from", "fields"}:
        return Problem("", "step", N_("Step “{step}”: say “from” and “fields”, nothing else."), params)
    if not isinstance(rules.get("fields", {}), dict):
        return Problem("", "step", N_("Step “{step}”: “fields” gives the permission of each field."), params)
    own = own_step(str(document.get("name")))
    if step == own:
        message = N_("“{step}” is the form's own step. Say at the fields themselves what holds there.")
        return Problem("", "own_step", message, params)
    source = rules.get("from", own)
    if not isinstance(source, str) or not STEP.fullmatch(source) or source == step:
        return Problem("", "source", N_("Step “{step}”: say in “from” which step has filled in the form."), params)
    return None


def _rule_problems(
    step: str, path: str, rule: Any, given: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]
) -> Report:
    element = path.replace(".", "-") if path in fields else ""
    params = {"step": step, "field": path[:130]}
    if path not in fields:
        yield Problem(element, "permission", N_("Step “{step}”: the form has no field “{field}”."), params)
    elif rule not in PERMISSIONS:
        words = ", ".join(PERMISSIONS)
        message = N_("Step “{step}”: the permission of “{field}” must be one of: {permissions}.")
        yield Problem(element, "permission", message, {**params, "permissions": words})
    elif fields[path].get("readonly") is True and rule != "hidden":
        message = N_("Step “{step}”: “{field}” is read-only everywhere; it can only be hidden.")
        yield Problem(element, "permission", message, params)
    if rule != "hidden" and any(given.get(table) in ("hidden", "readonly") for table in _around(path)):
        message = N_("Step “{step}”: nothing of the table can be filled in, so “{field}” has no permission of its own.")
        yield Problem(element, "permission", message, params)


def _lost_controls(step: str, given: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> Report:
    """Fields that are shown, but depend on one that is not; tables of which nothing is left."""
    for path, field in fields.items():
        if any(given.get(one) == "hidden" for one in (path, *_around(path))):
            continue
        level = path.rpartition(".")[0]
        wanted = field.get("visible_if", [])
        for one in _dicts(wanted if isinstance(wanted, list) else [wanted]):
            control = f"{level}.{one.get('field')}" if level else str(one.get("field"))
            if given.get(control) == "hidden":
                message = N_("Step “{step}”: “{field}” depends on “{control}”, which is hidden. Hide or show both.")
                params = {"step": step, "field": path, "control": control}
                yield Problem(path.replace(".", "-"), "lost_control", message, params)
        columns = [f"{path}.{column.get('name')}" for column in _dicts(field.get("columns"))]
        if columns and all(given.get(column) == "hidden" for column in columns):
            message = N_("Step “{step}”: all columns of “{field}” are hidden. Hide the table.")
            yield Problem(path.replace(".", "-"), "permission", message, {"step": step, "field": path})


def _around(path: str) -> list[str]:
    """The tables in which a column stands, from the outermost: ``a`` and ``a.b`` of ``a.b.c``."""
    names = path.split(".")
    return [".".join(names[:depth]) for depth in range(1, len(names))]
