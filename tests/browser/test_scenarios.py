"""An administrator plays a draft step by step, keeps it as a scenario, and is stopped when a change breaks it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.tables import ProcessDraft

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
pytestmark = pytest.mark.browser


def begin_process(person):
    """A new process with one step that asks for a verdict; the address of its draft."""
    person.go("/admin/processes")
    person.page.locator("#name").fill("来访接待")
    person.page.locator("#key").fill("visit")
    person.page.locator("#key").press("Enter")
    person.page.wait_for_url("**/admin/drafts/*")
    return person.page.url.removeprefix(person.office.address)


def prepare(office, draft):
    """Who does it, by when, and what is asked."""
    with office.sessions.begin() as session:
        row = session.get_one(ProcessDraft, draft.rpartition("/")[2])
        text = row.diagram.decode()
        text = text.replace(
            'id="first_task"', 'id="first_task" ducha:candidateGroups="office_director" ducha:due="wd(2)"'
        )
        row.diagram = text.replace(
            'isExecutable="true"', 'isExecutable="true" ducha:starterGroups="office_director"'
        ).encode()
        form = row.forms["visit/first_task"]
        fields = [
            {"name": "what", "label": "来访事由", "type": "text", "required": True},
            {"name": "verdict", "label": "结论", "type": "enum", "options": [["yes", "受理"], ["no", "不予受理"]]},
        ]
        row.forms = {"visit/first_task": {**form, "fields": fields}}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_scenario_is_played_kept_and_guards_the_draft(office, size):
    admin = office.person("admin-01", size)
    draft = begin_process(admin)
    prepare(office, draft)
    page = admin.page
    admin.go(draft)
    admin.checks_access()
    page.locator("#scenarios .page-acts a").first.click()
    admin.checks_access()
    page.locator("#name").fill("一般来访")
    page.locator("#name").press("Enter")
    page.wait_for_selector("#open")
    expect(page.locator(".diagram-ready")).to_be_visible()
    admin.checks_access()
    page.locator("#open a.btn-primary").click()
    page.wait_for_selector("form[data-ready]")
    admin.fill(what="反映噪声", verdict="yes")
    admin.checks_access()
    page.locator('.submitbar button[value="complete"]').click()
    page.wait_for_selector("#acts table")
    assert "反映噪声" in page.locator("#acts").inner_text()
    page.locator('#expected button[name="take"]').click()
    expect(page.locator("#expected input[name=passes]")).to_have_count(1)
    expect(page.locator(".page-head .mark-green")).to_be_visible()
    admin.checks_access()
    scenario = page.url
    page.locator(".crumb").click()
    expect(page.locator("#coverage .mark-green")).to_have_text("100%")
    admin.checks_access()
    with office.sessions.begin() as session:
        row = session.get_one(ProcessDraft, draft.rpartition("/")[2])
        row.diagram = row.diagram.replace(b'ducha:due="wd(2)"', b'ducha:due="wd(3)"')
    page.goto(scenario)
    expect(page.locator(".page-head .mark-red")).to_be_visible()
    admin.go(draft)
    page.locator("#comment").fill("放宽期限")
    page.locator("#comment").press("Tab")
    page.locator('form[action$="/publish"] .btn-primary').click()
    expect(page.locator(".notice-danger")).to_contain_text("一般来访")
    admin.mishaps.clear()  # the console notes the refusal
    page.locator("#reason").fill("局长已同意放宽")
    page.locator('form[action$="/publish"] .btn-primary').click()
    page.wait_for_url("**/admin/processes/versions/*")
    admin.go(f"{draft}/replay")
    admin.checks_access()
