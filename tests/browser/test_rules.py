"""Rules about people: set in the panel of the modeler, drawn on the step, and obeyed when the process runs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from bpmn.diagram import Element, read_diagram
from engine import accounts, definitions, process_drafts
from engine.tables import RoleGrant, Task
from tests.browser.conftest import PHONE
from workflows.services import SERVICES

pytestmark = pytest.mark.browser

ADMIN = "admin-01"
SIGN = """<bpmn:multiInstanceLoopCharacteristics ducha:collection="['a', 'b', 'c']" ducha:elementVariable="one"/>"""
DIAGRAM = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:ducha="https://ducha.example/bpmn" id="definitions" targetNamespace="https://ducha.example/processes">
  <bpmn:process id="signing" name="会签" isExecutable="true" ducha:starterGroups="liaison">
    <bpmn:startEvent id="begin"/>
    <bpmn:userTask id="write" name="拟稿" ducha:candidateGroups="liaison"/>
    <bpmn:userTask id="sign" name="会签" ducha:candidateGroups="liaison">{SIGN}</bpmn:userTask>
    <bpmn:endEvent id="finished"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="write"/>
    <bpmn:sequenceFlow id="f2" sourceRef="write" targetRef="sign"/>
    <bpmn:sequenceFlow id="f3" sourceRef="sign" targetRef="finished"/>
  </bpmn:process>
</bpmn:definitions>"""
DECISION = {"name": "decision", "label": "意见结论", "type": "enum", "options": [["yes", "同意"], ["no", "不同意"]]}


class Panel:
    """The panel of the modeler, with a step selected."""

    def __init__(self, person: Any, draft: str) -> None:
        self.page = person.page
        person.go(f"/admin/drafts/{draft}/model")
        self.page.wait_for_selector("[data-modeler][data-ready]")

    def select(self, ident: str) -> None:
        shape = self.page.locator(f"g.djs-element[data-element-id='{ident}']").first
        shape.locator(".djs-hit").first.click(force=True)
        expect(self.field("id")).to_have_value(ident)

    def field(self, name: str) -> Locator:
        found: Locator = self.page.locator(f".modeler-panel [name='{name}']")
        return found

    def choose(self, **values: str) -> None:
        for name, value in values.items():
            self.field(name).select_option(value)

    def saved(self) -> None:
        expect(self.page.locator("[data-state]")).to_have_attribute("data-state", "saved")


@pytest.fixture
def draft(office: Any) -> str:
    names = ("signing/write", "signing/sign")
    forms = {name: {"name": name, "title": name, "fields": [DECISION]} for name in names}
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        begun = process_drafts.begin_new(session, actor, "signing", "会签", moment)
        changes = process_drafts.Changes(diagram=DIAGRAM.encode(), forms=forms)
        process_drafts.save(session, actor, begun.id, begun.revision, changes, moment)
        return str(begun.id)


def drawn(office: Any, draft: str) -> dict[str, Element]:
    with office.sessions.read() as session:
        actor = accounts.actor(session, ADMIN)
        diagram = process_drafts.bundle_of(process_drafts.get(session, actor, draft)).diagram
    return dict(read_diagram(diagram).processes[0].elements)


def test_rules_of_a_step_are_set_and_undone(office: Any, admin: Any, draft: str) -> None:
    panel = Panel(admin, draft)
    panel.select("sign")
    panel.choose(choose="rotation", nobody="skip", repeated="skip", candidateOrg="superior(org)")
    panel.field("repeatedOf-write").check()
    panel.choose(**{"skipped-decision": "'yes'"})
    expect(panel.page.locator(".modeler-wrong li")).to_have_count(0)
    panel.saved()
    sign = drawn(office, draft)["sign"]
    assert sign.attributes == {
        "candidateGroups": "liaison",
        "candidateOrg": "=superior(org)",
        "choose": "rotation",
        "nobody": "skip",
        "repeated": "skip",
        "repeatedOf": "write",
    }
    assert sign.skipped == (("decision", "'yes'"),)
    panel.choose(candidateOrg="one.lead_unit")
    panel.select("write")
    panel.choose(assignee="'admin-01'")
    panel.saved()
    assert drawn(office, draft)["write"].attributes["assignee"] == "='admin-01'"
    panel.choose(assignee="", sameAs="sign")
    panel.saved()
    assert drawn(office, draft)["write"].attributes["sameAs"] == "sign"
    assert drawn(office, draft)["sign"].attributes["candidateOrg"] == "=one.lead_unit"
    admin.checks_access()


def test_how_several_decide_is_set_and_drawn(office: Any, admin: Any, draft: str) -> None:
    panel = Panel(admin, draft)
    mark = panel.page.locator(".agreement-mark")
    panel.select("sign")
    panel.choose(agree="ratio", ratio="2/3", approves="sign.decision == 'yes'")
    expect(mark).to_contain_text("2/3")
    panel.choose(veto="true", onReturn="let_finish")
    expect(mark).to_contain_text("·")
    panel.saved()
    rule = {
        "agree": "ratio",
        "ratio": "2/3",
        "approves": "sign.decision == 'yes'",
        "veto": "true",
        "onReturn": "let_finish",
    }
    found = drawn(office, draft)["sign"].loop
    assert found is not None
    assert found.rule == rule
    panel.choose(agree="weight")
    panel.field("weight").fill("2 if one == 'a' else 1")
    panel.field("weight").blur()
    expect(mark).to_contain_text("2/3")
    panel.choose(agree="in_order")
    expect(panel.field("loop")).to_have_value("turn")
    expect(panel.field("ratio")).to_have_count(0)
    panel.saved()
    found = drawn(office, draft)["sign"].loop
    assert found is not None
    assert (found.kind, dict(found.rule).keys()) == ("sequential", {"agree", "approves", "veto", "onReturn"})
    panel.choose(agree="")
    expect(mark).to_have_count(0)
    admin.checks_access()


def test_a_rule_is_published_obeyed_and_shown_on_the_case(office: Any, admin: Any, draft: str) -> None:
    panel = Panel(admin, draft)
    panel.select("sign")
    panel.choose(agree="all", approves="sign.decision == 'yes'")
    panel.saved()
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        row = process_drafts.get(session, actor, draft)
        process_drafts.publish_now(session, actor, draft, row.revision, "会签", SERVICES, moment)
    with office.sessions.read() as session:
        who = session.scalars(
            select(RoleGrant.account_id).where(RoleGrant.role == "liaison").order_by(RoleGrant.id)
        ).first()
        assert definitions.current(session, "signing") is not None
    officer = office.person(who)
    officer.sign_in()
    officer.go("/start/signing")
    officer.page.locator("[name=title]").fill("一件会签")
    officer.page.locator("main form .btn-primary").first.click()
    officer.open_task("拟稿")
    officer.fill(decision="yes")
    officer.submit()
    officer.open_task("会签")
    officer.page.locator(".agreement-mark").first.wait_for(state="attached")
    officer.fill(decision="no")
    officer.submit()
    with office.sessions.read() as session:
        states = session.scalars(select(Task.status).where(Task.element == "sign")).all()
    assert sorted(states) == ["cancelled", "cancelled", "completed"]


def test_the_panel_fits_a_phone(office: Any, draft: str) -> None:
    person = office.person(ADMIN, PHONE)
    person.sign_in()
    panel = Panel(person, draft)
    panel.select("sign")
    panel.choose(agree="weight", nobody="skip", repeated="skip")
    person.checks_access()
