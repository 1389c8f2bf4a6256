"""Papers as .docx, on the sheet of GB/T 9704-2012; officials edit and print them with what they have."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Opened
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from workflows.papers import sheet, wordml
from workflows.papers.blocks import Block, Cell
from workflows.papers.columns import column_widths, size_of
from workflows.papers.printed import Printed
from workflows.papers.wordml import CHARACTER, TWIPS

LINE = sheet.LINE / sheet.POINT  # points
MARK_SIZE = 48.0
TITLE_PITCH = 1.5


def to_docx(paper: Printed) -> bytes:
    document = Document()
    _lay_out(document.sections[0])
    _write_normally(document)
    _number_pages(document)
    head = {"official": _official_head, "bulletin": _bulletin_head, "slip": _slip_head}.get(paper.layout)
    if paper.note:
        wordml.write(wordml.paragraph_in(document), paper.note, "hei")
    if head:
        head(document, paper)
    _title(document, paper)
    if paper.addressees and paper.layout != "bulletin":
        wordml.write(wordml.paragraph_in(document), "，".join(paper.addressees) + "：")
    for block in paper.blocks:
        _block(document, block)
    if paper.layout != "bulletin":
        _signature(document, paper)
    if paper.layout in ("official", "bulletin"):
        _copy_block(document, paper)
    facts = document.core_properties
    facts.title, facts.author, facts.language = paper.title, paper.issuer[:255], "zh-CN"
    facts.created = facts.modified = datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=UTC)
    facts.comments = ""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


# ---- the sheet


def _lay_out(section: Section) -> None:
    section.page_width, section.page_height = Mm(sheet.WIDTH), Mm(sheet.HEIGHT)
    section.top_margin, section.bottom_margin = Mm(sheet.TOP), Mm(sheet.BOTTOM)
    section.left_margin, section.right_margin = Mm(sheet.LEFT), Mm(sheet.RIGHT)
    section.header_distance = Mm(sheet.TOP / 2)
    section.footer_distance = Mm(sheet.BOTTOM - sheet.PAGE_NUMBER_BELOW - sheet.SIZE_SMALL * sheet.POINT)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # 22 lines of 28 characters: what a line is high, and what a character is wider than its size, in 1/4096 points.
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(int(LINE * TWIPS)))
    grid.set(qn("w:charSpace"), str(round((CHARACTER - sheet.SIZE_TEXT) * 4096)))


def _write_normally(document: Opened) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(sheet.SIZE_TEXT)
    wordml.use_face(normal.element.get_or_add_rPr(), "body")
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(int(LINE * TWIPS) / TWIPS)
    form.widow_control = False
    form.alignment = ALIGN.JUSTIFY
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gap between Chinese and figures: it would break the grid
        wordml.put_new(normal.element.get_or_add_pPr(), name, val="0")


def _number_pages(document: Opened) -> None:
    """— 1 —, on the right of odd pages and on the left of even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = side
        paragraph.paragraph_format.line_spacing = Pt(sheet.SIZE_SMALL)
        paragraph.paragraph_format.right_indent = Pt(sheet.SIZE_SMALL) if side == ALIGN.RIGHT else None
        paragraph.paragraph_format.left_indent = Pt(sheet.SIZE_SMALL) if side == ALIGN.LEFT else None
        wordml.write(paragraph, "— ", "song", sheet.SIZE_SMALL)
        wordml.field(wordml.write(paragraph, "", "song", sheet.SIZE_SMALL), "PAGE")
        wordml.write(paragraph, " —", "song", sheet.SIZE_SMALL)


# ---- heads


def _official_head(document: Opened, paper: Printed) -> None:
    above = sheet.MARK_DOWN / sheet.POINT - (LINE if paper.note else 0)
    _mark(document, paper.mark, above)
    number = wordml.paragraph_in(document, before=2 * LINE)
    if paper.signer:
        number.paragraph_format.left_indent = number.paragraph_format.right_indent = Pt(CHARACTER)
        wordml.right_tab(number, sheet.TEXT_WIDTH / sheet.POINT - 2 * CHARACTER)
        wordml.write(number, f"{paper.number}\t签发人：")
        wordml.write(number, paper.signer, "kai")
    else:
        number.alignment = ALIGN.CENTER
        wordml.write(number, paper.number)
    _red_rule(document)


def _bulletin_head(document: Opened, paper: Printed) -> None:
    _mark(document, paper.mark, LINE)
    number = wordml.paragraph_in(document, ALIGN.CENTER, before=LINE)
    wordml.write(number, paper.number)
    line = wordml.paragraph_in(document, before=LINE / 2)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(CHARACTER)
    wordml.right_tab(line, sheet.TEXT_WIDTH / sheet.POINT - CHARACTER)
    wordml.write(line, f"{paper.issuer}\t{paper.day_words}")
    _red_rule(document)


def _slip_head(document: Opened, paper: Printed) -> None:
    number = wordml.paragraph_in(document, ALIGN.RIGHT, before=LINE)
    number.paragraph_format.right_indent = Pt(CHARACTER)
    number.paragraph_format.space_after = Pt(LINE)
    wordml.write(number, paper.number)


def _mark(document: Opened, text: str, above: float) -> None:
    """发文机关标志 in one line: narrower characters where there are many."""
    mark = wordml.paragraph_in(document, ALIGN.CENTER, before=above)
    mark.paragraph_format.line_spacing = Pt(MARK_SIZE)
    wordml.leave_grid(mark)
    run = wordml.write(mark, text, "title", MARK_SIZE)
    run.font.color.rgb = RGBColor.from_string(sheet.RED)
    narrowed = int(100 * sheet.TEXT_WIDTH / sheet.POINT / (len(text) * MARK_SIZE)) if text else 100
    if narrowed < 100:
        wordml.put_new(run._element.get_or_add_rPr(), "w:w", val=str(max(narrowed, 20)))


