"""Pieces of WordprocessingML (ECMA-376) that python-docx has no words for, and text in a named face."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document as Opened
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run as Written

from workflows.papers import sheet
from workflows.papers.blocks import Run
from workflows.papers.faces import NAMED

TWIPS = 20  # a point
CHARACTER = sheet.CHARACTER / sheet.POINT  # points


def paragraph_in(document: Opened, side: Any = None, before: float = 0.0) -> Paragraph:
    paragraph = document.add_paragraph()
    if side is not None:
        paragraph.alignment = side
    if before:
        paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def write_all(paragraph: Paragraph, runs: Iterable[Run], face: str, size: float) -> None:
    for run in runs:
        written = write(paragraph, run.text, face, size)
        written.bold, written.italic = run.bold or None, run.italic or None
        written.underline, written.font.strike = run.underline or None, run.struck or None
        if run.shift == "sub":
            written.font.subscript = True
        elif run.shift:
            written.font.superscript = True


def write(paragraph: Paragraph, text: str, face: str = "body", size: float = sheet.SIZE_TEXT) -> Written:
    run = paragraph.add_run(text)  # \n becomes a break, \t a tab
    run.font.size = Pt(size)
    use_face(run._element.get_or_add_rPr(), face)
    return run


def use_face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), NAMED[face])
    fonts.set(qn("w:hint"), "eastAsia")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def indent(paragraph: Paragraph, characters: int) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(characters * CHARACTER)
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))


def field(run: Written, name: str) -> None:
    for kind in ("begin", "", "end"):
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.set(qn("xml:space"), "preserve")
            piece.text = name
        run._element.append(piece)


def right_tab(paragraph: Paragraph, place: float) -> None:
    tabs = OxmlElement("w:tabs")
    tab = OxmlElement("w:tab")
    tab.set(qn("w:val"), "right")
    tab.set(qn("w:pos"), str(round(place * TWIPS)))
    tabs.append(tab)
    put(paragraph._p.get_or_add_pPr(), tabs)


def border(paragraph: Paragraph, side: str, width: float, colour: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        put(properties, borders)
    border = OxmlElement(f"w:{side}")
    eighths = round(width / sheet.POINT * 8)
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour)):
        border.set(qn(f"w:{name}"), value)
    borders.append(border)


def stand_at_foot(paragraph: Paragraph) -> None:
    frame = OxmlElement("w:framePr")
    values = {"w": round(sheet.TEXT_WIDTH / sheet.POINT * TWIPS), "wrap": "around", "vAnchor": "margin",
        "hAnchor": "margin", "xAlign": "center", "yAlign": "bottom"}  # fmt: skip
    for name, value in values.items():
        frame.set(qn(f"w:{name}"), str(value))
    put(paragraph._p.get_or_add_pPr(), frame)


def leave_grid(paragraph: Paragraph) -> None:
    """Lines of another size keep their own height."""
    put_new(paragraph._p.get_or_add_pPr(), "w:snapToGrid", val="0")


def put_new(properties: Any, name: str, **values: str) -> None:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    put(properties, element)


# The order in which the schema wants what is put into a paragraph's properties (CT_PPrBase), as far as it is used.
_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "pBdr", "shd", "tabs",
    "kinsoku", "wordWrap", "autoSpaceDE", "autoSpaceDN", "adjustRightInd", "snapToGrid", "spacing", "ind", "jc", "rPr",
)  # fmt: skip


def put(properties: Any, element: Any) -> None:
    """Append, but among the properties of a paragraph at its place."""
    if properties.tag != qn("w:pPr") or element.tag.partition("}")[2] not in _ORDER:
        properties.append(element)
        return
    place = _ORDER.index(element.tag.partition("}")[2])
    later = {qn(f"w:{name}") for name in _ORDER[place + 1 :]}
    following = next((one for one in properties if one.tag in later), None)
    if following is None:
        properties.append(element)
    else:
        following.addprevious(element)
