"""Reading form documents: all problems at once, each at its field."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from faults import Refused
from forms.answers import AnswersRefused, validate
from forms.document import FormRefused, check_form, read_form
from forms.schema import compile_schema, validator
from tests.forms.every import every_type


def document(*fields: Any, **more: Any) -> dict[str, Any]:
    return {"name": "trial/form", "title": "试", "fields": list(fields)} | more


def field(**more: Any) -> dict[str, Any]:
    return {"name": "one", "label": "一", "type": "text"} | more


def nested(**more: Any) -> dict[str, Any]:
    return field(name="two", type="table", columns=[field(**more)])


def test_all_problems_are_found_at_once() -> None:
    broken = document(
        field(type="tekst"),
        field(name="One"),
        field(name="opinion"),
        field(name="two", type="enum", options=[["a", "甲"], ["a", "乙"]]),
        field(name="three", type="table", columns=[field(type="table", columns=[nested(), field(name="n")]), field()]),
        field(name="four", visible_if={"field": "five", "equals": True}),
        field(name="five", type="bool", colour="red"),
        title="",
    )
    found = [(one.element, one.code) for one in check_form(broken)]
    assert found == [
        ("", "title"),
        ("one", "type"),
        ("#2", "name"),
        ("opinion", "reserved"),
        ("two", "options"),
        ("three-one-two", "column"),
        ("three-one", "twice"),
        ("four", "visible_if"),
        ("five", "unknown"),
    ]
    with pytest.raises(FormRefused) as refused:
        read_form(broken)
    assert isinstance(refused.value, Refused)
    assert [(one.element, one.code) for one in refused.value.problems] == found


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (field(name="a__b"), "name"),
        (field(type="register", register="ledgers"), "readonly"),
        (field(type="register", readonly=True, prefill="x"), "register"),
        (field(name="a-b"), "name"),
        (field(name="_key"), "name"),
        (field(label=""), "label"),
        (field(help="x" * 501), "help"),
        (field(required="yes"), "required"),
        (field(readonly=True), "readonly"),
        (field(type="enum"), "options"),
        (field(type="multi", options=[]), "options"),
        (field(type="enum", options=[["a", "甲"], ["b", "甲"]]), "options"),
        (field(type="table"), "columns"),
        (field(type="table", columns=[field(type="richtext")]), "column"),
        (field(type="table", columns=[field(prefill="x")]), "column"),
        (field(min=5, max=3), "min"),
        (field(max=5000), "max"),
        (field(max=0), "max"),
        (field(max=2.5), "max"),
        (field(type="int", min="today"), "min"),
        (field(type="date", min="tomorrow"), "min"),
        (field(type="decimal", places=20), "places"),
        (field(type="text", places=2), "unknown"),
        (field(type="ref", register="Open problems"), "register"),
        (field(type="text", register="open_problems"), "unknown"),
        (field(visible_if={"field": "nothing", "equals": 1}), "visible_if"),
        (field(visible_if={"field": "nothing"}), "visible_if"),
        (field(visible_if="one"), "visible_if"),
        ("no field", "field"),
    ],
)
def test_a_faulty_field(given: Any, code: str) -> None:
    assert code in [one.code for one in check_form(document(given))]


@pytest.mark.parametrize(
    "visible_if",
    [
        {"field": "yes", "equals": "true"},
        {"field": "yes", "in": []},
        {"field": "kind", "equals": "c"},
        {"field": "kind", "in": ["a", "c"]},
        {"field": "text", "equals": "x"},
        {"field": "late", "equals": True},
    ],
)
def test_a_condition_that_could_never_hold(visible_if: Any) -> None:
    fields = (
        field(name="yes", type="bool"),
        field(name="kind", type="enum", options=[["a", "甲"], ["b", "乙"]]),
        field(name="text"),
        field(name="shown", visible_if=visible_if),
        field(name="late", type="bool"),
    )
    assert [(one.element, one.code) for one in check_form(document(*fields))] == [("shown", "visible_if")]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", "[" * 100_000, b"x" * 600_000, {"a": {1, 2}}])
def test_what_is_no_json_object(data: Any) -> None:
    (problem,) = check_form(data)
    assert problem.element == ""
    with pytest.raises(FormRefused):
        read_form(data)


def test_tables_stand_in_each_other_once() -> None:
    """What is wrong with a column of the inner table is said there; a third table is refused, whatever it holds."""
    assert check_form(document(field(type="table", columns=[nested(type="signature")]))) == ()
    (problem,) = check_form(document(field(type="table", columns=[nested(type="richtext")])))
    assert (problem.element, problem.code) == ("one-two-one", "column")
    (problem,) = check_form(document(field(type="table", columns=[nested(prefill="x")])))
    assert (problem.element, problem.code) == ("one-two-one", "column")
    third = nested(type="table", columns=[field(type="nothing", columns=[nested()])])
    (problem,) = check_form(document(field(type="table", columns=[third])))
    assert (problem.element, problem.code) == ("one-two-one", "column")
    assert "can't hold another one" in str(problem)


def test_conditions_in_an_inner_table_see_its_own_earlier_columns_only() -> None:
    late = field(name="late", type="bool")
    why = field(name="why", visible_if={"field": "late", "equals": True})

    def faults(outer: list[dict[str, Any]], inner: list[dict[str, Any]]) -> list[tuple[str, str]]:
        table = field(name="steps", type="table", columns=inner)
        found = check_form(document(field(type="table", columns=[*outer, table])))
        return [(one.element, one.code) for one in found]

    assert faults([], [late, why]) == []
    assert faults([], [why, late]) == [("one-steps-why", "visible_if")]
    assert faults([late], [why]) == [("one-steps-why", "visible_if")]


def test_equal_documents_are_equal_forms() -> None:
    one = document(field())
    assert read_form(one) == read_form(json.dumps(one).encode())
    assert read_form(one) != read_form(document(field(label="二")))
    assert validator(read_form(one)) is validator(read_form(json.dumps(one)))


def test_the_schema_is_bounded_everywhere() -> None:
    schema = compile_schema(every_type())
    assert jsonschema_rs.meta.is_valid(schema)
    pending: list[Any] = [schema]
    while pending:
        one = pending.pop()
        if not isinstance(one, dict):
            continue
        assert "$ref" not in one
        kinds = one.get("type", [])
        if "string" in kinds and "enum" not in one:
            assert "maxLength" in one, one
        if kinds == "array":
            assert "maxItems" in one, one
        if kinds in ("integer", "number"):
            assert "maximum" in one, one
        if kinds == "object":
            assert one.get("additionalProperties") is False, one
        pending += [*one.get("properties", {}).values(), one.get("items"), *one.get("allOf", [])]


def test_the_schema_alone_already_says_what_is_wrong() -> None:
    """Clients of the API may validate with it themselves, conditions included."""
    form = read_form(
        document(
            field(name="yes", type="bool", required=True),
            field(name="why", required=True, visible_if={"field": "yes", "equals": False}),
        )
    )
    check = jsonschema_rs.validator_for(compile_schema(form))
    assert check.is_valid({"yes": True})
    assert check.is_valid({"yes": False, "why": "x"})
    assert not check.is_valid({"yes": False})
    assert not check.is_valid({"yes": True, "why": "x"})
    assert not check.is_valid({"why": "x"})


def test_messages_have_no_gaps() -> None:
    """Every placeholder of a message is filled."""
    broken = document(field(type="x", max="y"), field(name="n", type="int", min="z"), "f", fields="none")
    sentences = [str(one) for one in check_form(broken) + check_form(document(field(type="x"), field(max=9999)))]
    with pytest.raises(AnswersRefused) as refused:
        validate(every_type(), {"a_text": "x" * 999, "a_decimal": "x", "a_int": 2**60, "a_multi": ["q"], "zzz": 1})
    sentences += [str(one) for one in refused.value.problems]
    assert not [sentence for sentence in sentences if "{" in sentence]
