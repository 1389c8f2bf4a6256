"""Spreadsheets in and out of pages: a file or pasted text becomes rows, rows become text that can be posted again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from werkzeug.datastructures import FileStorage

from workflows.spreadsheet import LARGEST_FILE, Cell, read_pasted, read_xlsx


def read_posted(file: FileStorage | None, text: str) -> list[tuple[Cell, ...]]:
    """The rows of the file if one was chosen, else of the text. Raises SheetRefused."""
    if file is not None and file.filename:
        return read_xlsx(file.stream.read(LARGEST_FILE + 1))
    return read_pasted(text)


def as_text(rows: Sequence[Sequence[Cell]]) -> str:
    """Rows as they would be pasted from a spreadsheet, so that what was shown is what is confirmed."""
    return "\n".join("\t".join(_text(cell) for cell in row) for row in rows)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    if any(one in text for one in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text
