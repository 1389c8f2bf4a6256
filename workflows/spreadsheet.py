"""Spreadsheets as plain rows of cells: .xlsx files read with care and written harmlessly, and what is pasted from one.

A file from outside may be a bomb, carry macros, or be something else altogether; it is refused before anything of it is
unpacked.  What is written starts no formula, whatever a cell says (OWASP, "CSV Injection").
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from faults import N_, Problem, Refused

LARGEST_FILE = 5_000_000
LARGEST_UNPACKED = 50_000_000
MOST_PARTS = 200
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000
LONGEST_TEXT = 2_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password
# What a spreadsheet would take for a formula; and what looks as if it had been made harmless already.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
_HARMLESS = re.compile(r"'+[=+\-@\t\r\n]")

Cell = str | int | float | bool | date | None


class SheetRefused(Refused):
    """The table was not taken over, and nothing was changed. Mend the cells that are named and try again."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written: its heading, its width in characters, and the choices its cells offer."""

    heading: str
    width: int = 14
    choices: tuple[str, ...] = ()


def read_xlsx(data: bytes) -> list[tuple[Cell, ...]]:
    """The rows of the first sheet, formulas as their last result, blank rows and cells at the end left out.

    Raises SheetRefused for what is no .xlsx, has macros, or is too large.
    """
    _inspect(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that are not understood
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            rows = _read_sheet(book.worksheets[0] if book.worksheets else None)
            book.close()
    except SheetRefused:
        raise
    except Exception as error:  # a hostile file may break the library anywhere
        raise _refused("unreadable", N_("The file can't be read as a spreadsheet. Save it anew as .xlsx.")) from error
    return _trimmed(rows)


def read_pasted(text: str) -> list[tuple[Cell, ...]]:
    """Rows that were copied from a spreadsheet: tabs between cells, quotation marks around cells with line breaks.

    Raises SheetRefused for what is too large.
    """
    if len(text) > LONGEST_TEXT:
        raise _refused("too_large", N_("This is too much to paste at once. Import it as a file."))
    rows = [_without_blanks([_pasted_cell(cell) for cell in row]) for row in _split(text)]
    for row in rows:
        _check_width(row)
    _check_length(rows)
    return _trimmed(rows)


def write_xlsx(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], notes: Sequence[Sequence[Cell]]
) -> bytes:
    """An .xlsx file: a sheet ``title`` with headings and rows, and a sheet with ``notes`` if there are any."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title[:31]
    sheet.append([column.heading for column in columns])
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    _dress(sheet, columns)
    if notes:
        guide = book.create_sheet("填写说明")
        for row in notes:
            guide.append([harmless(cell) for cell in row])
        guide.column_dimensions["A"].width = 24
        guide.column_dimensions["B"].width = 80
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def write_sheets(sheets: Iterable[tuple[str, Sequence[Column], Iterable[Sequence[Cell]]]]) -> bytes:
    """An .xlsx file of several sheets: title, columns and rows of each."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, columns, rows in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.append([column.heading for column in columns])
        for row in rows:
            sheet.append([harmless(cell) for cell in row])
        _dress(sheet, columns)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it, and no control characters."""
    if not isinstance(cell, str):
        return cell
    clean = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{clean}" if _DANGEROUS.match(clean) else clean


def as_entered(cell: Cell) -> Cell:
    """A cell as the person meant it: without the apostrophe of `harmless`, and without white space around it."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    return text[1:] if _HARMLESS.match(text) else text


def _inspect(data: bytes) -> None:
    """Look at the outside of the file and at the sizes it admits to; the library never unpacks more than those."""
    if len(data) > LARGEST_FILE:
        message = N_("The file is larger than {limit} MB. Split it, or remove pictures and empty rows.")
        raise _refused("too_large", message, limit=LARGEST_FILE // 1_000_000)
    if data.startswith(_OLE):
        raise _refused("old_format", N_("This is an old or protected file. Save it as .xlsx without a password."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise _refused("too_large", N_("The file holds far more than a ledger. Copy the rows into a new file."))
            if any("vbaproject" in info.filename.lower() or "macrosheets" in info.filename.lower() for info in infos):
                raise _refused("macros", N_("The file contains macros. Save it as .xlsx, without macros."))
            if "xl/workbook.xml" not in {info.filename for info in infos}:
                raise _refused("no_workbook", N_("The file is no spreadsheet. Choose a file that ends in .xlsx."))
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    _inspect_xml(parts.read(info))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise _refused("no_workbook", N_("The file is no spreadsheet. Choose a file that ends in .xlsx.")) from error


def _inspect_xml(part: bytes) -> None:
    """No spreadsheet needs a DTD; one could expand without end. Other encodings could hide it."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\x00" in part[:200]:
        raise _refused("unreadable", N_("The file can't be read as a spreadsheet. Save it anew as .xlsx."))


def _read_sheet(sheet: Any) -> list[tuple[Cell, ...]]:
    if sheet is None:
        return []
    if (sheet.max_row or 0) > 5 * MOST_ROWS:
        raise _refused("too_many", N_("There are more than {most} rows. Split the table."), most=MOST_ROWS)
    rows = []
    # More than is allowed, so that a long or wide table is told and not cut.
    for values in sheet.iter_rows(max_row=5 * MOST_ROWS, max_col=4 * MOST_COLUMNS, values_only=True):
        rows.append(_without_blanks([_cell(value) for value in values]))
        _check_width(rows[-1])
    _check_length(rows)
    return rows


def _check_width(row: Sequence[Cell]) -> None:
    if len(row) > MOST_COLUMNS:
        raise _refused("too_wide", N_("There are more than {most} columns."), most=MOST_COLUMNS)


def _check_length(rows: Sequence[Sequence[Cell]]) -> None:
    if sum(map(bool, rows)) > MOST_ROWS + 1:  # one of them has the headings
        raise _refused("too_many", N_("There are more than {most} rows. Split the table."), most=MOST_ROWS)


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return value[: LONGEST_CELL + 1].strip() or None
    if value is None or isinstance(value, int | bool | date) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)  # a time, a duration, a number beyond all bounds


def _pasted_cell(text: str) -> Cell:
    return text[: LONGEST_CELL + 1].strip() or None


def _split(text: str) -> list[list[str]]:
    """Tab-separated values as spreadsheets put them into the clipboard. Nothing in it is an error."""
    rows, row, cell, quoted, place = [], [], [], False, 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while place < len(text):
        char = text[place]
        if quoted:
            if char != '"':
                cell.append(char)
            elif text[place + 1 : place + 2] == '"':
                cell.append('"')
                place += 1
            else:
                quoted = False
        elif char == '"' and not cell and '"' in text[place + 1 :]:
            quoted = True
        elif char in "\t\n":
            row.append("".join(cell))
            cell = []
            if char == "\n":
                rows.append(row)
                row = []
        else:
            cell.append(char)
        place += 1
    row.append("".join(cell))
    return [*rows, row]


def _trimmed(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _without_blanks(row: list[Cell]) -> tuple[Cell, ...]:
    while row and row[-1] is None:
        row.pop()
    return tuple(row)


def _dress(sheet: Worksheet, columns: Sequence[Column]) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        heading = sheet[f"{letter}1"]
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="E2E8F0")
        heading.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[letter].width = column.width
        formula = f'"{",".join(column.choices)}"'
        if column.choices and len(formula) <= 255:  # the format allows no more
            offered = DataValidation(type="list", formula1=formula, allow_blank=True)
            offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            sheet.add_data_validation(offered)


def _refused(code: str, message: str, **params: Any) -> SheetRefused:
    return SheetRefused([Problem("", code, message, params)])
