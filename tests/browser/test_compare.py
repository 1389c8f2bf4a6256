"""A draft beside its version: two pictures that move as one, marks, the list, forms; on a desk and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from engine import accounts, process_drafts
from engine.process_drafts import Changes
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

ADMIN = "admin-01"
HOSTILE = "<img src=x onerror=alert(1)>"
EXTRA = '<bpmn:userTask id="extra" name="&lt;img src=x onerror=alert(1)&gt;" ducha:candidateGroups="liaison"/>'
BOX = """<bpmndi:BPMNShape id="extra_di" bpmnElement="extra">
<dc:Bounds x="{x}" y="{y}" width="100" height="80"/></bpmndi:BPMNShape>"""
# The middle of an element in the window, relative to its picture.
MIDDLE = """([side, id]) => {
  const box = document.querySelector(`[data-side="${side}"] .pictures-canvas`).getBoundingClientRect();
  const { x, y, width, height } = document
    .querySelector(`[data-side="${side}"] g[data-element-id="${id}"] > .djs-visual`).getBoundingClientRect();
  return [Math.round(x + width / 2 - box.x), Math.round(y + height / 2 - box.y), Math.round(width)];
}"""


def changed(text: str) -> str:
    """One step renamed, one moved, one added, one flow removed."""
    text = text.replace('name="复查"', 'name="现场复查"', 1)
    text = text.replace("</bpmn:process>", EXTRA + "</bpmn:process>", 1)
    at = re.search(r'bpmnElement="submit_plan"[^>]*>\s*<\w+:Bounds x="([\d.]+)" y="([\d.]+)"', text)
    assert at
    text = text[: at.start(1)] + str(float(at[1]) + 60) + text[at.end(1) :]
    box = BOX.format(x=float(at[1]), y=float(at[2]) - 200)
    return text.replace("</bpmndi:BPMNPlane>", box + "</bpmndi:BPMNPlane>", 1)


@pytest.fixture
def draft(office: Any) -> str:
    """The id of a draft of rectification that differs from its version."""
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        found = process_drafts.begin(session, actor, "rectification", moment)
        form = found.forms["rectification/issue_order"]
        fields = [
            form["fields"][0] | {"label": HOSTILE},
            *form["fields"][1:],
            {"name": "spot", "label": "地点", "type": "text"},
        ]
        forms = {form["name"]: form | {"fields": fields}}
        changes = Changes(diagram=changed(found.diagram.decode()).encode(), forms=forms)
        return process_drafts.save(session, actor, found.id, found.revision, changes, moment).id


def opened(person: Any, draft: str) -> Any:
    person.go(f"/admin/drafts/{draft}/compare")
    person.page.wait_for_selector("[data-compare][data-ready]")
    return person.page


def middle(page: Any, side: str, ident: str) -> tuple[int, int, int]:
    return tuple(page.evaluate(MIDDLE, [side, ident]))


def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))


def marked(page: Any, side: str, kind: str) -> list[str]:
    found = page.locator(f"[data-side='{side}'] g.djs-element.differs-{kind}")
    return [one for one in found.evaluate_all("all => all.map(one => one.dataset.elementId)") if "_label" not in one]


def test_what_differs_is_marked_in_both_pictures(office: Any, admin: Any, draft: str) -> None:
    page = opened(admin, draft)
    assert marked(page, "after", "added") == ["extra"]
    assert marked(page, "before", "added") == []
    for side in ("before", "after"):
        assert marked(page, side, "changed") == ["recheck"]
        assert "submit_plan" in marked(page, side, "moved")
    signs = page.locator("[data-side='after'] .picture-sign").all_inner_texts()
    assert {"＋", "≠", "↔"} == set(signs), "the colour is not alone"
    assert page.locator("img[src='x']").count() == 0
    admin.checks_access()


def test_the_pictures_are_moved_and_zoomed_together(office: Any, admin: Any, draft: str) -> None:
    page = opened(admin, draft)
    page.locator("[data-place='recheck'] .compare-place").click()
    first = middle(page, "before", "recheck")
    assert close(first, middle(page, "after", "recheck"))
    page.locator(".pictures-zoom button").first.click()
    larger = middle(page, "before", "recheck")
    assert larger[2] > first[2]
    assert close(larger, middle(page, "after", "recheck"))
    box = page.locator("[data-side='after'] .pictures-canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 45, steps=4)
    page.mouse.up()
    dragged = middle(page, "after", "recheck")
    assert dragged[0] - larger[0] > 30
    assert close(dragged, middle(page, "before", "recheck"))


def test_an_element_that_was_moved_is_in_the_middle_of_both(office: Any, admin: Any, draft: str) -> None:
    page = opened(admin, draft)
    page.locator("[data-place='submit_plan'] .compare-place").click()
    assert close(middle(page, "before", "submit_plan"), middle(page, "after", "submit_plan"))
    page.locator(".pictures-zoom button").nth(1).click()
    assert close(middle(page, "before", "submit_plan"), middle(page, "after", "submit_plan"))
    page.locator(".pictures-zoom button").last.click()
    assert not close(middle(page, "before", "submit_plan"), middle(page, "after", "submit_plan"))


def test_the_list_is_gone_through_with_keys_and_filtered(office: Any, admin: Any, draft: str) -> None:
    page = opened(admin, draft)
    places = page.locator("[data-place]")
    count = places.count()
    assert count >= 3
    places.first.locator("button").focus()
    page.keyboard.press("Enter")
    expect(places.first.locator("button")).to_have_attribute("aria-expanded", "true")
    expect(places.first.locator(".compare-facets")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(places.nth(1).locator("button")).to_be_focused()
    expect(places.first.locator(".compare-facets")).to_be_hidden()
    page.locator("[data-step='-1']").click()
    page.locator("[data-step='-1']").click()
    expect(places.last.locator("button")).to_have_attribute("aria-expanded", "true")
    renamed = page.locator("[data-place='recheck']")
    renamed.locator("button").click()
    expect(renamed.locator("ins")).to_have_text("现场")
    page.locator("[data-kind-filter='moved']").uncheck()
    assert page.locator("[data-place]:visible").count() < count
    assert marked(page, "after", "moved") == []
    assert marked(page, "after", "changed") == ["recheck"]
    page.locator("[data-kind-filter='moved']").check()
    assert "submit_plan" in marked(page, "after", "moved")


def test_only_one_picture_and_what_it_does_not_have(office: Any, admin: Any, draft: str) -> None:
    page = opened(admin, draft)
    page.locator(".pictures-views select").select_option("before")
    expect(page.locator("[data-side='after']")).to_be_hidden()
    page.locator("[data-place='recheck'] .compare-place").click()
    expect(page.locator("[data-side='after']")).to_be_hidden()
    page.locator("[data-place='extra'] .compare-place").click()
    expect(page.locator("[data-side='after']")).to_be_visible()
    box = page.locator("[data-side='after'] .pictures-canvas").bounding_box()
    assert box
    at = middle(page, "after", "extra")
    assert close(at[:2], (round(box["width"] / 2), round(box["height"] / 2)))


def test_forms_are_drawn_beside_each_other(office: Any, admin: Any, draft: str) -> None:
    page = opened(admin, draft)
    form = page.locator("details[data-form='rectification/issue_order']")
    form.locator("summary").click()
    frames = form.locator("iframe")
    expect(frames).to_have_count(2)
    expect(frames.first.content_frame.locator(".still-changed")).to_have_count(1)
    expect(frames.last.content_frame.locator(".still-added")).to_have_count(1)
    expect(frames.last.content_frame.locator("h1")).to_be_visible()
    assert frames.last.content_frame.locator("img[src='x']").count() == 0
    assert (
        frames.last.content_frame.locator("main").bounding_box()["height"] <= frames.last.bounding_box()["height"] + 3
    )
    # Chromium does not tell that the network is idle of a page with frames that have no address.
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert admin.mishaps == []


def test_on_a_phone(office: Any, draft: str) -> None:
    person = office.person(ADMIN, PHONE)
    person.sign_in()
    page = opened(person, draft)
    upper, lower = (page.locator(f"[data-side='{side}']").bounding_box() for side in ("before", "after"))
    assert upper
    assert lower
    assert lower["y"] > upper["y"] + upper["height"] - 1
    page.locator("[data-place='recheck'] .compare-place").click()
    assert close(middle(page, "before", "recheck"), middle(page, "after", "recheck"))
    page.locator("[data-place]").last.locator("button").click()
    for part in (page.locator("[data-side='before']"), page.locator("[data-place]").last.locator("button")):
        box = part.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE["height"], "the pictures stay in sight beside the list"
    person.checks_access()


def test_who_saves_second_sees_both_pictures(office: Any, admin: Any, draft: str) -> None:
    page = admin.page
    admin.go(f"/admin/drafts/{draft}/model")
    page.wait_for_selector("[data-modeler][data-ready]")
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, ADMIN), office.clock.moment
        found = process_drafts.get(session, actor, draft)
        theirs = found.diagram.decode().replace('name="现场复查"', 'name="再次复查"', 1)
        process_drafts.save(session, actor, draft, found.revision, Changes(diagram=theirs.encode()), moment)
    page.evaluate(
        "document.querySelector(`g.djs-element[data-element-id='submit_plan'] .djs-hit`)"
        ".dispatchEvent(new MouseEvent('click', { bubbles: true, button: 0 }))"
    )
    page.locator(".modeler-panel [name='name']").fill("另一个名称")
    page.locator(".modeler-panel [name='name']").blur()
    conflict = page.locator("[data-conflict]")
    conflict.locator("[data-act='look']").click()
    expect(conflict.locator(".pictures-side")).to_have_count(2, timeout=15_000)
    expect(
        conflict.locator("[data-side='after'] g.djs-element.differs-changed[data-element-id='submit_plan']")
    ).to_have_count(1, timeout=15_000)
    conflict.locator("[data-act='go']").filter(has_text="再次复查").click()
    assert close(middle(page, "before", "recheck"), middle(page, "after", "recheck"))
