"""Nothing that is drawn is lost: without a connection, after the session has ended, when a window is closed."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

from engine import accounts, process_drafts
from engine.process_drafts import Changes
from tests.browser.drawing import ADMIN, Drawing

pytestmark = pytest.mark.browser

# Ten faults, each of another kind: element -> what the checker calls it.
FAULTY = {
    "nobody": "assignment_missing",
    "stranger": "unknown_role",
    "service": "service_missing",
    "rule": "decision_missing",
    "script": "script_empty",
    "called": "call_missing",
    "hour": "timer_missing",
    "letter": "message_missing",
    "way": "no_default",
    "crash": "error_missing",
}
FAULTS = """<bpmn:process id="reception" name="来访接待" isExecutable="true" ducha:starterGroups="liaison">
 <bpmn:startEvent id="begun"/>
 <bpmn:userTask id="nobody" name="登记"/>
 <bpmn:userTask id="stranger" name="复核" ducha:candidateGroups="no_such_role"/>
 <bpmn:serviceTask id="service" name="编号"/>
 <bpmn:businessRuleTask id="rule" name="分类"/>
 <bpmn:scriptTask id="script" name="计算"/>
 <bpmn:callActivity id="called" name="整改"/>
 <bpmn:intermediateCatchEvent id="hour"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent>
 <bpmn:intermediateCatchEvent id="letter" ducha:correlationKey="instance_id"><bpmn:messageEventDefinition/>
 </bpmn:intermediateCatchEvent>
 <bpmn:exclusiveGateway id="way"/>
 <bpmn:endEvent id="crash"><bpmn:errorEventDefinition/></bpmn:endEvent>
 <bpmn:endEvent id="over"/>
 {flows}
