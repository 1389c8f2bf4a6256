"""Reads the items of an HTML form into answers. What can't be understood stays as it was typed, for the validator to
complain about and the page to show again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.field import Field, Form
from forms.fields import TYPES
from forms.fields.kind import Posted

ADD, REMOVE, UPLOAD = "_add", "_remove", "__upload"
MOST_ROWS = 500


def parse(form: Form, items: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The answers that were posted; unanswered fields and rows in which nothing was entered are left out."""
    return _values(form.fields, Posted(items), "", keep_blank_rows=frozenset())


def edited_rows(form: Form, items: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """The answers with one row more (``_add=measures``) or less (``_remove=measures-0``), to be shown again.

    None if no such button was pressed: the form was sent to be saved or completed.
    """
    posted = Posted(items)
    add, remove = posted.one(ADD), posted.one(REMOVE)
    table = form.field((add or remove or "").partition("-")[0])
    if (add is None and remove is None) or table is None or not table.columns:
        return None
    values = _values(form.fields, posted, "", keep_blank_rows=frozenset({table.name}))
    rows: list[Any] = values.get(table.name, [])
    if table.readonly or table.fixed_rows:
        return values
    if add is not None and len(rows) < MOST_ROWS:
        rows = [*rows, {}]
    elif remove is not None:
        places = TYPES[table.type].parse(table, posted, table.name)
        rows = [row for place, row in zip(places, rows, strict=False) if remove != f"{table.name}-{place}"]
    return values | {table.name: rows}


def file_inputs(form: Form) -> dict[str, Field]:
    """The names under which files are posted by a browser without JavaScript, with the field that takes them.

    Files in tables have the name of their column: ``findings-*-photos__upload``, where * is the number of the row.
    """
    found: dict[str, Field] = {}
    for field in form.fields:
        found |= {field.name + UPLOAD: field} if TYPES[field.type].refers == "attachment" else {}
        for column in field.columns:
            if TYPES[column.type].refers == "attachment":
                found[f"{field.name}-*-{column.name}{UPLOAD}"] = column
    return found


def _values(fields: tuple[Field, ...], posted: Posted, prefix: str, keep_blank_rows: frozenset[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        name = prefix + field.name
        value = TYPES[field.type].parse(field, posted, name)
        if field.columns:
            places = [place for place in value if place < MOST_ROWS] if field.fixed_rows else value[:MOST_ROWS]
            rows = {place: _values(field.columns, posted, f"{name}-{place}-", frozenset()) for place in places}
            if field.fixed_rows:  # the place of a row says which one it is
                value = [rows.get(place, {}) for place in range(max(rows, default=-1) + 1)]
            else:
                value = [row for row in rows.values() if field.name in keep_blank_rows or _is_filled(row)]
        if value is not None and value != []:
            values[field.name] = value
    return values


def _is_filled(row: Mapping[str, Any]) -> bool:
    """A switch that is off is in every row, so it does not make one."""
    return any(value is not False for value in row.values())
