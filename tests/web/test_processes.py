"""The library of processes and the page of a draft, as administrators and others see them."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from bpmn.picture import with_picture
from bpmn.table_tests import TableTest, with_tests
from engine import definitions, process_drafts
from tests.web.conftest import revision
from workflows.documents import DECISIONS

GIVEN = {
    "classification": '"public"', "personal_data": "false", "draft": "false", "publishable": "true",
    "ground_given": "false",
}  # fmt: skip
BLOCK = {"verdict": '"block"'}
FOREIGN = (Path(__file__).parents[1] / "bpmn" / "foreign_diagrams" / "camunda.bpmn").read_bytes()


def file(name, data):
    return {"file": (io.BytesIO(data), name)}


def test_the_library_shows_versions_drafts_and_cases(admin, errand, draft):
    errand.issued()
    page = admin.get("/admin/processes?q=差")
    assert page.status_code == 200
    assert "errand" in page.text
    assert draft in page.text
    assert "errand" not in admin.get("/admin/processes?q=zzz").text


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_others_read_at_most(visit, errand, cast, draft, who):
    visitor = visit(getattr(cast, who))
    assert visitor.get("/admin/processes").status_code == (200 if who == "auditor" else 403)
    assert visitor.get(draft).status_code == 403
    for address in (
        "/admin/processes/errand/drafts", "/admin/processes/errand/retire", "/admin/processes", f"{draft}/publish",
        f"{draft}/drop", f"{draft}/upload", "/admin/processes/import", "/admin/processes/versions/1/current",
        "/admin/processes/versions/1/copy",
    ):  # fmt: skip
        assert visitor.post(address, {"revision": "1", "key": "x", "name": "x"}).status_code == 403, address


def test_a_new_process_from_its_first_step_to_its_publication(admin, sessions, cast):
    led = admin.post("/admin/processes", {"key": "visit", "name": "来访接待"})
    page = admin.get(led.headers["Location"])
    assert "assignment_missing" not in page.text
    assert "来访接待" in page.text
    assert (
        admin.post(f"{led.headers['Location']}/publish", {"revision": revision(page), "comment": "新"}).status_code
        == 422
    )
    with sessions.read() as session:
        ident = led.headers["Location"].rpartition("/")[2]
        text = process_drafts.get(session, cast.admin, ident).diagram.decode()
    better = text.replace('id="first_task"', 'id="first_task" ducha:candidateGroups="officer"').replace(
        'isExecutable="true"', 'isExecutable="true" ducha:starterGroups="officer"'
    )
    saved = admin.send(f"{led.headers['Location']}/save", {"revision": 1, "diagram": better})
    assert saved.get_json() == {"revision": 2, "problems": []}
    done = admin.post(f"{led.headers['Location']}/publish", {"revision": "2", "comment": "新流程"})
    assert done.status_code == 302
    with sessions.read() as session:
        assert definitions.current(session, "visit").comment == "新流程"


@pytest.mark.parametrize(("key", "status"), [("errand", 409), ("A b", 400), ("", 400)])
def test_a_bad_key_is_said_and_what_was_typed_stays(admin, key, status):
    page = admin.post("/admin/processes", {"key": key, "name": "来访接待"})
    assert page.status_code == status
    assert 'value="来访接待"' in page.text


def test_who_saves_second_learns_what_differs(admin, draft, errand_bundle):
    text = errand_bundle.diagram.decode()
    first = admin.send(f"{draft}/save", {"revision": 1, "diagram": text.replace('name="复核"', 'name="复查"')})
    assert first.status_code == 200
    second = admin.send(f"{draft}/save", {"revision": 1, "diagram": text.replace('name="报告"', 'name="上报"')})
    assert second.status_code == 409
    body = second.get_json()
    assert body["revision"] == 2
    assert {"element": "check", "kind": "changed", "facet": "name"} in body["differences"]


@pytest.mark.parametrize("body", [None, [], {"revision": "x"}, {"diagram": "<x/>", "revision": 1}, {"revision": None}])
def test_what_makes_no_sense_is_not_saved(admin, draft, sessions, cast, body):
    assert admin.send(f"{draft}/save", body).status_code in (400, 422)
    with sessions.read() as session:
        assert process_drafts.get(session, cast.admin, draft.rpartition("/")[2]).revision == 1


def test_a_diagram_is_checked_before_it_is_saved(admin, draft, errand_bundle):
    text = errand_bundle.diagram.decode().replace('candidateGroups="chief,officer"', 'candidateGroups="chef"')
    listed = admin.send(f"{draft}/check", {"diagram": text}).get_json()
    assert [one["element"] for one in listed if one["severity"] == "error"] == ["check"]
    assert admin.get(f"{draft}/problems").get_json() == []
    assert admin.send(f"{draft}/check", {"diagram": "<"}).get_json()[0]["code"] == "not_xml"


def test_the_page_says_what_is_wrong_and_what_is_different(admin, draft, errand_bundle):
    form = json.dumps(errand_bundle.forms["errand/check"] | {"title": "复查"}).encode()
    page = admin.get(draft)
    done = admin.post(
        f"{draft}/upload", {"revision": revision(page), **file("check.json", form)}, content_type="multipart/form-data"
    )
    assert done.status_code == 302
    page = admin.get(draft)
    assert "errand/check" in page.text
    assert "复查" in page.text
    stale = admin.post(
        f"{draft}/upload", {"revision": "1", **file("check.json", form)}, content_type="multipart/form-data"
    )
    assert stale.status_code == 409
    broken = admin.post(
        f"{draft}/upload", {"revision": "2", **file("check.json", b"{")}, content_type="multipart/form-data"
    )
    assert broken.status_code == 400


def test_a_diagram_of_another_tool_is_translated_when_a_draft_takes_it_over(admin, draft, sessions, cast):
    sent = {"revision": "1", **file("loan.bpmn", FOREIGN)}
    assert admin.post(f"{draft}/upload", sent, content_type="multipart/form-data").status_code == 302
    with sessions.read() as session:
        found = process_drafts.get(session, cast.admin, draft.rpartition("/")[2])
        assert b"candidateGroups" in found.diagram
        assert b"https://ducha.example/bpmn" in found.diagram
        assert found.notes
    assert 'id="notes"' in admin.get(draft).text


def test_publishing_from_a_time_on(admin, draft, clock):
    later = admin.post(f"{draft}/publish", {"revision": "1", "comment": "x", "starts_at": "2013-06-01T08:00"})
    assert later.status_code == 302
    assert "2013-06-01" in admin.get(draft).text
    for starts in ("2012-01-01T00:00", "tomorrow"):
        again = admin.post(f"{draft}/publish", {"revision": "2", "comment": "留着", "starts_at": starts})
        assert again.status_code == 400
        assert "留着" in again.text


def test_export_and_import_are_the_same(admin, sessions, cast, errand_bundle):
    archive = admin.get("/admin/processes/export.zip").data
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        assert "errand.bpmn" in held.namelist()
        assert "forms/errand/check.json" in held.namelist()
    led = admin.post("/admin/processes/import", file("all.zip", archive), content_type="multipart/form-data")
    with sessions.read() as session:
        draft = process_drafts.get(session, cast.admin, led.headers["Location"].rpartition("/")[2])
        found = process_drafts.bundle_of(draft)
        assert (found.forms, found.decisions) == (errand_bundle.forms, errand_bundle.decisions)
        assert found.diagram == with_picture(errand_bundle.diagram), "it has none in the file"


def test_a_foreign_diagram_tells_what_was_not_taken_over(admin):
    led = admin.post("/admin/processes/import", file("invoice.bpmn", FOREIGN), content_type="multipart/form-data")
    page = admin.get(led.headers["Location"])
    assert "invoice_process" in page.text
    assert "taskListener" in page.text


@pytest.mark.parametrize(
    ("name", "data"), [("x.zip", b"PK\x03\x04broken"), ("x.bpmn", b"<x/>"), ("x.bpmn", b""), ("x.zip", b"")]
)
def test_a_bad_file_is_a_sentence(admin, name, data):
    page = admin.post("/admin/processes/import", file(name, data), content_type="multipart/form-data")
    assert page.status_code in (400, 422)
    assert admin.post("/admin/processes/import", {}, content_type="multipart/form-data").status_code == 400


def test_a_version_is_copied_retired_and_made_current_again(admin, sessions):
    with sessions.read() as session:
        ident = definitions.current(session, "errand").id
    page = f"/admin/processes/versions/{ident}"
    assert admin.get(page).status_code == 200
    led = admin.post(f"{page}/copy", {"key": "chore", "name": "杂务"})
    assert "杂务" in admin.get(led.headers["Location"]).text
    assert admin.post(f"{page}/copy", {"key": "chore", "name": "杂务"}).status_code == 409
    assert admin.post("/admin/processes/errand/retire", {"comment": "<b>不用了</b>"}).status_code == 302
    with sessions.read() as session:
        assert definitions.current(session, "errand") is None
    assert admin.post(f"{page}/current", {"comment": "还要用"}).status_code == 302
    with sessions.read() as session:
        assert definitions.current(session, "errand").id == ident
    assert admin.get("/admin/processes/versions/99999").status_code == 404


def test_presence_and_giving_up(admin, draft):
    assert admin.send(f"{draft}/seen", {}).get_json() == {"others": [], "revision": 1}
    assert admin.post(f"{draft}/drop").status_code == 302
    assert admin.send(f"{draft}/save", {"revision": 2}).status_code == 409


def rows(page, identifier):
    """The texts of the rows of a table on the page."""
    part = page.text[page.text.index(f'id="{identifier}"') :]
    part = part[: part.index("</table>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in part.split("<tr>")[2:]]


def test_one_page_tells_all_that_was_done_to_a_process(admin, visit, cast, draft, errand, errand_bundle):
    errand.issued()
    text = errand_bundle.diagram.decode().replace('name="复核"', 'name="复查"')
    admin.send(f"{draft}/save", {"revision": 1, "diagram": text})
    published = admin.post(f"{draft}/publish", {"revision": "2", "comment": "<i>改名</i>"}).headers["Location"]
    first = f"{published.rpartition('/')[0]}/{int(published.rpartition('/')[2]) - 1}"
    assert admin.post(f"{first}/current", {"comment": "改错了"}).headers["Location"] == "/admin/processes/errand"
    assert admin.post("/admin/processes/errand/retire", {"comment": "不用了"}).status_code == 302
    page = admin.get("/admin/processes/errand")
    history = rows(page, "history")
    assert [row.split()[-1] for row in history] == ["不用了", "改错了", "&lt;i&gt;改名&lt;/i&gt;", "first"]
    assert all("admin 01" in row for row in history)
    versions = rows(page, "versions")
    assert len(versions) == 2
    for address in (f"{published}/export.zip", f"{published}/compare", f"{first}#again", f"{first}/copy"):
        assert address in page.text
    assert "/retire" not in page.text, "it is out of use already"
    seen = visit(cast.auditor).get("/admin/processes/errand")
    assert seen.status_code == 200
    assert rows(seen, "history") == history
    for forbidden in ("#again", "/copy", "/drafts", "/scenarios"):
        assert forbidden not in seen.text
    assert admin.get("/admin/processes/nothing").status_code == 404


@pytest.mark.parametrize("search", ["errand", "ERR", "差", "errand ", "admin 01", "Admin", ""])
def test_a_process_is_found_by_name_key_and_people(admin, search):
    assert "/admin/processes/errand#history" in admin.get("/admin/processes", query_string={"q": search}).text


@pytest.mark.parametrize("search", ["%", "_", "officer", "\\", "<b>"])
def test_what_is_not_there_is_not_found(admin, search):
    page = admin.get("/admin/processes", query_string={"q": search})
    assert "/admin/processes/errand#history" not in page.text
    assert "<b>" not in page.text


def test_what_is_scheduled_and_what_failed_is_seen_on_the_library(admin, draft, sessions, cast):
    admin.post(f"{draft}/publish", {"revision": "1", "comment": "月初起", "starts_at": "2013-06-01T08:00"})
    page = admin.get("/admin/processes").text
    assert page.index('id="scheduled"') < page.index("2013-06-01 08:00") < page.index("月初起")
    assert "2013-06-01 08:00" in admin.get("/admin/processes/errand").text
    with sessions.begin() as session:
        found = process_drafts.get(session, cast.admin, draft.rpartition("/")[2])
        found.status, found.starts_at, found.failure = "open", None, "scenario x"
    page = admin.get("/admin/processes").text
    assert 'id="scheduled"' not in page
    assert "mark-red" in page


def test_a_process_that_was_only_drafted_has_a_page(admin):
    led = admin.post("/admin/processes", {"key": "visit", "name": "来访接待"})
    page = admin.get("/admin/processes/visit")
    assert page.status_code == 200
    assert led.headers["Location"] in page.text
    assert 'action="/admin/processes/visit/drafts"' not in page.text
    assert "/admin/processes/visit" in admin.get("/admin/processes").text


def test_tests_of_tables_stand_before_publishing_too(admin, draft, sessions, cast):
    failing = with_tests((DECISIONS / "D8_publication_gate.dmn").read_bytes(), [TableTest("公开", None, GIVEN, BLOCK)])
    admin.send(f"{draft}/save", {"revision": 1, "decisions": {"D8_publication_gate": failing.decode()}})
    assert 'name="reason"' in admin.get(draft).text
    refused = admin.post(f"{draft}/publish", {"revision": "2", "comment": "x"})
    assert refused.status_code == 422
    assert "公开" in refused.text
    done = admin.post(f"{draft}/publish", {"revision": "2", "comment": "x", "reason": "先<用>着"})
    assert done.status_code == 302
    for address in (done.headers["Location"], "/admin/processes/errand", draft):
        page = admin.get(address).text
        assert "先&lt;用&gt;着" in page
        assert "公布把关: 公开" in page
