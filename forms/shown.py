"""Puts answers into words, for the record and for pages that show what others have answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forms.field import Field, Form, shown_fields
from forms.fields import TYPES
from forms.fields.kind import Shown, Words


def shown(
    form: Form,
    answers: Mapping[str, Any],
    lookup: Callable[[str, str], str | None],
    say: Callable[[str], str],
) -> tuple[Shown, ...]:
    """The answered fields in the order of the form.

    ``lookup(kind, id)`` names an org, user or ref (None: the id itself is shown); ``say`` translates texts of the form
    and of this package.  Answers are shown as they are: those of an older version of a form may have other shapes.
    """
    return _shown(form.fields, answers, Words(say, lookup))


def show_field(field: Field, value: Any, words: Words) -> Shown:
    """One answer, with the rows of its table if it is one."""
    result = TYPES[field.type].show(field, value, words)
    rows: tuple[tuple[Shown, ...], ...] = ()
    if field.columns and isinstance(value, list):
        rows = tuple(_row(field.columns, row, words) for row in value if isinstance(row, Mapping))
    return Shown(
        result.name, words.say(field.label), result.kind, result.text, result.items, result.header, rows or result.rows
    )


def _shown(fields: tuple[Field, ...], answers: Mapping[str, Any], words: Words) -> tuple[Shown, ...]:
    return tuple(
        show_field(field, answers[field.name], words)
        for field in shown_fields(fields, answers)
        if answers.get(field.name) is not None
    )


def _row(columns: tuple[Field, ...], row: Mapping[str, Any], words: Words) -> tuple[Shown, ...]:
    """A cell for every column, so that cells stand under their headings."""
    cells = {cell.name: cell for cell in _shown(columns, row, words)}
    return tuple(cells.get(column.name, Shown(column.name, words.say(column.label))) for column in columns)
