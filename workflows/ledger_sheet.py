"""Rows of a ledger as rows of a spreadsheet, and back: what each field looks like in a cell.

Headings are the labels of the form, choices its labels, organisations their names, lists are written with 、 between,
milestones as ``2013-06-30 20%；2013-09-30 60%``.  Codes and field names are understood as well.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openpyxl.utils import get_column_letter

from faults import N_, Problem
from forms.field import Field
from forms.fields.numbers import read_decimal
from workflows.ledger_items import form
from workflows.spreadsheet import LONGEST_CELL, Cell, Column, SheetRefused, as_entered
from workflows.sub_items import find, sub_items

POSITION = "position"
HEADING_OF_POSITION = "序号"
YES, NO = "是", "否"
_WORDS = {"是": True, "适用": True, "y": True, "yes": True, "true": True, "1": True, "√": True,
          "否": False, "不适用": False, "n": False, "no": False, "false": False, "0": False, "×": False}  # fmt: skip
_SEPARATORS = re.compile(r"[、，,;；\n]+")
_POINTS = re.compile(r"[;；\n]+")
_POINT = re.compile(r"(?P<day>\S+?)[\s:：]+(?P<percent>\d+(?:\.\d+)?)\s*[%％]?(?:[\s:：]+(?P<standard>.+))?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
# Day 0 of a spreadsheet's calendar; a date that lost its format arrives as a number of days since then.
_EPOCH = date(1899, 12, 30)
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
    return [position, *(_written(field, answers.get(field.name), names) for field in form().fields)]


def notes() -> list[list[Cell]]:
    """The second sheet: how to fill in the first one."""
    help_: list[list[Cell]] = [[field.label, _explanation(field)] for field in form().fields]
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
    texts = {part for row in rows for cell in row if isinstance(cell, str) for part in _SEPARATORS.split(cell)}
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
    has_position = len(first) > 1 and _sub_item(first[0]) is None and _sub_item(first[1]) is not None
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
        name: _understood(fields[name], value, organisations) for name, value in given.items() if name != POSITION
    }
    return SheetRow(number, _whole(given.get(POSITION)), answers)


def _understood(field: Field, value: Cell, organisations: Mapping[str, str]) -> Any:
    """A cell as an answer; a text that is too long stays too long."""
    text = str(value).strip()
    if len(text) > LONGEST_CELL:
        return text
    if field.name == "sub_item":
        found = _sub_item(value)
        return found if found is not None else text
    reader = _READERS.get(field.type)
    if reader is not None:
        return reader(field, value, text)
    if field.type == "org":
        return organisations.get(text, text)
    if field.type == "orgs":
        return [organisations.get(part, part) for part in _parts(text)]
    return _plain_number(value) if isinstance(value, float) else text


def _written(field: Field, value: Any, names: Mapping[str, str]) -> Cell:
    if value is None:
        return None
    if field.type == "bool":
        return YES if value else NO
    if field.name == "sub_item":
        return sub_items()[value].title
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type in ("org", "orgs"):
        return "、".join(names.get(code, code) for code in ([value] if isinstance(value, str) else value))
    if field.type in ("enum", "multi"):
        labels = dict(field.options)
        return "、".join(labels.get(one, one) for one in ([value] if isinstance(value, str) else value))
    if field.type == "geo":
        return f"{value['lat']}, {value['lon']}"
    if field.type == "table":
        return "；".join(_point(one) for one in value)
    return value if isinstance(value, int | float) else str(value)


def _point(milestone: Mapping[str, Any]) -> str:
    percent = milestone["planned_percent"]
    return f"{milestone['date']} {_plain_number(float(percent))}% {milestone.get('standard') or ''}".strip()


def _read_bool(_field: Field, value: Cell, text: str) -> Any:
    return value if isinstance(value, bool) else _WORDS.get(text.removesuffix(".0").lower(), text)


def _read_number(_field: Field, value: Cell, text: str) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if value == int(value) else value
    number = read_decimal(text)
    if number is None:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _read_day(_field: Field, value: Cell, text: str) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    serial = _whole(value)
    if serial is not None and 30_000 < serial < 80_000:
        return (_EPOCH + timedelta(days=serial)).isoformat()
    match = _DAY.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


def _read_choice(field: Field, _value: Cell, text: str) -> Any:
    return next((value for value, shown in field.options if text in (shown, value)), text)


def _read_choices(field: Field, value: Cell, text: str) -> Any:
    return [_read_choice(field, value, part) for part in _parts(text)]


def _read_place(_field: Field, _value: Cell, text: str) -> Any:
    parts = [read_decimal(part) for part in re.split(r"[,，\s]+", text)]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:
        return text
    return {"lat": float(parts[0]), "lon": float(parts[1])}


def _read_points(field: Field, value: Cell, text: str) -> Any:
    found = []
    for part in _POINTS.split(text):
        if not part.strip():
            continue
        match = _POINT.fullmatch(part.strip())
        if match is None:
            return text
        point = {
            "date": _read_day(field, None, match["day"]),
            "planned_percent": _plain_number(float(match["percent"])),
        }
        found.append(point | ({"standard": match["standard"].strip()} if match["standard"] else {}))
    return found


_READERS = {
    "bool": _read_bool,
    "decimal": _read_number,
    "date": _read_day,
    "enum": _read_choice,
    "multi": _read_choices,
    "geo": _read_place,
    "table": _read_points,
}
_EXPLANATIONS = {
    "bool": "填“是”或“否”。",
    "date": "如 2013-05-06。",
    "org": "单位名称或代码。",
    "orgs": "单位名称或代码，多个用“、”分开。",
    "geo": "纬度, 经度，如 39.92, 116.44。",
    "table": "每个节点写“日期 百分比 节点标准（可不填）”，节点之间用“；”分开，如 2013-06-30 20%；2013-12-20 100%。",
}


def _explanation(field: Field) -> str:
    options = "、".join(shown for _, shown in field.options)
    several = "，多个用“、”分开" if field.type == "multi" else ""
    parts = [field.help, f"选项：{options}{several}。" if options else "", _EXPLANATIONS.get(field.type, "")]
    return "".join(parts)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _sub_item(cell: Cell) -> str | None:
    found = find(cell) if isinstance(cell, str) else None
    return found.code if found else None


def _whole(value: Cell | Iterable[Any]) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) <= 9:
        return int(value)
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value == int(value) else None


def _plain_number(value: float) -> int | float:
    return int(value) if value == int(value) else value
