"""The designer of forms as the server knows it: lists, previews, trials, comparisons, and who may do all that."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from engine import process_drafts
from forms.field import Field
from forms.fields import TYPES
from forms.permissions import PERMISSIONS
from tests.web.conftest import revision
from web import form_words

FORM: dict[str, Any] = {
    "name": "errand/report",
    "title": "<b>报告</b>",
    "fields": [
        {"name": "text", "label": "<img src=x onerror=alert(1)>", "type": "longtext", "required": True},
        {
            "name": "rows",
            "label": "明细",
            "type": "table",
            "columns": [
                {"name": "what", "label": "事项", "type": "text"},
                {"name": "ok", "label": "属实", "type": "bool"},
            ],
        },
    ],
    "steps": {"check": {"fields": {"text": "readonly", "rows.what": "readonly"}}},
}


def test_everything_has_a_name_for_authors():
    assert set(form_words.TYPES) == set(TYPES)
    assert set(form_words.PERMISSIONS) == set(PERMISSIONS)
    assert set(form_words.COUNTS) == {name for name, kind in TYPES.items() if kind.largest is not None}
    facets = {one.name for one in fields(Field)} - {"name", "columns"}
    assert facets <= set(form_words.FACETS)


def test_the_list_shows_forms_with_their_steps(admin, draft, errand_bundle):
    page = admin.get(f"{draft}/forms")
    assert page.status_code == 200
    for name in errand_bundle.forms:
        assert f"{draft}/forms/{name}" in page.text
    assert f"{draft}/forms" in admin.get(draft).text


def test_a_form_is_made_and_taken_out_again(admin, draft, sessions, cast):
    page = admin.get(f"{draft}/forms")
    made = admin.post(f"{draft}/forms", {"revision": revision(page), "name": "errand/extra", "title": "附表"})
    assert made.headers["Location"] == f"{draft}/forms/errand/extra"
    assert admin.get(made.headers["Location"]).status_code == 200
    assert admin.post(f"{draft}/forms", {"revision": "2", "name": "errand/extra"}).status_code == 409
    assert admin.post(f"{draft}/forms", {"revision": "2", "name": "../x"}).status_code == 400
    assert admin.post(f"{draft}/form/remove", {"revision": "1", "name": "errand/extra"}).status_code == 409
    assert admin.post(f"{draft}/form/remove", {"revision": "2", "name": "errand/extra"}).status_code == 302
    assert admin.post(f"{draft}/form/remove", {"revision": "3", "name": "errand/extra"}).status_code == 404
    with sessions.read() as session:
        assert "errand/extra" not in process_drafts.get(session, cast.admin, draft.rpartition("/")[2]).forms


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_only_administrators(visit, errand, cast, draft, who):
    visitor = visit(getattr(cast, who))
    for address in ("forms", "forms/errand/report", "form/saved?name=errand/report"):
        assert visitor.get(f"{draft}/{address}").status_code == 403
    for address in ("form/preview", "form/try", "form/compare"):
        assert visitor.send(f"{draft}/{address}", {"document": FORM}).status_code == 403
    assert visitor.post(f"{draft}/forms", {"name": "errand/x", "revision": "1"}).status_code == 403
    assert visitor.post(f"{draft}/form/remove", {"name": "errand/report", "revision": "1"}).status_code == 403


def test_names_stay_text_in_page_and_preview(admin, draft):
    admin.send(f"{draft}/save", {"revision": 1, "forms": {"errand/report": FORM}})
    page = admin.get(f"{draft}/forms/errand/report")
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "<b>报告" not in page.text
    html = admin.send(f"{draft}/form/preview", {"document": FORM}).get_json()["html"]
    assert "&lt;img src=x" in html
    assert "<img src=x" not in html


def test_the_preview_is_what_the_step_shows(admin, draft):
    told = admin.send(f"{draft}/form/preview", {"document": FORM}).get_json()
    assert 'name="text"' in told["html"]
    carried = {"text": "已扫", "rows": [{"what": "东街"}], "other": 1}
    shown = admin.send(f"{draft}/form/preview", {"document": FORM, "step": "check", "carried": carried}).get_json()
    assert 'name="text"' not in shown["html"]
    assert "已扫" in shown["html"]
    assert 'name="rows-0-ok"' in shown["html"]
    assert "data-add-row" not in shown["html"]


def test_faults_are_told_with_their_fields_and_the_rest_of_the_draft(admin, draft):
    broken = FORM | {"fields": [{"name": "text", "label": "", "type": "longtext"}]}
    told = admin.send(f"{draft}/form/preview", {"document": broken}).get_json()
    assert told["html"] is None
    assert ("errand/report#text", "error") in {(one["element"], one["severity"]) for one in told["problems"]}


def test_formulas_reach_into_the_rows_of_rows(admin, draft):
    """The designer and the modeler offer them."""
    step = {"name": "how", "label": "措施", "type": "text"}
    inner = {"name": "steps", "label": "整改措施", "type": "table", "columns": [step]}
    what = {"name": "what", "label": "问题", "type": "text"}
    table = {"name": "problems", "label": "问题清单", "type": "table", "required": True, "columns": [what, inner]}
    changed = FORM | {"fields": [table], "steps": {}}
    admin.send(f"{draft}/save", {"revision": 1, "forms": {"errand/report": changed}})
    found = admin.get(f"{draft}/vocabulary.json").get_json()
    columns = {one["name"]: one["columns"] for one in found["forms"]}
    assert columns["errand/report"] == [
        ["[row.what for row in {step}.problems]", "问题清单 · 问题"],
        ["[inner.how for row in {step}.problems for inner in row.steps or []]", "问题清单 · 整改措施 · 措施"],
    ]
    assert found["words"]["how"] == "措施"
    given = admin.get(f"{draft}/forms/errand/report").text
    assert "[inner.how for row in report.problems for inner in row.steps or []]" in given
    broken = changed | {"title": ""}
    admin.send(f"{draft}/save", {"revision": 2, "forms": {"errand/report": broken}})
    forms = admin.get(f"{draft}/vocabulary.json").get_json()["forms"]
    assert {one["name"]: one["columns"] for one in forms}["errand/report"] == []
    assert admin.get(f"{draft}/forms/errand/report").status_code == 200


def test_what_differs_is_told_in_words(admin, draft, errand_bundle):
    before = errand_bundle.forms["errand/report"]
    changed = before | {"title": "上报", "steps": {"check": {"fields": {"opinion": "required"}}}}
    found = admin.send(f"{draft}/form/preview", {"document": changed}).get_json()["differences"]
    assert (found[0]["path"], found[0]["after"]) == ("", "上报")
    assert found[-1]["path"] == "opinion"
    assert "复核" in found[-1]["facet"], "the step is called by its name"
    inner = [{"name": "late", "label": "延期", "type": "bool"}, {"name": "why", "label": "原因", "type": "text"}]
    table = {"name": "rows", "label": "明细", "type": "table", "columns": inner}
    given = before | {"fields": [table]}
    revised = admin.get(f"{draft}/form/saved?name=errand/report").get_json()["revision"]
    admin.send(f"{draft}/save", {"revision": revised, "forms": {"errand/report": given}})
    now = {"visible_if": {"field": "late", "equals": True}}
    after = given | {"fields": [table | {"columns": [inner[0], inner[1] | now]}]}
    (one,) = admin.send(f"{draft}/form/compare", {"document": after}).get_json()["differences"]
    assert one["path"] == "rows.why"
    assert one["after"].startswith("延期 "), "a column is called by its label, too"
    new = FORM | {"name": "errand/other"}
    assert admin.send(f"{draft}/form/preview", {"document": new}).get_json()["differences"] is None
    assert admin.send(f"{draft}/form/compare", {"document": changed}).get_json()["revision"] == 2


def test_a_trial_is_validated_by_the_server(admin, draft):
    refused = admin.send(f"{draft}/form/try", {"document": FORM, "items": []}).get_json()
    assert (refused["accepted"], refused["answers"]) == (False, None)
    assert 'id="faults"' in refused["html"]
    items = [["text", "已扫"], ["rows-0-what", "东街"], ["rows-1-what", "西街"]]
    taken = admin.send(f"{draft}/form/try", {"document": FORM, "items": items}).get_json()
    assert taken["accepted"] is True
    assert [row["what"] for row in taken["answers"]["rows"]] == ["东街", "西街"]
    step = {"document": FORM, "step": "check", "carried": taken["answers"]}
    checked = admin.send(f"{draft}/form/try", {**step, "items": [["text", "改"], ["rows-1-ok", "true"]]}).get_json()
    assert checked["answers"]["text"] == "已扫"
    assert [(row["what"], row.get("ok")) for row in checked["answers"]["rows"]] == [("东街", None), ("西街", True)]


@pytest.mark.parametrize("address", ["preview", "try", "compare"])
@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"document": []}, {"document": {}}, {"document": {"name": 3}}, {"document": {"fields": {"a": 1}}},
     {"document": {**FORM, "steps": 4}}, {"document": {**FORM, "steps": {"check": {"fields": {"text": {}}}}}},
     {"document": FORM, "step": 3, "carried": [], "items": [1, ["a"], ["a", 1], ["a\0", "b\0"]]},
     {"document": FORM, "step": "check", "carried": {"text": {}, "rows": [1, None, {"what": []}]}, "items": []},
     {"document": {"name": "a/b", "title": "x", "fields": [None, 1, {"columns": 3}, {"name": [], "visible_if": [[]]}]}},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_no_fault_of_ours(admin, draft, address, body):
    assert admin.send(f"{draft}/form/{address}", body).status_code in (200, 400, 422)


def test_a_form_with_faults_can_still_be_opened(admin, draft):
    for document in ({"name": "errand/report"}, {"fields": [1, {"name": 2}], "title": 3, "steps": []}):
        number = admin.get(f"{draft}/form/saved?name=errand/report").get_json()["revision"]
        saved = admin.send(f"{draft}/save", {"revision": number, "forms": {"errand/report": document}})
        assert saved.status_code == 200
        assert admin.get(f"{draft}/forms").status_code == 200
        assert admin.get(f"{draft}/forms/errand/report").status_code == 200


@pytest.mark.parametrize("document", [[1], "x", 3, True])
def test_what_is_no_form_is_not_saved(admin, draft, document):
    assert admin.send(f"{draft}/save", {"revision": 1, "forms": {"errand/report": document}}).status_code == 400


def test_a_form_that_is_not_there(admin, draft):
    assert admin.get(f"{draft}/forms/errand/gone").status_code == 404
    assert admin.get(f"{draft}/form/saved?name=errand/gone").get_json()["document"] is None
    admin.post(f"{draft}/drop")
    assert admin.get(f"{draft}/forms/errand/report").status_code == 409
    assert admin.get(f"{draft}/forms").status_code == 200
