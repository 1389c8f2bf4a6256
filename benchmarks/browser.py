"""A Chromium, and what a page costs in it: until it can be used, what was sent for it, what it keeps in memory."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--lang=zh-CN")
VIEW: ViewportSize = {"width": 1280, "height": 800}
# Notes when the first element appears that says the page can be used, once that has been drawn.
_WATCH = """(() => {
  const note = () => { window.usableAt ??= performance.now(); };
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(note));
  const seen = () => document.querySelector('%s') && (watch.disconnect(), drawn());
  const watch = new MutationObserver(seen);
  watch.observe(document, { subtree: true, childList: true, attributes: true });
})()"""
_SENT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
  ({ name, transferSize, decodedBodySize, duration }) => ({ name, transferSize, decodedBodySize, duration }))"""
_KINDS = {".js": "scripts", ".css": "styles", ".woff2": "fonts"}


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a page. ``usable`` in milliseconds from the navigation; bytes by kind, ``sent`` over the wire and
    ``held`` when unpacked; what came from the browser's cache is held, but neither asked nor sent."""

    usable: float
    requests: int
    sent: dict[str, int]
    held: dict[str, int]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The one of the tests: $DUCHA_CHROMIUM, or what install/chromium.sh finds or installs."""
    script = Path(__file__).parent.parent / "install" / "chromium.sh"
    found = (
        os.environ.get("DUCHA_CHROMIUM")
        or subprocess.run(["sh", str(script)], check=True, capture_output=True, text=True).stdout.strip()
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def opened(page: Page, address: str, ready: str) -> Opening:
    """Go to a page and wait until an element ``ready`` is there and drawn. The page must be fresh."""
    page.add_init_script(_WATCH % ready)
    page.goto(address)
    usable = page.wait_for_function("() => window.usableAt").json_value()
    page.wait_for_load_state("networkidle")
    entries: list[dict[str, Any]] = page.evaluate(_SENT)
    sent: dict[str, int] = {}
    held: dict[str, int] = {}
    for entry in entries:
        kind = _KINDS.get(Path(entry["name"].partition("?")[0]).suffix, "data")
        sent[kind] = sent.get(kind, 0) + entry["transferSize"]
        held[kind] = held.get(kind, 0) + entry["decodedBodySize"]
    return Opening(usable, sum(entry["transferSize"] > 0 for entry in entries), sent, held)


def heap(context: BrowserContext, page: Page) -> float:
    """Megabytes of JavaScript's objects, after what is not needed any more was thrown away."""
    devtools = context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 2**20
