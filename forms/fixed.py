"""What a person can't change: read-only fields, and the rows of tables of which a column is read-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.field import Field, Form


def with_fixed(form: Form, given: Mapping[str, Any], prefilled: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that were given, with everything that is not the person's to change as it was prefilled.

    A table with a read-only column keeps its rows: those that were given fill in the other columns, by their places.
    So does a table in its rows.
    """
    values = {name: value for name, value in given.items() if not _is_readonly(form, name)}
    for field in form.fields:
        if field.readonly and field.name in prefilled:
            values[field.name] = prefilled[field.name]
        elif field.fixed_rows and not field.readonly:
            values[field.name] = _rows(field, given.get(field.name), prefilled.get(field.name))
    return values


def _is_readonly(form: Form, name: str) -> bool:
    field = form.field(name)
    return field is not None and field.readonly


def _rows(table: Field, given: Any, prefilled: Any) -> list[Any]:
    typed = given if isinstance(given, list) else []
    kept = prefilled if isinstance(prefilled, list) else []
    fixed = [column.name for column in table.columns if column.readonly]
    inner = [column for column in table.columns if column.fixed_rows and not column.readonly]
    return [_row(fixed, inner, typed[place] if place < len(typed) else {}, row) for place, row in enumerate(kept)]


def _row(fixed: list[str], inner: list[Field], typed: Any, kept: Any) -> Any:
    if not isinstance(typed, Mapping):
        return typed  # for the validator to complain about
    before = kept if isinstance(kept, Mapping) else {}
    changed = {name: value for name, value in typed.items() if name not in fixed}
    rows = {table.name: _rows(table, typed.get(table.name), before.get(table.name)) for table in inner}
    return changed | rows | {name: before[name] for name in fixed if name in before}
