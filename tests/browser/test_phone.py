"""On site with a phone: no network, a closed page, a network that comes back; nothing is lost, nothing sent twice."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.tables import Attachment, Record, Task
from tests.browser.conftest import CALENDAR, PHONE, picture
from workflows.services import SERVICES
from workflows.stage import Stage

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
PLAN = {
    "measures": [{"measure": "逐车建账", "responsible_post": "分管副局长", "deadline": "2013-05-10"}],
    "milestones": [{"milestone": "过半", "date": "2013-05-06"}],
    "responsible_post": "局长",
}
ON_SITE = {
    "timezone_id": "Asia/Shanghai",
    "has_touch": True,
    "is_mobile": True,
    "permissions": ["geolocation"],
    "geolocation": {"latitude": 39.92, "longitude": 116.44, "accuracy": 8},
}


@pytest.fixture
def report(office: Any) -> str:
    """The address of a task in which 朝阳区环保局 reports with photos."""
    stage = Stage(office.sessions, SERVICES, office.folder / "attachments", office.clock.now, CALENDAR)
    case = stage.start("air-officer-01", "rectification", TITLE, "110105", "air")
    stage.complete(case, "issue_order", "air-officer-01", ORDER)
    stage.complete(case, "sign_order", "chaoyang-supervision-01", {"accepted": True, "objection": False})
    stage.complete(case, "submit_plan", "chaoyang-air-01", PLAN)
    stage.complete(case, "approve_plan", "air-officer-01", {"verdict": "pass"})
    (task,) = stage.open_tasks(case, "report_rectification")
    return f"/tasks/{task.id}"


@pytest.fixture
def unit(office: Any) -> Any:
    return office.person("chaoyang-air-01", PHONE, **ON_SITE)


def open_form(person: Any, address: str) -> None:
    """The page with its form, and what a phone keeps of it."""
    person.go(address)
    person.page.wait_for_selector("form[data-ready]")
    until_kept(person.page)


def until_kept(page: Page) -> None:
    """Asked again and again from here: `wait_for_function` does not wait for the answer of an asynchronous function."""
    kept = """async () => {
      const pages = await (await caches.open('pages')).keys();
      return pages.some((one) => new URL(one.url).pathname === location.pathname);
    }"""
    deadline = time.monotonic() + 15
    while not page.evaluate(kept):
        assert time.monotonic() < deadline, "the page was not kept"
        page.wait_for_timeout(50)


def stock_of_tickets(page: Page) -> Callable[[], int]:
    return lambda: page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open('ducha').onsuccess = (event) => {
            const all = event.target.result.transaction('tickets').objectStore('tickets').count();
            all.onsuccess = () => resolve(all.result);
          };
        })"""
    )


def completions(office: Any, element: str) -> list[Record]:
    with office.sessions.read() as session:
        return list(session.scalars(select(Record).where(Record.what == "completed", Record.element == element)))


def attachments(office: Any) -> list[Attachment]:
    with office.sessions.read() as session:
        return list(session.scalars(select(Attachment)))


def is_open(office: Any, address: str) -> bool:
    with office.sessions.read() as session:
        return session.get_one(Task, address.rpartition("/")[2]).status == "open"


def take_photo(person: Any, field: str, words: str) -> None:
    camera = person.page.locator(f'[data-upload="{field}"] input[data-camera]')
    camera.dispatch_event("click")
    camera.set_input_files([{"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": picture(words)}])


def fill(unit: Any) -> None:
    unit.fill(result="已淘汰两千辆。", similar_check="其余街道已排查。")


def hand_in_with_photo(unit: Any) -> None:
    """One photo is taken and kept on the phone, then the form is handed in."""
    take_photo(unit, "before_after", "site")
    expect(unit.page.locator("[data-kept]")).to_have_count(1)
    unit.button("complete").click()


