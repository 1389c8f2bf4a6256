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

from engine.database import Sessions, connect
from tests.browser.conftest import DESK, PHONE
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
