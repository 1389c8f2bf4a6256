"""Titles over lines of like length, and texts as blocks."""

from __future__ import annotations

import pytest

from workflows.papers.blocks import blocks_of
from workflows.papers.columns import column_widths
from workflows.papers.sheet import TITLE_CHARACTERS, title_lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("催办单", ("催办单",)),
        (
            "北京市人民政府办公厅关于开展环境建设专项督查的通知",
            ("北京市人民政府办公厅关于开展", "环境建设专项督查的通知"),
        ),
        (
            "关于“夜间渣土车遗撒扰民问题长期得不到解决”的整改通知书",
            ("关于“夜间渣土车遗撒扰民问题", "长期得不到解决”的整改通知书"),
        ),
    ],
)
def test_titles(title, lines):
    assert title_lines(title) == lines


@pytest.mark.parametrize("length", [1, 20, 21, 40, 41, 75, 300])
def test_no_line_of_a_title_is_too_long_and_nothing_is_lost(length):
    title = ("关于2013年，四项（重点）工作" * 30)[:length]
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(lines)
    assert max(map(len, lines)) <= TITLE_CHARACTERS


def test_blocks_of_a_text():
    text = (
        "前言<h3>一、甲</h3><h4>（一）乙</h4><p>丙<b>丁</b></p>"
        "<ol><li>子<ul><li>丑</li></ul></li><li><p>寅</p></li></ol>"
        "<blockquote><p>引</p></blockquote><hr><p> </p>"
        "<table><tr><th>头</th></tr><tr><td><p>上</p><p>下</p></td></tr></table>尾"
    )
    blocks = blocks_of(text)
    assert [(one.kind, one.mark, one.depth, one.text) for one in blocks] == [
        ("text", "", 0, "前言"),
        ("level1", "", 0, "一、甲"),
        ("level2", "", 0, "（一）乙"),
        ("text", "", 0, "丙丁"),
        ("item", "1.", 0, "子"),
        ("item", "●", 1, "丑"),
        ("item", "2.", 0, "寅"),
        ("quote", "", 0, "引"),
        ("rule", "", 0, ""),
        ("table", "", 0, ""),
        ("text", "", 0, "尾"),
    ]
    assert [run.bold for run in blocks[3].runs] == [False, True]
    (head,), (cell,) = blocks[9].rows
    assert (head.is_head, cell.is_head, cell.runs[0].text) == (True, False, "上\n下")


def test_a_long_column_does_not_take_all_the_width():
    (table,) = blocks_of(f"<table><tr><td>1</td><td>短文</td><td>{'长' * 400}</td></tr></table>")
    narrow, _, wide = column_widths(table)
    assert wide < 12 * narrow
