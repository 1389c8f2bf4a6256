"""The .docx is read back: page, margins, grid, faces, head, date, page numbers, copy block."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from workflows.papers import docx, sheet
from workflows.papers.blocks import blocks_of
from workflows.papers.faces import NAMED
from workflows.papers.wordml import CHARACTER

TWIPS_A_MILLIMETRE = 1440 / 25.4


@pytest.fixture(scope="module")
def written(notice):
    return Document(BytesIO(docx.to_docx(notice)))


def paragraph(document, words):
    return next(one for one in document.paragraphs if words in one.text)


def face(run):
    return run._element.rPr.rFonts.get(qn("w:eastAsia"))


def test_page_and_margins(written):
    (section,) = written.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = section.top_margin.mm, section.left_margin.mm, section.right_margin.mm, section.bottom_margin.mm
    assert margins == pytest.approx((sheet.TOP, sheet.LEFT, sheet.RIGHT, sheet.BOTTOM), abs=0.1)


def test_the_grid_has_22_lines_of_28_characters(written):
    grid = written.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    lines = sheet.TEXT_HEIGHT * TWIPS_A_MILLIMETRE / int(grid.get(qn("w:linePitch")))
    assert int(lines) == 22
    character = sheet.SIZE_TEXT + int(grid.get(qn("w:charSpace"))) / 4096
    assert round(sheet.TEXT_WIDTH / sheet.POINT / character, 2) == 28
    normal = written.styles["Normal"]
    assert (normal.font.size.pt, normal.element.rPr.rFonts.get(qn("w:eastAsia"))) == (16, NAMED["body"])
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(sheet.LINE / sheet.POINT, abs=0.05)


def test_faces_and_sizes(written, notice):
    lines = sheet.title_lines(notice.title)
    title = paragraph(written, lines[0])
    assert title.text == "\n".join(lines)
    assert {(face(run), run.font.size.pt) for run in title.runs} == {(NAMED["title"], 22)}
    for words, name in (("一、要求", "hei"), ("（一）期限", "kai"), ("督督督", "body")):
        found = paragraph(written, words)
        assert {face(run) for run in found.runs} == {NAMED[name]}
        assert found._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_the_red_head(written, notice):
    mark, number = paragraph(written, notice.mark), paragraph(written, notice.number)
    assert mark.paragraph_format.space_before.mm == pytest.approx(sheet.MARK_DOWN, abs=0.1)
    (run,) = mark.runs
    assert (str(run.font.color.rgb), face(run)) == (sheet.RED, NAMED["title"])
    scale = int(run._element.rPr.find(qn("w:w")).get(qn("w:val"))) / 100
    assert len(notice.mark) * run.font.size.pt * scale <= sheet.TEXT_WIDTH / sheet.POINT
    assert number.paragraph_format.space_before.mm == pytest.approx(2 * sheet.LINE, abs=0.1)
    rules = written.element.body.findall(f".//{qn('w:pBdr')}/{qn('w:bottom')}")
    assert [one.get(qn("w:color")) for one in rules][:1] == [sheet.RED]


def test_a_superior_is_told_who_signs(notice):
    document = Document(BytesIO(docx.to_docx(replace(notice, signer="办公室主任"))))
    assert paragraph(document, notice.number).text == f"{notice.number}\t签发人：办公室主任"


def test_the_date_stands_four_characters_from_the_right(written, notice):
    issuer, day = [one for one in written.paragraphs if one.text in (notice.issuer, "2013年4月19日")]
    assert day.paragraph_format.right_indent.pt == pytest.approx(sheet.DATE_INDENT * CHARACTER, abs=0.1)
    assert issuer.paragraph_format.right_indent < day.paragraph_format.right_indent


def test_page_numbers_stand_outside(written):
    section = written.sections[0]
    assert written.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        (line,) = footer.paragraphs
        assert line.alignment.name == side
        assert line.text == "—  —"
        assert line._p.findall(f".//{qn('w:instrText')}")[0].text == "PAGE"
    below = sheet.BOTTOM - section.footer_distance.mm - sheet.SIZE_SMALL * sheet.POINT
    assert below == pytest.approx(sheet.PAGE_NUMBER_BELOW, abs=0.1)


def test_the_copy_block_stands_at_the_foot(written):
    copies, issued = written.paragraphs[-2:]
    assert copies.text == "抄送：市委办公厅，市政协办公厅。"
    assert issued.text == "北京市人民政府办公厅\t2013年4月19日印发"
    for line in (copies, issued):
        frame = line._p.pPr.find(qn("w:framePr"))
        assert (frame.get(qn("w:vAnchor")), frame.get(qn("w:yAlign"))) == ("margin", "bottom")
        assert {run.font.size.pt for run in line.runs} == {sheet.SIZE_SMALL}


def test_a_bulletin_has_its_own_masthead(bulletin):
    texts = [one.text for one in Document(BytesIO(docx.to_docx(bulletin))).paragraphs]
    assert texts[:4] == ["内部资料", "督查与反馈", "第3期", "督查办公室\t2013年4月19日"]
    assert texts[-3:-1] == ["报：各区、县人民政府，各市属机构。", "送：市委办公厅，市政协办公厅。"]


def test_tables_keep_cells_that_span(notice):
    table = "<table><tr><th colspan='2'>头</th><th>尾</th></tr><tr><td rowspan='2'>甲</td><td>乙</td><td>丙</td></tr>"
    table += "<tr><td>丁</td><td>戊</td></tr></table>"
    document = Document(BytesIO(docx.to_docx(replace(notice, blocks=blocks_of(table)))))
    (found,) = document.tables
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["头", "头", "尾"],
        ["甲", "乙", "丙"],
        ["甲", "丁", "戊"],
    ]
    assert found.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_styles_of_words_are_kept(notice):
    text = "<p><b>粗</b><i>斜</i><u>线</u><s>删</s>H<sub>2</sub>O<br>换行</p>"
    document = Document(BytesIO(docx.to_docx(replace(notice, blocks=blocks_of(text)))))
    found = paragraph(document, "粗斜")
    assert found.text == "粗斜线删H2O\n换行"
    bold, italic, underlined, struck, _, lower, _ = found.runs
    assert (bold.bold, italic.italic, underlined.underline, struck.font.strike) == (True, True, True, True)
    assert lower.font.subscript


def test_nothing_of_a_template_or_macro_comes_along(notice):
    with ZipFile(BytesIO(docx.to_docx(notice))) as archive:
        names = archive.namelist()
        assert not [name for name in names if "vba" in name.lower() or name.endswith(".bin")]
        assert b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" not in archive.read(
            "word/_rels/document.xml.rels"
        )
