"""Tables: rows with typed columns. The columns themselves are handled where forms are walked, level by level."""

from __future__ import annotations

from typing import Any

from forms.field import Field
from forms.fields.kind import Posted, Shown, Words

MANY = 50


def schema(field: Field) -> dict[str, Any]:
    """Without ``items``: `forms.schema` fills in the columns."""
    return {"type": "array", "minItems": int(field.min or 1), "maxItems": int(field.max or MANY)}


def parse(field: Field, posted: Posted, name: str) -> list[int] | None:
    """The indices of the rows that were sent, ascending. `forms.posted` reads their columns."""
    return posted.places(name)


def show(field: Field, value: Any, words: Words) -> Shown:
    """Without ``rows``: `forms.shown` fills in the columns."""
    return Shown(field.name, field.label, "rows", header=tuple(words.say(column.label) for column in field.columns))
