"""Spreadsheets from outside: read with care, refused when hostile; written so that no cell starts a formula."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from workflows import spreadsheet
from workflows.spreadsheet import Column, SheetRefused, harmless, read_pasted, read_xlsx, write_xlsx


def xlsx(*rows, book=None):
    book = book or Workbook()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def repacked(data, **parts):
    """The same file with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if info.filename not in parts:
                target.writestr(info.filename, source.read(info))
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def code(refused):
    return [problem.code for problem in refused.value.problems]


def test_cells_come_as_they_are():
    data = xlsx(["名称", 1.5, True, datetime(2013, 5, 6)], [None, " 空格 ", None, None], [None])  # noqa: DTZ001
    assert read_xlsx(data) == [("名称", 1.5, True, date(2013, 5, 6)), (None, "空格")]


def test_a_formula_is_never_computed_here():
    assert read_xlsx(xlsx(["x", "=1+1"])) == [("x",)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no_workbook"),
        (b"a,b,c\n1,2,3", "no_workbook"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old_format"),
        (b"PK\x03\x04 broken", "no_workbook"),
        (repacked(xlsx([1]), **{"xl/vbaProject.bin": b"macro"}), "macros"),
        (repacked(xlsx([1]), **{"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
        (repacked(xlsx([1]), **{"xl/worksheets/sheet1.xml": b"<broken"}), "unreadable"),
        (
            repacked(xlsx([1]), **{"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "unreadable",
        ),
        (repacked(xlsx([1]), **{"xl/workbook.xml": "<a/>".encode("utf-16")}), "unreadable"),
        (repacked(xlsx([1]), **{f"x{n}.xml": b"<x/>" for n in range(300)}), "too_large"),
        (repacked(xlsx([1]), bomb=b"0" * 60_000_000), "too_large"),
        (b"PK" + b"x" * 6_000_000, "too_large"),
        (xlsx([None] * 70 + ["far out"]), "too_wide"),
        (xlsx(*[[1]] * 2002), "too_many"),
    ],
)
def test_what_is_hostile_or_too_large_is_refused_with_its_remedy(data, expected):
    with pytest.raises(SheetRefused) as refused:
        read_xlsx(data)
    assert code(refused) == [expected]


def test_a_bomb_that_lies_about_its_size_yields_no_more_than_it_admits():
    data = repacked(xlsx([1]), **{"xl/worksheets/sheet1.xml": b"<x>" + b" " * 3_000_000 + b"</x>"})
    lying = data.replace((3_000_007).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != data
    with pytest.raises(SheetRefused):
        read_xlsx(lying)


def test_a_single_cell_far_down_costs_nothing():
    book = Workbook()
    book.active["A1048576"] = "here"
    with pytest.raises(SheetRefused) as refused:
        read_xlsx(xlsx(book=book))
    assert code(refused) == ["too_many"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "'=1"])
def test_nothing_written_starts_a_formula_and_it_comes_back_as_it_was(text):
    data = write_xlsx("表", [Column("a")], [[text]], [])
    cell = load_workbook(io.BytesIO(data)).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    (_, (value,)) = read_xlsx(data)
    assert spreadsheet.as_entered(value) == text


def test_numbers_and_plain_texts_stay_what_they_are():
    assert [harmless(cell) for cell in (-1, 2.5, None, True, "a-b", "a\x00b")] == [-1, 2.5, None, True, "a-b", "ab"]


def test_written_files_offer_choices_and_have_notes():
    data = write_xlsx(
        "表", [Column("难度", choices=("一般", "较难")), Column("名称")], [["一般", "x"]], [["说明", "y"]]
    )
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["表", "填写说明"]
    assert [one.formula1 for one in book.active.data_validations.dataValidation] == ['"一般,较难"']
    assert read_xlsx(data) == [("难度", "名称"), ("一般", "x")]


def test_pasted_rows_are_split_as_spreadsheets_copy_them():
    text = 'a\tb\r\n"第一行\n第二行"\t"说""好"""\r\n\t\r\nx"y\tz\n\n'
    assert read_pasted(text) == [("a", "b"), ("第一行\n第二行", '说"好"'), (), ('x"y', "z")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x" * 3_000_000, "too_large"), ("x\n" * 2002, "too_many"), ("\t" * 70 + "x", "too_wide")],
)
def test_too_much_to_paste_is_refused(text, expected):
    with pytest.raises(SheetRefused) as refused:
        read_pasted(text)
    assert code(refused) == [expected]


def test_a_number_beyond_all_bounds_is_a_text():
    sheet = b'<sheetData><row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>1e300</v></c></row></sheetData>'
    main = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + sheet + b"</worksheet>"
    assert read_xlsx(repacked(xlsx([1]), **{"xl/worksheets/sheet1.xml": main})) == [("inf", 1e300)]


def test_nothing_at_all_is_no_row():
    assert read_pasted("") == []
    assert read_xlsx(xlsx()) == []
