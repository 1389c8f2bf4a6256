"""A small government to measure in: units, one officer for each of them, and the loop process with a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_login import login_required
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from benchmarks import diagrams
from benchmarks.databases import Place
from benchmarks.served import csrf
from bpmn.moment import Calendar, Moment, WeekdayCalendar
from engine import accounts, database, instances, organisations, publish
from engine.access import Actor
from engine.database import Sessions
from engine.services import Services
from web.app import create_app
from web.settings import Settings
from web.wiring import wall_clock
from workflows.database import migrate

KEY = "benchmark_loop"
ROLE = "task_group_officer"
PASSWORD = "a password for measurements only"
UNITS = 40
OFFICER = "officer_00"
WEEKDAYS = WeekdayCalendar()
NO_SERVICES: Services = {}
CODES = ("air", "water", "env", "illegal")
FORM = {
    "name": f"{KEY}/work",
    "title": "办理",
    "fields": [
        {"name": "again", "label": "继续", "type": "bool", "required": True},
        {"name": "result", "label": "结果", "type": "longtext", "required": True},
        {"name": "kind", "label": "类型", "type": "enum", "options": [["general", "一般"], ["major", "重大"]]},
        {"name": "deadline", "label": "时限", "type": "date"},
        {
            "name": "measures",
            "label": "措施",
            "type": "table",
            "columns": [
                {"name": "name", "label": "措施", "type": "text", "required": True},
                {"name": "until", "label": "完成时限", "type": "date"},
            ],
        },
    ],
}
MEASURES = [{"name": f"措施{number}：落实责任人并每日巡查", "until": "2026-08-31"} for number in range(1, 6)]
ANSWERS = {
    "again": True,
    "result": "已对辖区内工地逐一核查，裸露土方全部覆盖，出入口冲洗设施运行正常。" * 3,
    "kind": "general",
    "deadline": "2026-09-30",
    "measures": MEASURES,
    "opinion": "请按期办理。",
}


@dataclass(frozen=True)
class World:
    place: Place
    engine: Engine
    sessions: Sessions


def now() -> Moment:
    return Moment(datetime.now(UTC))


@contextmanager
def built(place: Place) -> Iterator[World]:
    """Tables, organisation, accounts, the process; nothing started yet."""
    with opened(place) as world:
        migrate(world.engine)
        _furnish(world)
        yield world


@contextmanager
def opened(place: Place) -> Iterator[World]:
    """A world that is there already."""
    engine = database.connect(place.url)
    try:
        yield World(place, engine, Sessions(engine))
    finally:
        engine.dispose()


def _furnish(world: World) -> None:
    with world.sessions.begin() as session:
        organisations.save(session, "city", "市", None)
        for number in range(UNITS):
            organisations.save(session, unit(number), f"单位{number}", "city")
        accounts.create(session, "admin", "管理员", PASSWORD, [("admin", None, None)])
        for number in range(UNITS):
            accounts.create(session, f"officer_{number:02}", f"经办人{number}", PASSWORD, [(ROLE, unit(number), None)])
        bundle = publish.Bundle(diagrams.loop(KEY, ROLE), {str(FORM["name"]): FORM}, {})
        publish.publish(session, accounts.actor(session, "admin"), bundle, "", {}, now())


def unit(number: int) -> str:
    return f"unit_{number:02}"


def officer(world: World, number: int = 0) -> Actor:
    with world.sessions.read() as session:
        return officer_in(session, number)


def officer_in(session: Session, number: int = 0) -> Actor:
    return accounts.actor(session, f"officer_{number:02}")


def start(world: World, actor: Actor, number: int, title: str) -> str:
    """Start an instance for a unit; the id of its first task."""
    with world.sessions.begin() as session:
        code = CODES[number % len(CODES)]
        started = instances.start(session, actor, KEY, title, unit(number), code, title, now())
        return started.next_tasks[0]


def application(
    world: World,
    calendar: Calendar = WEEKDAYS,
    services: Services = NO_SERVICES,
    clock: Callable[[], datetime] = wall_clock,
) -> Flask:
    """The application on the world's database, with one more page that is empty but for the frame all pages have."""
    settings = Settings(
        database_url=world.place.url,
        secret_file=world.place.folder / "secret",
        attachments=world.place.folder / "attachments",
    )
    app = create_app(settings, world.sessions, calendar, services, clock)

    @app.get("/empty")
    @login_required
    def empty() -> str:
        return render_template_string('{% extends "layout.html" %}')

    return app


@dataclass
class Browser:
    """Flask's client, signed in, with the token that forms carry."""

    client: FlaskClient
    token: str

    def post(self, address: str, items: Mapping[str, object]) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.token, **items})


def signed_in(app: Flask, account: str) -> Browser:
    client = app.test_client()
    token = csrf(client.get("/login").text)
    answer = client.post("/login", data={"csrf_token": token, "account": account, "password": PASSWORD})
    assert answer.status_code == 302, answer.status
    return Browser(client, csrf(client.get("/empty").text))


def typed(key: str) -> dict[str, object]:
    """What a browser posts for `ANSWERS`."""
    items: dict[str, object] = {"_action": "complete", "_key": key, "_seen": "1:work", "again": "true"}
    items |= {name: ANSWERS[name] for name in ("result", "kind", "deadline", "opinion")}
    for number, row in enumerate(MEASURES):
        items |= {f"measures-{number}-{name}": value for name, value in row.items()}
    return items
