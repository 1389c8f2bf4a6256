"""Real pages: the application behind a real server, a clock that is moved, and people with a Chromium each."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import waitress
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from bpmn.moment import Moment
from engine import accounts, process_drafts, work
from engine.database import Sessions, connect
from web.app import create_app
from web.settings import Settings
from workflows import demo
from workflows.calendar import WorkingCalendar
from workflows.database import migrate
from workflows.services import SERVICES

CALENDAR = WorkingCalendar()
FRIDAY = datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone)
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass
class Clock:
    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now

    @property
    def moment(self) -> Moment:
        return Moment(self.now, CALENDAR)


@dataclass
class Office:
    """The program as it is installed, on SQLite."""

    address: str
    sessions: Sessions
    clock: Clock
    folder: Path
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def person(self, account: str, viewport: dict[str, int] = DESK, **more: Any) -> Person:
        """Somebody with a browser of his own, not signed in yet."""
        context = self.browser.new_context(viewport=viewport, locale="zh-CN", base_url=self.address, **more)
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        found = Person(self, account, context.new_page())
        found.page.on("pageerror", lambda error: found.mishaps.append(str(error)))
        found.page.on("console", lambda line: found.mishaps.append(line.text) if _is_mishap(line) else None)
        return found

    def work(self) -> None:
        """What the worker would do by now."""
        work.drain(self.sessions, SERVICES, self.clock.moment)

    def go_to(self, day: str) -> None:
        """``2013-05-06 10:00``; what has become due by then is done."""
        self.clock.now = datetime.fromisoformat(day).replace(tzinfo=CALENDAR.zone)
        self.work()

    def close(self) -> None:
        while self.contexts:
            self.contexts.pop().close()


@dataclass
class Person:
    office: Office
    account: str
    page: Page
    mishaps: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        self.page.goto("/login")
        self.fill_in_sign_in()

    def fill_in_sign_in(self) -> None:
        self.page.get_by_label("账号").fill(self.account)
        self.page.get_by_label("密码").fill(demo.PASSWORD)
        self.page.locator(".gate-box .btn-primary").click()
        self.page.wait_for_load_state()

    def go(self, address: str) -> None:
        """To a page, signing in again where the session has ended."""
        self.page.context.clock.set_system_time(self.office.clock.now)
        self.page.goto(address)
        if self.page.url.split("?")[0].endswith("/login"):
            self.fill_in_sign_in()
        self.page.wait_for_load_state()

    def open_task(self, step: str) -> None:
        """The most urgent task of that name in the list."""
        self.go("/tasks")
        row = self.page.locator(".work").filter(has=self.page.locator(".work-name", has_text=step)).first
        row.locator(".work-title").click()
        self.page.wait_for_selector("form[data-ready]")

    def fill(self, **answers: Any) -> None:
        """By the names of the inputs (``measures-0-measure`` is written measures_0_measure); lists tick several."""
        for name, value in answers.items():
            self.choose(name.replace("__", "-"), value)

    def choose(self, name: str, value: Any) -> None:
        if isinstance(value, bool):
            value = "true" if value else "false"
        for one in value if isinstance(value, list) else [value]:
            option = self.page.locator(f'[name="{name}"][value="{one}"]')
            if option.count() and option.first.get_attribute("type") in ("radio", "checkbox"):
                option.first.check()
            elif self.page.locator(f'select[name="{name}"]').count():
                self.page.locator(f'select[name="{name}"]').select_option(one)
            else:
                self.page.locator(f'[name="{name}"]').first.fill(one)

    def photograph(self, name: str, words: str) -> None:
        """Take a photo with the form's camera input and wait until it has been sent."""
        camera = self.page.locator(f'[data-upload="{name}"] input[data-camera]')
        camera.set_input_files([{"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture(words)}])
        self.page.wait_for_selector(f'[data-upload="{name}"] input[type=checkbox][name="{name}"]:checked')

    def submit(self) -> None:
        with self.page.expect_navigation():
            self.button("complete").click()
        self.office.work()

    def button(self, action: str) -> Locator:
        return self.page.locator(f'.submitbar button[name="_action"][value="{action}"]')

    def sees(self, *words: str) -> None:
        text = self.page.locator("main").inner_text()
        for one in words:
            assert one in text, f"{one!r} is not on {self.page.url}:\n{text[:2000]}"

    def checks_access(self) -> None:
        """No violation that axe can find, nothing wider than the screen, no error in the console."""
        self.page.wait_for_load_state("networkidle")
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.page.url
        assert self.mishaps == [], self.page.url


def _is_mishap(line: ConsoleMessage) -> bool:
    """That there is no network is noted by the console as well, but it is no mishap."""
    return line.type == "error" and "ERR_INTERNET_DISCONNECTED" not in line.text


def picture(words: str) -> bytes:
    image = Image.new("RGB", (640, 480), (226, 232, 240))
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((40, 240, 600, 440), fill=(148, 163, 184))
    drawing.polygon(((80, 240), (320, 90), (560, 240)), fill=(100, 116, 139))
    drawing.text((40, 20), words.encode("ascii", "replace").decode(), fill=(30, 41, 59), font_size=24)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the organisation, the accounts and the processes, for copying."""
    path = tmp_path_factory.mktemp("installed") / "ducha.db"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    with Sessions(engine).begin() as session:
        demo.install(session, Clock().moment)
    engine.dispose()
    return path


@pytest.fixture
def beginning(installed: Path) -> Path:
    """The database that an office begins with; a module may begin with more."""
    return installed


@pytest.fixture
def office(browser: Browser, beginning: Path, tmp_path: Path) -> Iterator[Office]:
    path = tmp_path / "ducha.db"
    shutil.copyfile(beginning, path)
    engine = connect(f"sqlite:///{path}")
    clock = Clock()
    settings = Settings(secret_file=tmp_path / "secret", attachments=tmp_path / "attachments")
    app = create_app(settings, Sessions(engine), CALENDAR, SERVICES, clock)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    found = Office(f"http://127.0.0.1:{server.effective_port}", Sessions(engine), clock, tmp_path, browser)
    yield found
    found.close()
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(timeout=10)
    engine.dispose()


@pytest.fixture
def admin(office: Office) -> Person:
    """An administrator who is signed in."""
    person = office.person("admin-01")
    person.sign_in()
    return person


@pytest.fixture
def begin(office: Office) -> Callable[..., str]:
    """``begin("visit")``: the id of a draft of a new process, or of one that is there."""

    def made(key: str, name: str = "") -> str:
        with office.sessions.begin() as session:
            actor, moment = accounts.actor(session, "admin-01"), office.clock.moment
            if name:
                return process_drafts.begin_new(session, actor, key, name, moment).id
            return process_drafts.begin(session, actor, key, moment).id

    return made
