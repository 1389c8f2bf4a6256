"""Every page of the demonstration, with cases in all stages, at both widths and in both languages, looked at by axe.

With DUCHA_PICTURES (a folder) it also takes the pictures of the READMEs.
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from engine import accounts, process_drafts
from engine.database import Sessions, connect
from engine.process_drafts import Changes
from tests.browser.conftest import DESK, PHONE
from tests.browser.drawing import Drawing
from workflows import demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLDER = os.environ.get("DUCHA_PICTURES")


@pytest.fixture(scope="module")
def played(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with all its items: a database, and its files beside it."""
    path = tmp_path_factory.mktemp("played") / "ducha.db"
    shutil.copyfile(installed, path)
    engine = connect(f"sqlite:///{path}")
    assert demo.play(Sessions(engine), path.parent / "attachments") > 20
    engine.dispose()
    return path


@pytest.fixture
def beginning(played: Path) -> Path:
    return played


@pytest.fixture
def busy_office(office: Any, played: Path) -> Any:
    office.clock.now = demo.TODAY
    shutil.copytree(played.parent / "attachments", office.folder / "attachments", dirs_exist_ok=True)
    return office


def take(person: Any, name: str) -> None:
    if FOLDER is None:
        return
    person.page.evaluate("scrollTo(0, 0)")
    # what has just been focused keeps its ring; pictures show the page at rest
    person.page.evaluate("document.activeElement?.blur()")
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    shot = Image.open(io.BytesIO(person.page.screenshot()))
    shot.convert("RGB").quantize(256).save(Path(FOLDER) / f"{name}.png", optimize=True)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_of_the_demonstration(busy_office: Any, viewport: dict[str, int]) -> None:
    office, wide = busy_office, viewport is DESK
    officer = office.person("env-officer-01", viewport)
    officer.page.goto("/login")
    if wide:
        take(officer, "login")
    officer.go("/tasks")
    officer.checks_access()
    if wide:
        take(officer, "inbox")
    officer.open_task("方案审核")
    officer.page.wait_for_selector(".diagram-ready")
    officer.checks_access()
    take(officer, "task" if wide else "phone")
    officer.go("/start/rectification")
    if wide:
        take(officer, "start")
    for address in ("/tasks/done", "/cases", "/cases?status=completed"):
        officer.go(address)
        officer.checks_access()
    for number in range(officer.page.locator(".work-title").count() + 1):
        officer.go("/cases")
        links = officer.page.locator(".work-title")
        if number < links.count():
            links.nth(number).click()
            officer.page.wait_for_selector(".diagram-ready")
            officer.checks_access()
    water = office.person("water-officer-01", viewport)
    water.go("/cases?q=泵站改造工程")
    water.page.get_by_role("link", name="泵站改造工程").click()
    water.page.wait_for_selector(".diagram-ready")
    if wide:
        take(water, "instance")
    admin = office.person("admin-01", viewport)
    for address in ("incidents", "messages", "processes", "sessions", "records"):
        admin.go(f"/admin/{address}")
        admin.checks_access()


@pytest.fixture
def draft(busy_office: Any) -> str:
    """A draft of rectification with another recheck, while cases of it run."""
    with busy_office.sessions.begin() as session:
        actor, moment = accounts.actor(session, "admin-01"), busy_office.clock.moment
        found = process_drafts.begin(session, actor, "rectification", moment)
        form = found.forms["rectification/recheck"]
        spot = {"name": "spot", "label": "复查地点", "type": "text", "required": True}
        diagram = found.diagram.decode().replace('id="recheck" name="复查"', 'id="recheck" name="现场复查"')
        changes = Changes(diagram=diagram.encode(), forms={form["name"]: form | {"fields": [spot, *form["fields"]]}})
        return process_drafts.save(session, actor, found.id, found.revision, changes, moment).id


def test_pages_of_editing(busy_office: Any, admin: Any, draft: str) -> None:
    drawing = Drawing(admin, draft)
    for _ in range(3):
        admin.page.locator("[data-zoom-in]").click()
    admin.page.locator("[data-find]").click()
    admin.page.locator(".djs-search-input input").press_sequentially("recheck")
    admin.page.keyboard.press("Enter")
    expect(drawing.field("id")).to_have_value("recheck")
    admin.checks_access()
    take(admin, "modeler")
    for name, address, ready in (
        ("designer", f"/admin/drafts/{draft}/forms/rectification/recheck", "[data-designer][data-ready]"),
        ("impact", f"/admin/drafts/{draft}/impact", ".page-head"),
        ("compare", f"/admin/drafts/{draft}/compare", "[data-compare][data-ready]"),
    ):
        admin.go(address)
        admin.page.wait_for_selector(ready, state="attached")
        admin.checks_access()
        if name == "compare":
            admin.page.locator("[data-place='recheck'] .compare-place").click()
        take(admin, name)


def test_pages_in_english(busy_office: Any) -> None:
    officer = busy_office.person("env-officer-01")
    officer.page.goto("/login")
    officer.page.get_by_role("button", name="English").click()
    officer.page.get_by_label("Account").fill(officer.account)
    officer.page.get_by_label("Password").fill(demo.PASSWORD)
    officer.page.locator(".gate-box .btn-primary").click()
    officer.sees("My tasks", "Review of the plan", "working day")
    officer.checks_access()
    officer.page.locator(".work-title").first.click()
    officer.page.wait_for_selector(".diagram-ready")
    officer.checks_access()