def test_a_form_begun_without_a_network_is_kept_and_sent_later(office: Any, unit: Any, report: str) -> None:
    page = unit.page
    open_form(unit, report)
    expect(page.locator(".kept-line")).to_be_hidden()
    assert stock_of_tickets(page)() == 20

    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("form[data-ready]")
    fill(unit)
    for number in range(3):
        take_photo(unit, "before_after", f"site-{number}")
    line = page.locator(".kept-line")
    expect(page.locator("[data-kept]")).to_have_count(3)
    expect(line).to_contain_text("3")
    unit.checks_access()

    page.goto("/cases")  # which is not kept
    page.goto(report)
    page.wait_for_selector("form[data-ready]")
    expect(page.locator("[data-kept]")).to_have_count(3)
    assert page.locator('[name="result"]').input_value() == "已淘汰两千辆。"

    unit.button("complete").click()
    expect(page.locator("form.is-handed-in")).to_be_visible()
    expect(line).to_contain_text("3")
    assert is_open(office, report)
    page.goto("/cases")
    page.goto(report)
    expect(page.locator("form.is-handed-in .kept-line")).to_contain_text("3")
    assert page.locator('[name="result"]').input_value() == "已淘汰两千辆。"
    assert attachments(office) == []

    page.context.set_offline(False)
    page.wait_for_url("**/tasks")
    unit.sees("已提交")
    assert len(completions(office, "report_rectification")) == 1
    photos = attachments(office)
    assert [one.grade for one in photos] == ["A", "A", "A"]
    assert [one.geo["lat"] for one in photos if one.geo] == [39.92] * 3
    assert all(one.instance_id for one in photos)
    assert left_on_the_phone(page) == {"photos": 0, "outbox": 0}


