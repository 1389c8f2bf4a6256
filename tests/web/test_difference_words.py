"""Every facet that can differ has words, and texts are marked word by word."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bpmn import compare, table_compare
from bpmn.decisions import read_decision
from bpmn.diagram import Element, Flow, Process
from forms.field import Field
from web import difference_words
from web.word_marks import Piece, marked

ROOT = Path(__file__).parents[2]
ATTRIBUTES = (ROOT / "web/islands/modeler/ducha.js").read_text(encoding="utf-8")
NAMES = {"check": "复核", "result": "结果"}


def facets_of_diagrams():
    empty = {"documentation": "", "attributes": {}, "outputs": (), "inputs": (), "skipped": (), "events": ()}
    whole = (
        compare._of_process(blank(Process, empty)),
        compare._of_element(blank(Element, empty)),
        compare._of_flow(blank(Flow, {"condition": None})),
    )
    own = re.findall(r"'(\w+)'", "".join(re.findall(r"on\('bpmn:(?!MultiInstance).*?\)", ATTRIBUTES, re.DOTALL)))
    return {name for one in whole for name in one} | set(own) - {"kind"}


def blank(kind, given):
    values = {one.name: given.get(one.name) for one in fields(kind)}
    return kind(**values)


def test_every_facet_of_a_diagram_has_words():
    found = facets_of_diagrams() - {"kind"}
    assert {"candidateGroups", "classification", "attachedTo", "target", "each"} <= found
    assert found <= set(difference_words.DIAGRAM)


def test_every_facet_of_a_form_has_words():
    assert {one.name for one in fields(Field)} - {"name", "columns"} <= set(difference_words.FORM)
    assert {"title", "place"} <= set(difference_words.FORM)


def test_every_facet_of_a_table_has_words():
    text = next((ROOT / "bpmn/decisions").glob("D4_*.dmn")).read_text(encoding="utf-8")
    after = re.sub('name="[^"]*"', 'name="另一个"', text, count=2).replace("<text>", "<text>-", 1)
    after = re.sub('label="[^"]*"', 'label="x"', after)
    after = after.replace('hitPolicy="FIRST"', 'hitPolicy="ANY"').replace('hitPolicy="UNIQUE"', 'hitPolicy="ANY"')
    found = {one.facet for one in table_compare.compare(read_decision(text.encode()), read_decision(after.encode()))}
    assert {"inputs", "outputs"} <= found
    assert found - {""} <= set(difference_words.TABLE)
    assert {"name", "hit policy", "rule", "tests"} <= set(difference_words.TABLE)


@pytest.mark.parametrize(
    ("part", "facet", "text", "words"),
    [
        ("diagram", "candidateGroups", "liaison,nobody_knows", "联络员、nobody_knows"),
        ("diagram", "candidateGroups", "=roles_of(org)", "=roles_of(org)"),
        ("diagram", "notSameAs", "check,gone", "复核 (check)、gone"),
        ("diagram", "nobody", "skip", "跳过此步骤并留痕"),
        ("diagram", "nobody", "of_a_later_time", "of_a_later_time"),
        ("diagram", "candidateOrg", "=starter_org", "发起人所在的"),
        ("diagram", "event", "timer duration P3D", "一段时间之后: P3D"),
        ("diagram", "event", "message told", "消息: told"),
        ("diagram", "interrupting", "no", "否"),
        ("form", "type", "longtext", "多行文字"),
        ("form", "required", "yes", "是"),
        ("form", "label", "yes", "yes"),
        ("form", "step check", "hidden", "隐藏"),
        ("table", "rule", "> 3 -> 1", "> 3 -> 1"),
        ("diagram", "name", "", ""),
    ],
)
def test_values_are_said_as_the_panel_says_them(app, part, facet, text, words):
    with app.test_request_context("/"):
        assert difference_words.value(part, facet, text, NAMES) == words


def test_how_often_a_step_is_done_is_said_line_by_line(app):
    text = "parallel\ncollection units\nelementVariable unit\nagree ratio\nratio 2/3\nof_a_later_time x"
    with app.test_request_context("/"):
        said = difference_words.value("diagram", "loop", text, {}).split("\n")
    assert len(said) == 6
    assert said[1].endswith(": units")
    assert said[4].endswith(": 2/3")
    assert said[5] == "of_a_later_time x"
    assert "parallel" not in said[0]
    assert "ratio" not in said[3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("check.verdict == 'pass'", "check.verdict == 'fail'"),
        ("三个工作日内报告", "五个工作日内报告"),
        ("a\nb", "a\nc"),
    ],
)
def test_the_words_that_differ_are_marked_and_nothing_is_lost(before, after):
    old, new = marked(before, after)
    assert ("".join(one.text for one in old), "".join(one.text for one in new)) == (before, after)
    for pieces in (old, new):
        assert any(one.differs for one in pieces)
        assert any(not one.differs for one in pieces)


def test_what_has_nothing_in_common_is_marked_as_a_whole():
    assert marked("甲乙丙", "xyz") == ((Piece("甲乙丙", True),), (Piece("xyz", True),))


def test_what_is_new_or_gone_is_not_marked():
    assert marked("", "全新") == ((), (Piece("全新"),))
    assert marked("没了", "") == ((Piece("没了"),), ())


def test_a_very_long_text_is_shown_without_marks():
    before, after = "字" * 5000, "字" * 4999 + "x"
    assert marked(before, after) == ((Piece(before),), (Piece(after),))
