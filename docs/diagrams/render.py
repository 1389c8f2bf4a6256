"""Draws every shipped process diagram as SVG and PNG beside this file, with bpmn-js in Chromium.

Run it from the root of the repository, after `npm ci`::

    .venv/bin/python docs/diagrams/render.py [name ...]
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VIEWER = ROOT / "node_modules/bpmn-js/dist/bpmn-viewer.production.min.js"
MARKER = re.compile(r"marker-[0-9a-z]{16,}")
PAGE = '<!doctype html><meta charset="utf-8"><body style="margin:0;background:#fff"><div id="canvas"></div></body>'
FONT = "'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
DRAW = """
async ([xml, font]) => {
  const viewer = new BpmnJS({
    container: '#canvas', width: 1200, height: 800,
    textRenderer: {
      defaultStyle: { fontFamily: font, fontSize: 12 },
      externalStyle: { fontFamily: font, fontSize: 11 },
    },
  });
  const { warnings } = await viewer.importXML(xml);
  const { svg } = await viewer.saveSVG();
  return { svg, warnings: warnings.map((warning) => warning.message) };
}
"""


def draw(page: Page, source: Path) -> None:
    """Writes ``<name>.svg`` and ``<name>.png``. Raises SystemExit if bpmn-js has anything to complain of."""
    page.set_content(PAGE)
    page.add_script_tag(path=str(VIEWER))
    drawn = page.evaluate(DRAW, [source.read_text("utf-8"), FONT])
    if drawn["warnings"]:
        sys.exit(f"{source.name}: {drawn['warnings']}")
    svg = _steady("\n".join(line for line in drawn["svg"].splitlines() if not line.startswith("<!-- created")))
    (HERE / f"{source.stem}.svg").write_text(svg, "utf-8")
    page.set_content(PAGE.replace('<div id="canvas"></div>', svg))
    page.locator("svg").first.screenshot(path=str(HERE / f"{source.stem}.png"))
    print(f"{source.name} drawn")


def _steady(svg: str) -> str:
    """Numbers in place of the random ids of arrowheads, so that an unchanged diagram gives an unchanged picture."""
    numbers = {name: f"marker-{count}" for count, name in enumerate(dict.fromkeys(MARKER.findall(svg)))}
    return MARKER.sub(lambda match: numbers[match[0]], svg)


def main(names: list[str]) -> None:
    sources = sorted((ROOT / "bpmn/processes").glob("*.bpmn"))
    browser_path = os.environ.get("DUCHA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        for source in sources:
            if not names or source.stem in names:
                draw(page, source)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
