"""An office that strangers, mistaken and hostile people send requests to, on both databases.

One office serves all tests of a module: what these tests send must not change anything, and each looks whether it did.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, Engine, select
from werkzeug.test import TestResponse

from bpmn.moment import Moment
from engine import accounts, instances
from engine.database import Sessions, connect
from engine.tables import Draft, Instance, Message, Record, Task
from web.app import create_app
from web.settings import Settings
from workflows import demo
from workflows.calendar import WorkingCalendar
from workflows.services import SERVICES

NOW = datetime(2013, 5, 6, 1, 30, tzinfo=UTC)
OFFICER, COLLEAGUE, OUTSIDER, ADMIN = "air-officer-01", "air-officer-02", "fengtai-water-01", "admin-01"


@dataclass
class Browser:
    """A signed-in client with the token that its pages carry."""

    client: FlaskClient
    token: str

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(address, **more)

    def post(self, address: str, items: Any = None, **more: Any) -> TestResponse:
        if isinstance(items, dict) or items is None:
            more["data"] = {"csrf_token": self.token, **(items or {})}
        else:
            more |= {"data": items, "headers": {"X-CSRFToken": self.token}}
        return self.client.post(address, **more)


@dataclass
class Office:
    app: Flask
    sessions: Sessions
    people: dict[str, Browser]
    started: int = 0

    def sign_in(self, account: str) -> Browser:
        client = self.app.test_client()
        token = token_of(client.get("/login").text)
        sent = {"csrf_token": token, "account": account, "password": demo.PASSWORD}
        assert client.post("/login", data=sent).status_code == 302
        return Browser(client, token_of(client.get("/tasks").text))

    def begin(self) -> str:
        """A new case; the id of its first task, `issue_order`."""
        self.started += 1
        with self.sessions.begin() as session:
            actor = accounts.actor(session, OFFICER)
            started = instances.start(
                session,
                actor,
                "rectification",
                "黄标车淘汰滞后",
                "110105",
                "air",
                f"case {self.started}",
                Moment(NOW, WorkingCalendar()),
            )
            return started.next_tasks[0]

    def revision(self, task: str) -> int:
        """How often the task's case has changed."""
        with self.sessions.read() as session:
            return session.scalars(
                select(Instance.revision).join(Task, Task.instance_id == Instance.id).where(Task.id == task)
            ).one()

    def picture(self) -> list[Any]:
        """All that a request may change: equal pictures, nothing changed."""
        with self.sessions.read() as session:
            return [
                session.execute(query).all()
                for query in (
                    select(Instance.id, Instance.state, Instance.status, Instance.revision).order_by(Instance.id),
                    select(Task.id, Task.status, Task.holder, Task.performer).order_by(Task.id),
                    select(Record.instance_id, Record.seq, Record.hash).order_by(Record.instance_id, Record.seq),
                    select(Message.id, Message.status).order_by(Message.id),
                    select(Draft.task_id, Draft.account_id).order_by(Draft.task_id, Draft.account_id),
                )
            ]


def token_of(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:1000]
    return found[1]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def office_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path_factory.mktemp("office") / "ducha.db"
        shutil.copyfile(template, path)
        engine = connect(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    server: URL = request.getfixturevalue("postgres_template")
    name = f"{server.database}_office"
    admin = server.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{server.database}"')
    engine = connect(server.set(database=name))
    yield engine
    engine.dispose()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def office(office_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("files")
    sessions = Sessions(office_engine)
    with sessions.begin() as session:
        demo.install(session, Moment(NOW, WorkingCalendar()))
    settings = Settings(secret_file=folder / "secret", attachments=folder / "attachments")
    app = create_app(settings, sessions, WorkingCalendar(), SERVICES, clock=lambda: NOW)
    made = Office(app, sessions, {})
    made.people = {account: made.sign_in(account) for account in (OFFICER, COLLEAGUE, OUTSIDER, ADMIN)}
    return made


@pytest.fixture
def task(office: Office) -> str:
    """The open task `issue_order` of a fresh case of the air group."""
    return office.begin()


@pytest.fixture
def unchanged(office: Office, task: str) -> Iterator[Callable[[], None]]:
    """Whatever the test sends, nothing may have changed at its end (nor when it asks in between)."""
    before = office.picture()

    def look() -> None:
        assert office.picture() == before

    yield look
    look()
