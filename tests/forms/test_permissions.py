"""A form as other steps show it: what they hide, only show, and ask for."""

from __future__ import annotations

from typing import Any

import pytest

from forms.answers import AnswersRefused, references, validate, with_gaps
from forms.asked import Page, asked
from forms.compare import Difference, compare
from forms.document import check_form, read_form
from forms.effort import measure
from forms.field import Form
from forms.posted import edited_rows, file_inputs, parse
from forms.prefilled import expressions, fit
from forms.schema import compile_schema

COLUMNS: list[dict[str, Any]] = [
    {"name": "what", "label": "措施", "type": "text", "required": True},
    {"name": "who", "label": "责任人", "type": "user"},
    {"name": "phone", "label": "电话", "type": "text"},
    {"name": "checked", "label": "核验", "type": "enum", "options": [["yes", "属实"], ["no", "不实"]]},
]
DOCUMENT: dict[str, Any] = {
    "name": "trial/report",
    "title": "报告",
    "fields": [
        {"name": "done", "label": "已完成", "type": "bool", "required": True},
        {"name": "why", "label": "原因", "type": "text", "visible_if": {"field": "done", "equals": False}},
        {"name": "due", "label": "时限", "type": "date", "min": "today", "required": True},
        {"name": "measures", "label": "措施", "type": "table", "required": True, "columns": COLUMNS},
        {"name": "given", "label": "编号", "type": "text", "readonly": True, "prefill": "title"},
    ],
    "steps": {
        "verify": {
            "fields": {
                "done": "readonly",
                "why": "readonly",
                "due": "readonly",
                "measures.what": "readonly",
                "measures.who": "readonly",
                "measures.phone": "hidden",
                "measures.checked": "required",
                "opinion": "required",
            }
        },
        "archive": {"from": "verify", "fields": {"due": "hidden", "measures": "hidden", "opinion": "readonly"}},
        "revise": {"fields": {"due": "optional"}},
    },
}
ROWS = [
    {"what": "清淤", "who": "u1", "phone": "139", "checked": None},
    {"what": "截污", "who": "gone", "phone": None},
]
CARRIED = {"done": True, "due": "2013-05-01", "measures": ROWS}


def at(step: str) -> Form:
    return read_form(DOCUMENT).at(step)


def changed(**steps: Any) -> dict[str, Any]:
    return DOCUMENT | {"steps": steps}


def codes(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.element, one.code) for one in check_form(document)]


def test_a_step_that_is_not_named_shows_the_form_itself() -> None:
    form = read_form(DOCUMENT)
    assert form.at("report") is form
    assert form.at("verify") != form


def test_values_come_from_the_step_that_answered() -> None:
    assert expressions(at("verify")) == {
        "done": "report.done", "why": "report.why", "due": "report.due", "measures": "report.measures",
        "given": "title",
    }  # fmt: skip
    assert expressions(at("archive"))["done"] == "verify.done"
    assert expressions(at("archive"))["opinion"] == "verify.opinion"


def test_the_schema_has_neither_what_is_hidden_nor_duties_nobody_can_fulfil() -> None:
    schema = compile_schema(at("verify"))
    row = schema["properties"]["measures"]["items"]
    assert row["required"] == ["checked"]
    assert "phone" not in row["properties"]
    assert row["properties"]["what"]["readOnly"] is True
    assert schema["required"] == ["opinion"]
    assert "due" not in compile_schema(at("archive"))["properties"]
    assert "due" not in compile_schema(at("revise"))["required"]


def test_only_what_may_be_changed_is_taken_from_the_answers() -> None:
    form = at("verify")
    given: dict[str, Any] = {
        "done": False,
        "due": "2030-01-01",
        "measures": [{"what": "别的", "phone": "110", "checked": "yes"}, {"checked": "no"}, {"checked": "yes"}],
        "opinion": "同意",
    }
    with pytest.raises(AnswersRefused) as refused:
        validate(form, given, fit(form, CARRIED))
    assert [one.element for one in refused.value.problems] == ["measures-0-phone"]
    del given["measures"][0]["phone"]
    clean = validate(form, given, fit(form, CARRIED))
    assert clean["measures"] == [
        {"what": "清淤", "who": "u1", "checked": "yes"},
        {"what": "截污", "who": "gone", "checked": "no"},
    ]
    assert (clean["done"], clean["due"]) == (True, "2013-05-01")  # the day has passed: nobody is blamed for that


def test_what_is_missing_is_asked_for_row_by_row() -> None:
    form = at("verify")
    with pytest.raises(AnswersRefused) as refused:
        validate(form, {"measures": [{"checked": "yes"}]}, fit(form, CARRIED))
    assert [one.element for one in refused.value.problems] == ["measures-1-checked", "opinion"]


