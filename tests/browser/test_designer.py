"""An administrator designs a form in a real browser: fields, permissions of steps, a trial, saving against another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, ViewportSize, expect

from engine import accounts, process_drafts
from engine.process_drafts import Changes
from tests.browser.conftest import DESK, PHONE, Office, Person

pytestmark = pytest.mark.browser

KEY = "rectification"
FORM = "rectification/report_rectification"
TALL: ViewportSize = {"width": 1280, "height": 1600}  # what is dragged must not scroll away under the mouse
HOSTILE = "<img src=x onerror=document.title='hacked'>"


@pytest.fixture
def admin(office: Office) -> Person:
    return signed_in(office, "admin-01")


@pytest.fixture
def draft(office: Office, admin: Person) -> str:
    with office.sessions.begin() as session:
        who = accounts.actor(session, "admin-01")
        return process_drafts.begin(session, who, KEY, office.clock.moment).id


def signed_in(office: Office, account: str, viewport: dict[str, int] = DESK) -> Person:
    found = office.person(account, viewport)
    found.sign_in()
    found.mishaps.clear()
    return found


def document(office: Office, draft: str, name: str = FORM) -> dict[str, Any]:
    with office.sessions.read() as session:
        return dict(process_drafts.get(session, accounts.actor(session, "admin-01"), draft).forms[name])


def save(office: Office, draft: str, **changes: Any) -> None:
    """As another administrator would, in between."""
    with office.sessions.begin() as session:
        who = accounts.actor(session, "admin-01")
        number = process_drafts.get(session, who, draft).revision
        process_drafts.save(session, who, draft, number, Changes(**changes), office.clock.moment)


def diagram(office: Office, draft: str) -> str:
    with office.sessions.read() as session:
        return process_drafts.get(session, accounts.actor(session, "admin-01"), draft).diagram.decode()


def opened(person: Person, draft: str, name: str = FORM) -> Page:
    person.go(f"/admin/drafts/{draft}/forms/{name}")
    person.page.wait_for_selector("[data-designer][data-ready]", state="attached")
    return person.page


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("[data-frame] iframe:not([data-coming])")


def state(page: Page) -> Locator:
    return page.locator("[data-state]")


def saved(page: Page) -> None:
    texts = page.evaluate("JSON.parse(document.querySelector('[data-given]').dataset.given).texts")
    expect(state(page)).to_have_text(texts["Saved"])


def kind(page: Page, name: str) -> Locator:
    return page.locator(f'[data-palette] [data-type="{name}"]')


def items(page: Page) -> list[str]:
    return page.locator("[data-fields] > li > .designer-name .designer-label").all_inner_texts()


def label(page: Page) -> Locator:
    return page.locator("[data-panel] input").first


def test_fields_are_added_named_moved_and_saved(office: Office, admin: Person, draft: str) -> None:
    page = opened(admin, draft)
    page.set_viewport_size(TALL)
    kind(page, "enum").click()
    label(page).fill(HOSTILE)
    expect(preview(page).get_by_text(HOSTILE)).to_be_visible()
    assert items(page)[1] == HOSTILE
    current = page.locator('[data-fields] [aria-current="true"]')
    current.press("Alt+ArrowUp")
    assert items(page)[0] == HOSTILE
    expect(current).to_be_focused()
    kind(page, "date").drag_to(page.locator("[data-fields] > li").last, target_position={"x": 40, "y": 4})
    assert page.locator("[data-fields] > li").count() == 5
    saved(page)
    fields = document(office, draft)["fields"]
    assert [one["type"] for one in fields] == ["enum", "longtext", "evidences", "date", "longtext"]
    assert fields[0]["label"] == HOSTILE
    assert page.title() != "hacked"
    assert admin.mishaps == []


def test_a_choice_decides_about_another_field(office: Office, admin: Person, draft: str) -> None:
    page = opened(admin, draft)
    kind(page, "bool").click()
    page.locator("[data-fields] > li .designer-name").nth(2).click()
    page.locator(".designer-conditions > button").click()
    saved(page)
    fields = document(office, draft)["fields"]
    assert fields[2]["visible_if"] == {"field": "bool_1", "equals": True}
    expect(preview(page).locator('[data-question="before_after"]')).to_be_hidden()
    preview(page).locator('[name="bool_1"]').check()
    expect(preview(page).locator('[data-question="before_after"]')).to_be_visible()
    page.locator("[data-fields] > li .designer-name").nth(1).click()
    name = page.locator("[data-panel] input").nth(1)
    name.fill("checked")
    name.blur()
    saved(page)
    assert document(office, draft)["fields"][2]["visible_if"]["field"] == "checked"
    page.locator('[data-fields] [aria-current="true"]').press("Delete")
    saved(page)
    assert "visible_if" not in document(office, draft)["fields"][1]


def test_a_table_gets_columns_and_faults_are_shown_at_once(office: Office, admin: Person, draft: str) -> None:
    page = opened(admin, draft)
    page.set_viewport_size(TALL)
    kind(page, "table").click()
    kind(page, "date").drag_to(page.locator(".designer-item .designer-item"), target_position={"x": 40, "y": 4})
    assert page.locator(".designer-item .designer-item").count() == 2
    label(page).fill("")
    expect(page.locator("[data-problems] li")).to_have_count(1)
    expect(page.locator(".designer-item .designer-item .mark-red")).to_have_count(1)
    page.locator("[data-problems] li button").click()
    label(page).fill("时限")
    expect(page.locator("[data-problems] li")).to_have_count(0)
    expect(preview(page).get_by_label("时限")).to_be_visible()
    page.locator("body").press("Control+z")
    expect(page.locator("[data-problems] li")).to_have_count(1)
    page.locator("body").press("Control+Shift+z")
    expect(page.locator("[data-problems] li")).to_have_count(0)
    saved(page)
    columns = document(office, draft)["fields"][1]["columns"]
    assert (columns[0]["type"], columns[0]["label"]) == ("date", "时限")
    expect(page.locator("[data-differences] tbody tr")).to_have_count(1)


def place(page: Page, path: str) -> Locator:
    return page.locator(f'[data-path="{path}"] > .designer-name')


def shape(fields: list[dict[str, Any]]) -> list[Any]:
    return [(one["type"], shape(one["columns"])) if "columns" in one else one["type"] for one in fields]


def test_a_table_in_a_row_is_designed_by_keyboard(office: Office, admin: Person, draft: str) -> None:
    page = opened(admin, draft)
    kind(page, "table").press("Enter")
    place(page, "1").press("ArrowDown")
    expect(place(page, "1.0")).to_be_focused()
    place(page, "1.0").press("Enter")
    kind(page, "table").press("Enter")
    expect(place(page, "1.1")).to_have_attribute("aria-current", "true")
    place(page, "1.1").press("ArrowDown")
    place(page, "1.1.0").press("Enter")
    kind(page, "date").press(" ")
    expect(place(page, "1.1.1")).to_have_attribute("aria-current", "true")
    kind(page, "table").press("Enter")  # no table stands in an inner one: it comes behind that
    expect(place(page, "1.2")).to_have_attribute("aria-current", "true")
    place(page, "1.2").press("Delete")
    place(page, "1.1.1").press("Enter")
    place(page, "1.1.1").press("Alt+ArrowLeft")
    expect(place(page, "1.2")).to_be_focused()
    place(page, "1.2").press("Alt+ArrowRight")
    expect(place(page, "1.1.1")).to_be_focused()
    place(page, "1.1.1").press("Alt+ArrowUp")
    expect(place(page, "1.1.0")).to_be_focused()
    place(page, "1.1.0").press("Enter")  # who chooses the chosen one wants to write what it says
    expect(label(page)).to_be_focused()
    label(page).fill("何时")
    expect(preview(page).get_by_label("何时")).to_be_visible()
    saved(page)
    table = document(office, draft)["fields"][1]
    assert shape([table]) == [("table", ["text", ("table", ["date", "text"])])]
    assert table["columns"][1]["columns"][0]["label"] == "何时"
    assert admin.mishaps == []


def test_a_table_in_a_row_is_designed_by_drag(office: Office, admin: Person, draft: str) -> None:
    page = opened(admin, draft)
    page.set_viewport_size(TALL)
    kind(page, "table").click()
    kind(page, "table").drag_to(place(page, "1.0"), target_position={"x": 40, "y": 4})
    expect(place(page, "1.0.0")).to_be_visible()
    kind(page, "int").drag_to(place(page, "1.0.0"), target_position={"x": 40, "y": 4})
    place(page, "0").drag_to(place(page, "1.0.0"), target_position={"x": 40, "y": 4})
    expect(page.locator("[data-fields] > li")).to_have_count(3)
    kind(page, "table").drag_to(place(page, "0.0.0"), target_position={"x": 40, "y": 4})  # too deep: nothing happens
    place(page, "0").drag_to(place(page, "0.0.0"), target_position={"x": 40, "y": 4})  # nor into itself
    saved(page)
    fields = document(office, draft)["fields"]
    assert shape(fields)[0] == ("table", [("table", ["longtext", "int", "text"]), "text"])
    assert "prefill" not in fields[0]["columns"][0]["columns"][0]
    for _ in range(2):
        place(page, "0.0").click()
        place(page, "0.0").press("Delete")
    expect(page.locator(".designer-empty")).to_be_visible()
    kind(page, "money").drag_to(page.locator(".designer-empty"))
    saved(page)
    assert shape(document(office, draft)["fields"])[0] == ("table", ["money"])


def test_columns_of_an_inner_table_have_permissions_and_are_tried(office: Office, admin: Person, draft: str) -> None:
    text = re.sub(r'(<bpmn:userTask id="recheck")', rf'\1 ducha:form="{FORM}"', diagram(office, draft))
    row = {"name": "how", "label": "措施", "type": "text", "required": True}
    inner = {
        "name": "steps",
        "label": "整改措施",
        "type": "table",
        "columns": [row, row | {"name": "done", "label": "完成"}],
    }
    what = {"name": "what", "label": "问题", "type": "text"}
    table = {"name": "problems", "label": "问题清单", "type": "table", "columns": [what, inner]}
    form = {"name": FORM, "title": "报整改结果", "fields": [table]}
    save(office, draft, diagram=text.encode(), forms={FORM: form})
    page = opened(admin, draft)
    steps = page.locator("[data-steps]")
    steps.locator("thead select").select_option("report_rectification")
    names = ["问题清单", "问题", "整改措施", "措施", "完成"]
    assert steps.locator("tbody th").all_inner_texts()[:5] == names
    steps.locator("tbody tr").nth(1).locator("select").select_option("readonly")
    steps.locator("tbody tr").nth(3).locator("select").select_option("readonly")
    saved(page)
    rules = {"problems.what": "readonly", "problems.steps.how": "readonly"}
    assert document(office, draft)["steps"]["recheck"]["fields"] == rules

    frame = preview(page)
    frame.locator('[name="problems-0-what"]').fill("扬尘")
    frame.locator('[name="problems-0-steps-0-how"]').fill("洒水")
    frame.locator('[name="_add"][value="problems-0-steps"]').click()
    frame.locator('[name="problems-0-steps-1-how"]').fill("覆盖")
    frame.locator(".submitbar button").click()
    expect(frame.locator("#faults li")).to_have_count(2)
    link = frame.locator("#faults li a").last
    expect(link).to_have_attribute("href", "#f-problems-0-steps-1-done")
    expect(link).to_have_text(re.compile("问题清单.*1.*整改措施.*2.*完成"))
    for number, words in enumerate(("是", "否")):
        frame.locator(f'[name="problems-0-steps-{number}-done"]').fill(words)
    frame.locator(".submitbar button").click()
    expect(frame.locator("pre")).to_contain_text('"how": "覆盖"')
    page.locator("[data-as]").select_option("recheck")
    expect(frame.locator('[name="problems-0-steps-1-done"]')).to_have_value("否")
    expect(frame.locator('[name="problems-0-steps-1-how"]')).to_have_count(0)
    expect(frame.locator('[name="_add"]')).to_have_count(0)
    frame.locator('[data-question="problems-0-steps-1-done"] label').click()
    expect(place(page, "0.1.1")).to_have_attribute("aria-current", "true")
    steps.locator("tbody tr").nth(2).locator("select").select_option("readonly")
    saved(page)
    rules = {"problems.what": "readonly", "problems.steps": "readonly"}
    assert document(office, draft)["steps"]["recheck"]["fields"] == rules
    expect(page.locator("[data-differences]")).to_contain_text("问题清单 › 整改措施 problems.steps")
    admin.checks_access()


def test_another_step_is_given_permissions_and_tried(office: Office, admin: Person, draft: str) -> None:
    text = re.sub(r'(<bpmn:userTask id="recheck")', rf'\1 ducha:form="{FORM}"', diagram(office, draft))
    save(office, draft, diagram=text.encode())
    page = opened(admin, draft)
    steps = page.locator("[data-steps]")
    assert steps.locator("tbody select").first.is_disabled()
    steps.locator("thead select").select_option("report_rectification")
    steps.locator("tbody tr").nth(0).locator("select").select_option("readonly")
    steps.locator("tbody tr").nth(1).locator("select").select_option("hidden")
    steps.locator("tbody tr").nth(3).locator("select").select_option("required")
    saved(page)
    rules = {"result": "readonly", "before_after": "hidden", "opinion": "required"}
    assert document(office, draft)["steps"] == {"recheck": {"fields": rules}}

    page.locator("[data-panel] input[type=checkbox]").first.uncheck()
    page.locator("[data-fields] > li .designer-name").nth(1).click()
    page.locator("[data-panel] input[type=checkbox]").first.uncheck()
    expect(preview(page).locator("fieldset[aria-required]")).to_have_count(0)
    page.wait_for_timeout(600)
    preview(page).locator('[name="result"]').fill("已清淤")
    preview(page).locator(".submitbar button").click()
    expect(preview(page).locator("#faults li")).to_have_count(1)
    preview(page).locator('[name="similar_check"]').fill("无")
    preview(page).locator(".submitbar button").click()
    expect(preview(page).locator("pre")).to_contain_text('"result": "已清淤"')

    page.locator("[data-as]").select_option("recheck")
    expect(preview(page).locator('[data-question="result"]')).to_contain_text("已清淤")
    expect(preview(page).locator('[name="result"]')).to_have_count(0)
    expect(preview(page).locator('[data-question="before_after"]')).to_have_count(0)
    expect(preview(page).locator('[name="similar_check"]')).to_have_value("无")
    preview(page).locator(".submitbar button").click()
    expect(preview(page).locator("#faults li")).to_have_count(1)
    admin.checks_access()


def test_two_administrators_at_one_form(office: Office, admin: Person, draft: str) -> None:
    page = opened(admin, draft)
    save(office, draft, diagram=diagram(office, draft).replace("回头看", "再看").encode())
    page.locator("#form-title").fill("报告整改结果")
    saved(page)  # the other one was at the drawing only
    assert "再看" in diagram(office, draft)

    theirs = document(office, draft) | {"title": "他人的标题"}
    save(office, draft, forms={FORM: theirs})
    page.locator("#form-title").fill("我的标题")
    conflict = page.locator("[data-conflict]")
    expect(conflict).to_contain_text("他人的标题")
    expect(conflict).to_contain_text("我的标题")
    assert document(office, draft)["title"] == "他人的标题"
    conflict.locator("button").last.click()
    expect(conflict).to_be_hidden()
    saved(page)
    assert document(office, draft)["title"] == "我的标题"

    save(office, draft, forms={FORM: theirs})
    page.locator("#form-title").fill("又一个")
    conflict.locator("button").first.click()
    expect(page.locator("#form-title")).to_have_value("他人的标题")
    saved(page)
    assert document(office, draft)["title"] == "他人的标题"


def test_it_can_be_used_on_a_phone(office: Office, draft: str) -> None:
    person = signed_in(office, "admin-01", PHONE)
    page = opened(person, draft)
    kind(page, "multi").click()
    saved(page)
    expect(page.locator('[data-width="390"]')).to_have_attribute("aria-pressed", "true")
    edit, back = page.locator(".designer-item-acts .designer-narrow"), page.locator("[data-panel] .designer-narrow")
    edit.click()
    expect(label(page)).to_be_focused()
    back.click()
    expect(page.locator('[data-fields] [aria-current="true"]')).to_be_focused()
    expect(page.locator("[data-differences] td").first).to_contain_text("multi_1")
    person.checks_access()
    person.go(f"/admin/drafts/{draft}/forms")
    person.checks_access()
