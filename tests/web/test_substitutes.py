"""A secretary enters for a leader: set by an administrator, found in the list, done on the page of the task, told."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from engine.tables import Record, Substitute

ASKED = {"account_id": "outsider", "for_account": "chief", "kind": "secretary", "valid_from": "2013-01-01"}


@pytest.fixture
def task_id(errand):
    """A check, by the chief."""
    case = errand.issued().instance_id
    errand.complete(errand.cast.colleague, errand.open_task(case).id, {"result": "扫完了"})
    return errand.open_task(case).id


@pytest.fixture
def admin(visit, cast):
    visitor = visit(cast.admin)
    visitor.get("/admin/substitutes")
    return visitor


def picture():
    held = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(held, "PNG")
    return io.BytesIO(held.getvalue()), "批示.png"


def test_the_whole_way(admin, visit, cast, task_id, sessions):
    assert admin.post("/admin/substitutes", ASKED).status_code == 302
    assert "outsider 01" in admin.get("/admin/substitutes").text

    secretary = visit(cast.outsider)
    assert "/tasks?on_behalf_of=chief" in secretary.get("/tasks").text
    address = f"/tasks/{task_id}?on_behalf_of=chief"
    assert address in secretary.get("/tasks?on_behalf_of=chief").text
    assert secretary.get(f"/tasks/{task_id}").status_code == 403, "not his own task"
    page = secretary.get(address)
    assert page.status_code == 200
    assert f'action="{address}"' in page.text
    assert "chief 01" in page.text
    case = re.search(r'data-diagram="([^"]*)"', page.text)[1]
    assert secretary.get(case).status_code == 200, "the drawing is there for him, too"
    assert secretary.get(case.replace("/diagram.bpmn", "")).status_code == 200
    assert secretary.get(case.partition("?")[0]).status_code == 403

    again = secretary.post(address, {"verdict": "pass"})
    assert again.status_code == 422, "no scan"
    done = secretary.post(
        address, {"verdict": "pass", "attachments__upload": picture()}, content_type="multipart/form-data"
    )
    assert done.status_code == 302
    with sessions.read() as session:
        entry = session.scalars(select(Record).where(Record.token == task_id, Record.what == "completed")).one()
    assert (entry.actor, entry.data["on_behalf_of"]) == ("outsider", "chief")
    told = visit(cast.chief).get(f"/tasks/{task_id}").text
    assert "outsider 01" in told
    assert "chief 01" in told


def test_a_draft_for_another_is_kept(admin, visit, cast, task_id):
    admin.post("/admin/substitutes", ASKED | {"kind": "deputy"})
    deputy = visit(cast.outsider)
    deputy.get(f"/tasks/{task_id}?on_behalf_of=chief")
    saved = deputy.post(f"/tasks/{task_id}/draft?on_behalf_of=chief", {"verdict": "fail"})
    assert saved.status_code == 200
    page = deputy.get(f"/tasks/{task_id}?on_behalf_of=chief").text
    assert 'value="fail"' in page


def test_nobody_else_gets_there(visit, cast, task_id):
    colleague = visit(cast.outsider)
    assert colleague.get(f"/tasks/{task_id}?on_behalf_of=chief").status_code == 403
    assert colleague.get("/tasks?on_behalf_of=chief").status_code == 403
    assert colleague.post(f"/tasks/{task_id}?on_behalf_of=chief", {"verdict": "pass"}).status_code == 403


def test_a_form_with_faults_is_shown_again(admin):
    answer = admin.post("/admin/substitutes", ASKED | {"for_account": "", "valid_from": "morgen"})
    assert answer.status_code == 422
    assert answer.text.count("is-invalid") == 2


def test_ended(admin, visit, cast, task_id, sessions):
    admin.post("/admin/substitutes", ASKED)
    with sessions.read() as session:
        ident = session.scalars(select(Substitute.id)).one()
    assert admin.post(f"/admin/substitutes/{ident}/end").status_code == 302
    assert visit(cast.outsider).get(f"/tasks/{task_id}?on_behalf_of=chief").status_code == 403


def test_files_of_the_case_are_there_for_the_substitute(admin, visit, cast, errand):
    case = errand.issued().instance_id
    report = errand.open_task(case).id
    colleague = visit(cast.colleague)
    colleague.get(f"/tasks/{report}")
    items = {"result": "扫完了", "attachments__upload": picture()}
    assert colleague.post(f"/tasks/{report}", items, content_type="multipart/form-data").status_code == 302
    admin.post("/admin/substitutes", ASKED | {"kind": "deputy"})
    deputy = visit(cast.outsider)
    page = deputy.get(f"/tasks/{errand.open_task(case).id}?on_behalf_of=chief").text
    address = re.search(r'"(/attachments/[0-9a-f]{32})\?on_behalf_of=chief"', page)[1]
    with deputy.get(f"{address}?on_behalf_of=chief") as shown:
        assert shown.status_code == 200
    assert deputy.get(address).status_code == 404
