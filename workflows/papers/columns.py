"""How the columns of a table share the width of the type area, and how large its text is."""

from __future__ import annotations

import math

from workflows.papers import sheet
from workflows.papers.blocks import Block

SHORTEST, LONGEST = 3, 600  # characters that a column counts for


def column_count(block: Block) -> int:
    return max((sum(cell.columns for cell in row) for row in block.rows), default=1)


def column_widths(block: Block) -> list[int]:
    """A share for each column: the root of its longest text, so that a long one does not take it all."""
    count = column_count(block)
    longest = [SHORTEST] * count
    for row in block.rows:
        place = 0
        for cell in row:
            if cell.columns == 1 and place < count:
                longest[place] = max(longest[place], sum(len(run.text) for run in cell.runs))
            place += cell.columns
    return [round(10 * math.sqrt(min(length, LONGEST))) for length in longest]


def size_of(columns: int) -> float:
    """Points: 4号, 小4号, 5号, the smaller the more columns there are."""
    return sheet.SIZE_SMALL if columns <= 4 else 12.0 if columns <= 6 else 10.5
