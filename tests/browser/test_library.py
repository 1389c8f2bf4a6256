"""The library as an administrator uses it: found from the menu, one process looked up, copied, retired, taken back."""

from __future__ import annotations

import zipfile
from typing import Any

import pytest
from playwright.sync_api import expect

from engine import accounts, process_drafts
from engine.process_drafts import Changes
from tests.browser.conftest import PHONE
from web.console import CALENDAR
from workflows.services import SERVICES

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def published(office: Any) -> None:
    """Rectification has a second version with a hostile comment; a draft of another process is scheduled."""
    moment = office.clock.moment
    with office.sessions.begin() as session:
        actor = accounts.actor(session, "admin-01")
        draft = process_drafts.begin(session, actor, "rectification", moment)
        text = draft.diagram.decode().replace('name="复查"', f'name="{HOSTILE.replace("<", "&lt;")}"')
        process_drafts.save(session, actor, draft.id, draft.revision, Changes(diagram=text.encode()), moment)
        process_drafts.publish_now(session, actor, draft.id, draft.revision, HOSTILE, SERVICES, moment, HOSTILE)
        other = process_drafts.begin(session, actor, "quarterly_report", moment)
        later = moment.now.astimezone(CALENDAR.zone).replace(year=2014)
        process_drafts.schedule(session, actor, other.id, other.revision, HOSTILE, later, SERVICES, moment)


def test_from_the_menu_to_one_process_and_what_was_done_to_it(office: Any, published: None, admin: Any) -> None:
    page = admin.page
    page.locator(".mainnav .menu > summary").click()
    page.locator(".mainnav .menu-sheet a[href='/admin/processes']").click()
    expect(page.locator("#scheduled li")).to_have_count(1)
    page.locator("input[name=q]").fill("系统管理员01")
    page.locator("form.seek .btn").first.click()
    assert page.locator(".ledger tbody tr").count() == 20, "all were published by that person"
    page.locator("input[name=q]").fill("rectif")
    page.locator("form.seek .btn").first.click()
    expect(page.locator(".ledger tbody tr")).to_have_count(1)
    admin.checks_access()
    page.locator(".ledger a[href='/admin/processes/rectification']").first.click()
    expect(page.locator("#versions tbody tr")).to_have_count(2)
    expect(page.locator("#history tbody tr")).to_have_count(2)
    admin.sees(HOSTILE)
    admin.checks_access()
    with page.expect_download() as download:
        page.locator("#versions tbody tr").first.locator("a[href$='/export.zip']").click()
    with zipfile.ZipFile(download.value.path()) as held:
        assert "rectification.bpmn" in held.namelist()


def test_retired_and_made_current_again_with_reasons(office: Any, published: None, admin: Any) -> None:
    page = admin.page
    admin.go("/admin/processes/rectification")
    page.locator("#retire textarea").fill("不用了")
    page.locator("#retire button").click()
    expect(page.locator("#history tbody tr")).to_have_count(3)
    expect(page.locator("#retire")).to_have_count(0)
    page.locator("#versions tbody tr").nth(1).locator("a[href$='#again']").click()
    page.locator("#again textarea").fill("还是原来的好")
    page.locator("#again button").click()
    expect(page.locator("#history tbody tr")).to_have_count(4)
    admin.sees("不用了", "还是原来的好")
    assert "mark-green" in (page.locator("#versions tbody tr").nth(1).inner_html())


def test_a_copy_begins_as_a_draft_of_its_own(office: Any, admin: Any) -> None:
    page = admin.page
    admin.go("/admin/processes/rectification")
    page.locator("#copy [name=name]").fill("复查另办")
    page.locator("#copy [name=key]").fill("again_elsewhere")
    page.locator("#copy button").click()
    admin.sees("复查另办")
    admin.go("/admin/processes/again_elsewhere")
    expect(page.locator("#drafts tbody tr")).to_have_count(1)
    admin.checks_access()


def test_on_a_phone_nothing_is_wider_than_the_screen(office: Any, published: None) -> None:
    person = office.person("admin-01", PHONE)
    person.sign_in()
    for address in ("/admin/processes", "/admin/processes/rectification", "/admin/processes?q=nothing"):
        person.go(address)
        person.checks_access()
