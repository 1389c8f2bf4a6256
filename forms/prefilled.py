"""Fits evaluated prefill expressions to the fields they are meant for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from forms import plain
from forms.field import Field, Form
from forms.fields import TYPES
from forms.fields.times import ZONE


def expressions(form: Form) -> dict[str, str]:
    """The expressions that the caller is to evaluate, by field name."""
    return {field.name: field.prefill for field in form.fields if field.prefill}


def fit(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """What of the evaluated values can stand in the form, in the form of answers: days and instants as ISO text.

    A value that does not fit is left out: an officer can still fill in the field by hand.
    """
    fitted = {
        field.name: _fit(field, values[field.name]) for field in form.fields if values.get(field.name) is not None
    }
    return {name: value for name, value in fitted.items() if value is not None and plain.fault_of(value) is None}


def day_of(value: Any) -> date | None:
    """The day of a day or instant, also of their texts; an instant's is that of the office, whatever its offset."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(ZONE)).date()
    return value if isinstance(value, date) else None


def _fit(field: Field, value: Any) -> Any:
    if field.type == "date":
        return _day(value)
    if isinstance(value, date):  # or an instant
        value = value.isoformat()
    if isinstance(value, Decimal):
        value = str(value) if field.type == "money" else float(value)
    if isinstance(value, tuple):
        value = list(value)
    return TYPES[field.type].tidy(_known_rows(field, value))


def _known_rows(field: Field, value: Any) -> Any:
    """Rows with nothing but answers to the columns of the table, and so those of tables in them; else the value."""
    if not field.columns or not isinstance(value, list):
        return value
    return [_known(field.columns, row) if isinstance(row, Mapping) else row for row in value]


def _known(columns: tuple[Field, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column.name: _known_rows(column, value) if column.columns else value
        for column in columns
        if (value := row.get(column.name)) is not None
    }


def _day(value: Any) -> str | None:
    day = day_of(value)
    return None if day is None else day.isoformat()
