"""The PDF is read back: page, margins, the grid of 22 lines with 28 characters, faces, head, date, numbers, copies."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pypdfium2
import pytest

from workflows.papers import faces, pdf, sheet
from workflows.papers.blocks import blocks_of

CLOSE = 0.5  # millimetres


@pytest.fixture(scope="module")
def printed(notice, pages):
    return pages(notice)


def line_of(glyphs, words):
    """The glyphs of the first place where the words stand."""
    text = "".join(one.text for one in glyphs)
    start = text.index(words)
    return glyphs[start : start + len(words)]


def lines_of(glyphs):
    """The glyphs of the text area by the line they stand in, from above."""
    lines = {}
    for one in glyphs:
        if one.size == sheet.SIZE_TEXT:
            lines.setdefault(round(one.top / sheet.LINE, 1), []).append(one)
    return [lines[top] for top in sorted(lines)]


def test_the_sheet_is_a4(notice, fonts):
    with pypdfium2.PdfDocument(pdf.to_pdf(notice, fonts)) as document:
        for page in document:
            assert page.get_width() * sheet.POINT == pytest.approx(210, abs=0.1)
            assert page.get_height() * sheet.POINT == pytest.approx(297, abs=0.1)
        assert document.get_metadata_dict()["Title"] == notice.title


def test_the_text_stays_in_the_type_area(printed):
    for glyphs in printed:
        inside = [one for one in glyphs if one.size != sheet.SIZE_SMALL]
        assert min(one.left for one in inside) >= sheet.LEFT - CLOSE
        assert max(one.right for one in inside) <= sheet.LEFT + sheet.TEXT_WIDTH + CLOSE
        assert min(one.top for one in inside) >= sheet.TOP - CLOSE
        assert max(one.bottom for one in inside) <= sheet.TOP + sheet.TEXT_HEIGHT + CLOSE


def test_a_full_page_has_22_lines_of_28_characters(printed):
    lines = lines_of(printed[1])
    assert [len(line) for line in lines] == [28] * 22
    tops = [line[0].top for line in lines]
    assert all(below - above == pytest.approx(sheet.LINE, abs=0.05) for above, below in pairwise(tops))
    for line in lines:
        assert line[0].left == pytest.approx(sheet.LEFT, abs=CLOSE)
        assert line[-1].right == pytest.approx(sheet.LEFT + sheet.TEXT_WIDTH, abs=CLOSE)


def test_paragraphs_begin_two_characters_in(printed):
    (first,) = [line for line in lines_of(printed[0]) if line[0].text == "一"][:1]
    assert first[0].left == pytest.approx(sheet.LEFT + 2 * sheet.CHARACTER, abs=CLOSE)


def test_faces_and_sizes(printed, notice, fonts):
    chosen = faces.choose(faces.families(fonts))

    def is_face(glyph, face):
        return chosen[face].family.replace(" ", "").casefold() in glyph.font.replace("-", "").casefold()

    title = line_of(printed[0], sheet.title_lines(notice.title)[1])
    assert all(one.size == sheet.SIZE_TITLE and is_face(one, "title") for one in title)
    assert all(one.size == sheet.SIZE_TEXT and is_face(one, "hei") for one in line_of(printed[0], "一、要求"))
    assert all(is_face(one, "kai") for one in line_of(printed[0], "（一）期限"))
    assert all(is_face(one, "body") for one in line_of(printed[0], "督督督"))


def test_the_red_head(printed, notice):
    mark, number = line_of(printed[0], notice.mark), line_of(printed[0], notice.number)
    assert min(one.top for one in mark) == pytest.approx(sheet.TOP + sheet.MARK_DOWN, abs=3)
    assert number[0].top - mark[0].bottom == pytest.approx(2 * sheet.LINE, abs=sheet.LINE / 2)
    centre = sheet.LEFT + sheet.TEXT_WIDTH / 2
    for line in (mark, number, line_of(printed[0], notice.title[:14])):
        assert (line[0].left + line[-1].right) / 2 == pytest.approx(centre, abs=1)
    addressees = line_of(printed[0], "各区、县人民政府，各市属机构：")
    assert addressees[0].left == pytest.approx(sheet.LEFT, abs=CLOSE)


def test_a_superior_is_told_who_signs(notice, pages):
    (page, *_) = pages(replace(notice, signer="办公室主任", blocks=blocks_of("<p>妥否，请批示。</p>")))
    number, signer = line_of(page, notice.number), line_of(page, "签发人：办公室主任")
    assert number[0].left == pytest.approx(sheet.LEFT + sheet.CHARACTER, abs=CLOSE)
    assert signer[-1].right == pytest.approx(sheet.LEFT + sheet.TEXT_WIDTH - sheet.CHARACTER, abs=CLOSE)
    assert number[0].top == pytest.approx(signer[0].top, abs=CLOSE)


def test_the_date_stands_four_characters_from_the_right_below_the_issuer(printed, notice):
    last = printed[-1]
    day = line_of(last, "2013年4月19日")
    right = sheet.LEFT + sheet.TEXT_WIDTH - sheet.DATE_INDENT * sheet.CHARACTER
    assert day[-1].right == pytest.approx(right, abs=CLOSE)
    issuer = line_of(last, notice.issuer)
    assert (issuer[0].left + issuer[-1].right) / 2 == pytest.approx((day[0].left + day[-1].right) / 2, abs=CLOSE)
    assert day[0].top - issuer[0].top == pytest.approx(sheet.LINE, abs=CLOSE)


def test_page_numbers_stand_below_outside(printed):
    for count, glyphs in enumerate(printed, 1):
        number = line_of(glyphs, f"—{count}—")
        assert {one.size for one in number} == {sheet.SIZE_SMALL}
        below = number[0].top - (sheet.TOP + sheet.TEXT_HEIGHT)
        assert below == pytest.approx(sheet.PAGE_NUMBER_BELOW, abs=1)
        in_by = sheet.SIZE_SMALL * sheet.POINT
        if count % 2:
            assert number[-1].right == pytest.approx(sheet.LEFT + sheet.TEXT_WIDTH - in_by, abs=1)
        else:
            assert number[0].left == pytest.approx(sheet.LEFT + in_by, abs=1)


def test_the_copy_block_closes_the_last_page(printed, notice):
    last = printed[-1]
    copies, issued = line_of(last, "抄送：市委办公厅，市政协办公厅。"), line_of(last, "2013年4月19日印发")
    assert {one.size for one in (*copies, *issued)} == {sheet.SIZE_SMALL}
    assert copies[0].left == pytest.approx(sheet.LEFT + sheet.SIZE_SMALL * sheet.POINT, abs=CLOSE)
    assert issued[0].top > copies[0].bottom
    assert 0 < sheet.TOP + sheet.TEXT_HEIGHT - issued[0].bottom < 5


def test_a_bulletin_has_its_own_masthead(bulletin, pages):
    (page,) = pages(bulletin)
    mark, number = line_of(page, "督查与反馈"), line_of(page, "第3期")
    note, maker = line_of(page, "内部资料"), line_of(page, "督查办公室")
    day = line_of(page, "2013年4月19日")
    assert note[0].top < mark[0].top < number[0].top < maker[0].top
    assert (note[0].left, maker[0].left) == pytest.approx((sheet.LEFT, sheet.LEFT + sheet.CHARACTER), abs=CLOSE)
    assert day[-1].right == pytest.approx(sheet.LEFT + sheet.TEXT_WIDTH - sheet.CHARACTER, abs=CLOSE)
    text = "".join(one.text for one in page)
    assert "报：各区、县人民政府，各市属机构。" in text
    assert "送：市委办公厅，市政协办公厅。" in text


def test_tables_are_set_with_all_their_cells(notice, pages):
    rows = "".join(f"<tr><td>{row}</td><td>第{row}项</td><td>{'长' * 60}</td></tr>" for row in range(1, 40))
    table = f"<table><thead><tr><th>序号</th><th>事项</th><th>情况</th></tr></thead><tbody>{rows}</tbody></table>"
    found = pages(replace(notice, blocks=blocks_of(table)))
    text = ["".join(one.text for one in page) for page in found]
    assert all(f"第{row}项" in "".join(text) for row in range(1, 40))
    assert sum("序号事项情况" in page for page in text) == len(found) - ("第39项" not in text[-1])


def test_what_is_written_is_set_and_never_evaluated(bulletin, pages):
    hostile = "#import x: *; $x$ \\ *a* _b_ @c [d] {e} ~ // f `g` <h> = i --- j"
    (page,) = pages(replace(bulletin, blocks=blocks_of(f"<p>{hostile.replace('<', '&lt;')}</p>")))
    assert "".join(hostile.split()) in "".join(one.text for one in page)


def test_the_same_paper_gives_the_same_file(bulletin, fonts):
    assert pdf.to_pdf(bulletin, fonts) == pdf.to_pdf(bulletin, fonts)


def test_what_has_no_blank_stays_in_the_type_area(bulletin, pages):
    (page,) = pages(replace(bulletin, blocks=blocks_of(f"<p>校验值为：{'6b1f0c2e' * 8}。</p>")))
    assert "6b1f0c2e" * 8 in "".join(one.text for one in page).replace("\u200b", "")
    assert max(one.right for one in page) <= sheet.LEFT + sheet.TEXT_WIDTH + CLOSE
