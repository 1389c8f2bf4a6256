"""Administrators draw diagrams: from nothing to a published process, with mistakes, and two of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from engine import accounts, definitions, differences, instances, process_drafts
from engine.tables import RoleGrant, Version
from sqlalchemy import select
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

ADMIN = "admin-01"
SHAPE = "g.djs-element[data-element-id='{}']"


class Drawing:
    """The page of one administrator."""

    def __init__(self, person: Any, draft: str) -> None:
        self.person, self.page, self.draft = person, person.page, draft
        person.go(f"/admin/drafts/{draft}/model")
        self.page.wait_for_selector("[data-modeler][data-ready]")

    def shape(self, ident: str) -> Locator:
        return self.page.locator(SHAPE.format(ident)).first

    def select(self, ident: str) -> None:
        self.shape(ident).locator(".djs-hit").first.click(force=True)
        expect(self.field("id")).to_have_value(ident)

    def field(self, name: str) -> Locator:
        return self.page.locator(f".modeler-panel [name='{name}']")

    def fill(self, name: str, text: str) -> None:
        self.field(name).fill(text)
        self.field(name).blur()

    def append(self, what: str) -> str:
        """Append to what is selected; the id of the new element, which is selected then."""
        before = self.field("id").input_value()
        self.page.locator(f".djs-context-pad.open .entry[data-action='append.{what}']").click()
        self.page.keyboard.press("Escape")
        expect(self.field("id")).not_to_have_value(before)
        return self.field("id").input_value()

    def marks(self) -> Locator:
        return self.page.locator(".modeler-mark")

    def saved(self) -> None:
        expect(self.page.locator("[data-state]")).to_have_attribute("data-state", "saved")


@pytest.fixture
def admin(office: Any) -> Any:
    person = office.person(ADMIN)
    person.sign_in()
    return person


@pytest.fixture
def begin(office: Any) -> Callable[..., str]:
    """``begin("visit")``: the id of a draft of a new process, or of one that is there."""

    def made(key: str, name: str = "") -> str:
        with office.sessions.begin() as session:
            actor, moment = accounts.actor(session, ADMIN), office.clock.moment
            if name:
                return process_drafts.begin_new(session, actor, key, name, moment).id
            return process_drafts.begin(session, actor, key, moment).id

    return made


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
