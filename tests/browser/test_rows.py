"""A table in the rows of another, filled in by officers: on a phone and at a desk, with script and without."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bpmn.moment import Moment
from engine import accounts, instances, publish
from engine.tables import Instance, Task
from tests.browser.conftest import CALENDAR, DESK, FRIDAY, PHONE, Office, Person, picture
from tests.browser.test_phone import ON_SITE, take_photo, until_kept
from tests.engine.conftest import diagram
from workflows.services import SERVICES

pytestmark = pytest.mark.browser

KEY = "site_check"
OFFICER = "air-officer-01"
NODES = """<bpmn:startEvent id="s"/>
  <bpmn:userTask id="report" name="报告问题" ducha:candidateGroups="task_group_officer"/>
  <bpmn:userTask id="verify" name="核验措施" ducha:candidateGroups="task_group_officer" ducha:form="site_check/report"/>
  <bpmn:endEvent id="e"/>"""
MEASURES: list[dict[str, Any]] = [
    {"name": "how", "label": "措施", "type": "text", "required": True},
    {"name": "late", "label": "延期", "type": "bool"},
    {"name": "why", "label": "延期原因", "type": "text", "required": True,
     "visible_if": {"field": "late", "equals": True}},
    {"name": "photos", "label": "照片", "type": "evidences"},
    {"name": "checked", "label": "核验", "type": "enum", "options": [["yes", "属实"], ["no", "不实"]]},
]  # fmt: skip
PROBLEMS: list[dict[str, Any]] = [
    {"name": "what", "label": "问题", "type": "text", "required": True},
    {"name": "measures", "label": "整改措施", "type": "table", "required": True, "columns": MEASURES},
]
VERIFY = {
    "problems.what": "readonly",
    "problems.measures.how": "readonly",
    "problems.measures.late": "readonly",
    "problems.measures.why": "readonly",
    "problems.measures.photos": "readonly",
    "problems.measures.checked": "required",
}
FORM: dict[str, Any] = {
    "name": f"{KEY}/report",
    "title": "现场问题",
    "fields": [{"name": "problems", "label": "问题清单", "type": "table", "required": True, "columns": PROBLEMS}],
    "steps": {"verify": {"fields": VERIFY}},
}
ANSWERED = [
    {"what": "扬尘", "measures": [("覆盖裸土", True, "等材料"), ("洒水", False, None)]},
    {"what": "渣土车", "measures": [("清洗车轮", False, None)]},
]


@pytest.fixture
def case(office: Office) -> str:
    """A case whose first task asks for problems with their measures."""
    moment = Moment(FRIDAY, CALENDAR)
    data = diagram(KEY, NODES, "s>report", "report>verify", "verify>e").replace(b'"officer"', b'"task_group_officer"')
    with office.sessions.begin() as session:
        bundle = publish.Bundle(data, {FORM["name"]: FORM}, {})
        publish.publish(session, accounts.actor(session, "admin-01"), bundle, "", SERVICES, moment)
        officer = accounts.actor(session, OFFICER)
        return instances.start(session, officer, KEY, "三号工地", None, None, "k", moment).instance_id


def task(office: Office, case: str, element: str) -> str:
    with office.sessions.read() as session:
        query = session.query(Task.id).filter_by(instance_id=case, element=element, status="open")
        return str(query.one()[0])


def answers(office: Office, case: str, element: str) -> list[dict[str, Any]]:
    with office.sessions.read() as session:
        found: list[dict[str, Any]] = session.get_one(Instance, case).variables[element]["problems"]
        return found


def simple(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"what": row["what"], "measures": [(one["how"], one["late"], one["why"]) for one in row["measures"]]}
        for row in rows
    ]


def open_task(person: Person, ident: str) -> Page:
    person.go(f"/tasks/{ident}")
    person.page.wait_for_selector("form[data-ready]")
    person.mishaps.clear()
    return person.page


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_an_officer_fills_it_in_and_a_colleague_verifies_it(
    office: Office, case: str, viewport: dict[str, int]
) -> None:
    officer = office.person(OFFICER, viewport)
    officer.sign_in()
    page = open_task(officer, task(office, case, "report"))
    officer.fill(problems__0__what="扬尘", problems__0__measures__0__how="覆盖裸土")
    page.locator("[name=problems-0-measures-0-late]").check()
    officer.fill(problems__0__measures__0__why="等材料")
    page.locator("[name=_add][value=problems-0-measures]").click()
    officer.fill(problems__0__measures__1__how="洒水")
    officer.photograph("problems-0-measures-1-photos", "wet")
    page.locator("[name=_add][value=problems]").click()
    officer.fill(problems__1__what="渣土车", problems__1__measures__0__how="误加")
    page.locator("[name=_add][value=problems-1-measures]").click()
    officer.fill(problems__1__measures__1__how="清洗车轮")
    page.locator("[name=_remove][value=problems-1-measures-0]").click()
    officer.checks_access()
    officer.submit()
    stored = answers(office, case, "report")
    assert simple(stored) == ANSWERED
    assert stored[0]["measures"][1]["photos"][0]["sha256"]

    colleague = office.person(OFFICER, viewport)
    colleague.sign_in()
    page = open_task(colleague, task(office, case, "verify"))
    colleague.sees("覆盖裸土", "等材料", "洒水", "清洗车轮")
    expect(page.locator("[name=_add], [name=_remove]")).to_have_count(0)
    page.locator("[name=problems-0-measures-0-checked]").select_option("yes")
    page.locator("[name=problems-1-measures-0-checked]").select_option("no")
    colleague.button("complete").click()
    summary = page.locator("#faults li")
    expect(summary).to_have_count(1)
    expect(summary).to_contain_text("核验")
    expect(summary.locator("a")).to_have_attribute("href", "#f-problems-0-measures-1-checked")
    page.locator("[name=problems-0-measures-1-checked]").select_option("yes")
    colleague.submit()
    verified = answers(office, case, "verify")
    assert simple(verified) == ANSWERED
    assert [[one["checked"] for one in row["measures"]] for row in verified] == [["yes", "yes"], ["no"]]
    colleague.mishaps.clear()  # that the form was refused is told by the console as well
    colleague.go(f"/cases/{case}")
    colleague.sees("覆盖裸土", "等材料", "清洗车轮", "不实")
    colleague.checks_access()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_it_is_filled_in_without_script(office: Office, case: str, viewport: dict[str, int]) -> None:
    officer = office.person(OFFICER, viewport, java_script_enabled=False)
    officer.sign_in()
    page = officer.page
    page.goto(f"/tasks/{task(office, case, 'report')}")

    def press(name: str, value: str) -> None:
        with page.expect_navigation():
            page.locator(f'button[name="{name}"][value="{value}"]').click()

    officer.fill(problems__0__what="扬尘", problems__0__measures__0__how="误加")
    press("_add", "problems-0-measures")
    officer.fill(problems__0__measures__1__how="覆盖裸土", problems__0__measures__1__why="等材料")
    page.locator('[name="problems-0-measures-1-late"]').check()
    press("_add", "problems-0-measures")
    officer.fill(problems__0__measures__2__how="洒水")
    press("_remove", "problems-0-measures-0")
    expect(page.locator('[name="problems-0-measures-0-how"]')).to_have_value("覆盖裸土")
    press("_add", "problems")
    officer.fill(problems__1__what="渣土车", problems__1__measures__0__how="清洗车轮")
    photo = {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": picture("wheels")}
    page.locator('[name="problems-1-measures-0-photos__upload"]').first.set_input_files([photo])
    with page.expect_navigation():
        officer.button("complete").click()
    stored = answers(office, case, "report")
    assert simple(stored) == ANSWERED
    assert stored[1]["measures"][0]["photos"][0]["sha256"]


def test_a_photo_in_an_inner_row_is_kept_on_a_phone_without_a_network(office: Office, case: str) -> None:
    officer = office.person(OFFICER, PHONE, **ON_SITE)
    officer.sign_in()
    page = open_task(officer, task(office, case, "report"))
    until_kept(page)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("form[data-ready]")
    officer.fill(problems__0__what="扬尘", problems__0__measures__0__how="覆盖裸土")
    page.locator("[name=_add][value=problems]").click()
    officer.fill(problems__1__what="渣土车")
    page.locator("[name=_add][value=problems-1-measures]").click()
    officer.fill(problems__1__measures__0__how="洒水", problems__1__measures__1__how="清洗车轮")
    take_photo(officer, "problems-1-measures-1-photos", "wheels")
    expect(page.locator("[data-kept]")).to_have_count(1)
    address = page.url
    page.goto("/cases")
    page.goto(address)
    page.wait_for_selector("form[data-ready]")
    expect(page.locator("[name=problems-1-measures-1-how]")).to_have_value("清洗车轮")
    expect(page.locator("#f-problems-1-measures-1-photos [data-kept]")).to_have_count(1)
    officer.button("complete").click()
    expect(page.locator("form.is-handed-in")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url(lambda url: url != address)  # the task that follows
    first, second = answers(office, case, "report")
    assert [one["how"] for one in first["measures"]] == ["覆盖裸土"]
    assert [(one["how"], bool(one["photos"])) for one in second["measures"]] == [("洒水", False), ("清洗车轮", True)]
    assert second["measures"][1]["photos"][0]["grade"] == "A"
