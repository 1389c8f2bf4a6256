"""An administrator edits the decision table of a draft and the tests beside it."""

from __future__ import annotations

from playwright.sync_api import expect

from bpmn.decisions import read_decision
from bpmn.table_compare import compare
from bpmn.table_tests import read_tests
from engine.tables import ProcessDraft
from workflows.documents import DECISIONS

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
GIVEN = {"停表": "false", "相隶属": "true", "逾期工作日": "3", "本次专项第几次逾期": "0"}


def begin_draft(person, key="item_progress"):
    """A new draft of a published process, or the one there is; its address."""
    person.go("/admin/processes")
    person.page.locator(f'form[action="/admin/processes/{key}/drafts"] button').click()
    person.page.wait_for_url("**/admin/drafts/*")
    return person.page.url.removeprefix(person.office.address)


def open_table(person, draft, name="D2_urging"):
    person.go(f"{draft}/tables/{name}")
    person.page.wait_for_selector("[data-table][data-ready]")


def fill_test(person, number, **cells):
    """By the labels of the columns."""
    for label, value in cells.items():
        box = person.page.locator("[data-rows] tr").nth(number - 1).locator(f'input[aria-label$=": {label}"]')
        box.fill(value)
        box.blur()


def type_into(person, cell, text):
    """Into a cell of the table, as a keyboard does."""
    box = person.page.locator(f'[data-element-id="{cell}"] [contenteditable]')
    box.click()
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type(text)
    box.blur()


def saving(person):
    """``with saving(admin): ...`` - until the server has said what it thinks of it."""
    return person.page.expect_response(lambda answer: answer.url.endswith("/save"))


def kept(office, draft, name="D2_urging"):
    with office.sessions.read() as session:
        return session.get_one(ProcessDraft, draft.rpartition("/")[2]).decisions[name].encode()


def test_rules_and_their_tests(office):
    admin = office.person("admin-01")
    draft = begin_draft(admin)
    open_table(admin, draft)
    rows = admin.page.locator("[data-rows] tr")
    expect(rows.locator(".mark-green")).to_have_count(12)
    admin.page.locator("[data-own]").check()
    expect(rows.first.locator(".tables-given")).to_have_count(10)
    expect(rows.locator(".mark-green")).to_have_count(12)
    with saving(admin):
        type_into(admin, "D2_rule_order_rung_out", "5")
    expect(rows.locator(".mark-red")).to_have_count(2)
    expect(rows.locator(".tables-wrong")).to_have_count(2)
    for _ in range(2):
        with saving(admin):
            rows.locator(".tables-result button").first.click()
    expect(rows.locator(".mark-green")).to_have_count(12)
    admin.page.locator("[data-add]").click()
    with saving(admin):
        fill_test(admin, 13, **GIVEN, 梯次="4", 种类="order")
    expect(rows.last.locator(".tables-wrong")).to_have_count(1)
    expect(rows.last.locator(".tables-result")).to_contain_text("6")
    with saving(admin):
        fill_test(admin, 13, 梯次="5")
    expect(rows.last.locator(".mark-green")).to_be_visible()
    changed = compare(read_decision((DECISIONS / "D2_urging.dmn").read_bytes()), read_decision(kept(office, draft)))
    assert [(one.rule, one.kind) for one in changed] == [(6, "changed")]
    tests = read_tests(kept(office, draft))
    assert tests[-1].expected == {"rung": "5", "kind": '"order"'}
    assert [one.expected["rung"] for one in tests[5:7]] == ["5", "5"]
    admin.go(f"{draft}/tables")
    expect(admin.page.locator("main .mark-green")).to_have_count(1)
    assert admin.mishaps == []


def test_what_is_wrong_is_marked_and_undone(office):
    admin = office.person("admin-01")
    open_table(admin, begin_draft(admin))
    with saving(admin):
        type_into(admin, "D2_rule_order_rung_out", "4 +")
    expect(admin.page.locator("[data-problems] .mark-red")).to_have_count(1)
    with saving(admin):
        type_into(admin, "D2_rule_order_rung_out", "4")
    expect(admin.page.locator("[data-problems] .mark")).to_have_count(0)


def test_two_administrators_at_one_table(office):
    first, second = office.person("admin-01"), office.person("admin-01")
    draft = begin_draft(first)
    open_table(first, draft)
    open_table(second, draft)
    with saving(first):
        type_into(first, "D2_rule_order_reason_out", '"督办"')
    with saving(second) as answer:
        type_into(second, "D2_rule_second_reason_out", '"催"')
    assert answer.value.status == 409
    conflict = second.page.locator("[data-conflict]")
    expect(conflict).to_contain_text("督办")
    with saving(second) as answer:
        conflict.locator("button").nth(1).click()
    assert answer.value.status == 200
    reasons = [rule.results[3].source for rule in read_decision(kept(office, draft)).rules]
    assert '"催"' in reasons
    assert '"督办"' not in reasons


def test_a_new_table_from_nothing(office):
    admin = office.person("admin-01")
    draft = begin_draft(admin)
    admin.go(f"{draft}/tables")
    admin.page.locator("#name").fill("灯色")
    admin.page.locator("#key").fill("D_color")
    admin.page.locator(".submitbar button").click()
    admin.page.wait_for_selector("[data-table][data-ready]")
    expect(admin.page.locator("[data-problems] .mark-red")).to_have_count(1)
    page = admin.page
    with saving(admin):
        page.locator("th.input-cell").dblclick()
        page.locator(".context-menu-container .ref-text").click()
        page.keyboard.type("kind")
    expect(page.locator("[data-problems] .mark-red")).to_have_count(0)
    page.keyboard.press("Escape")
    with saving(admin):
        page.locator(".add-rule").first.click()
    table = page.locator(".tables-editor tbody")
    with saving(admin):
        table.locator(".input-cell").click()
        page.keyboard.type('"major"')
        table.locator(".output-cell").click()
        page.keyboard.type('"red"')
    expect(page.locator("[data-problems] .mark")).to_have_count(0)
    page.locator("[data-add]").click()
    with saving(admin):
        fill_test(admin, 1, kind="major")
    with saving(admin):
        page.locator(".tables-result button").click()
    expect(page.locator(".tables-result .mark-green")).to_be_visible()
    assert read_tests(kept(office, draft, "D_color"))[0].expected == {"result": '"red"'}
    assert admin.mishaps == []


def test_everybody_can_use_it(office):
    for viewport in (DESK, PHONE):
        admin = office.person("admin-01", viewport)
        draft = begin_draft(admin)
        admin.go(f"{draft}/tables")
        admin.checks_access()
        open_table(admin, draft)
        admin.page.locator("[data-add]").click()
        with saving(admin):
            fill_test(admin, admin.page.locator("[data-rows] tr").count(), **GIVEN)
        admin.checks_access()
