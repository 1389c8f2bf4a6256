"""Diagrams of other tools in the drawing tool: opened, touched and saved, they still hold all that they held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine import accounts, process_drafts
from engine.publish import Bundle
from tests.bpmn.interchanged import BPMN, DC, DI, content, documents, losses
from tests.browser.drawing import ADMIN, Drawing

pytestmark = pytest.mark.browser

DOCUMENTS = documents()


@pytest.fixture
def bring_in(office: Any) -> Callable[[bytes], tuple[str, bytes]]:
    """(id of the draft, its diagram as it has come in)"""

    def brought(data: bytes) -> tuple[str, bytes]:
        with office.sessions.begin() as session:
            actor = accounts.actor(session, ADMIN)
            draft, adopted = process_drafts.bring_in(session, actor, Bundle(data, {}, {}), office.clock.moment)
            return draft.id, adopted.diagram

    return brought


def with_name(data: bytes, ident: str, name: str) -> bytes:
    root = etree.fromstring(data)
    found = root.find(f".//{{{BPMN}}}*[@id='{ident}']")
    assert found is not None
    found.set("name", name)
    return etree.tostring(root)


@pytest.mark.parametrize(
    ("name", "ident", "unshown"),
    [
        ("everything", "ask_bank", "3"),
        ("other prefix", "examine", "2"),
        ("several pages", "examine", "2"),
        ("conversation", "press", "7"),
        ("odd ids", "title_1", ""),
    ],
)
def test_what_is_opened_touched_and_saved_loses_nothing(
    admin: Any, bring_in: Any, name: str, ident: str, unshown: str
) -> None:
    draft, before = bring_in(DOCUMENTS[name])
    drawing = Drawing(admin, draft)
    expect(drawing.page.locator("[data-told]")).to_contain_text(unshown)
    drawing.look_at(ident)
    drawing.fill("name", "改过的名字")
    drawing.saved()
    after = drawing.xml().encode()
    assert losses(with_name(before, ident, "改过的名字"), after) == []
    assert admin.mishaps == []


def test_a_choreography_is_not_opened_and_not_destroyed(admin: Any, bring_in: Any) -> None:
    draft, before = bring_in(DOCUMENTS["choreography"])
    admin.go(f"/admin/drafts/{draft}/model")
    expect(admin.page.locator("[data-told]")).not_to_be_empty()
    expect(admin.page.locator("[data-modeler]")).to_have_count(0)
    assert admin.page.request.get(f"/admin/drafts/{draft}/diagram.bpmn").body() == before
    assert admin.mishaps == []
    admin.go(f"/admin/drafts/{draft}")
    expect(admin.page.locator("#problems li")).to_have_count(1)


def test_what_is_deleted_stays_deleted_and_what_is_renamed_keeps_what_it_had(admin: Any, bring_in: Any) -> None:
    draft, _ = bring_in(DOCUMENTS["everything"])
    drawing = Drawing(admin, draft)
    drawing.look_at("team")
    drawing.fill("id", "whole_team")
    drawing.saved()
    root = etree.fromstring(drawing.xml().encode())
    loop = root.find(f".//{{{BPMN}}}task[@id='whole_team']//{{{BPMN}}}complexBehaviorDefinition/{{{BPMN}}}condition")
    assert loop is not None
    assert loop.text == "half"
    drawing.look_at("pool-builder")
    admin.page.keyboard.press("Delete")
    drawing.saved()
    text = drawing.xml()
    assert 'id="pool-builder"' not in text
    assert "<participantMultiplicity" not in text
    assert 'id="whole_team"' in text


def test_what_was_drawn_inside_a_closed_sub_process_gets_its_own_page_and_nothing_is_lost(
    admin: Any, bring_in: Any
) -> None:
    """Older tools draw it behind the closed shape; the drawing tool moves it onto a page of its own."""
    root = etree.fromstring(DOCUMENTS["odd ids"])
    data = with_closed(root)
    draft, before = bring_in(data)
    drawing = Drawing(admin, draft)
    drawing.look_at("outer")
    drawing.fill("name", "改过的名字")
    drawing.saved()
    after = drawing.xml().encode()
    assert semantic(with_name(before, "outer", "改过的名字")) == semantic(after)
    drawn = {one.get("bpmnElement") for one in etree.fromstring(after).iter("{*}BPMNShape")}
    assert {"outer", "inner_1", "inner_2"} <= drawn


CLOSED = f"""<subProcess xmlns="{BPMN}" id="outer" name="Outer"><task id="inner_1"/><task id="inner_2"/>
<sequenceFlow id="inner" sourceRef="inner_1" targetRef="inner_2"/></subProcess>"""


def with_closed(root: Any) -> bytes:
    process, plane = root.find(f"{{{BPMN}}}process"), root.find(".//{*}BPMNPlane")
    process.append(etree.fromstring(CLOSED))
    places = {"outer": (300, 400, 100, 80), "inner_1": (320, 420, 100, 80), "inner_2": (520, 420, 100, 80)}
    for ident, (x, y, width, height) in places.items():
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"{ident}_shape", "bpmnElement": ident})
        shape.set("isExpanded", "false") if ident == "outer" else None
        bounds = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
        etree.SubElement(shape, f"{{{DC}}}Bounds", bounds)
    return etree.tostring(root)


def semantic(data: bytes) -> Any:
    root = etree.fromstring(data)
    for page in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(page)
    return content(etree.tostring(root), {})


def test_a_process_that_was_only_drawn_is_marked_to_be_carried_out(admin: Any, bring_in: Any) -> None:
    data = DOCUMENTS["odd ids"].replace(b"<process ", b'<process isExecutable="false" ')
    draft, _ = bring_in(data)
    drawing = Drawing(admin, draft)
    drawing.page.locator(".djs-container > svg").first.click(position={"x": 600, "y": 500})
    expect(drawing.field("executable")).to_have_value("false")
    drawing.field("executable").select_option("true")
    drawing.saved()
    assert 'isExecutable="true"' in drawing.xml()