def test_without_answers_to_take_over_there_are_no_rows() -> None:
    clean = validate(at("verify"), {"measures": [{"what": "x", "checked": "yes"}], "opinion": "同意"}, {})
    assert clean == {"opinion": "同意"}


def test_hidden_fields_are_null_to_diagrams() -> None:
    form = at("archive")
    stored = with_gaps(form, validate(form, {"done": True}, {"opinion": "同意"}))
    assert stored["due"] is None
    assert stored["measures"] is None
    assert stored["opinion"] == "同意"


def test_who_was_named_before_may_have_left() -> None:
    form = at("verify")
    clean = validate(form, {"measures": [{"checked": "yes"}] * 2, "opinion": "同意"}, fit(form, CARRIED))
    assert references(form, clean) == ()


def test_rows_are_posted_by_their_places() -> None:
    form = at("verify")
    items = {"measures-1-checked": ["no"], "measures-9999-checked": ["no"], "measures-0-what": ["x"]}
    assert parse(form, items)["measures"] == [{"what": "x"}, {"checked": "no"}]
    assert edited_rows(form, {**items, "_add": ["measures"]}) == parse(form, items)
    assert "measures-*-what__upload" not in file_inputs(form)


def test_the_page_shows_the_rows_and_offers_no_others() -> None:
    form = at("verify")
    page = Page(lambda one: [], str, lambda kind, ident: None, lambda ident: None)
    questions = {one.name: one for one in asked(form, fit(form, CARRIED), {}, page)}
    table = questions["measures"]
    assert table.blank is None
    assert [[cell.template for cell in row.questions] for row in table.rows] == [["fixed", "fixed", "one_of"]] * 2
    assert questions["done"].template == "fixed"
    assert {one.name: one for one in asked(form, {}, {}, page)}["measures"].rows == ()


def test_only_cells_that_are_filled_in_count_as_effort() -> None:
    form = at("verify")
    carried = fit(form, CARRIED)
    clean = validate(form, {"measures": [{"checked": "yes"}] * 2, "opinion": "同意"}, carried)
    assert measure(form, clean, carried).asked == 2


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([], [("", "steps")]),
        ({"a b": {}}, [("", "step")]),
        ({"verify": []}, [("", "step")]),
        ({"verify": {"more": 1}}, [("", "step")]),
        ({"verify": {"fields": ["done"]}}, [("", "step")]),
        ({"report": {}}, [("", "own_step")]),
        ({"verify": {"from": "verify"}}, [("", "source")]),
        ({"verify": {"from": 3}}, [("", "source")]),
        ({"verify": {"fields": {"gone": "hidden"}}}, [("", "permission")]),
        ({"verify": {"fields": {"due": "secret"}}}, [("due", "permission")]),
        ({"verify": {"fields": {"due": ["hidden"]}}}, [("due", "permission")]),
        ({"verify": {"fields": {"given": "required"}}}, [("given", "permission")]),
        ({"verify": {"fields": {"done": "hidden"}}}, [("why", "lost_control")]),
        (
            {"verify": {"fields": {"measures": "readonly", "measures.who": "required"}}},
            [("measures-who", "permission")],
        ),
        (
            {"verify": {"fields": {f"measures.{one['name']}": "hidden" for one in COLUMNS}}},
            [("measures", "permission")],
        ),
    ],
)
def test_each_fault_is_said_at_its_field(steps: Any, found: list[tuple[str, str]]) -> None:
    assert codes(DOCUMENT | {"steps": steps}) == found


def test_a_form_without_a_step_of_its_own_says_whose_answers_are_meant() -> None:
    fields = [DOCUMENT["fields"][0]]
    assert codes({"name": "shared", "title": "共用", "fields": fields, "steps": {"verify": {}}}) == [("", "source")]
    shared = {"name": "shared", "title": "共用", "fields": fields, "steps": {"verify": {"from": "report"}}}
    assert expressions(read_form(shared).at("verify")) == {"done": "report.done"}


def test_the_document_itself_is_sound() -> None:
    assert check_form(DOCUMENT) == ()


def test_versions_are_compared_with_their_permissions() -> None:
    before = read_form(changed(verify={"fields": {"due": "readonly"}}, revise={}))
    after = read_form(changed(verify={"from": "draft", "fields": {"due": "hidden", "done": "readonly"}}))
    assert compare(before, after) == (
        Difference("", "changed", "step verify", "report", "draft"),
        Difference("due", "changed", "step verify", "readonly", "hidden"),
        Difference("done", "changed", "step verify", "", "readonly"),
        Difference("", "removed", "step revise"),
    )
