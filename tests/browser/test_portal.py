"""The public portal in real browsers: on a desk, on a phone, without JavaScript, in English."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Person, picture
from tests.web.campaigns import MONDAY, Town, opened
from tests.web.test_portal import added
from workflows.tables import Disclosure, Opinion, PublicNotice

pytestmark = pytest.mark.browser

ITEM = {
    "item_id": "x",
    "sub_item": "A3",
    "sub_item_name": "控制机动车排放污染",
    "district": "朝阳区",
    "name": "淘汰老旧机动车",
    "target": "26000",
    "unit_of_measure": "辆",
    "standard": None,
    "verified": "14300",
    "percent": "55",
    "deadline": "2013-12-20",
    "done": False,
}


@pytest.fixture
def published(office: Any) -> Any:
    """An office whose lead units have told the public something."""
    town = Town(office.sessions)
    office.clock.now = MONDAY.now
    with office.sessions.begin() as session:
        opened(session, town)
        for number, (kind, words) in enumerate(
            (("plan", "工作计划"), ("progress", "8月进展"), ("progress", "7月进展"))
        ):
            session.add(
                Disclosure(
                    id=str(number) * 32,
                    number=f"公布〔2013〕{number + 1}号",
                    campaign_id=town.campaign_id,
                    unit="110000-HBJ",
                    task_code="air",
                    kind=kind,
                    period="2013-08",
                    title=f"大气污染治理{words}",
                    text="截至8月底，全市已淘汰老旧机动车十二万辆。\n燃煤锅炉改造完成九百蒸吨。",
                    items=[ITEM, ITEM | {"name": "锅炉清洁能源改造", "sub_item": "A2", "done": True}],
                    status="published",
                    begun_at=MONDAY.now,
                    published_at=MONDAY.now - timedelta(days=number),
                )
            )
        session.add(
            PublicNotice(
                instance_id=town.campaign_id,
                subject="朝阳区 A3 黄标车淘汰进度滞后整改销号",
                unit="110105",
                text="已淘汰两千辆，注销登记齐全。",
                since=MONDAY.now,
                until=MONDAY.now + timedelta(days=5),
                shown=True,
                reason="",
            )
        )
        session.add(
            Opinion(
                id="a" * 32,
                number="社意〔2013〕7号",
                code="A" * 16,
                channel="portal",
                title="社意〔2013〕7号 建国路工地渣土车",
                content="",
                anonymous=True,
                photos=[],
                received_at=MONDAY.now,
                reopened=0,
                status="closed",
                unit="110105",
                published_at=MONDAY.now,
                published_content="建国路工地渣土车夜间遗撒。",
                published_reply="已责令工地冲洗车轮、密闭运输，城管每晚巡查。",
            )
        )
    return office


def visitor(office: Any, viewport: dict[str, int], **more: Any) -> Person:
    found: Person = office.person("", viewport, **more)
    return found


def say(person: Person, words: str) -> None:
    page = person.page
    page.goto("/public/opinions/new")
    page.locator("#content").fill(words)
    asked = page.locator('label[for="answer"]').inner_text()
    page.locator("#answer").fill(str(added(asked)))


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_every_page_can_be_used_by_everybody(published: Any, viewport: dict[str, int]) -> None:
    person = visitor(published, viewport)
    for address in (
        "",
        "disclosures",
        "disclosures/" + "0" * 32,
        "notices",
        "answers",
        "opinions/new",
        "opinions/follow",
    ):
        person.page.goto(f"/public/{address}")
        person.checks_access()
    person.page.goto("/public/")
    person.sees("大气污染治理8月进展", "黄标车淘汰进度滞后整改销号", "城管每晚巡查")
    person.page.get_by_role("link", name="大气污染治理8月进展").click()
    person.sees("淘汰老旧机动车", "14300")
    person.page.get_by_role("button", name="English").click()
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    person.checks_access()


@pytest.mark.parametrize("scripted", [True, False])
def test_somebody_says_something_and_follows_it(published: Any, scripted: bool) -> None:
    person = visitor(published, PHONE, java_script_enabled=scripted)
    say(person, "三里屯路口渣土车遗撒，天天如此。")
    page = person.page
    page.locator("#photos").set_input_files(
        [{"name": "路口.jpg", "mimeType": "image/jpeg", "buffer": picture("street")}]
    )
    page.locator('.portal-form button[class*="btn-primary"]').click()
    page.wait_for_url("**/given")
    code = page.locator(".portal-code").inner_text()
    if scripted:
        person.checks_access()

    later = visitor(published, DESK, java_script_enabled=scripted)
    later.page.goto("/public/opinions/follow")
    later.page.locator("#code").fill(code)
    later.page.locator(".portal-ask-code button").click()
    later.sees("三里屯路口渣土车遗撒")
    if scripted:
        later.checks_access()


def test_a_wrong_sum_loses_nothing(published: Any) -> None:
    person = visitor(published, PHONE)
    say(person, "工地扬尘很大，没有围挡。")
    person.page.locator("#answer").fill("99")
    person.page.locator('.portal-form button[class*="btn-primary"]').click()
    person.page.wait_for_selector('[href="#answer"]')
    assert person.page.locator("#content").input_value() == "工地扬尘很大，没有围挡。"
    person.mishaps.clear()  # the console notes the answer 422
    person.checks_access()


def test_the_position_goes_with_it(published: Any) -> None:
    here = {"latitude": 39.93, "longitude": 116.45, "accuracy": 9}
    person = visitor(published, PHONE, permissions=["geolocation"], geolocation=here)
    say(person, "这里有人露天焚烧垃圾。")
    person.page.locator("[data-portal-locate]").click()
    expect(person.page.locator("[data-note]")).not_to_be_empty()
    person.page.locator('.portal-form button[class*="btn-primary"]').click()
    person.page.wait_for_url("**/given")
    with published.sessions.read() as session:
        found = session.query(Opinion).filter(Opinion.status == "received").one()
        assert found.location == {"lat": 39.93, "lon": 116.45}
