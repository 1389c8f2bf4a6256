"""The page on which an administrator draws, as tests use it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

ADMIN = "admin-01"
IDS = "found => found.map(one => one.dataset.elementId).filter(id => !id.endsWith('_label'))"
CLICK = """id => {
  const hit = document.querySelector(`g.djs-element[data-element-id="${CSS.escape(id)}"] .djs-hit`);
  const { x, y, width, height } = hit.getBoundingClientRect();
  const at = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2, button: 0 };
  for (const name of ['mousedown', 'mouseup', 'click']) hit.dispatchEvent(new MouseEvent(name, at));
}"""
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

    def look_at(self, ident: str) -> None:
        """Select what may be out of sight or behind something else."""
        self.page.evaluate(CLICK, ident)
        shown = self.field("id")
        assert shown.count() == 0 or shown.input_value() == ident or shown.get_attribute("readonly") is not None

    def flow(self, source: str, target: str) -> str:
        """The id of the flow between two elements, found in what the page saves."""
        self.saved()
        found = re.search(rf'<bpmn:sequenceFlow id="(\w+)"[^>]*sourceRef="{source}" targetRef="{target}"', self.xml())
        assert found
        return found[1]

    def flow_after(self, source: str, other_than: str) -> str:
        """The flow out of an element that does not lead to ``other_than``."""
        self.saved()
        flows = re.findall(rf'<bpmn:sequenceFlow id="(\w+)"[^>]*sourceRef="{source}" targetRef="(\w+)"', self.xml())
        return next(ident for ident, target in flows if target != other_than)

    def xml(self) -> str:
        return self.page.request.get(f"/admin/drafts/{self.draft}/diagram.bpmn").text()

    def problems(self) -> Locator:
        return self.page.locator("[data-problems]")

    def marks(self) -> Locator:
        return self.page.locator(".modeler-mark")

    def saved(self) -> None:
        expect(self.page.locator("[data-state]")).to_have_attribute("data-state", "saved")
