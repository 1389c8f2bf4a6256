"""Opening the modeler on the largest shipped diagram in a Chromium, with an empty and with a full cache.

Beside it, in the same run: an empty page of the same application; the page of the version, which only shows the
diagram; and the plain modeler (`benchmarks.plain_modeler`).  Aims: usable within 1.5 seconds with a full cache, and at
most twice the bytes of the plain one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import waitress
from playwright.sync_api import Browser, Page

from benchmarks import browser, databases, office, plain_modeler, table, world
from benchmarks.browser import Opening
from benchmarks.world import World
from engine import definitions, process_drafts
from tests.scenarios.scene import CALENDAR
from workflows.services import SERVICES

ROUNDS = 7
CHANGES = 10
KINDS = ("scripts", "styles", "fonts", "data")
EMPTY, VIEWER, PLAIN, MODELER = "empty page", "page that shows it", "plain bpmn-js modeler", "modeler"
READY = {
    EMPTY: "footer",
    VIEWER: ".diagram-ready",
    PLAIN: "[data-plain][data-ready]",
    MODELER: "[data-modeler][data-ready]",
}
# The time from a key until the page says anew what is wrong, and what of it was the question to the server.
MARKED = """() => {
  window.marked = new Promise((done, failed) => {
    let begun = 0;
    setTimeout(() => failed(new Error('nothing was marked')), 30000);
    addEventListener('keydown', () => { begun ||= performance.now(); }, { capture: true });
    performance.clearResourceTimings();
    const told = () => requestAnimationFrame(() => done({
      taken: performance.now() - begun,
      asked: performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/check'))?.duration ?? 0,
    }));
    new MutationObserver((_, watch) => begun && (watch.disconnect(), told()))
      .observe(document.querySelector('[data-problems]'), { childList: true });
  });
}"""
CLICK = """(id) => {
  const hit = document.querySelector(`g.djs-element[data-element-id="${id}"] .djs-hit`);
  const { x, y, width, height } = hit.getBoundingClientRect();
  const at = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2, button: 0 };
  for (const name of ['mousedown', 'mouseup', 'click']) hit.dispatchEvent(new MouseEvent(name, at));
  document.querySelector('.modeler-canvas svg').focus();
}"""


Openings = dict[str, list[Opening]]  # by the name of the page


@dataclass(frozen=True, slots=True)
class Site:
    """A served application, and where its pages are."""

    address: str
    pages: Mapping[str, str]


def measure() -> None:
    with databases.sqlite() as place, world.opened(place) as one:
        office.founded(place, one)
        with _served(one) as site, browser.chromium() as chromium:
            state = _signed_in(chromium, site)
            cold, warm = _all_opened(chromium, site, state)
            _show(cold, warm, _heaps(chromium, site, state))
            _show_marks(_marked(chromium, site, state))


def _all_opened(chromium: Browser, site: Site, state: Any) -> tuple[Openings, Openings]:
    """Each page with an empty and with a full cache, in turn.

    The first turn, in which the server compiles what it needs, is not counted.
    """
    cold: Openings = {name: [] for name in site.pages}
    warm: Openings = {name: [] for name in site.pages}
    for number in range(ROUNDS + 1):
        for name, address in site.pages.items():
            context = chromium.new_context(storage_state=state, viewport=browser.VIEW, base_url=site.address)
            first, second = (browser.opened(context.new_page(), address, READY[name]) for _ in range(2))
            if number:
                cold[name].append(first)
                warm[name].append(second)
            context.close()
    return cold, warm


def _show(cold: Openings, warm: Openings, heaps: Mapping[str, float]) -> None:
    rows: list[list[object]] = []
    usable = {(name, place): _usable(found[name]) for place, found in enumerate((cold, warm)) for name in found}
    for place, (found, said) in enumerate(((cold, "empty cache"), (warm, "full cache"))):
        for name, openings in found.items():
            taken, last = usable[name, place], openings[-1]
            sent = sum(last.sent.values()) / 1000
            rows.append([f"{name}, {said}", taken, taken / usable[PLAIN, place], last.requests, sent])
    heads = ["page", "usable ms", "x plain", "requests", "kB sent"]
    table.show(f"Opening {office.LARGEST} in Chromium", heads, rows)
    rows = [
        [name, *(last.sent.get(kind, 0) / 1000 for kind in KINDS), sum(last.held.values()) / 1000, heaps[name]]
        for name, (*_, last) in cold.items()
    ]
    heads = ["page, empty cache", *(f"kB {kind}" for kind in KINDS), "kB unpacked", "MB of objects"]
    table.show("What is sent for it, and kept", heads, rows)


def _usable(openings: list[Opening]) -> float:
    return median(one.usable for one in openings)


def _show_marks(found: list[Mapping[str, float]]) -> None:
    taken, asked = (median(one[name] for one in found) for name in ("taken", "asked"))
    heads = ["", "ms from the key to the marks", "of these the server's answer"]
    table.show("A change is checked while one draws", heads, [[office.LARGEST, taken, asked]])


def _heaps(chromium: Browser, site: Site, state: Any) -> dict[str, float]:
    found = {}
    for name, address in site.pages.items():
        context = chromium.new_context(storage_state=state, viewport=browser.VIEW, base_url=site.address)
        page = context.new_page()
        browser.opened(page, address, READY[name])
        found[name] = browser.heap(context, page)
        context.close()
    return found


def _marked(chromium: Browser, site: Site, state: Any) -> list[Mapping[str, float]]:
    """A step is taken out and put back, again and again."""
    context = chromium.new_context(storage_state=state, viewport=browser.VIEW, base_url=site.address)
    page = context.new_page()
    browser.opened(page, site.pages[MODELER], READY[MODELER])
    found = []
    for _ in range(CHANGES // 2):
        page.evaluate(CLICK, "sign_item")
        found += [_press(page, key) for key in ("Delete", "Control+z")]
    context.close()
    return found


def _press(page: Page, key: str) -> Mapping[str, float]:
    page.evaluate(MARKED)
    page.keyboard.press(key)
    found: Mapping[str, float] = page.evaluate("() => window.marked")
    page.wait_for_selector("[data-state=saved]")
    page.wait_for_timeout(200)
    return found


def _signed_in(chromium: Browser, site: Site) -> Any:
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/login")
    page.locator("[name=account]").fill(office.ADMIN)
    page.locator("[name=password]").fill(world.PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def _served(one: World) -> Iterator[Site]:
    """The application behind a real server, with the plain page beside its own."""
    with one.sessions.begin() as session:
        draft = process_drafts.begin(session, office.admin(session), office.LARGEST, world.now()).id
        version = definitions.current(session, office.LARGEST)
        assert version is not None
        drawing = f"/admin/processes/versions/{version.id}"
    app = world.application(one, CALENDAR, SERVICES)
    plain_modeler.add_to(app, f"{drawing}/diagram.bpmn")
    pages = {EMPTY: "/empty", VIEWER: drawing, PLAIN: "/plain", MODELER: f"/admin/drafts/{draft}/model"}
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.effective_port}", pages)
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(timeout=10)
