"""Diagrams of other tools in the drawing tool: opened, touched and saved, they still hold all that they held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine import accounts, process_drafts
from engine.publish import Bundle
from tests.bpmn.interchanged import BPMN, documents, losses
from tests.browser.drawing import ADMIN, Drawing

pytestmark = pytest.mark.browser

DOCUMENTS = documents()


@pytest.fixture
def admin(office: Any) -> Any:
    person = office.person(ADMIN)
    person.sign_in()
    return person


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
