"""An administrator sees what a draft does to running cases, publishes it, and moves them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine import accounts, instances, moving, process_drafts, tasks
from engine.process_drafts import Changes
from engine.tables import Instance, Task
from tests.browser.conftest import PHONE
from workflows import demo

pytestmark = pytest.mark.browser

ADMIN, OFFICER = "admin-01", "mover-01"
FIELD = {"name": "words", "label": "情况", "type": "longtext", "required": True}


@pytest.fixture
def cases(office: Any) -> list[str]:
    """Two running cases of a process with one step, one of them begun to be filled in."""
    with office.sessions.begin() as session:
        admin, now = accounts.actor(session, ADMIN), office.clock.moment
        accounts.create(session, OFFICER, "处室经办 91", demo.PASSWORD, [("task_group_officer", None, None)])
        officer = accounts.actor(session, OFFICER)
        draft = process_drafts.begin_new(session, admin, "visit", "来访接待", now)
        changes = Changes(_assigned(draft.diagram), {"visit/first_task": _form("visit/first_task")})
        process_drafts.save(session, admin, draft.id, draft.revision, changes, now)
        process_drafts.publish_now(session, admin, draft.id, draft.revision, "first", {}, now)
        found = []
        for title in ("来访一", "来访二 <img onerror=alert(1)>"):
            started = instances.start(session, officer, "visit", title, None, None, title, now)
            tasks.claim(session, officer, started.next_tasks[0], now)
            tasks.save_draft(session, officer, started.next_tasks[0], {"words": "写了一半"}, now)
            found.append(started.instance_id)
        return found


def _assigned(diagram: bytes) -> bytes:
    text = diagram.decode().replace('id="first_task"', 'id="first_task" ducha:candidateGroups="task_group_officer"')
    return text.replace('isExecutable="true"', 'isExecutable="true" ducha:starterGroups="task_group_officer"').encode()


def _form(name: str) -> dict[str, Any]:
    return {"name": name, "title": "接待", "fields": [FIELD]}


def test_impact_publishing_and_moving(office: Any, cases: list[str]) -> None:
    with office.sessions.begin() as session:
        admin, now = accounts.actor(session, ADMIN), office.clock.moment
        draft = process_drafts.begin(session, admin, "visit", now)
        text = json.dumps(draft.diagram.decode()).replace("first_task", "reception")
        changes = Changes(
            json.loads(text).encode(), {"visit/first_task": None, "visit/reception": _form("visit/reception")}
        )
        ident = process_drafts.save(session, admin, draft.id, draft.revision, changes, now).id
    person = office.person(ADMIN)
    page = person.page
    person.go(f"/admin/drafts/{ident}")
    expect(page.locator("#impact tr[data-verdict=movable]")).to_have_count(1)
    expect(page.locator("#impact")).to_contain_text("来访二 <img onerror=alert(1)>")
    expect(page.locator("#impact")).to_contain_text("处室经办 91")
    page.locator("#comment").fill("换一个环节")
    with page.expect_navigation():
        page.locator("form[action$='/publish'] .btn-primary").click()
    page.locator("a[href$='/move']").click()
    chosen = page.locator("select[name$=':first_task']")
    expect(chosen).to_have_value("reception")
    chosen.select_option("")
    with page.expect_navigation():
        page.locator("details + .card-body .btn").first.click()
    expect(page.locator("tr[data-verdict=blocked]")).to_have_count(1)
    page.locator("select[name$=':first_task']").select_option("reception")
    person.checks_access()
    page.set_viewport_size(PHONE)
    person.checks_access()
    page.locator("#comment").fill("流程已改")
    with page.expect_navigation():
        page.locator("button[formaction$='/moves']").click()
    expect(page.locator("progress")).to_have_attribute("value", "0")
    person.checks_access()
    office.work()
    expect(page.locator("progress")).to_have_attribute("value", "2")
    person.checks_access()
    with office.sessions.read() as session:
        moved = session.scalars(select(Task).where(Task.instance_id.in_(cases), Task.status == "open")).all()
        assert {(task.element, task.holder) for task in moved} == {("reception", OFFICER)}
        assert len({one.version_id for one in session.scalars(select(Instance).where(Instance.id.in_(cases)))}) == 1
    _complete(office, moved[0].id)


def test_a_form_that_is_open_while_its_case_is_moved_loses_nothing(office: Any, cases: list[str]) -> None:
    with office.sessions.read() as session:
        tasks_open = session.scalars(select(Task).where(Task.instance_id == cases[0], Task.status == "open")).all()
        task = tasks_open[0].id
    officer = office.person(OFFICER)
    page = officer.page
    officer.go("/tasks")
    page.goto(f"/tasks/{task}")
    page.wait_for_selector("form[data-ready]")
    officer.fill(words="写完了 <b>全部</b>")
    with office.sessions.begin() as session:
        admin, now = accounts.actor(session, ADMIN), office.clock.moment
        draft = process_drafts.begin(session, admin, "visit", now)
        asked = {**_form("visit/first_task"), "fields": [{**FIELD, "name": "outcome", "label": "结果"}]}
        process_drafts.save(session, admin, draft.id, draft.revision, Changes(forms={"visit/first_task": asked}), now)
        old = session.get_one(Instance, cases[0]).version_id
        version = process_drafts.publish_now(session, admin, draft.id, draft.revision, "x", {}, now)
        moving.begin(session, admin, version.id, {old: {}}, "", None, now)
    office.work()
    page.locator('.submitbar button[value="complete"]').click()
    expect(page.locator(".notice-info")).to_contain_text("写完了 <b>全部</b>")
    expect(page.locator(".notice-danger")).to_be_visible()
    officer.mishaps.clear()  # the console notes the refusal
    officer.checks_access()
    page.set_viewport_size(PHONE)
    officer.checks_access()
    officer.fill(outcome="写完了")
    officer.submit()
    with office.sessions.read() as session:
        assert session.get_one(Task, task).status == "completed"


def test_the_running_cases_are_listed_and_filtered(office: Any, cases: list[str]) -> None:
    with office.sessions.begin() as session:
        admin, now = accounts.actor(session, ADMIN), office.clock.moment
        ident = process_drafts.begin(session, admin, "visit", now).id
    person = office.person(ADMIN)
    page = person.page
    person.go(f"/admin/drafts/{ident}")
    page.locator("#impact [data-impact] a").first.click()
    expect(page.locator("tr[data-verdict=unaffected]")).to_have_count(2)
    person.checks_access()
    page.locator("input[name=q]").fill("来访二")
    page.locator("input[name=q]").press("Enter")
    expect(page.locator("tr[data-verdict]")).to_have_count(1)
    page.set_viewport_size(PHONE)
    person.checks_access()
    page.locator(".tabs a").nth(1).click()
    expect(page.locator("tr[data-verdict]")).to_have_count(0)


def _complete(office: Any, task: str) -> None:
    """The officer finds what he had begun to type, and the case goes on."""
    with office.sessions.begin() as session:
        officer = accounts.actor(session, OFFICER)
        assert tasks.view(session, officer, task, office.clock.moment).answers["words"] == "写了一半"
        tasks.complete(session, officer, task, {"words": "接待完毕"}, None, office.clock.moment)
        case = session.get_one(Task, task).instance_id
    with office.sessions.read() as session:
        assert session.get_one(Instance, case).status == "completed"
