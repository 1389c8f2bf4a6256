"""The panel offers what exists: conditions, times, people, names and ids are chosen; formulas are written by it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from engine import accounts, process_drafts
from engine.process_drafts import Changes
from tests.browser.conftest import PHONE
from tests.browser.drawing import ADMIN, IDS, Drawing

pytestmark = pytest.mark.browser

SELECT_EDGE = """id => {
  const hit = document.querySelector(`g.djs-element[data-element-id="${CSS.escape(id)}"] .djs-hit`);
  const { x, y } = hit.getBoundingClientRect();
  const at = { bubbles: true, clientX: x + 2, clientY: y + 2, button: 0 };
  for (const name of ['mousedown', 'mouseup', 'click']) hit.dispatchEvent(new MouseEvent(name, at));
}"""
FORM = {
    "name": "reception/first_task",
    "title": "登记",
    "fields": [
        {"name": "kind", "label": "来访类型", "type": "enum", "options": [["letter", "来信"], ["call", "来电"]]},
        {"name": "visitors", "label": "来访人数", "type": "int"},
        {"name": "came_on", "label": "来访日期", "type": "date"},
        {"name": "signers", "label": "会签人", "type": "users"},
    ],
}


@pytest.fixture
def reception(office: Any, begin: Any) -> str:
    """A draft of a new process whose first step asks for a choice, a number, a day and people."""
    draft = begin("reception", "来访接待")
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        process_drafts.save(session, actor, draft, 1, Changes(forms={"reception/first_task": FORM}), moment)
    return str(draft)


def test_conditions_are_chosen_and_write_the_formula(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.look_at("task_to_done")
    drawing.field("when").select_option("when")
    expect(drawing.field("condition-field")).to_have_value("first_task.kind")
    expect(drawing.field("condition-value").locator("option:checked")).to_have_text("来信")
    drawing.field("condition-more").click()
    drawing.field("condition-field-1").select_option("first_task.visitors")
    drawing.field("condition-sign-1").select_option(">=")
    drawing.fill("condition-value-1", "5")
    drawing.field("condition-joined").select_option("or")
    drawing.field("condition-more").click()
    drawing.field("condition-field-2").select_option("first_task.came_on")
    drawing.saved()
    written = "first_task.kind == 'letter' or first_task.visitors &gt;= 5 or first_task.came_on &lt; today()"
    assert written in drawing.xml()
    drawing.field("condition-out-2").click()
    drawing.field("condition-sign").select_option("in")
    drawing.field("condition-value-call").check()
    drawing.saved()
    assert "first_task.kind in ['letter', 'call'] or first_task.visitors &gt;= 5" in drawing.xml()
    expect(drawing.problems()).to_have_attribute("data-errors", re.compile(r"\d"))
    admin.checks_access()


def test_who_wants_writes_the_formula_and_reads_it_in_words(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.look_at("task_to_done")
    drawing.field("when").select_option("when")
    drawing.page.locator(".modeler-panel summary").last.click()
    formula = drawing.field("condition")
    expect(drawing.page.locator(".modeler-meaning").last).to_contain_text("来访类型")
    formula.fill("")
    formula.press_sequentially("first_task.kind == ")
    expect(formula).to_have_attribute("aria-expanded", "true")
    formula.press("ArrowDown")
    formula.press("ArrowDown")
    chosen = formula.get_attribute("aria-activedescendant")
    expect(drawing.page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    expect(drawing.page.locator(f"#{chosen}")).to_contain_text("来电")
    formula.press("Enter")
    expect(formula).to_have_value("first_task.kind == 'call'")
    formula.press_sequentially(" and count(performers) > 1")
    formula.blur()
    expect(drawing.field("condition-field")).to_have_count(0)
    drawing.field("condition-choose").click()
    expect(drawing.field("condition-field")).to_have_value("first_task.kind")
    drawing.page.locator("[data-undo]").click()
    drawing.saved()
    assert "first_task.kind == 'call' and count(performers) &gt; 1" in drawing.xml()


def test_steps_are_added_and_connected_without_a_mouse_and_get_ids_that_can_be_read(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.select("first_task")
    drawing.field("next").select_option("0")
    expect(drawing.field("id")).to_have_value("step_1")
    expect(drawing.field("kind")).to_have_value("bpmn:UserTask")
    drawing.fill("name", "审批整改方案")
    drawing.field("id-suggested").click()
    expect(drawing.field("id")).to_have_value("approve_rectify_plan")
    drawing.field("connect").select_option("done")
    drawing.look_at("approve_rectify_plan")
    expect(drawing.page.locator(".modeler-ways")).to_contain_text("结束")
    drawing.field("edge").select_option("0")
    expect(drawing.field("interrupts")).not_to_be_checked()
    expect(drawing.field("timer")).to_have_value("timeDuration")
    drawing.field("timer-unit").select_option("wd")
    drawing.saved()
    text = drawing.xml()
    assert 'sourceRef="approve_rectify_plan" targetRef="done"' in text
    assert '<bpmn:boundaryEvent id="event_1" cancelActivity="false" attachedToRef="approve_rectify_plan">' in text
    drawing.look_at("approve_rectify_plan")
    drawing.fill("id", "first_task")
    expect(drawing.page.locator("[data-told]")).to_contain_text("first_task")
    expect(drawing.field("id")).to_have_value("approve_rectify_plan")


def test_an_id_that_a_published_version_had_does_not_come_back(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("rectification"))
    taken = drawing.page.locator("[data-taken]").get_attribute("data-taken") or ""
    assert '"issue_order"' in taken


def test_those_who_sign_are_the_people_of_a_field(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.select("first_task")
    drawing.field("next").select_option("0")
    drawing.fill("name", "会签")
    drawing.field("loop").select_option("together")
    expect(drawing.field("loop-from")).to_have_value("first_task.signers")
    drawing.field("agree").select_option("ratio")
    drawing.field("assignee").select_option("item")
    drawing.saved()
    text = drawing.xml()
    assert 'ducha:collection="first_task.signers"' in text
    assert 'ducha:assignee="=item"' in text
    expect(drawing.page.locator(".agreement-mark")).to_have_count(1)
    drawing.field("next").select_option("2")
    gateway = drawing.field("id").input_value()
    drawing.field("connect").select_option("done")
    drawing.field("when").select_option("when")
    drawing.field("condition-field").select_option("step_1_verdict.agreed")
    expect(drawing.field("condition-value").locator("option:checked")).to_have_text("是")
    drawing.saved()
    assert gateway == "gateway_1"
    assert "step_1_verdict.agreed == true" in drawing.xml()


def test_times_are_chosen(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.select("first_task")
    drawing.field("due").select_option("around")
    drawing.fill("near-count", "2")
    drawing.saved()
    assert 'ducha:due="=wd(-2, first_task.came_on)"' in drawing.xml()
    drawing.field("edge").select_option("0")
    drawing.field("timer").select_option("timeDate")
    drawing.field("timer-date").select_option("day")
    drawing.fill("timer-day", "2013-06-03")
    drawing.fill("timer-clock", "09:30")
    drawing.saved()
    assert ">2013-06-03T09:30</bpmn:timeDate>" in drawing.xml()
    drawing.field("timer").select_option("timeCycle")
    drawing.field("timer-cycle").select_option("week")
    drawing.field("cycle-day").select_option("5")
    drawing.fill("cycle-hour", "14")
    drawing.field("cycle-ends").select_option("some")
    drawing.fill("cycle-times", "4")
    drawing.saved()
    assert ">R4/wd_of_week(5, 14)</bpmn:timeCycle>" in drawing.xml()


def test_what_is_shipped_is_shown_in_words(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("rectification"))
    drawing.look_at("sign_order")
    expect(drawing.field("due")).to_have_value("wd")
    expect(drawing.field("due-days-source").locator("option:checked")).to_have_text("签收整改通知")
    panel = drawing.page.locator(".modeler-panel")
    expect(panel).to_contain_text("S4.2d")
    panel.locator("summary").first.click()
    panel.locator(".modeler-find:visible").first.fill("S4.6a")
    drawing.field("clauses-S4.6a").check()
    drawing.saved()
    assert "clause: S4.2a S4.2d S4.6a" in drawing.xml()
    find = panel.get_by_role("searchbox", name="指定的人")
    find.fill("联络")
    expect(drawing.field("assignee").locator("option")).not_to_have_count(0)
    assert all(
        "联络" in words or words == "不指定" for words in drawing.field("assignee").locator("option").all_inner_texts()
    )


def test_a_lane_offers_the_roles_and_gives_them_to_its_steps(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("rectification"))
    shapes = drawing.page.locator("g.djs-shape").evaluate_all(IDS)
    lane = next(ident for ident in shapes if "lane" in ident)
    drawing.page.evaluate(SELECT_EDGE, lane)
    expect(drawing.field("id")).to_have_value(lane)
    drawing.field("lane-role").select_option("liaison")
    expect(drawing.field("name")).to_have_value("联络员")
    drawing.look_at("issue_order")
    for one in drawing.page.locator("[name^='candidateGroups-']:checked").all():
        one.uncheck()
    drawing.page.evaluate(SELECT_EDGE, lane)
    give = drawing.field("lane-give")
    if give.count():
        give.click()
        drawing.look_at("issue_order")
        expect(drawing.field("candidateGroups-liaison")).to_be_checked()
    drawing.saved()


def test_a_decision_table_is_made_from_the_step(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.select("first_task")
    drawing.field("kind").select_option("bpmn:BusinessRuleTask")
    drawing.fill("make-table", "reception_rule")
    expect(drawing.field("chosen")).to_have_value("reception_rule")
    drawing.saved()
    assert 'ducha:decision="reception_rule"' in drawing.xml()
    with drawing.page.expect_navigation():
        drawing.page.locator(".modeler-link").click()
    assert drawing.page.url.endswith("/tables/reception_rule")


def test_several_are_put_in_line_and_taken_back_at_once(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    page = drawing.page
    drawing.select("first_task")
    page.keyboard.press("Tab")
    page.locator(".djs-container > svg").first.focus()
    page.keyboard.press("Control+a")
    expect(page.locator(".modeler-panel h2")).to_contain_text(re.compile(r"\d"))
    drawing.field("align-left").click()
    drawing.saved()
    assert len({drawing.shape(one).bounding_box()["x"] for one in ("first_task", "begun")}) >= 1  # type: ignore[index]
    page.locator("[data-undo]").click()
    expect(page.locator("[data-undo]")).to_be_disabled()


def test_what_is_copied_keeps_what_it_says_and_notes_are_written(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    page = drawing.page
    drawing.select("first_task")
    drawing.field("candidateGroups-liaison").check()
    page.locator(".djs-container > svg").first.focus()
    page.keyboard.press("Control+c")
    page.mouse.move(500, 600)
    page.keyboard.press("Control+v")
    page.mouse.move(520, 610)
    page.mouse.click(520, 610)
    drawing.saved()
    assert drawing.xml().count('ducha:candidateGroups="liaison"') == 2
    drawing.select("first_task")
    page.locator(".djs-context-pad.open .entry[data-action='append.text-annotation']").click()
    page.keyboard.press("Escape")
    drawing.field("name").fill("<b>先看材料</b>")
    drawing.field("name").blur()
    drawing.saved()
    assert "<bpmn:text>&lt;b&gt;先看材料&lt;/b&gt;</bpmn:text>" in drawing.xml()


def test_a_flow_without_a_name_is_called_after_its_ends(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.look_at("task_to_done")
    drawing.field("when").select_option("when")
    drawing.page.locator("summary").last.click()
    drawing.fill("condition", "nowhere.found == 1")
    expect(drawing.problems()).not_to_have_attribute("data-errors", "1")
    drawing.problems().click()
    line = drawing.page.locator("#modeler-problems li", has_text="nowhere").first
    expect(line).to_contain_text("→ 结束")
    expect(line.locator("button")).to_have_attribute("aria-label", re.compile("→ 结束"))


def test_pictures_are_downloaded_and_keys_are_told(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    page = drawing.page
    with page.expect_download() as svg:
        page.locator("[data-svg]").click()
    assert svg.value.suggested_filename == "reception.svg"
    assert "<svg" in svg.value.path().read_text()
    with page.expect_download() as png:
        page.locator("[data-png]").click()
    assert png.value.path().read_bytes().startswith(b"\x89PNG")
    page.locator("[data-keys]").click()
    expect(page.locator("dialog kbd").first).to_be_visible()
    admin.checks_access()
    page.keyboard.press("Escape")
    page.locator("[data-grid]").click()
    expect(page.locator("[data-grid]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#ducha-grid")).to_be_attached()
    page.locator("[data-find]").click()
    page.locator(".djs-search-input input").press_sequentially("done")
    page.keyboard.press("Enter")
    expect(drawing.field("id")).to_have_value("done")
    page.locator("[data-full]").click()
    expect(page.locator("[data-full]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-full]").click()
    expect(page.locator("[data-full]")).to_have_attribute("aria-pressed", "false")


def test_a_called_process_asks_for_what_others_give_it(admin: Any, reception: str) -> None:
    drawing = Drawing(admin, reception)
    drawing.select("first_task")
    drawing.field("kind").select_option("bpmn:CallActivity")
    drawing.field("chosen").select_option("change_request")
    expect(drawing.field("input-item_id")).to_be_visible()
    drawing.field("input-item_id").click()
    offers = drawing.page.locator(".modeler-offers:visible [role=option]")
    expect(offers.filter(has_text="instance_id")).to_have_count(1)
    offers.filter(has_text="instance_id").click()
    drawing.field("input-item_id").blur()
    drawing.saved()
    assert '<ducha:input name="item_id" value="instance_id"' in drawing.xml()


def test_the_simulation_of_a_large_drawing_can_be_begun_and_leaves_nothing(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("item_progress"))
    buttons = drawing.page.locator(".bts-context-pad:visible")
    drawing.page.locator(".bts-toggle-mode").click()
    expect(buttons).not_to_have_count(0)
    buttons.first.click()
    expect(drawing.page.locator(".bts-log .bts-entry:not(.placeholder)")).not_to_have_count(0)
    drawing.page.locator(".bts-toggle-mode").click()
    drawing.page.locator("[data-zoom-in]").click()
    expect(buttons).to_have_count(0)
    assert admin.mishaps == []


def test_the_panel_works_on_a_phone(office: Any, reception: str) -> None:
    person = office.person(ADMIN, PHONE)
    person.sign_in()
    drawing = Drawing(person, reception)
    drawing.look_at("first_task")
    drawing.field("next").select_option("4")
    drawing.look_at("first_task")
    drawing.field("candidateGroups-liaison").check()
    drawing.saved()
    person.checks_access()