</bpmn:process>"""
CHAIN = ["begun", *list(FAULTY)[:9]]


def with_ten_faults(text: str) -> str:
    """The diagram of a draft with ten faults and without a picture, which the page makes."""
    flows = [
        f'<bpmn:sequenceFlow id="f{at}" sourceRef="{source}" targetRef="{target}"/>'
        for at, (source, target) in enumerate(pairwise(CHAIN))
    ]
    for at, target in enumerate(("crash", "over")):
        flows.append(
            f'<bpmn:sequenceFlow id="w{at}" sourceRef="way" targetRef="{target}"><bpmn:conditionExpression>'
            f"task_code == '{target}'</bpmn:conditionExpression></bpmn:sequenceFlow>"
        )
    text = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.DOTALL)
    return re.sub(r"<bpmn:process.*</bpmn:process>", FAULTS.replace("{flows}", "\n".join(flows)), text, flags=re.DOTALL)


def test_ten_faults_of_ten_kinds_are_ten_marks_and_the_list_leads_to_each(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        text = process_drafts.get(session, actor, draft).diagram.decode()
        forms = {
            name: {"name": name, "title": "登记", "fields": []} for name in ("reception/nobody", "reception/stranger")
        }
        changes = Changes(diagram=with_ten_faults(text).encode(), forms=forms)
        process_drafts.save(session, actor, draft, 1, changes, moment)
    drawing = Drawing(admin, draft)
    drawing.saved()
    told = {one["element"]: one for one in admin.page.request.get(f"/admin/drafts/{draft}/problems").json()}
    assert {element: told[element]["code"] for element in FAULTY} == FAULTY
    for element in FAULTY:
        mark = drawing.page.locator(f"[data-container-id='{element}'] .mark-error")
        expect(mark).to_have_count(1)
        assert told[element]["message"] in (mark.get_attribute("aria-label") or "")
    expect(drawing.problems()).to_have_attribute("data-errors", "10")
    drawing.problems().click()
    listed = drawing.page.locator("#modeler-problems .problem-error")
    expect(listed).to_have_count(10)
    for line in listed.all():
        line.locator("button").click()
        sentence = drawing.page.locator(".modeler-wrong .problem-error").first.inner_text()
        assert sentence in line.inner_text()
    drawing.look_at("nobody")
    drawing.field("candidateGroups-liaison").check()
    expect(drawing.problems()).to_have_attribute("data-errors", "9")
    expect(drawing.page.locator("[data-container-id='nobody'] .modeler-mark")).to_have_count(0)
    admin.checks_access()


def test_without_a_connection_it_is_kept_and_saved_later(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    drawing.select("first_task")
    admin.page.context.set_offline(True)
    drawing.fill("name", "登记来访")
    state = drawing.page.locator("[data-state]")
    expect(state).to_have_attribute("data-state", "failed")
    admin.page.context.set_offline(False)
    drawing.saved()
    assert "登记来访" in drawing.xml()
    assert stored(drawing) == 0


def test_what_could_not_be_saved_is_offered_when_one_comes_back(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    drawing = Drawing(admin, draft)
    drawing.page.route("**/save", lambda route: route.abort())
    drawing.select("first_task")
    drawing.fill("name", "登记来访")
    expect(drawing.page.locator("[data-state]")).to_have_attribute("data-state", "failed")
    admin.page.close()
    admin.mishaps.clear()  # that it could not be sent is in the console

    admin.page = admin.page.context.new_page()
    again = Drawing(admin, draft)
    offered = again.page.locator("[data-copy]")
    expect(offered).to_be_visible()
    admin.checks_access()
    offered.locator("[data-act=take-copy]").click()
    again.select("first_task")
    expect(again.field("name")).to_have_value("登记来访")
    again.saved()
    assert "登记来访" in again.xml()
    assert stored(again) == 0
    again.page.reload()
    again.page.wait_for_selector("[data-modeler][data-ready]")
    expect(offered).to_be_hidden()


def test_a_copy_never_overwrites_unasked_what_others_saved_since(office: Any, admin: Any, begin: Any) -> None:
    draft = begin("reception", "来访接待")
    drawing = Drawing(admin, draft)
    drawing.page.route("**/save", lambda route: route.abort())
    drawing.select("first_task")
    drawing.fill("name", "登记来访")
    expect(drawing.page.locator("[data-state]")).to_have_attribute("data-state", "failed")
    admin.page.close()
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        text = process_drafts.get(session, actor, draft).diagram.decode()
        theirs = Changes(diagram=text.replace('id="first_task" name="', 'id="first_task" name="他们').encode())
        process_drafts.save(session, actor, draft, 1, theirs, moment)

    admin.page = admin.page.context.new_page()
    again = Drawing(admin, draft)
    again.page.locator("[data-act=take-copy]").click()
    conflict = again.page.locator("[data-conflict]")
    expect(conflict).to_contain_text("他们")
    assert "登记来访" not in again.xml()
    conflict.locator("[data-act=mine]").click()
    again.saved()
    assert "登记来访" in again.xml()


def test_who_is_signed_out_signs_in_elsewhere_and_goes_on(admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    drawing.select("first_task")
    admin.page.context.clear_cookies()
    drawing.fill("name", "登记来访")
    state = drawing.page.locator("[data-state]")
    expect(state).to_have_attribute("data-state", "failed")
    with admin.page.context.expect_page() as opened:
        state.locator("a").click()
    here, admin.page = admin.page, opened.value
    admin.fill_in_sign_in()
    admin.page.close()
    admin.page = here
    drawing.saved()
    assert "登记来访" in drawing.xml()


def test_somebody_else_who_signs_in_does_not_save_it(office: Any, admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    drawing.select("first_task")
    other = office.person("liaison-01")
    other.sign_in()
    admin.page.context.clear_cookies()
    admin.page.context.add_cookies(other.page.context.cookies())
    drawing.fill("name", "登记来访")
    state = drawing.page.locator("[data-state]")
    expect(state).to_have_attribute("data-state", "failed")
    assert stored(drawing) == 1
    with office.sessions.read() as session:
        found = process_drafts.get(session, accounts.actor(session, ADMIN), drawing.draft)
        assert found.revision == 1


def test_what_is_drawn_on_a_draft_that_was_given_up_can_be_kept_as_a_file(office: Any, admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    drawing.select("first_task")
    with office.sessions.begin() as session:
        process_drafts.drop(session, accounts.actor(session, ADMIN), drawing.draft)
    drawing.fill("name", "登记来访")
    state = drawing.page.locator("[data-state]")
    expect(state).to_have_attribute("data-state", "failed")
    with drawing.page.expect_download() as kept:
        state.locator("a").click()
    assert "登记来访" in kept.value.path().read_text()


def test_what_is_typed_and_not_left_yet_is_not_lost(office: Any, admin: Any, begin: Any) -> None:
    drawing = Drawing(admin, begin("reception", "来访接待"))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    admin.page.on("dialog", stay)
    drawing.select("first_task")
    drawing.field("name").click()
    drawing.field("name").press_sequentially("甲")
    admin.page.evaluate("setTimeout(() => location.assign('/tasks'))")
    drawing.saved()
    assert asked == ["beforeunload"]
    assert "甲" in drawing.xml()
    drawing.field("name").press_sequentially("乙")
    drawing.page.evaluate("id => document.querySelector(`g[data-element-id=${id}] .djs-hit`) && 0", "begun")
    drawing.shape("begun").locator(".djs-hit").first.click(force=True)
    expect(drawing.field("id")).to_have_value("begun")
    drawing.saved()
    assert "乙" in drawing.xml()


def stored(drawing: Drawing) -> int:
    """How many copies the browser keeps."""
    found = drawing.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('ducha.drawing.')).length")
    return int(found)
