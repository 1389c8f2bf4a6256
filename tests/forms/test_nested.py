"""A table in the rows of another, wherever a form lives: validation, steps that show it, prefilling, formulas."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpmn.expressions import compile_expression
from bpmn.moment import Moment
from forms import formulas, plain
from forms.answers import AnswersRefused, references, validate, with_evidence, with_gaps
from forms.asked import Page, asked
from forms.compare import Difference, compare
from forms.document import check_form, read_form, texts
from forms.effort import measure
from forms.field import Form
from forms.posted import edited_rows, parse
from forms.prefilled import fit
from forms.schema import compile_schema
from forms.shown import shown
from tests.forms.every import ID, NESTED

PAGE = Page(choices=lambda field: [], say=str, lookup=lambda kind, ident: None, file=lambda ident: None)
DOCUMENT: dict[str, Any] = {"name": "trial/report", "title": "问题清单", "fields": [NESTED]}
FORM = read_form(DOCUMENT)
ROWS: list[dict[str, Any]] = [
    {"what": "河道淤积", "steps": [{"how": "清淤", "late": True, "why": "汛期"}, {"how": "截污"}]},
    {"what": "垃圾", "on": "2013-06-01", "steps": [{"how": "清运", "pictures": [{"id": ID}], "signed": ID}]},
]


def faults(form: Form, rows: Any, prefilled: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(AnswersRefused) as refused:
        validate(form, {"nested": rows}, prefilled)
    return [(one.element, one.code) for one in refused.value.problems]


def shown_at(**fields: str) -> Form:
    steps = {"verify": {"fields": {path.replace("__", "."): rule for path, rule in fields.items()}}}
    return read_form(DOCUMENT | {"steps": steps}).at("verify")


def step_faults(**fields: str) -> list[tuple[str, str]]:
    steps = {"verify": {"fields": {path.replace("__", "."): rule for path, rule in fields.items()}}}
    return [(one.element, one.code) for one in check_form(DOCUMENT | {"steps": steps})]


def test_every_fault_is_said_at_its_input_in_the_order_of_the_form() -> None:
    rows = [
        {"what": "x", "steps": [{"how": "a"}, {"late": True, "how": "x" * 201}, 3]},
        {"steps": [{"how": str(n)} for n in range(6)], "on": "soon"},
        {"what": "y", "steps": []},
    ]
    assert faults(FORM, rows) == [
        ("nested-0-steps-1-how", "maxLength"),
        ("nested-0-steps-1-why", "required"),
        ("nested-0-steps-2", "malformed"),
        ("nested-1-what", "required"),
        ("nested-1-steps", "maxItems"),
        ("nested-1-on", "malformed"),
        ("nested-2-steps", "required"),
    ]


def test_what_is_hidden_in_a_row_of_a_row_is_dropped() -> None:
    rows = [
        {"what": "x", "steps": [{"how": " a ", "late": False, "why": "gone"}, {"how": "b", "late": True, "why": "c"}]}
    ]
    clean = validate(FORM, {"nested": rows})
    assert clean["nested"][0]["steps"] == [{"how": "a", "late": False}, {"how": "b", "late": True, "why": "c"}]


def test_ids_and_photos_of_rows_in_rows() -> None:
    clean = validate(FORM, {"nested": [*ROWS, {"what": "z", "steps": [{"how": "a", "who": "miyun"}]}]})
    assert [(one.element, one.kind) for one in references(FORM, clean)] == [
        ("nested-1-steps-0-pictures", "attachment"),
        ("nested-1-steps-0-signed", "attachment"),
        ("nested-2-steps-0-who", "org"),
    ]
    place = {"lat": 40.4, "lon": 116.8, "accuracy": 8}
    facts = {ID: {"sha256": "ff", "captured_at": None, "geo": place, "device": None, "grade": "A"}}
    known = with_evidence(FORM, clean, facts)
    assert known["nested"][1]["steps"][0]["pictures"] == [facts[ID] | {"id": ID}]
    assert plain.fault_of(known["nested"]) is None, "the deepest that there can be"
    assert plain.fault_of([known["nested"]] * 2) is None
    assert plain.fault_of([[known["nested"]]]) is not None


def test_the_schema_says_it_all() -> None:
    steps = compile_schema(FORM)["properties"]["nested"]["items"]["properties"]["steps"]
    assert (steps["minItems"], steps["maxItems"]) == (1, 5)
    assert steps["items"]["required"] == ["how"]
    assert steps["items"]["allOf"][0]["then"] == {"required": ["why"]}
    assert steps["items"]["additionalProperties"] is False


def test_texts_are_those_of_all_columns() -> None:
    assert {"问题", "整改措施", "延期原因"} <= set(texts(FORM))


def test_formulas_may_ask_for_every_cell() -> None:
    stored = with_gaps(FORM, validate(FORM, {"nested": [*ROWS, {"what": "z", "steps": [{"how": "a"}]}]}))
    assert stored["nested"][0]["on"] is None
    assert stored["nested"][0]["steps"][1]["why"] is None
    offered = dict(formulas.of_columns(FORM, "report"))
    moment = Moment(datetime(2013, 5, 6, tzinfo=UTC))
    told = {
        " · ".join(labels): compile_expression(text).evaluate({"report": stored}, moment)
        for text, labels in offered.items()
    }
    assert told["问题 · 时限"] == [None, "2013-06-01", None]
    assert told["问题 · 整改措施 · 措施"] == ["清淤", "截污", "清运", "a"]
    assert told["问题 · 整改措施 · 延期"] == [True, None, None, None]
    assert len(told) == 2 + 7


def test_optional_tables_have_formulas_that_do_not_fail() -> None:
    optional = json.loads(json.dumps(NESTED).replace('"required": true', '"required": false'))
    form = read_form(DOCUMENT | {"fields": [optional]})
    moment = Moment(datetime(2013, 5, 6, tzinfo=UTC))
    for answers in ({}, {"nested": [{"what": "x"}]}, {"nested": [{"steps": [{"late": True}]}]}):
        names = {"report": with_gaps(form, validate(form, answers))}
        for text, _ in formulas.of_columns(form, "report"):
            assert isinstance(compile_expression(text).evaluate(names, moment), list)


def test_each_cell_counts_as_effort() -> None:
    clean = validate(FORM, {"nested": ROWS})
    assert measure(FORM, clean, {}).asked == (1 + 3 + 1) + (2 + 3)
    before = fit(FORM, {"nested": with_gaps(FORM, clean)["nested"]})
    assert measure(FORM, clean, before) == measure(FORM, clean, {"nested": ROWS})
    assert measure(FORM, clean, before).kept == 10


def test_prefilled_rows_keep_the_columns_that_there_are() -> None:
    rows = [{"what": "x", "gone": 1, "on": None, "steps": [{"how": "a", "old": 2, "why": None}, 3]}, "odd"]
    assert fit(FORM, {"nested": rows}) == {"nested": [{"what": "x", "steps": [{"how": "a"}, 3]}, "odd"]}
    assert fit(FORM, {"nested": [{"steps": "none"}]}) == {"nested": [{"steps": "none"}]}


def test_it_is_told_with_its_rows() -> None:
    (told, *_) = shown(FORM, {"nested": ROWS}, PAGE.lookup, str)
    cell = told.rows[0][1]
    assert (cell.kind, cell.label) == ("rows", "整改措施")
    assert [[one.text for one in row[:3]] for row in cell.rows] == [["清淤", "Yes", "汛期"], ["截污", "", ""]]
    assert told.holds_tables
    assert not cell.holds_tables


def test_a_step_fills_in_what_it_may_row_by_row() -> None:
    form = shown_at(nested__what="readonly", nested__steps__how="readonly", nested__steps__late="readonly",
                    nested__steps__why="hidden", nested__steps__who="required")  # fmt: skip
    carried = fit(form, {"nested": ROWS})
    rows = [
        {"what": "别的", "on": "2013-07-01", "steps": [{"how": "别的", "who": "o1"}, {"who": "o2"}, {"who": "o3"}]},
        {"steps": [{"who": "o4", "late": True}]},
        {"what": "多出来的", "steps": [{"how": "x"}]},
    ]
    clean = validate(form, {"nested": rows}, carried)
    assert clean["nested"] == [
        {
            "what": "河道淤积",
            "on": "2013-07-01",
            "steps": [{"how": "清淤", "late": True, "who": "o1"}, {"how": "截污", "who": "o2"}],
        },
        {"what": "垃圾", "steps": [{"how": "清运", "who": "o4"}]},
    ]
    assert faults(form, [{"steps": [{"who": "o1"}]}], carried) == [
        ("nested-0-steps-1-who", "required"),
        ("nested-1-steps-0-who", "required"),
    ]
    assert faults(
        form, [{"steps": [{"who": "o1", "why": "?"}, {"who": "o2"}]}, {"steps": [{"who": "o4"}]}], carried
    ) == [("nested-0-steps-0-why", "additionalProperties")]
    items = {"nested-0-steps-1-who": ["o2"], "nested-1-on": ["2013-07-02"], "nested-1-steps-0-who": ["o4"]}
    unticked = {"late": False}
    assert parse(form, items)["nested"] == [
        {"steps": [{}, unticked | {"who": "o2"}]},
        {"on": "2013-07-02", "steps": [unticked | {"who": "o4"}]},
    ]
    assert edited_rows(form, items | {"_add": ["nested-0-steps"]}) == parse(form, items)
    assert edited_rows(form, items | {"_remove": ["nested-1"]}) == parse(form, items)
    (table,) = (one for one in asked(form, carried, {}, PAGE) if one.name == "nested")
    steps = {cell.name: cell for cell in table.rows[0].questions}["nested-0-steps"]
    assert (table.blank, steps.blank) == (None, None)
    assert [cell.template for cell in steps.rows[0].questions][:3] == ["fixed", "fixed", "one_named"]


def test_rows_stay_open_in_a_table_whose_row_is_fixed() -> None:
    form = shown_at(nested__what="readonly")
    carried = fit(form, {"nested": ROWS})
    rows: list[dict[str, Any]] = [{"steps": [{"how": "新措施"}, {"how": "又一项"}]}, {"steps": [{"how": "清运"}]}]
    assert [len(row["steps"]) for row in validate(form, {"nested": rows}, carried)["nested"]] == [2, 1]
    more = edited_rows(form, {"nested-1-steps-0-how": ["清运"], "_add": ["nested-1-steps"]})
    assert more == {"nested": [{}, {"steps": [{"how": "清运", "late": False}, {}]}]}


def test_a_table_in_a_row_is_only_shown() -> None:
    form = shown_at(nested__steps="readonly")
    carried = fit(form, {"nested": ROWS})
    clean = validate(form, {"nested": [{"what": "改了", "steps": []}, {"what": "也改了"}]}, carried)
    assert [(row["what"], row["steps"]) for row in clean["nested"]] == [
        ("改了", ROWS[0]["steps"]),
        ("也改了", ROWS[1]["steps"]),
    ]
    (table,) = (one for one in asked(form, carried, {}, PAGE) if one.name == "nested")
    assert {cell.name: cell.template for cell in table.rows[1].questions}["nested-1-steps"] == "fixed"


def test_each_fault_of_a_permission_is_said_at_its_column() -> None:
    assert step_faults(nested__steps__how="readonly", nested__steps="required") == []
    assert step_faults(nested__steps__gone="hidden") == [("", "permission")]
    assert step_faults(nested__steps__how="secret") == [("nested-steps-how", "permission")]
    assert step_faults(nested="readonly", nested__steps__how="required") == [("nested-steps-how", "permission")]
    assert step_faults(nested__steps="hidden", nested__steps__how="required") == [("nested-steps-how", "permission")]
    assert step_faults(nested="readonly", nested__steps__how="hidden") == []
    assert step_faults(nested__steps__late="hidden") == [("nested-steps-why", "lost_control")]
    assert step_faults(nested="hidden", nested__steps__late="hidden") == []
    every = {f"nested__steps__{one['name']}": "hidden" for one in NESTED["columns"][1]["columns"]}
    assert step_faults(**every) == [("nested-steps", "permission")]


def test_versions_are_compared_column_by_column() -> None:
    changed = json.loads(json.dumps(DOCUMENT))
    inner = changed["fields"][0]["columns"][1]["columns"]
    inner[0]["label"] = "做法"
    inner.insert(1, {"name": "cost", "label": "费用", "type": "money"})
    del inner[-1]
    changed["steps"] = {"verify": {"fields": {"nested.steps.cost": "readonly"}}}
    assert compare(FORM, read_form(changed)) == (
        Difference("nested.steps.how", "changed", "label", "措施", "做法"),
        Difference("nested.steps.cost", "added", after="费用"),
        Difference("nested.steps.signed", "removed", before="签名"),
        Difference("", "added", "step verify"),
        Difference("nested.steps.cost", "changed", "step verify", "", "readonly"),
    )


cells = st.fixed_dictionaries(
    {"how": st.text("甲乙丙", min_size=1, max_size=4)}, optional={"late": st.booleans(), "why": st.just("因")}
)
tables = st.lists(
    st.fixed_dictionaries(
        {"what": st.text("一二三", min_size=1, max_size=4), "steps": st.lists(cells, min_size=1, max_size=5)},
        optional={"on": st.dates(date(2000, 1, 1), date(2099, 1, 1)).map(date.isoformat)},
    ),
    max_size=6,
)


def as_items(rows: list[dict[str, Any]], places: list[int]) -> dict[str, list[str]]:
    """As a browser posts them, with rows that have gaps in their numbers."""
    items: dict[str, list[str]] = {}
    for place, row in zip(places, rows, strict=False):
        for name, value in row.items():
            if name != "steps":
                items[f"nested-{place}-{name}"] = [value]
        for number, step in enumerate(row["steps"]):
            for name, value in step.items():
                if value is not False:
                    items[f"nested-{place}-steps-{3 * number}-{name}"] = ["true" if value is True else value]
    return items


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables, st.lists(st.integers(0, 400), unique=True, min_size=6, max_size=6).map(sorted))
def test_what_is_posted_is_what_was_filled_in(rows: list[dict[str, Any]], places: list[int]) -> None:
    """And a row that a button adds somewhere changes nothing of what stands there."""
    items = as_items(rows, places)
    typed = parse(FORM, items)
    expected = [row | {"steps": [{"late": False} | step for step in row["steps"]]} for row in rows]
    assert typed.get("nested", []) == expected
    for place in places[: len(rows)]:
        more = edited_rows(FORM, items | {"_add": [f"nested-{place}-steps"]})
        assert more is not None
        row = more["nested"].pop(places.index(place))
        assert row["steps"].pop() == {}
        assert row == expected[places.index(place)]
        assert more["nested"] == [one for at, one in enumerate(expected) if at != places.index(place)]
