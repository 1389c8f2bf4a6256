"""The application on both databases, a clock that tests move, and visitors who are signed in like people are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bpmn.moment import Moment, WeekdayCalendar
from engine.access import Actor
from engine.database import Sessions
from web.app import create_app
from web.settings import Settings

PASSWORD = "correct horse battery"  # of everybody in the cast
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Visitor:
    """A browser: cookies, the CSRF token of the page it saw last, and where it was led."""

    client: FlaskClient
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: dict(SAME_ORIGIN))

    def get(self, address: str, **more: Any) -> TestResponse:
        return self._seen(self.client.get(address, headers=self.headers, **more))

    def post(self, address: str, items: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        data = {"csrf_token": self.token, **(items or {})}
        return self._seen(self.client.post(address, data=data, headers=self.headers, **more))

    def send(self, address: str, body: Any) -> TestResponse:
        """JSON, as a program sends it."""
        return self.client.post(address, json=body, headers={**self.headers, "X-CSRFToken": self.token})

    def sign_in(self, account: str, password: str) -> TestResponse:
        self.get("/login")
        answer = self.post("/login", {"account": account, "password": password})
        if answer.status_code == 302:
            self.get("/tasks/done")
        return answer

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer


Enter = Callable[[str], Visitor]


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def clock(moment: Moment) -> Clock:
    return Clock(moment.now)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_file=tmp_path / "secret", attachments=tmp_path / "attachments")


@pytest.fixture
def app(sessions: Sessions, settings: Settings, clock: Clock) -> Flask:
    return create_app(settings, sessions, WeekdayCalendar(), {}, clock)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """A browser that nobody has signed in with."""
    return Visitor(app.test_client())


@pytest.fixture
def enter(app: Flask) -> Enter:
    """``enter("chaoyang-supervision-01")``: a browser in which that account is signed in."""
    return partial(signed_in, app)


@pytest.fixture
def visit(enter: Enter) -> Callable[[Actor], Visitor]:
    """``visit(cast.officer)``: a browser in which that person is signed in."""
    return lambda who: enter(who.id)


@pytest.fixture
def admin(visit: Callable[[Actor], Visitor], errand: Any, cast: Any) -> Visitor:
    """An administrator who looks at the processes; the errand is one of them."""
    visitor = visit(cast.admin)
    visitor.get("/admin/processes")
    return visitor


@pytest.fixture
def draft(admin: Visitor) -> str:
    """The address of a draft of the errand."""
    return admin.post("/admin/processes/errand/drafts").headers["Location"]


def revision(page: TestResponse) -> str:
    """Which state of the draft a page shows."""
    found = re.search(r'name="revision" value="(\d+)"', page.text)
    assert found
    return found[1]


def signed_in(site: Flask, account: str) -> Visitor:
    """Everybody has the same password."""
    visitor = Visitor(site.test_client())
    assert visitor.sign_in(account, PASSWORD).status_code == 302
    return visitor
