"""Administrators draw diagrams: from nothing to a published process, with mistakes, and two of them at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from engine import accounts, differences, instances, process_drafts
from engine.process_drafts import Changes
from engine.tables import Instance, RoleGrant
from tests.browser.conftest import PHONE
from tests.browser.drawing import ADMIN, IDS, Drawing

pytestmark = pytest.mark.browser

HOSTILE = "&lt;img src=x onerror=alert(1)&gt;"


def test_a_process_is_drawn_from_nothing_published_and_done(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    drawing = Drawing(admin, draft)
    expect(drawing.marks()).not_to_have_count(0)
    drawing.select("first_task")
    expect(admin.page.locator(".modeler-wrong li")).not_to_have_count(0)
    drawing.field("candidateGroups-liaison").check()
    drawing.field("due").select_option("wd")
    drawing.fill("due-days", "2")
    expect(admin.page.locator(".modeler-wrong li")).to_have_count(0)

    gateway = drawing.append("gateway")
    assert gateway
    task = drawing.append("append-task")
    drawing.field("kind").select_option("bpmn:UserTask")
    assert task
    drawing.fill("name", "答复来访人")
    drawing.fill("id", "answer")
    drawing.field("candidateGroups-liaison").check()
    drawing.field("make-form").click()
    drawing.append("end-event")
    drawing.saved()
    drawing.look_at("done")
    admin.page.keyboard.press("Delete")
    drawing.saved()
    drawing.select(gateway)
    drawing.look_at(drawing.flow(gateway, "answer"))
    drawing.field("when").select_option("when")
    drawing.field("condition-field").select_option("task_code")
    drawing.field("condition-value").select_option("air")
    drawing.select(gateway)
    drawing.append("end-event")
    drawing.look_at(drawing.flow_after(gateway, "answer"))
    drawing.field("when").select_option("default")
    drawing.saved()
    drawing.page.locator(".djs-container > svg").first.click(position={"x": 250, "y": 430})
    expect(drawing.field("id")).to_have_value("reception")
    drawing.field("starterGroups-liaison").check()
    drawing.saved()
    expect(drawing.problems()).to_have_attribute("data-errors", "0")
    admin.checks_access()

    publish(admin, draft, "来访有着落")
    with office.sessions.begin() as session:
        liaison = accounts.actor(session, "liaison-01")
        started = instances.start(session, liaison, "reception", "来访", "110000-FGW", "air", "k", office.clock.moment)
    officer = office.person("liaison-01")
    officer.sign_in()
    officer.page.goto(f"/tasks/{started.next_tasks[0]}")
    officer.page.wait_for_selector("form[data-ready]")
    officer.submit()
    officer.open_task("答复来访人")
    officer.submit()
    with office.sessions.read() as session:
        assert session.get_one(Instance, started.instance_id).status == "completed"


def test_what_is_shipped_is_opened_touched_and_saved_without_loss(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("rectification")
    drawing = Drawing(admin, draft)
    expect(drawing.problems()).to_have_attribute("data-errors", "0")
    for ident in drawing.page.locator("g.djs-shape").evaluate_all(IDS):
        drawing.look_at(ident)
    drawing.look_at("issue_order")
    drawing.fill("name", "下达")
    drawing.saved()
    drawing.page.locator("[data-undo]").click()
    expect(drawing.field("name")).to_have_value("下达整改")
    drawing.saved()
    with office.sessions.read() as session:
        found = process_drafts.get(session, accounts.actor(session, ADMIN), draft)
        assert found.revision > 1
        before = process_drafts.bundle_of_version(session, found.base_version_id)
        assert differences.of_bundles(before, process_drafts.bundle_of(found)) == ()
    assert admin.mishaps == []


def test_a_formula_is_completed_and_judged_while_it_is_typed(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("rectification"))
    drawing.look_at("sign_order")
    subject = drawing.field("subject")
    subject.press_sequentially("issue_order.dead")
    subject.press("ArrowDown")
    subject.press("Enter")
    expect(subject).to_have_value("issue_order.deadline")
    subject.press_sequentially(" =")
    verdict = drawing.page.locator(".modeler-field", has=drawing.page.locator("[name=subject]")).locator(
        ".modeler-verdict"
    )
    expect(verdict).to_contain_text("==")
    subject.fill("isue_order.deadline")
    expect(verdict).to_contain_text("isue_order")
    subject.blur()
    expect(drawing.marks()).to_have_count(1)
    expect(drawing.page.locator(".modeler-wrong li")).to_contain_text("issue_order")
    drawing.page.locator("[data-undo]").click()
    expect(drawing.marks()).to_have_count(0)


def test_renaming_a_step_mends_what_names_it_in_one_step_back(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("rectification")
    drawing = Drawing(admin, draft)
    drawing.look_at("recheck")
    drawing.fill("id", "second_look")
    expect(drawing.field("id")).to_have_value("second_look")
    drawing.saved()
    expect(drawing.problems()).to_have_attribute("data-errors", "0")
    with office.sessions.read() as session:
        text = process_drafts.get(session, accounts.actor(session, ADMIN), draft).diagram.decode()
        assert 'ducha:form="rectification/recheck"' in text
        assert "second_look.result" in text or "second_look." in text
    drawing.page.locator("[data-undo]").click()
    expect(drawing.shape("recheck")).to_be_attached()
    drawing.saved()
    with office.sessions.read() as session:
        found = process_drafts.get(session, accounts.actor(session, ADMIN), draft)
        assert "second_look" not in found.diagram.decode()


def test_two_on_one_draft(office: Any, admin: Any, begin: Any) -> None:
    with office.sessions.begin() as session:
        session.add(RoleGrant(account_id="auditor-01", role="admin", org_code="110000"))
    draft = begin("reception", "来访接待")
    mine = Drawing(admin, draft)
    other = office.person("auditor-01")
    other.sign_in()
    theirs = Drawing(other, draft)
    expect(theirs.page.locator("[data-others]")).to_contain_text("系统管理员")
    theirs.select("first_task")
    theirs.fill("name", "他们的名称")
    theirs.saved()

    mine.select("first_task")
    mine.fill("name", "<img src=x onerror=alert(1)>")
    conflict = mine.page.locator("[data-conflict]")
    expect(conflict).to_be_visible()
    expect(conflict.locator("h2")).to_contain_text("审计")
    expect(conflict.locator("td")).to_contain_text(["他们的名称", "<img src=x onerror=alert(1)>"])
    expect(conflict.locator("[download]")).to_have_attribute("href", re.compile("^blob:"))
    assert mine.page.locator("img[src=x]").count() == 0
    admin.mishaps.clear()  # the refusal (409) is in the console
    admin.checks_access()
    conflict.locator("[data-act=mine]").click()
    mine.saved()
    expect(conflict).to_be_hidden()
    theirs.fill("name", "又改")
    theirs.page.locator("[data-conflict] [data-act=theirs]").click()
    theirs.page.wait_for_selector("[data-modeler][data-ready]")
    theirs.select("first_task")
    expect(theirs.field("name")).to_have_value("<img src=x onerror=alert(1)>")


def test_a_form_that_is_saved_elsewhere_is_no_conflict(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    drawing = Drawing(admin, draft)
    drawing.select("first_task")
    form = {
        "name": "reception/first_task",
        "title": "登记",
        "fields": [{"name": "visitors", "label": "来访人数", "type": "int"}],
    }
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        process_drafts.save(session, actor, draft, 1, Changes(forms={"reception/first_task": form}), moment)
    drawing.fill("name", "登记来访")
    drawing.saved()
    expect(drawing.page.locator("[data-conflict]")).to_be_hidden()
    expect(drawing.page.locator(".modeler-panel")).to_contain_text("来访人数")
    drawing.look_at("task_to_done")
    drawing.field("when").select_option("when")
    drawing.field("condition-field").select_option("first_task.visitors")
    drawing.field("condition-sign").select_option(">=")
    drawing.fill("condition-value", "5")
    drawing.saved()
    assert "first_task.visitors &gt;= 5" in drawing.xml()
    drawing.select("first_task")
    with drawing.page.expect_navigation():
        drawing.page.locator(".modeler-link").click()
    assert drawing.page.url.endswith(f"/admin/drafts/{draft}/forms/reception/first_task")


def test_ten_faults_are_ten_marks_each_with_a_sentence(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        text = process_drafts.get(session, actor, draft).diagram.decode()
        process_drafts.save(session, actor, draft, 1, Changes(diagram=with_faults(text, 9).encode()), moment)
    drawing = Drawing(admin, draft)
    faulty = ["first_task", *(f"task_{count}" for count in range(9))]
    for ident in faulty:
        mark = drawing.page.locator(f"[data-container-id='{ident}'] .modeler-mark")
        expect(mark).to_have_count(1)
        assert len(mark.get_attribute("title") or "") > 5
    drawing.problems().click()
    drawing.page.locator("#modeler-problems button").first.click()
    expect(drawing.page.locator(".modeler-wrong li")).not_to_have_count(0)
    drawing.page.locator("[data-layout]").click()
    drawing.saved()
    drawing.page.locator(".bts-toggle-mode").click()
    drawing.page.locator("[data-container-id='begun'] .bts-context-pad").first.dispatch_event("click")
    expect(drawing.page.locator(".bts-log .bts-entry:not(.placeholder)")).not_to_have_count(0)
    assert drawing.page.locator("img[src=x]").count() == 0
    assert len({drawing.shape(ident).bounding_box()["x"] for ident in ("begun", "first_task")}) == 2  # type: ignore[index]


def test_a_diagram_without_a_picture_gets_one(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        text = process_drafts.get(session, actor, draft).diagram.decode()
        bare = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.DOTALL)
        process_drafts.save(session, actor, draft, 1, Changes(diagram=bare.encode()), moment)
    drawing = Drawing(admin, draft)
    expect(drawing.shape("first_task")).to_be_visible()
    drawing.saved()
    with office.sessions.read() as session:
        found = process_drafts.get(session, accounts.actor(session, ADMIN), draft)
        assert found.revision > 2
        assert b"BPMNShape" in found.diagram


def test_a_phone_has_room_for_drawing_and_panel(office: Any, begin: Any) -> None:
    person = office.person(ADMIN, PHONE)
    person.sign_in()
    drawing = Drawing(person, begin("rectification"))
    expect(drawing.field("id")).to_have_value("rectification")
    person.checks_access()


def test_the_simulation_runs(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    drawing.page.locator(".bts-toggle-mode").click()
    expect(drawing.page.locator(".modeler-panel")).to_have_attribute("inert", "")
    drawing.page.locator(".bts-context-pad").first.click()
    expect(drawing.page.locator(".bts-log .bts-entry:not(.placeholder)")).not_to_have_count(0)
    drawing.page.locator(".bts-toggle-mode").click()
    expect(drawing.page.locator(".modeler-panel")).not_to_have_attribute("inert", "")
    assert admin.mishaps == []


def publish(person: Any, draft: str, comment: str) -> None:
    person.go(f"/admin/drafts/{draft}")
    person.page.locator("[name=comment]").fill(comment)
    with person.page.expect_navigation():
        person.page.locator("form[action$='/publish'] .btn-primary").click()
    assert "/versions/" in person.page.url, person.page.locator("main").inner_text()


def with_faults(text: str, count: int) -> str:
    """More tasks without people in a row, each with its picture."""
    tasks = "".join(f'<bpmn:userTask id="task_{one}" name="{HOSTILE} {one}"/>' for one in range(count))
    flows = "".join(
        f'<bpmn:sequenceFlow id="flow_{one}" sourceRef="{"first_task" if one == 0 else f"task_{one - 1}"}" '
        f'targetRef="task_{one}"/>'
        for one in range(count)
    )
    shapes = "".join(
        f'<bpmndi:BPMNShape id="task_{one}_shape" bpmnElement="task_{one}">'
        f'<dc:Bounds x="{100 + 120 * (one % 5)}" y="{220 + 100 * (one // 5)}" width="100" height="80"/>'
        "</bpmndi:BPMNShape>"
        for one in range(count)
    )
    return text.replace("</bpmn:process>", f"{tasks}{flows}</bpmn:process>").replace(
        "</bpmndi:BPMNPlane>", f"{shapes}</bpmndi:BPMNPlane>"
    )


def test_times_loops_and_messages_are_chosen(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    drawing.select("first_task")
    drawing.field("candidateGroups-liaison").check()
    drawing.field("loop").select_option("turn")
    drawing.field("loop-by").select_option("count")
    drawing.fill("loop-count", "3")
    drawing.field("loop-until").select_option("share")
    drawing.fill("loop-share", "66")
    drawing.look_at("done")
    drawing.field("kind-event").select_option("EndEvent Message")
    drawing.fill("named-new", "visit_answered")
    drawing.field("correlationKey").select_option("instance_id")
    drawing.field("receiver").select_option("external")
    drawing.fill("input+", "who")
    drawing.fill("input-who", "starter")
    drawing.look_at("begun")
    drawing.field("kind-event").select_option("StartEvent Timer")
    drawing.field("timer").select_option("timeCycle")
    drawing.field("timer-cycle").select_option("month")
    drawing.fill("cycle-count", "5")
    drawing.field("cycle-side").select_option("last")
    drawing.saved()
    expect(drawing.problems()).to_have_attribute("data-errors", "0")
    text = drawing.xml()
    for one in (
        'isSequential="true"', "nrOfCompletedInstances / nrOfInstances &gt;= 0.66", 'name="visit_answered"',
        '<ducha:input name="who" value="starter" />', 'ducha:receiver="external"', "R/wd_of_month(-5)",
    ):  # fmt: skip
        assert one in text, one
    drawing.field("timer").select_option("timeDuration")
    drawing.field("timer-unit").select_option("P")
    drawing.fill("timer-count", "2")
    drawing.saved()
    assert "P2D" in drawing.xml()
    drawing.append("intermediate-event")
    drawing.field("kind-event").select_option("IntermediateCatchEvent Timer")
    expect(drawing.field("timer")).to_have_value("timeDuration")
    assert admin.mishaps == []
