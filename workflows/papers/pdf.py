"""Papers as PDF, set by Typst (offline, in the process) on the sheet of GB/T 9704-2012 (``sheet.typ``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from workflows.papers import faces, sheet
from workflows.papers.blocks import Block, Cell, Run
from workflows.papers.columns import column_count, column_widths, size_of
from workflows.papers.printed import Printed

_SHEET = Path(__file__).with_name("sheet.typ")
_LONG, _EIGHT = re.compile(r"[!-~]{24,}"), re.compile(r".{1,8}")
_LOCK = Lock()  # the compiler keeps the inputs of its last run


def to_pdf(paper: Printed, fonts: Path) -> bytes:
    """The PDF of a paper, with the fonts of the system and of a folder. Raises faces.NoFace."""
    compiler, chosen = _compiler(fonts)
    inputs = {"paper": json.dumps(_data(paper, chosen), ensure_ascii=False)}
    with _LOCK:
        made = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=0)
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(folder: Path) -> tuple[typst.Compiler, Mapping[str, faces.Face]]:
    fonts = faces.found(folder)
    # Its root is the sheet's own folder, and the sheet reads no file.
    compiler = typst.Compiler(_SHEET, root=_SHEET.parent, font_paths=fonts)
    return compiler, faces.choose(fonts.families())


def _data(paper: Printed, chosen: Mapping[str, faces.Face]) -> dict[str, Any]:
    measures = ("width", "height", "top", "left", "right", "bottom", "text_width", "text_height", "lines", "characters",
        "size_title", "size_text", "size_small", "mark_down", "rule_below_number", "rule_width", "page_number_below",
        "date_indent", "copy_rule", "copy_rule_inner", "red")  # fmt: skip
    return {
        "layout": paper.layout,
        "mark": paper.mark,
        "note": paper.note,
        "number": paper.number,
        "signer": paper.signer,
        "title": sheet.title_lines(paper.title),
        "addressees": paper.addressees,
        "issuer": paper.issuer,
        "day": paper.day_words,
        "copies": paper.copies,
        "blocks": [_block(block) for block in paper.blocks],
        "faces": {name: {"family": face.family, "weight": face.weight} for name, face in chosen.items()},
        "measures": {name: getattr(sheet, name.upper()) for name in measures},
    }


def _block(block: Block) -> dict[str, Any]:
    if block.kind != "table":
        return {
            "kind": block.kind,
            "runs": [_run(run) for run in block.runs],
            "mark": block.mark,
            "depth": block.depth,
        }
    heads = 0
    while heads < len(block.rows) and all(cell.is_head for cell in block.rows[heads]):
        heads += 1
    return {
        "kind": "table",
        "size": size_of(column_count(block)),
        "widths": column_widths(block),
        "heads": [[_cell(cell) for cell in row] for row in block.rows[:heads]],
        "rows": [[_cell(cell) for cell in row] for row in block.rows[heads:]],
    }


def _run(run: Run) -> dict[str, Any]:
    """Addresses and check sums, which have no blank, may break after every eighth sign."""
    return asdict(run) | {"text": _LONG.sub(lambda found: "\u200b".join(_EIGHT.findall(found[0])), run.text)}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "runs": [_run(run) for run in cell.runs],
        "is_head": cell.is_head,
        "is_short": cell.is_short,
        "columns": cell.columns,
        "rows": cell.rows,
    }
