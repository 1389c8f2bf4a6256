"""Rows of a ledger as rows of a spreadsheet, and back: what each field looks like in a cell.

Headings are the labels of the form, choices its labels, organisations their names, lists are written with 、 between,
milestones as ``2013-06-30 20%；2013-09-30 60%``.  Codes and field names are understood as well.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from faults import N_, Problem
from workflows.ledger_cells import NO, SEPARATORS, YES, explanation, sub_item, understood, whole, written
from workflows.ledger_items import form
from workflows.spreadsheet import Cell, Column, SheetRefused, as_entered
from workflows.sub_items import sub_items

POSITION = "position"
HEADING_OF_POSITION = "序号"
_WIDTHS = {"item_name": 30, "milestones": 44, "qualitative_standard": 30, "na_reason": 24, "sub_item": 24}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``number`` is that of the row in the sheet; ``position`` that of the ledger's row it is to change, if any."""

    number: int
    position: int | None
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which field stands in which column (from 0), and how many rows stand before the first data."""

    columns: Mapping[int, str]
    skipped: int


def columns() -> list[Column]:
    """What an exported ledger looks like."""
    made = [Column(HEADING_OF_POSITION, 7)]
    for field in form().fields:
        choices = (YES, NO) if field.type == "bool" else tuple(label for _, label in field.options)
        # Several choices stand in one cell: a list would offer one only.
        offered = () if field.type == "multi" else choices
        made.append(Column(field.label, _WIDTHS.get(field.name, 14), offered))
    return made


def cells(position: int, answers: Mapping[str, Any], names: Mapping[str, str]) -> list[Cell]:
    """One row as it is written. ``names``: organisation code -> name."""
    return [position, *(written(field, answers.get(field.name), names) for field in form().fields)]


def notes() -> list[list[Cell]]:
    """The second sheet: how to fill in the first one."""
    help_: list[list[Cell]] = [[field.label, explanation(field)] for field in form().fields]
    offered: list[list[Cell]] = [[one.code, one.name] for one in sub_items().values()]
    return [
        [HEADING_OF_POSITION, "新增事项留空；填写已有序号则更新该事项，没有列出的事项不变。"],
        *help_,
        ["", ""],
        ["子项代码", "子项名称"],
        *offered,
    ]


def read(rows: Sequence[Sequence[Cell]], organisations: Mapping[str, str]) -> list[SheetRow]:
    """The rows under the headings, as answers. ``organisations``: name or code -> code.

    Without headings the columns are those of an export, with or without the position.  What can't be understood stays
    as it is, for the validation to complain about.  Raises SheetRefused for wrong headings and an empty table.
    """
    layout = _layout(rows)
    found = []
    for number, row in enumerate(rows[layout.skipped :], start=layout.skipped + 1):
        given = {name: as_entered(row[place]) for place, name in layout.columns.items() if place < len(row)}
        given = {name: value for name, value in given.items() if value not in (None, "")}
        if given.keys() - {POSITION}:
            found.append(_row(number, given, organisations))
    if not found:
        raise SheetRefused([Problem("", "empty", N_("There is no row to take over."))])
    return found


def texts_of_organisations(rows: Sequence[Sequence[Cell]]) -> set[str]:
    """Every text that may name an organisation, so that they can be looked up at once."""
    texts = {part for row in rows for cell in row if isinstance(cell, str) for part in SEPARATORS.split(cell)}
    return {text.strip() for text in texts if 0 < len(text.strip()) <= 100}


def address(rows: Sequence[Sequence[Cell]], number: int, field: str) -> str:
    """Where a field of a row stands, as spreadsheets say it: ``F5``."""
    places = {name: place for place, name in _layout(rows).columns.items()}
    place = places.get(field)
    return f"{get_column_letter(place + 1)}{number}" if place is not None else str(number)


def label(field: str) -> str:
    """The heading of a field."""
    known = form().field(field)
    return known.label if known is not None else HEADING_OF_POSITION if field == POSITION else field


def _layout(rows: Sequence[Sequence[Cell]]) -> Layout:
    for skipped, row in enumerate(rows[:10], start=1):
        named = {place: _heading(cell) for place, cell in enumerate(row) if isinstance(cell, str)}
        if sum(name is not None for name in named.values()) >= 3:
            return Layout(_checked(row, named), skipped)
    order = [field.name for field in form().fields]
    first = next((row for row in rows if any(cell is not None for cell in row)), ())
    has_position = len(first) > 1 and sub_item(first[0]) is None and sub_item(first[1]) is not None
    return Layout(dict(enumerate([POSITION, *order] if has_position else order)), 0)


def _checked(row: Sequence[Cell], named: Mapping[int, str | None]) -> dict[int, str]:
    problems = []
    known = [field.label for field in form().fields]
    for place, name in named.items():
        where = f"{get_column_letter(place + 1)}"
        if name is None:
            near = difflib.get_close_matches(str(row[place]), known, n=1, cutoff=0.5)
            message = N_("There is no column “{heading}”. Did you mean “{near}”?") if near else _NO_COLUMN
            params = {"heading": str(row[place])[:40], "near": near[0] if near else "", "column": where}
            problems.append(Problem(where, "unknown_column", message, params))
        elif list(named.values()).count(name) > 1:
            params = {"heading": label(name), "column": where}
            problems.append(Problem(where, "column_twice", N_("There are two columns “{heading}”. Keep one."), params))
    for name in ("sub_item", "applicable"):
        if name not in named.values():
            message = N_("The column “{heading}” is missing.")
            problems.append(Problem("", "missing_column", message, {"heading": label(name)}))
    if problems:
        raise SheetRefused(problems)
    return {place: name for place, name in named.items() if name is not None}


_NO_COLUMN = N_("There is no column “{heading}”. Remove it, or take the headings of the export.")


def _heading(cell: str) -> str | None:
    text = "".join(cell.split()).rstrip("*＊")
    if text in (HEADING_OF_POSITION, POSITION):
        return POSITION
    return next((field.name for field in form().fields if text in (field.label, field.name)), None)


def _row(number: int, given: Mapping[str, Cell], organisations: Mapping[str, str]) -> SheetRow:
    fields = {field.name: field for field in form().fields}
    answers = {
        name: understood(fields[name], value, organisations) for name, value in given.items() if name != POSITION
    }
    return SheetRow(number, whole(given.get(POSITION)), answers)