def _red_rule(document: Opened) -> None:
    """The rule lies 4 mm below the number: the lower edge of an empty line of that height."""
    rule = wordml.paragraph_in(document)
    rule.paragraph_format.line_spacing = Pt(sheet.RULE_BELOW_NUMBER / sheet.POINT)
    rule.paragraph_format.space_after = Pt(2 * LINE)
    wordml.leave_grid(rule)
    wordml.border(rule, "bottom", sheet.RULE_WIDTH, sheet.RED)


# ---- the text


def _title(document: Opened, paper: Printed) -> None:
    title = wordml.paragraph_in(document, ALIGN.CENTER)
    title.paragraph_format.line_spacing = Pt(sheet.SIZE_TITLE * TITLE_PITCH)
    title.paragraph_format.space_after = Pt(LINE)
    title.paragraph_format.keep_with_next = True
    wordml.leave_grid(title)
    for count, line in enumerate(sheet.title_lines(paper.title)):
        if count:
            title.runs[-1].add_break()
        wordml.write(title, line, "title", sheet.SIZE_TITLE)


def _block(document: Opened, block: Block) -> None:
    if block.kind == "table":
        _table(document, block)
        return
    paragraph = wordml.paragraph_in(document)
    face = {"level1": "hei", "level2": "kai", "quote": "kai"}.get(block.kind, "body")
    if block.kind == "rule":
        wordml.border(paragraph, "bottom", 0.18, "000000")
    elif block.kind == "quote":
        paragraph.paragraph_format.left_indent = Pt(2 * CHARACTER)
    else:
        wordml.indent(paragraph, 2 + block.depth)
    paragraph.paragraph_format.keep_with_next = block.kind in ("level1", "level2")
    if block.mark:
        wordml.write(paragraph, block.mark, face)
    wordml.write_all(paragraph, block.runs, face, sheet.SIZE_TEXT)


def _table(document: Opened, block: Block) -> None:
    widths = column_widths(block)
    table = document.add_table(len(block.rows), len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    total = sum(widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(sheet.TEXT_WIDTH * width / total)
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(block.rows):
        column = 0
        if cells and all(cell.is_head for cell in cells):
            wordml.put_new(table.rows[row]._tr.get_or_add_trPr(), "w:tblHeader", val="true")
        for cell in cells:
            while (row, column) in taken:
                column += 1
            if column >= len(widths):
                break
            last = min(row + cell.rows, len(block.rows)) - 1, min(column + cell.columns, len(widths)) - 1
            taken |= {(r, c) for r in range(row, last[0] + 1) for c in range(column, last[1] + 1)}
            place = table.cell(row, column)
            _cell(place.merge(table.cell(*last)) if last != (row, column) else place, cell, size_of(len(widths)))
            column = last[1] + 1
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(sheet.TEXT_WIDTH * width / total)


def _cell(place: _Cell, cell: Cell, size: float) -> None:
    paragraph = place.paragraphs[0]
    paragraph.paragraph_format.line_spacing = Pt(size * 1.35)
    paragraph.alignment = ALIGN.CENTER if cell.is_head or cell.is_short else ALIGN.LEFT
    wordml.leave_grid(paragraph)
    wordml.put_new(place._tc.get_or_add_tcPr(), "w:vAlign", val="center")
    wordml.write_all(paragraph, cell.runs, "hei" if cell.is_head else "body", size)


def _signature(document: Opened, paper: Printed) -> None:
    """The date four characters from the right, the issuer centred above it; further in where its name is long."""
    width = len(paper.issuer), sum(0.5 if one.isdigit() else 1 for one in paper.day_words)
    middle = max(sheet.DATE_INDENT + width[1] / 2, width[0] / 2)
    for count, (text, wide) in enumerate(zip((paper.issuer, paper.day_words), width, strict=True)):
        paragraph = wordml.paragraph_in(document, ALIGN.RIGHT, before=0 if count else 2 * LINE)
        paragraph.paragraph_format.right_indent = Pt(max(0.0, middle - wide / 2) * CHARACTER)
        paragraph.paragraph_format.keep_with_next = count == 0
        wordml.write(paragraph, text)


def _copy_block(document: Opened, paper: Printed) -> None:
    """版记: a frame at the foot of the type area of the last page."""
    is_bulletin = paper.layout == "bulletin"
    rows = [("报：", paper.addressees)] if is_bulletin and paper.addressees else []
    rows += [("送：" if is_bulletin else "抄送：", paper.copies)] if paper.copies else []
    texts = [word + "，".join(names) + "。" for word, names in rows] + [f"{paper.issuer}\t{paper.day_words}印发"]
    for count, text in enumerate(texts):
        paragraph = wordml.paragraph_in(document)
        form = paragraph.paragraph_format
        form.line_spacing = Pt(sheet.SIZE_SMALL * 1.6)
        form.left_indent = form.right_indent = Pt(sheet.SIZE_SMALL)
        wordml.leave_grid(paragraph)
        wordml.stand_at_foot(paragraph)
        wordml.border(paragraph, "top", sheet.COPY_RULE_INNER if count else sheet.COPY_RULE, "000000")
        if count == len(texts) - 1:
            wordml.right_tab(paragraph, sheet.TEXT_WIDTH / sheet.POINT - sheet.SIZE_SMALL)
            wordml.border(paragraph, "bottom", sheet.COPY_RULE, "000000")
        wordml.write(paragraph, text, "body", sheet.SIZE_SMALL)
