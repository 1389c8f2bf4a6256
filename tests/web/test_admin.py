"""The desks of administrators and auditors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import messages
from engine.access import Actor
from engine.tables import Account, Incident, Instance, WebSession

Visit = Callable[[Actor], Any]


@pytest.fixture
def halted(errand: Any) -> str:
    """A case whose report names a checker who does not exist any more: nobody gets the task."""
    started = errand.issued(checker="outsider")
    with errand.sessions.begin() as session:
        session.execute(update(Account).where(Account.id == "outsider").values(active=False))
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "已扫净"})
    return str(started.instance_id)


def test_an_incident_is_seen_and_tried_again(visit: Visit, cast: Any, errand: Any, halted: str) -> None:
    admin = visit(cast.admin)
    page = admin.get("/admin/incidents").text
    assert "账号 outsider，但该账号不存在或已停用" in page
    assert "无法自动继续" in admin.get(f"/cases/{halted}").text
    with errand.sessions.read() as session:
        number = session.scalars(select(Incident.id)).one()
    answer = admin.post(f"/admin/incidents/{number}/retry")
    assert answer.location == "/admin/incidents"
    assert admin.post(f"/admin/incidents/{number}/retry").status_code == 409
    assert visit(cast.auditor).get("/admin/incidents").status_code == 200
    assert visit(cast.auditor).post(f"/admin/incidents/{number}/retry").status_code == 403


def test_a_task_that_nobody_got_is_given_to_a_person(visit: Visit, cast: Any, errand: Any, halted: str) -> None:
    admin = visit(cast.admin)
    with errand.sessions.read() as session:
        number = session.scalars(select(Incident.id)).one()
    assert f'action="/admin/incidents/{number}/assign"' in admin.get("/admin/incidents").text
    address = f"/admin/incidents/{number}/assign"
    assert visit(cast.auditor).post(address, {"account_id": "chief"}).status_code == 403
    assert admin.post(address, {"account_id": "outsider"}).status_code == 400, "it is switched off"
    assert admin.post("/admin/incidents/99/assign", {"account_id": "chief"}).status_code == 404
    assert admin.post(address, {"account_id": "chief"}).location == "/admin/incidents"
    assert errand.open_task(halted).assignee == "chief"
    assert admin.post(address, {"account_id": "chief"}).status_code == 409
    assert "没有异常" in admin.get("/admin/incidents").text


def test_without_incidents_the_page_says_so(visit: Visit, cast: Any, errand: Any) -> None:
    assert "没有异常" in visit(cast.admin).get("/admin/incidents").text


def test_waiting_messages_are_seen(visit: Visit, cast: Any, errand: Any, sessions: Any, moment: Any) -> None:
    admin = visit(cast.admin)
    assert "没有等待的消息" in admin.get("/admin/messages").text
    with sessions.begin() as session:
        number = messages.send(session, "msg_nobody_wants", "42", {}, moment)
    with sessions.begin() as session:
        messages.perform(session, number, 0, moment)
    page = admin.get("/admin/messages").text
    assert "msg_nobody_wants" in page
    assert ">42<" in page


def test_somebody_is_thrown_out(visit: Visit, cast: Any, sessions: Any) -> None:
    admin, officer = visit(cast.admin), visit(cast.officer)
    page = admin.get("/admin/sessions").text
    assert "officer 01" in page
    assert "当前会话" in page
    with sessions.read() as session:
        number = session.scalars(select(WebSession.id).where(WebSession.account_id == "officer")).one()
    assert officer.get("/tasks").status_code == 200
    admin.post(f"/admin/sessions/{number}/end")
    assert officer.get("/tasks").status_code == 302


def test_ended_sessions_are_not_listed(visit: Visit, cast: Any, clock: Any) -> None:
    visit(cast.officer)
    clock.move(minutes=31)
    assert "officer 01" not in visit(cast.admin).get("/admin/sessions").text


def test_processes_with_their_versions(visit: Visit, cast: Any, errand: Any) -> None:
    errand.issued()
    page = visit(cast.auditor).get("/admin/processes").text
    for words in ("差事", "errand", "当前", "first"):
        assert words in page
    diagram = visit(cast.auditor).get("/admin/processes/versions/1/diagram.bpmn")
    assert diagram.data == errand.bundle.diagram


def test_a_whole_record_is_told_from_a_changed_one(visit: Visit, cast: Any, errand: Any) -> None:
    case = errand.issued().instance_id
    auditor = visit(cast.auditor)
    assert "记录完整" in auditor.get(f"/admin/records/{case}").text
    assert auditor.get(f"/admin/records?instance={case}").location == f"/admin/records/{case}"
    with errand.sessions.begin() as session:
        # the record itself can't be changed, so somebody hides that there was a third entry
        session.execute(update(Instance).where(Instance.id == case).values(record_length=3))
    page = auditor.get(f"/admin/records/{case}").text
    assert "记录被改动" in page
    assert "第3条" in page


def test_the_menu_shows_only_the_desks_of_ones_roles(visit: Visit, cast: Any) -> None:
    menu = visit(cast.auditor).get("/tasks").text
    assert "/admin/records" in menu
    assert "/admin/sessions" not in menu
    assert "/admin/" not in visit(cast.officer).get("/tasks").text
