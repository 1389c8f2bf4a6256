"""Formulas that reach into the rows of a form's answers, for authors to choose from."""

from __future__ import annotations

from collections.abc import Iterator

from forms.field import Field, Form


def of_columns(form: Form, step: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(formula, labels from the table down): the list of what ``step`` has answered in each column of each table.

    Offered is what never fails: a cell that may stay empty is there for formulas only in rows that hold tables (see
    `forms.answers.with_gaps`).
    """
    for table in form.fields:
        full = any(column.columns for column in table.columns)
        rows = f"row in {_list(f'{step}.{table.name}', table)}"
        for column in table.columns:
            labels = (table.label, column.label)
            for inner in column.columns:
                each = f"{rows} for inner in {_list(f'row.{column.name}', column)}"
                yield f"[inner.{inner.name} for {each}]", (*labels, inner.label)
            if not column.columns and (full or _always(column)):
                yield f"[row.{column.name} for {rows}]", labels


def _list(path: str, table: Field) -> str:
    return path if _always(table) else f"{path} or []"


def _always(field: Field) -> bool:
    return field.required and not field.visible_if and not field.readonly
