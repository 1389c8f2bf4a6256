"""In Chinese, nothing that the drawing tool and its companions say is left in English; the panel has words for all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from engine import accounts, process_drafts
from engine.process_drafts import Changes
from tests.browser.conftest import Office

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PACKAGES = ("bpmn-js/lib", "diagram-js/lib", "bpmn-js-color-picker/colors", "diagram-js-minimap/dist")
SAID = (re.compile(r"ranslate\(\s*'([^']+)'"), re.compile(r"\b(?:label|title):\s*'([^']+)'"))
SIMULATED = (
    re.compile(r"title=\"([A-Z][^\"$]*)\""),
    re.compile(r"text: '([^']+)'"),
    re.compile(r"\|\| '([A-Z][\w ]+)'"),
)
NO_WORDS = {
    "Align elements ",
    "HELLO {you}",
    "Task",
    "SubProcess",
    " + shift + ",
}  # put together; of a comment; said elsewhere
KEY = re.compile(r"^\s*['\"](.+?)['\"]\s*:\s", re.MULTILINE)
LATIN = re.compile(r"[A-Za-z]{3,}")
OWN = re.compile(r"BPMN|DMN|bpmn\.io|^[0-9a-z]{7}$|：[0-9a-z]{7}$")  # names, and ids that the simulation gives

KINDS = """
<bpmn:process id="reception" name="来访接待" isExecutable="true">
 <bpmn:startEvent id="a"/><bpmn:userTask id="b"/><bpmn:exclusiveGateway id="c"/><bpmn:subProcess id="d"/>
 <bpmn:intermediateThrowEvent id="e"/><bpmn:boundaryEvent id="f" attachedToRef="b"><bpmn:timerEventDefinition/>
 </bpmn:boundaryEvent><bpmn:endEvent id="g"/><bpmn:dataObjectReference id="h"/>
 <bpmn:callActivity id="j"/><bpmn:sequenceFlow id="l" sourceRef="a" targetRef="b"/>
 <bpmn:textAnnotation id="i"/><bpmn:group id="k"/>
</bpmn:process>
"""
SIZES = {"a": (36, 36), "c": (50, 50), "e": (36, 36), "f": (36, 36), "g": (36, 36)}


def read(pattern: str, folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.rglob(pattern)))


def known() -> set[str]:
    packaged = read("*.js", ROOT / "node_modules/bpmn-js-i18n-zh/lib/bpmn-js")
    own = (ROOT / "web/islands/modeler/missing.js").read_text()
    return set(KEY.findall(packaged)) | set(KEY.findall(own))


@pytest.mark.skipif(not (ROOT / "node_modules").exists(), reason="the packages of the islands are not installed")
def test_every_string_of_the_drawing_tool_has_a_translation() -> None:
    found: set[str] = set()
    for package in PACKAGES:
        text = read("*.js", ROOT / "node_modules" / package)
        found |= {words for pattern in SAID for words in pattern.findall(text)}
    simulated = read("*.js", ROOT / "node_modules/bpmn-js-token-simulation/lib")
    found |= {words for pattern in SIMULATED for words in pattern.findall(simulated)}
    said = {words for words in found if LATIN.search(words)}
    assert len(said) > 100
    assert said - known() - NO_WORDS == set()


def drawn(office: Office) -> str:
    """A draft with one element of each kind that has menus of its own."""
    with office.sessions.begin() as session:
        actor, moment = accounts.actor(session, "admin-01"), office.clock.moment
        draft = process_drafts.begin_new(session, actor, "reception", "来访接待", moment)
        text = draft.diagram.decode()
        shapes = "".join(
            f'<bpmndi:BPMNShape id="{one}_shape" bpmnElement="{one}"><dc:Bounds x="{200 + 130 * (count % 5)}" '
            f'y="{80 + 130 * (count // 5)}" width="{SIZES.get(one, (100, 80))[0]}" '
            f'height="{SIZES.get(one, (100, 80))[1]}"/></bpmndi:BPMNShape>'
            for count, one in enumerate("abcdefghijk")
        )
        edge = (
            '<bpmndi:BPMNEdge id="l_edge" bpmnElement="l"><di:waypoint x="236" y="98"/><di:waypoint x="330" y="120"/>'
            "</bpmndi:BPMNEdge>"
        )
        text = re.sub(r"<bpmn:process.*</bpmn:process>", KINDS, text, flags=re.DOTALL)
        text = re.sub(
            r"(<bpmndi:BPMNPlane[^>]*>).*(</bpmndi:BPMNPlane>)", rf"\1{shapes}{edge}\2", text, flags=re.DOTALL
        )
        process_drafts.save(session, actor, draft.id, 1, Changes(diagram=text.encode()), moment)
        return draft.id


READ = """selector => [...document.querySelectorAll(selector)].flatMap(one => [
  one.title, one.getAttribute('aria-label'), one.dataset.title,
  ...[...one.childNodes].filter(child => child.nodeType === 3).map(child => child.data.trim())]).filter(Boolean)"""
TOOLS = ".djs-palette *, .djs-context-pad *, .djs-popup *, .djs-minimap *, [class*='bts-'], [class*='bts-'] *"


def english(page: Page) -> set[str]:
    said = {OWN.sub("", words) for words in page.evaluate(READ, TOOLS)}
    return {words for words in said if LATIN.search(words)}


def test_no_menu_says_anything_in_english(office: Any) -> None:
    draft = drawn(office)
    admin = office.person("admin-01")
    admin.sign_in()
    admin.go(f"/admin/drafts/{draft}/model")
    page = admin.page
    page.wait_for_selector("[data-modeler][data-ready]")
    found = english(page)
    for ident in "abcdefghijkl":
        page.evaluate(
            """id => {
              const hit = document.querySelector(`g.djs-element[data-element-id="${id}"] .djs-hit`);
              const { x, y, width, height } = hit.getBoundingClientRect();
              const at = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2, button: 0 };
              for (const name of ['mousedown', 'mouseup', 'click']) hit.dispatchEvent(new MouseEvent(name, at));
            }""",
            ident,
        )
        page.wait_for_timeout(100)
        found |= english(page)
        for action in ("replace", "set-color"):
            entry = page.locator(f".djs-context-pad .entry[data-action='{action}']")
            if entry.count():
                entry.first.click(force=True)
                found |= english(page)
                page.keyboard.press("Escape")
    page.locator(".djs-minimap .toggle").click()
    page.locator(".bts-toggle-mode").click()
    page.locator(".bts-context-pad").first.click()
    page.wait_for_timeout(300)
    found |= english(page)
    assert found == set()
    assert [line for line in admin.mishaps if "no words for" in line] == []
