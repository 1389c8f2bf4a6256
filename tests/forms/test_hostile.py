"""Whatever is sent: clean answers or `AnswersRefused`, never another exception, and nothing that was typed is lost."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.answers import AnswersRefused, references, validate, with_evidence, with_gaps
from forms.asked import Page, asked, complaints
from forms.document import check_form, read_form
from forms.fields import TYPES
from forms.posted import edited_rows, parse
from forms.prefilled import fit
from forms.shown import shown
from tests.forms.every import FILLED, every_type

FORM = every_type()
NAMES = [field.name for field in FORM.fields]
PAGE = Page(
    choices=lambda field: [("o1", "一"), ("u1", "二")],
    say=str,
    lookup=lambda kind, ident: None,
    file=lambda ident: None,
)
bounded = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["", "v1", "true"])
)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["what", "on", "pictures", "steps", "how", "late", "why", "id", "lat", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
answers = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), json_values, max_size=8)
nested_rows = st.fixed_dictionaries({"nested": st.lists(json_values, max_size=3)})
# Good answers of which some are spoiled come closer to the interesting places than pure noise does.
spoiled = (answers | nested_rows).map(lambda some: FILLED | some)
buttons = st.sampled_from(
    ["a_table", "nested", "nested-3-steps", "nested-3-steps-0", "nested-3", "nested-3-", "nested-3-steps-x", "a_text"]
)
presses = st.fixed_dictionaries(
    {}, optional={"_add": buttons.map(lambda one: [one]), "_remove": buttons.map(lambda one: [one])}
)
input_names = st.sampled_from(
    [
        *NAMES,
        "a_geo-lat",
        "a_geo-lon",
        "a_table-0-what",
        "a_table-7-on",
        "a_table-0-pictures",
        "_add",
        "_remove",
        "nested-0-what",
        "nested-3-steps-0-how",
        "nested-3-steps-12-late",
        "nested-3-steps-0-pictures",
        "nested-3-steps",
    ]
) | st.text(max_size=12)
items = st.dictionaries(input_names, st.lists(st.text(max_size=30), max_size=3), max_size=12)


def outcome(given_answers: Any) -> dict[str, Any] | None:
    try:
        return validate(FORM, given_answers)
    except AnswersRefused as refused:
        sentences = [str(problem) for problem in refused.problems]
    assert sentences
    return None


@bounded
@given(answers | spoiled)
def test_answers_are_clean_or_refused(given_answers: dict[str, Any]) -> None:
    clean = outcome(given_answers)
    if clean is not None:
        orjson.dumps(clean)
        assert outcome(clean) == clean, "clean answers stay as they are"
        assert set(with_gaps(FORM, clean)) == set(NAMES)
        references(FORM, with_evidence(FORM, clean, {}))


@bounded
@given(json_values)
def test_anything_at_all_is_refused_or_empty(value: Any) -> None:
    if not isinstance(value, dict):
        assert outcome(value) is None


@bounded
@given(items, presses)
def test_a_posted_form_can_always_be_read_and_drawn_again(
    sent: dict[str, list[str]], pressed: dict[str, list[str]]
) -> None:
    typed = parse(FORM, sent)
    json.dumps(typed)
    outcome(typed)
    edited = edited_rows(FORM, sent | pressed)
    if edited is not None:
        asked(FORM, edited, {}, PAGE)
    for name in ("a_text", "a_int", "a_money", "a_enum", "a_org"):
        if name in typed:
            question = next(one for one in asked(FORM, typed, {}, PAGE) if one.name == name)
            assert question.text.strip(), "what was typed stands there again"


@bounded
@given(answers | spoiled, st.dictionaries(input_names, st.text(max_size=10), max_size=4))
def test_whatever_is_stored_can_be_drawn_and_told(stored: dict[str, Any], errors: dict[str, str]) -> None:
    """Drafts hold what was typed, and old records may come from another version of the form."""
    questions = asked(FORM, stored, errors, PAGE)
    assert len(complaints(questions, errors, str)) >= len({error for error in errors.values() if error} and [1])
    shown(FORM, stored, PAGE.lookup, str)
    fitted = fit(FORM, stored)
    assert set(fitted) <= set(NAMES)


documents = st.recursive(
    scalars | st.sampled_from([*TYPES]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["name", "title", "fields", "label", "type", "options", "columns", "min", "max", "visible_if", "places",
             "field", "equals", "in", "not_in", "required", "readonly", "prefill", "help", "unit"]
        ),
        inner,
        max_size=8,
    ),
    max_leaves=25,
)  # fmt: skip
options = st.lists(st.tuples(st.sampled_from(["p", "q"]), st.just("甲")).map(list), max_size=2)
column = {"name": "c", "label": "列", "type": "int"}
columns = st.recursive(  # tables in tables, deeper than forms know them
    st.just([column]),
    lambda inner: inner.map(lambda level: [column, column | {"name": "d", "type": "table", "columns": level}]),
)
field_names = st.sampled_from(["a", "b", "c", "opinion", "x__y", 3])
likely_fields = st.lists(
    st.fixed_dictionaries(
        {"name": field_names, "label": st.just("标"), "type": st.sampled_from([*TYPES])},
        optional={
            "options": options | documents,
            "columns": columns | documents,
            "visible_if": st.just({"field": "a", "in": [True]}) | documents,
            "min": scalars, "max": scalars, "places": scalars, "required": st.booleans(), "prefill": scalars,
            "readonly": st.booleans(),
        },
    ),
    max_size=4,
)  # fmt: skip


@bounded
@given(documents | likely_fields.map(lambda fields: {"name": "a/b", "title": "T", "fields": fields}))
def test_a_form_document_is_read_or_its_problems_are_listed(document: Any) -> None:
    """And what passes the check compiles, so no published form fails in an officer's face."""
    if not isinstance(document, dict):
        assert check_form(json.dumps(document))
        return
    if check_form(document):
        return
    form = read_form(document)
    with contextlib.suppress(AnswersRefused):
        validate(form, {})
    asked(form, {}, {}, PAGE)


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_bytes_that_are_no_form(data: bytes) -> None:
    assert check_form(data)
