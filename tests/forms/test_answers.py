"""What is accepted, what is refused, and what is said about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forms.answers import AnswersRefused, references, refuse_unknown, validate, visible, with_evidence, with_gaps
from forms.document import read_form
from forms.field import Form

ID = "ab" * 16


def form_of(*fields: dict[str, Any]) -> Form:
    named = [{"name": f"f{place}", "label": f"字段{place}", **field} for place, field in enumerate(fields)]
    return read_form({"name": "trial/form", "title": "试", "fields": named})


def faults(form: Form, answers: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(AnswersRefused) as refused:
        validate(form, answers, **more)
    assert len({one.element for one in refused.value.problems}) == len(refused.value.problems), "one problem a field"
    return {one.element: one.code for one in refused.value.problems}


def said(form: Form, answers: Any) -> list[str]:
    with pytest.raises(AnswersRefused) as refused:
        validate(form, answers)
    return [str(one) for one in refused.value.problems]


ORDER = form_of(
    {"name": "kind", "type": "enum", "required": True, "options": [["now", "立即"], ["later", "以后"]]},
    {"name": "ok", "type": "bool", "required": True},
    {"name": "why", "type": "longtext", "required": True, "visible_if": {"field": "ok", "equals": False}},
    {"name": "sure", "type": "bool", "required": True, "visible_if": {"field": "ok", "equals": False}},
    {"name": "note", "type": "text", "visible_if": [{"field": "sure", "equals": True}]},
    {"name": "rows", "type": "table", "columns": [
        {"name": "what", "label": "何", "type": "text", "required": True},
        {"name": "late", "label": "迟", "type": "bool"},
        {"name": "days", "label": "天", "type": "int", "required": True,
         "visible_if": {"field": "late", "equals": True}},
    ]},
)  # fmt: skip


def test_answers_come_back_clean() -> None:
    answers = {"kind": "now", "ok": True, "opinion": "  同意 ", "rows": [{"what": " 清淤 ", "late": False, "days": 3}]}
    clean = validate(ORDER, answers)
    assert clean == {"kind": "now", "ok": True, "opinion": "同意", "rows": [{"what": "清淤", "late": False}]}


@pytest.mark.parametrize("nothing", [None, "", "   ", [], {}])
def test_nothing_is_no_answer(nothing: Any) -> None:
    assert faults(ORDER, {"kind": nothing, "ok": True, "opinion": nothing}) == {"kind": "required"}


def test_every_fault_is_told_at_once_in_the_order_of_the_form() -> None:
    answers = {"ok": False, "kind": "never", "rows": [{"what": "x" * 201}, {"late": True}], "strange": 1}
    assert said(ORDER, answers) == [
        "strange: This field does not belong to the form.",
        "kind: Choose one of the options.",
        "why: Please fill in this field.",
        "sure: Please fill in this field.",
        "rows-0-what: Write at most 200 characters.",
        "rows-1-what: Please fill in this field.",
        "rows-1-days: Please fill in this field.",
    ]


def test_a_hidden_field_is_dropped_and_so_is_what_hangs_on_it() -> None:
    answers = {"kind": "now", "ok": True, "why": "x", "sure": True, "note": "y"}
    assert validate(ORDER, answers) == {"kind": "now", "ok": True}
    assert visible(ORDER, answers) >= {"kind", "ok", "rows"}
    assert not visible(ORDER, answers) & {"why", "sure", "note"}


def test_a_visible_field_counts() -> None:
    answers = {"kind": "now", "ok": False, "why": "x", "sure": True, "note": "y"}
    assert validate(ORDER, answers) == answers


def test_conditions_compare_types_too() -> None:
    assert faults(ORDER, {"kind": "now", "ok": 1}) == {"ok": "malformed"}
    assert faults(ORDER, {"kind": "now", "ok": 0}) == {"ok": "malformed"}


def test_a_choice_among_several_decides() -> None:
    form = form_of(
        {"name": "ways", "type": "multi", "options": [["a", "甲"], ["b", "乙"], ["c", "丙"]]},
        {"name": "with_a", "type": "text", "required": True, "visible_if": {"field": "ways", "in": ["a", "b"]}},
        {"name": "not_c", "type": "text", "required": True, "visible_if": {"field": "ways", "not_in": ["c"]}},
    )
    assert faults(form, {"ways": ["b"]}) == {"with_a": "required", "not_c": "required"}
    assert faults(form, {"ways": ["b", "c"]}) == {"with_a": "required"}
    assert validate(form, {"ways": ["c"]}) == {"ways": ["c"]}
    assert validate(form, {}) == {}, "what was not answered fulfils no condition, not even a negated one"


def test_gaps_are_null_for_diagrams() -> None:
    assert with_gaps(ORDER, {"kind": "now", "ok": True}) == {
        "kind": "now", "ok": True, "why": None, "sure": None, "note": None, "rows": None, "opinion": None,
        "attachments": None,
    }  # fmt: skip


def test_a_read_only_field_is_what_was_prefilled() -> None:
    form = form_of({"name": "due", "type": "date", "required": True, "readonly": True, "prefill": "wd(3)"})
    assert validate(form, {"due": "2099-01-01"}, prefilled={"due": "2013-05-06"}) == {"due": "2013-05-06"}
    assert validate(form, {"due": "2099-01-01"}) == {}, "a person can't be blamed for what the system did not give"


NUMBERS = form_of(
    {"name": "n", "type": "int", "min": 0},
    {"name": "d", "type": "decimal"},
    {"name": "p", "type": "percent"},
    {"name": "m", "type": "money", "max": 1000000},
)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"n": 3.0}, {"n": 3}),
        ({"d": 0.1}, {"d": 0.1}),
        ({"d": 12345678901.1234}, {"d": 12345678901.1234}),
        ({"p": 12.25}, {"p": 12.25}),
        ({"m": "1,234.5"}, {"m": "1234.50"}),
        ({"m": "￥ 0.10"}, {"m": "0.10"}),
        ({"m": "-0"}, {"m": "0.00"}),
        ({"m": 1234}, {"m": "1234.00"}),
        ({"m": 0.1}, {"m": "0.10"}),
        ({"m": "１２．５０"}, {"m": "12.50"}),
    ],
)
def test_numbers_are_kept_exactly(answers: dict[str, Any], expected: dict[str, Any]) -> None:
    clean = validate(NUMBERS, answers)
    assert clean == expected
    assert [type(value) for value in clean.values()] == [type(value) for value in expected.values()]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"n": -1}, "minimum"),
        ({"n": 1.5}, "malformed"),
        ({"n": "3"}, "malformed"),
        ({"n": True}, "malformed"),
        ({"n": 2**60}, "maximum"),
        ({"n": 2**70}, "range"),
        ({"d": 0.1 + 0.2}, "malformed"),
        ({"d": float("nan")}, "range"),
        ({"d": float("-inf")}, "range"),
        ({"d": 1e300}, "maximum"),
        ({"p": 100.01}, "maximum"),
        ({"p": -0.01}, "minimum"),
        ({"m": "1.005"}, "malformed"),
        ({"m": "-1"}, "minimum"),
        ({"m": "1000000.01"}, "maximum"),
        ({"m": "1e3"}, "malformed"),
        ({"m": "9" * 40}, "malformed"),
        ({"m": [1]}, "malformed"),
    ],
)
def test_numbers_that_are_none(answers: dict[str, Any], code: str) -> None:
    assert list(faults(NUMBERS, answers).values()) == [code]


TIMES = form_of(
    {"name": "day", "type": "date", "min": "today", "max": "2013-12-31"}, {"name": "at", "type": "datetime"}
)


def test_days_and_instants() -> None:
    today = date(2013, 5, 6)
    assert validate(TIMES, {"day": "2013-05-06"}, today=today) == {"day": "2013-05-06"}
    assert faults(TIMES, {"day": "2013-05-05"}, today=today) == {"day": "minimum"}
    assert faults(TIMES, {"day": "2014-01-01"}, today=today) == {"day": "maximum"}
    for wrong in ("2013-02-30", "06.05.2013", "9999-01-01", "2013-05-06T00:00:00Z", 20130506):
        assert faults(TIMES, {"day": wrong}, today=today) == {"day": "malformed"}
    assert validate(TIMES, {"at": "2013-05-06T09:30:00Z"}) == {"at": "2013-05-06T17:30:00+08:00"}
    assert validate(TIMES, {"at": "2013-05-06T17:30"}) == {"at": "2013-05-06T17:30:00+08:00"}
    assert faults(TIMES, {"at": "2016-12-31T23:59:60Z"}) == {"at": "format"}
    assert faults(TIMES, {"at": "soon"}) == {"at": "malformed"}


PLACES = form_of(
    {"name": "where", "type": "geo"},
    {"name": "photos", "type": "evidences", "max": 2},
    {"name": "team", "type": "users", "min": 2},
    {"name": "unit", "type": "org"},
    {"name": "seen", "type": "table", "columns": [{"name": "pictures", "label": "照片", "type": "evidences"}]},
)


def test_evidences_are_what_the_server_knows() -> None:
    claimed = {"id": ID, "sha256": "00", "grade": "A"}
    clean = validate(PLACES, {"photos": [claimed, ID], "seen": [{"pictures": [ID]}]})
    assert clean == {"photos": [{"id": ID}], "seen": [{"pictures": [{"id": ID}]}]}
    facts = {ID: {"sha256": "ff", "captured_at": None, "geo": None, "device": None, "grade": "C"}}
    known = {"id": ID} | facts[ID]
    assert with_evidence(PLACES, clean, facts) == {"photos": [known], "seen": [{"pictures": [known]}]}
    assert faults(PLACES, {"photos": [{"id": ID, "free": 1}]}) == {"photos": "malformed"}
    assert faults(PLACES, {"photos": [{"id": "../../etc"}]}) == {"photos": "malformed"}
    assert faults(PLACES, {"photos": [ID, ID[:-1], ID[:-2]]}) == {"photos": "maxItems"}


def test_ids_are_listed_with_their_places() -> None:
    clean = validate(PLACES, {"unit": "miyun", "team": ["a", "b"], "seen": [{"pictures": [ID]}]})
    found = references(PLACES, clean)
    assert [(one.element, one.kind, one.ident) for one in found] == [
        ("team", "user", "a"),
        ("team", "user", "b"),
        ("unit", "org", "miyun"),
        ("seen-0-pictures", "attachment", ID),
    ]
    assert [one.element for one in refuse_unknown(found[:2]).problems] == ["team", "team"]


def test_places_and_people() -> None:
    assert validate(PLACES, {"where": {"lat": 39.9, "lon": 116}}) == {"where": {"lat": 39.9, "lon": 116}}
    assert faults(PLACES, {"where": {"lat": 91, "lon": 116}}) == {"where": "malformed"}
    assert faults(PLACES, {"where": {"lat": "北", "lon": 116}}) == {"where": "malformed"}
    assert faults(PLACES, {"where": {"lat": 39.9}}) == {"where": "malformed"}
    assert faults(PLACES, {"team": ["a"]}) == {"team": "minItems"}
    assert faults(PLACES, {"unit": "a\u2028\x1f"}) == {"unit": "characters"}


def test_rich_text_is_made_harmless() -> None:
    form = form_of({"name": "body", "type": "richtext"})
    hostile = '<p onclick="x()">a<script>y()</script><a href="javascript:z()">b</a><img src=x onerror=w()></p>'
    assert validate(form, {"body": hostile}) == {"body": '<p>a<a rel="noopener noreferrer nofollow">b</a></p>'}
    assert validate(form, {"body": "1 < 2 & 3\n\nzwei\nzeilen"}) == {
        "body": "<p>1 &lt; 2 &amp; 3</p>\n<p>zwei<br>zeilen</p>"
    }
    assert validate(form, {"body": "<p> <script>x</script></p>"}) == {}
    assert faults(form, {"body": "x" * 60_000}) == {"body": "maxLength"}


class Odd:
    """Something that is not JSON at all."""


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param({"kind": "x" * 10_000_000, "ok": True}, id="a huge text"),
        pytest.param({"kind": "now", "ok": True, "opinion": "a\x00b"}, id="a NUL"),
        pytest.param({"kind": "now", "ok": True, "opinion": "\ud800"}, id="half a surrogate pair"),
        pytest.param({"kind": Odd(), "ok": True}, id="an object"),
        pytest.param({"kind": b"now", "ok": True}, id="bytes"),
        pytest.param({"kind": {1: 2}, "ok": True}, id="a key that is no text"),
        pytest.param({1: "now"}, id="a name that is no text"),
        pytest.param({f"x{n}": 1 for n in range(10_000)}, id="ten thousand fields"),
        pytest.param({"kind": "now", "ok": True, "rows": [{}] * 100_000}, id="a hundred thousand rows"),
        pytest.param({"kind": "now", "ok": True, "rows": [1, None, "x", []]}, id="rows that are none"),
        pytest.param({"\ud800": 1}, id="half a surrogate pair as a name"),
        pytest.param([("kind", "now")], id="no mapping"),
        pytest.param(None, id="nothing"),
    ],
)
def test_whatever_comes_is_refused_with_a_sentence(hostile: Any) -> None:
    for sentence in said(ORDER, hostile):
        assert len(sentence) < 200


def test_deep_nesting_is_refused_without_recursion() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert faults(ORDER, {"kind": deep, "ok": True}) == {"kind": "nested"}


def test_long_answers_belong_into_files() -> None:
    form = form_of(*({"type": "richtext"} for _ in range(8)))
    assert faults(form, {f"f{n}": "x" * 49_000 for n in range(8)}) == {"": "size"}
