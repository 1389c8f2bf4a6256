"""How much a form asks of a person: the burden meter counts it when a task is completed.

Counted are the questions that were shown, without the two that every form has (opinion, attachments) and without what
is only shown.  Each cell of a table that is filled in counts as a question of its own, also those of a table in a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.document import STANDARD
from forms.field import Field, Form, shown_fields

_STANDARD = frozenset(field["name"] for field in STANDARD)


@dataclass(frozen=True, slots=True)
class Effort:
    """``prefilled`` of the ``asked`` were filled in by the program; ``kept`` of those were left as they were."""

    asked: int
    prefilled: int
    kept: int


def measure(form: Form, answers: Mapping[str, Any], prefilled: Mapping[str, Any]) -> Effort:
    """``answers``: clean ones; ``prefilled``: what stood in the form when it was opened."""
    asked = given = kept = 0
    for field in shown_fields(form.fields, answers):
        if field.readonly or field.name in _STANDARD:
            continue
        weight = _weight(field, answers.get(field.name))
        asked += weight
        if field.name in prefilled:
            given += min(weight, _weight(field, prefilled[field.name]))
            kept += weight if answers.get(field.name) == prefilled[field.name] else 0
    return Effort(asked, given, kept)


def _weight(field: Field, value: Any) -> int:
    if field.type != "table" or not isinstance(value, list):
        return 1
    asked = {column.name: column for column in field.columns if not column.readonly}
    rows = (row for row in value if isinstance(row, Mapping))
    cells = ((asked[name], cell) for row in rows for name, cell in row.items() if name in asked)
    return max(1, sum(_weight(column, cell) for column, cell in cells if cell is not None and cell != ""))
