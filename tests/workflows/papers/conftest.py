"""A paper that fills several pages, and what is read back from its files."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from workflows.papers import pdf, sheet
from workflows.papers.blocks import blocks_of
from workflows.papers.printed import Printed

LONG = "督" * (sheet.LINES * sheet.CHARACTERS * 2)
TEXT = f"<h3>一、要求</h3><h4>（一）期限</h4><p>{LONG}</p><p>到此为止。</p>"


@dataclass(frozen=True)
class Glyph:
    """A character with its box in millimetres from the upper left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    font: str
    size: float  # points


@pytest.fixture(scope="session")
def notice() -> Printed:
    return Printed(
        layout="official",
        mark="北京市人民政府办公厅文件",
        note="",
        number="京政办发〔2013〕21号",
        signer="",
        title="北京市人民政府办公厅关于开展生态文明和城乡环境建设专项督查的通知",
        addressees=("各区、县人民政府", "各市属机构"),
        blocks=blocks_of(TEXT),
        issuer="北京市人民政府办公厅",
        day=date(2013, 4, 19),
        copies=("市委办公厅", "市政协办公厅"),
    )


@pytest.fixture(scope="session")
def bulletin(notice: Printed) -> Printed:
    return replace(
        notice,
        layout="bulletin",
        mark="督查与反馈",
        note="内部资料",
        number="第3期",
        title="四项重点工作进展",
        blocks=blocks_of("<p>本期要点。</p>"),
        issuer="督查办公室",
    )


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No fonts but those of the machine."""
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="session")
def pages(fonts: Path):  # type: ignore[no-untyped-def]
    """``pages(paper)``: the glyphs of each page of its PDF."""

    def read(paper: Printed) -> list[list[Glyph]]:
        with pypdfium2.PdfDocument(pdf.to_pdf(paper, fonts)) as document:
            return [_glyphs(page) for page in document]

    return read


def _glyphs(page: pypdfium2.PdfPage) -> list[Glyph]:
    height = page.get_height()
    text = page.get_textpage()
    found = []
    for index in range(text.count_chars()):
        char = text.get_text_range(index, 1)
        if not char.strip():
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        name = ctypes.create_string_buffer(200)
        pdfium.FPDFText_GetFontInfo(text, index, name, 200, None)
        size = pdfium.FPDFText_GetFontSize(text, index)
        box = (left, right, height - top, height - bottom)
        found.append(Glyph(char, *(one * sheet.POINT for one in box), name.value.decode(), round(size, 2)))
    return found