def left_on_the_phone(page: Page) -> dict[str, int]:
    return page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open('ducha').onsuccess = (event) => {
            const found = {};
            for (const name of ['photos', 'outbox']) {
              const all = event.target.result.transaction(name).objectStore(name).count();
              all.onsuccess = () => { found[name] = all.result; if (Object.keys(found).length === 2) resolve(found); };
            }
          };
        })"""
    )


def test_answers_that_got_lost_on_the_way_back_count_once(office: Any, unit: Any, report: str) -> None:
    """The server takes everything, but the phone hears nothing of it: it sends all of it again."""
    page = unit.page
    open_form(unit, report)
    fill(unit)
    heard = {"deaf": True}

    def deaf(route: Any) -> None:
        if route.request.method != "POST" or "/draft" in route.request.url or "/tickets" in route.request.url:
            route.continue_()
            return
        answer = route.fetch()
        if heard["deaf"]:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.context.route(re.compile(r"/(attachments|tasks/)"), deaf)
    hand_in_with_photo(unit)
    expect(page.locator("form.is-handed-in .kept-line button").first).to_be_visible()
    assert len(attachments(office)) == 1, "it has arrived, but the phone does not know"
    heard["deaf"] = False
    page.locator(".kept-line button").first.click()
    page.wait_for_url("**/tasks")
    unit.sees("已提交")
    assert len(completions(office, "report_rectification")) == 1
    assert len(attachments(office)) == 1


def test_a_session_that_has_ended_meanwhile(office: Any, unit: Any, report: str) -> None:
    page = unit.page
    open_form(unit, report)
    page.context.set_offline(True)
    fill(unit)
    take_photo(unit, "before_after", "site")
    expect(page.locator("[data-kept]")).to_have_count(1)
    office.clock.now = office.clock.now.replace(hour=14)
    page.context.set_offline(False)
    unit.button("complete").click()
    way = page.locator(".kept-line a")
    expect(way).to_have_attribute("href", re.compile("/login"))
    assert is_open(office, report)
    unit.mishaps.clear()  # the console notes the answers 401
    way.click()
    unit.fill_in_sign_in()
    page.wait_for_url("**/tasks")
    unit.sees("已提交")
    assert [one.grade for one in attachments(office)] == ["A"]
    assert len(completions(office, "report_rectification")) == 1


def test_who_was_not_quick_enough_is_told_and_loses_nothing(office: Any, unit: Any, report: str) -> None:
    page = unit.page
    open_form(unit, report)
    page.context.set_offline(True)
    fill(unit)
    hand_in_with_photo(unit)
    expect(page.locator("form.is-handed-in .kept-line button").first).to_be_visible()

    stage = Stage(office.sessions, SERVICES, office.folder / "attachments", office.clock.now, CALENDAR)
    with office.sessions.read() as session:
        case = session.get_one(Task, report.rpartition("/")[2]).instance_id
    photos = [stage.photo("chaoyang-air-01", "at the desk")]
    answers = {"result": "已办结", "before_after": photos, "similar_check": "已排查"}
    stage.complete(case, "report_rectification", "chaoyang-air-01", answers)

    page.context.set_offline(False)
    expect(page.locator(".kept-line")).to_contain_text("2013-04-26 09:00")
    assert page.locator('[name="result"]').input_value() == "已淘汰两千辆。"
    assert left_on_the_phone(page) == {"photos": 1, "outbox": 1}
    page.locator(".kept-line button").click()
    page.wait_for_load_state()
    page.wait_for_function("() => !document.querySelector('form[data-form]')")
    assert left_on_the_phone(page) == {"photos": 0, "outbox": 0}
    assert len(completions(office, "report_rectification")) == 1


def test_what_has_to_be_mended_is_shown_beside_its_question(office: Any, unit: Any, report: str) -> None:
    page = unit.page
    open_form(unit, report)
    page.context.set_offline(True)
    unit.fill(result="已淘汰两千辆。")
    hand_in_with_photo(unit)
    expect(page.locator("form.is-handed-in .kept-line button").first).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_selector("[data-summary]")
    unit.sees("有1处需要更正")
    assert page.locator('[name="result"]').input_value() == "已淘汰两千辆。"
    expect(page.locator('[data-upload="before_after"] input[type=checkbox]')).to_be_checked()
    unit.choose("similar_check", "其余街道已排查。")
    unit.button("complete").click()
    page.wait_for_url("**/tasks")
    assert len(completions(office, "report_rectification")) == 1


def test_another_account_sends_nothing_of_the_first(office: Any, unit: Any, report: str) -> None:
    page = unit.page
    open_form(unit, report)
    page.context.set_offline(True)
    fill(unit)
    hand_in_with_photo(unit)
    expect(page.locator("form.is-handed-in .kept-line button").first).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.goto("/login")
    colleague = type(unit)(office, "chaoyang-supervision-01", page)
    colleague.fill_in_sign_in()
    page.wait_for_selector("[data-outbox]", state="attached")
    page.wait_for_load_state("networkidle")
    kept = page.evaluate("async () => (await (await caches.open('pages')).keys()).length")
    assert kept == 0, "what the first saw is gone"
    assert left_on_the_phone(page) == {"photos": 1, "outbox": 1}
    assert is_open(office, report)

    page.context.clear_cookies()
    page.goto("/login")
    unit.fill_in_sign_in()
    expect(page.locator("[data-outbox]")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('[data-outbox] a')")
    assert len(completions(office, "report_rectification")) == 1
    assert left_on_the_phone(page) == {"photos": 0, "outbox": 0}


def test_what_was_handed_in_can_be_taken_back(office: Any, unit: Any, report: str) -> None:
    page = unit.page
    open_form(unit, report)
    page.context.set_offline(True)
    fill(unit)
    hand_in_with_photo(unit)
    page.locator("form.is-handed-in .kept-line button").nth(1).click()
    page.wait_for_selector("form[data-ready]:not(.is-handed-in)")
    expect(page.locator('[name="result"]')).to_have_value("已淘汰两千辆。")
    expect(page.locator("[data-kept]")).to_have_count(1)
    unit.choose("result", "已淘汰两千一百辆。")
    page.context.set_offline(False)
    unit.button("complete").click()
    page.wait_for_url("**/tasks")
    assert len(completions(office, "report_rectification")) == 1


def test_a_picture_of_the_gallery_is_no_photo_taken_here(office: Any, unit: Any, report: str, tmp_path: Path) -> None:
    old = tmp_path / "old.jpg"
    old.write_bytes(picture("old"))
    os.utime(old, (1_300_000_000, 1_300_000_000))
    open_form(unit, report)
    camera = unit.page.locator('[data-upload="before_after"] input[data-camera]')
    camera.dispatch_event("click")
    camera.set_input_files(old)
    unit.page.wait_for_selector('[data-upload="before_after"] input[type=checkbox]:checked')
    assert [one.grade for one in attachments(office)] == ["C"]
