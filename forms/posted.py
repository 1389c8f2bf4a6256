"""Reads the items of an HTML form into answers. What can't be understood stays as it was typed, for the validator to
complain about and the page to show again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.field import Field, Form
from forms.fields import TYPES
from forms.fields.kind import Posted, is_place

ADD, REMOVE, UPLOAD = "_add", "_remove", "__upload"
MOST_ROWS = 500
_NUMBER = re.compile(r"-[0-9]{1,4}(?=-)")


@dataclass(frozen=True, slots=True)
class _Edit:
    """What a button does to a table: ``removed`` is the number of the row that goes; None: one is added.

    ``table`` is its name, such as ``measures`` or ``measures-0-steps``, and ``outermost`` the field of the form.
    """

    outermost: str
    table: str
    removed: int | None


def parse(form: Form, items: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The answers that were posted; unanswered fields and rows in which nothing was entered are left out."""
    return _values(form.fields, Posted(items), "", None)


def edited_rows(form: Form, items: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """The answers with one row more (``_add=measures``, ``_add=measures-0-steps``) or less (``_remove=measures-0``,
    ``_remove=measures-0-steps-1``), to be shown again.

    None if no such button was pressed: the form was sent to be saved or completed.
    """
    posted = Posted(items)
    edit = _edit(form, posted)
    return None if edit is None else _values(form.fields, posted, "", edit)


def file_inputs(form: Form) -> dict[str, Field]:
    """The names under which files are posted by a browser without JavaScript, with the field that takes them.

    Files in tables have the name of their column: ``findings-*-photos__upload``, where * is the number of the row.
    """
    return dict(_file_inputs(form.fields, ""))


def pattern_of(name: str) -> str:
    """The posted name of a file with * for the numbers of its rows, as `file_inputs` lists it."""
    return _NUMBER.sub("-*", name)


def _file_inputs(fields: tuple[Field, ...], prefix: str) -> Iterator[tuple[str, Field]]:
    for field in fields:
        if TYPES[field.type].refers == "attachment":
            yield prefix + field.name + UPLOAD, field
        yield from _file_inputs(field.columns, f"{prefix}{field.name}-*-")


def _edit(form: Form, posted: Posted) -> _Edit | None:
    added, removed = posted.one(ADD), posted.one(REMOVE)
    name, _, place = (removed or "").rpartition("-") if added is None else (added, "", "")
    parts = name.split("-")
    table = form.field(parts[0])
    for column in parts[2::2]:
        table = next((one for one in table.columns if one.name == column), None) if table else None
    if table is None or not table.columns or (added is None and not is_place(place)):
        return None
    return _Edit(parts[0], name, int(place) if added is None else None)


def _values(fields: tuple[Field, ...], posted: Posted, prefix: str, edit: _Edit | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        name = prefix + field.name
        value = _rows(field, posted, name, edit) if field.columns else TYPES[field.type].parse(field, posted, name)
        if value is not None and value != []:
            values[field.name] = value
    return values


def _rows(table: Field, posted: Posted, name: str, edit: _Edit | None) -> list[dict[str, Any]]:
    """The rows of a table, without blank ones unless it is being edited: there a new one is to be filled in."""
    places = TYPES[table.type].parse(table, posted, name)
    places = [place for place in places if place < MOST_ROWS] if table.fixed_rows else places[:MOST_ROWS]
    rows = {place: _values(table.columns, posted, f"{name}-{place}-", edit) for place in places}
    if table.fixed_rows:  # the place of a row says which one it is
        return [rows.get(place, {}) for place in range(max(rows, default=-1) + 1)]
    if edit is None or edit.outermost != name.partition("-")[0]:
        return [row for row in rows.values() if _is_filled(row)]
    if edit.table != name or table.readonly:
        return list(rows.values())
    if edit.removed is None:
        return [*rows.values(), {}][:MOST_ROWS]
    return [row for place, row in rows.items() if place != edit.removed]


def _is_filled(row: Mapping[str, Any]) -> bool:
    """A switch that is off is in every row, so it does not make one."""
    return any(value is not False for value in row.values())
