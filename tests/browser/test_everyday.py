"""At desks and on phones: no script, double clicks, two people at once, sessions that end, a phone, the keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine import accounts, instances
from engine.tables import Draft, Record, Task
from tests.browser.conftest import PHONE, picture

pytestmark = pytest.mark.browser

TITLE = "朝阳区 A3 黄标车淘汰进度滞后"
ORDER = {
    "problem": "黄标车淘汰进度滞后",
    "responsible_unit": "110105-HB",
    "requirement": "倒排工期，五月底前淘汰两千辆。",
    "standard": "注销登记数达到两千辆。",
    "rectification_kind": "general",
    "deadline": "2013-05-20",
    "publicise": True,
}


@pytest.fixture
def order(office: Any) -> str:
    """The address of an open task, `issue_order`, of the air group."""
    with office.sessions.begin() as session:
        officer = accounts.actor(session, "air-officer-01")
        started = instances.start(session, officer, "rectification", TITLE, "110105", "air", "k", office.clock.moment)
    return f"/tasks/{started.next_tasks[0]}"


def completions(office: Any) -> list[Record]:
    with office.sessions.read() as session:
        return list(session.scalars(select(Record).where(Record.what == "completed")))


def open_steps(office: Any) -> list[str]:
    with office.sessions.read() as session:
        return list(session.scalars(select(Task.element).where(Task.status == "open")))


def test_everything_works_without_javascript(office: Any, order: str) -> None:
    officer = office.person("air-officer-01", java_script_enabled=False)
    officer.sign_in()
    officer.page.goto(order)
    for name, value in ORDER.items():
        officer.choose(name, value)
    officer.button("complete").click()
    officer.sees("已提交")
    office.work()

    district = office.person("chaoyang-supervision-01", java_script_enabled=False)
    district.sign_in()
    district.page.get_by_role("link", name=TITLE).click()
    district.sees("仅当“签收”为是时填写。")
    district.choose("accepted", True)
    district.choose("objection", False)
    district.button("complete").click()

    unit = office.person("chaoyang-air-01", java_script_enabled=False)
    unit.sign_in()
    unit.page.get_by_role("link", name=TITLE).click()
    unit.choose("measures-0-measure", "逐车建账。")
    unit.page.locator('button[name="_add"][value="measures"]').click()
    assert unit.page.locator('[name="measures-0-measure"]').input_value() == "逐车建账。"
    unit.page.locator('button[name="_remove"][value="measures-1"]').click()
    unit.page.locator('[name="attachments__upload"]').set_input_files(
        [{"name": "方案.jpg", "mimeType": "image/jpeg", "buffer": picture("plan")}]
    )
    unit.button("draft").click()
    unit.sees("草稿已保存", "方案.jpg")
    assert open_steps(office) == ["submit_plan"]


def test_a_double_click_submits_once(office: Any, order: str) -> None:
    officer = office.person("air-officer-01")
    officer.go(order)
    officer.page.wait_for_selector("form[data-ready]")
    for name, value in ORDER.items():
        officer.choose(name, value)
    officer.button("complete").dblclick()
    officer.page.wait_for_url("**/tasks")
    officer.sees("已提交")
    assert len(completions(office)) == 1


def test_whoever_sends_the_same_page_again_is_told_that_it_counts_once(office: Any, order: str) -> None:
    officer = office.person("air-officer-01")
    officer.go(order)
    officer.page.wait_for_selector("form[data-ready]")
    for name, value in ORDER.items():
        officer.choose(name, value)
    form = officer.page.evaluate("[...new FormData(document.querySelector('form[data-form]')).entries()]"
                                 ".filter(([, value]) => typeof value === 'string')")  # fmt: skip
    officer.submit()
    token = officer.page.locator('meta[name="csrf-token"]').get_attribute("content")
    items = dict(form) | {"csrf_token": token, "_action": "complete"}
    answer = officer.page.request.post(order, form=items)
    assert "只计一次" in answer.text()
    assert len(completions(office)) == 1


def test_two_officers_at_the_same_task(office: Any, order: str) -> None:
    first, second = office.person("air-officer-01"), office.person("air-officer-02")
    for officer in (first, second):
        officer.go(order)
        officer.page.wait_for_selector("form[data-ready]")
        for name, value in ORDER.items():
            officer.choose(name, value)
    second.choose("opinion", "我也写了一份。")
    first.submit()
    second.submit()
    second.sees("大气组督查员01已于2013-04-26 09:00办理完毕")
    assert second.page.locator('[name="opinion"]').input_value() == "我也写了一份。"
    assert second.button("complete").count() == 0
    second.mishaps.clear()  # the console notes the answer 409
    second.checks_access()
    assert len(completions(office)) == 1


def test_a_claim_keeps_the_colleague_away(office: Any, order: str) -> None:
    first, second = office.person("air-officer-01"), office.person("air-officer-02")
    first.go(order)
    first.page.get_by_role("button", name="认领").click()
    first.sees("您已认领")
    second.go("/tasks")
    second.sees("全部办完")
    second.go(order)
    second.sees("大气组督查员01已认领此任务")
    first.page.get_by_role("button", name="退回本组").click()
    second.go("/tasks")
    second.sees(TITLE)


@pytest.mark.parametrize("scripted", [True, False])
def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(office: Any, order: str, scripted: bool) -> None:
    officer = office.person("air-officer-01", java_script_enabled=scripted)
    officer.sign_in()
    officer.page.goto(order)
    for name, value in ORDER.items():
        officer.choose(name, value)
    office.clock.now = office.clock.now.replace(hour=11)
    officer.button("complete").click()
    officer.sees("已填内容没有丢失")
    officer.fill_in_sign_in()
    officer.sees("之前填写的内容已恢复")
    assert officer.page.locator('[name="requirement"]').input_value() == ORDER["requirement"]
    assert officer.page.locator('[name="responsible_unit"]').input_value() == "110105-HB"
    officer.button("complete").click()
    officer.sees("已提交")
    assert len(completions(office)) == 1


def test_a_draft_is_saved_while_one_types_and_is_there_on_another_device(office: Any, order: str) -> None:
    desk = office.person("air-officer-01")
    desk.go(order)
    desk.page.wait_for_selector("form[data-ready]")
    desk.choose("requirement", "倒排工期")
    expect(desk.page.locator("[data-draft-state]")).to_contain_text("已保存", timeout=8000)
    phone = office.person("air-officer-01", PHONE)
    phone.go(order)
    assert phone.page.locator('[name="requirement"]').input_value() == "倒排工期"
    with office.sessions.read() as session:
        assert session.scalars(select(Draft)).one().account_id == "air-officer-01"


def test_on_a_phone(office: Any, order: str) -> None:
    officer = office.person("air-officer-01", PHONE, has_touch=True)
    officer.page.goto("/login")
    officer.checks_access()
    for address in ("/tasks", "/tasks/done", "/cases", "/start", "/start/rectification", order):
        officer.go(address)
        officer.checks_access()
        _has_room_for_fingers(officer)
    officer.page.wait_for_selector("form[data-ready]")
    bar = officer.page.locator(".submitbar").bounding_box()
    nav = officer.page.locator(".bottombar").bounding_box()
    assert bar
    assert nav
    assert bar["y"] + bar["height"] <= nav["y"] + 1, "the button to submit is in sight, above the menu"
    officer.page.locator(".person").click()
    officer.page.get_by_role("button", name="English").click()
    officer.go("/tasks")
    officer.sees("My tasks")
    officer.checks_access()


def test_with_the_keyboard(office: Any, order: str) -> None:
    officer = office.person("air-officer-01")
    officer.go("/tasks")
    page = officer.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("黄标车")
    expect(page).to_have_url(re.compile("q="))
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{order}")
    page.locator("summary.person").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="退出登录").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="退出登录").is_visible()


def test_search_finds_while_one_types(office: Any, order: str) -> None:
    officer = office.person("air-officer-01")
    officer.go("/tasks")
    officer.page.locator("#search").press_sequentially("没有这样的", delay=20)
    expect(officer.page.locator("#found")).to_contain_text("没有找到")
    officer.page.locator("#search").fill("黄标车")
    expect(officer.page.locator("#found .work-title")).to_have_text(TITLE)


def test_pages_of_administrators(office: Any, order: str) -> None:
    for viewport in ({"width": 1280, "height": 800}, PHONE):
        admin = office.person("admin-01", viewport)
        admin.go("/admin/processes")
        admin.checks_access()
        admin.page.get_by_role("link", name="整改、复查和销号").click()
        admin.page.wait_for_selector(".diagram-ready")
        admin.checks_access()
        for name in ("incidents", "messages", "sessions", "records"):
            admin.go(f"/admin/{name}")
            admin.checks_access()
    officer = office.person("air-officer-01")
    officer.go("/tasks")
    admin.go("/admin/sessions")
    admin.page.get_by_role("button", name="强制大气组督查员01退出").click()
    admin.sees("该会话已结束")
    officer.page.goto("/tasks")
    assert "/login" in officer.page.url


def test_error_pages(office: Any) -> None:
    officer = office.person("air-officer-01")
    officer.go("/no/such/page")
    officer.sign_in()
    officer.page.goto("/admin/incidents")
    officer.sees("您没有权限")
    officer.mishaps.clear()  # the console notes the answer 403
    officer.checks_access()


def _has_room_for_fingers(person: Any) -> None:
    """Buttons and links in bars and lists are at least 44 px high (2.75 rem), or lie in a row that is."""
    small = person.page.evaluate(
        """() => [...document.querySelectorAll('button, .btn, .bottombar a, .tabs a, .menu > summary, input, select')]
          .filter((one) => one.checkVisibility() && !['hidden', 'radio', 'checkbox'].includes(one.type))
          .filter((one) => !one.closest('.visually-hidden, .ask-row-head') && !one.matches('.visually-hidden, .skip'))
          .map((one) => [one.getBoundingClientRect().height, one.outerHTML.slice(0, 90)])
          .filter(([height]) => height < 43.5)"""
    )
    assert small == []
