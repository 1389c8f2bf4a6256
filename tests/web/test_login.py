"""Signing in and out, sessions that end, and what was typed when one had ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bpmn.moment import WeekdayCalendar
from engine.access import Actor
from engine.tables import Draft, WebSession
from web.app import create_app

Visit = Callable[[Actor], Any]


def test_the_right_password_opens_the_tasks(stranger: Any, cast: Any, password: str) -> None:
    answer = stranger.sign_in("officer", password)
    assert (answer.status_code, answer.location) == (302, "/")
    assert "officer 01" in stranger.get("/tasks").text


@pytest.mark.parametrize(("account", "given"), [("officer", "wrong"), ("nobody", "x"), ("", ""), ("a\0b", "c\0d")])
def test_a_wrong_password_says_no_more_than_that(stranger: Any, cast: Any, account: str, given: str) -> None:
    answer = stranger.sign_in(account, given)
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.text
    assert stranger.get("/tasks").status_code == 302


def test_too_many_failures_lock_the_account_and_are_counted(
    stranger: Any, cast: Any, clock: Any, password: str
) -> None:
    for _ in range(5):
        assert stranger.sign_in("officer", "wrong").status_code == 401
    answer = stranger.sign_in("officer", password)
    assert answer.status_code == 429
    assert "登录失败次数过多" in answer.text
    clock.move(minutes=16)
    assert stranger.sign_in("officer", password).status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: Any, cast: Any, password: str) -> None:
    cookie = stranger.sign_in("officer", password).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_stays_there(sessions: Any, settings: Any, clock: Any, cast: Any) -> None:
    app = create_app(replace(settings, secure_cookies=True), sessions, WeekdayCalendar(), {}, clock)
    answer = app.test_client().get("/login")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_only_the_hash_of_the_secret_is_stored(visit: Visit, cast: Any, sessions: Any) -> None:
    visitor = visit(cast.officer)
    with visitor.client.session_transaction() as cookie, sessions.read() as session:
        secret = cookie["_user_id"]
        stored = session.scalars(select(WebSession.id)).one()
    assert secret not in stored
    assert len(stored) == 64


def test_after_half_an_hour_without_a_sign_the_session_ends(visit: Visit, cast: Any, clock: Any) -> None:
    visitor = visit(cast.officer)
    clock.move(minutes=31)
    answer = visitor.get("/tasks?q=扫雪")
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=/tasks?q%3D")


def test_who_is_at_work_stays_signed_in_but_not_for_ever(visit: Visit, cast: Any, clock: Any) -> None:
    visitor = visit(cast.officer)
    hours = 0
    while visitor.get("/tasks/done").status_code == 200:
        clock.move(minutes=20)
        hours += 1 / 3
    assert 12 <= hours < 12.5


def test_reading_writes_at_most_once_a_minute(visit: Visit, cast: Any, clock: Any, count: Any, database: Any) -> None:
    visitor = visit(cast.officer)
    with count(database) as counted:
        visitor.get("/tasks/done")
        clock.move(seconds=50)
        visitor.get("/tasks/done")
    assert counted.commits == 0
    clock.move(seconds=20)
    with count(database) as counted:
        visitor.get("/tasks/done")
        visitor.get("/tasks/done")
    assert counted.commits == 1


def test_signing_out_ends_the_session_on_the_server(visit: Visit, cast: Any, sessions: Any) -> None:
    visitor = visit(cast.officer)
    thief = visitor.client.get_cookie("ducha")
    assert visitor.post("/logout").location == "/login"
    visitor.client.set_cookie("ducha", thief.value)
    assert visitor.get("/tasks").status_code == 302
    with sessions.read() as session:
        assert session.scalars(select(WebSession)).all() == []


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/tasks/done", "/tasks/done"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: b=c", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_to_another_site(stranger: Any, cast: Any, password: str, wanted: str, led_to: str) -> None:
    stranger.get("/login")
    answer = stranger.post("/login", {"account": "officer", "password": password, "next": wanted})
    assert answer.location == led_to


def test_who_is_signed_in_is_not_asked_again(visit: Visit, cast: Any) -> None:
    assert visit(cast.officer).get("/login").location == "/tasks"


def test_what_was_typed_comes_back_after_the_session_had_ended(
    visit: Visit, cast: Any, errand: Any, clock: Any, password: str
) -> None:
    task = errand.start().next_tasks[0]
    visitor = visit(cast.officer)
    visitor.get(f"/tasks/{task}")
    clock.move(minutes=45)
    answer = visitor.post(f"/tasks/{task}", {"what": "扫门前雪", "deadline": "2013-05-0", "_action": "complete"})
    assert answer.status_code == 401
    assert "已填内容没有丢失" in answer.text
    carried = _hidden(answer.text, "carried")
    answer = visitor.post("/login", {"account": "officer", "password": password, "carried": carried})
    assert answer.location == f"/tasks/{task}"
    page = visitor.get(answer.location).text
    assert "扫门前雪" in page
    assert "2013-05-0" in page


def test_what_was_typed_is_given_to_nobody_else(
    visit: Visit, cast: Any, errand: Any, clock: Any, password: str, sessions: Any
) -> None:
    task = errand.start().next_tasks[0]
    visitor = visit(cast.officer)
    clock.move(minutes=45)
    answer = visitor.post(f"/tasks/{task}", {"what": "扫门前雪", "_action": "complete"})
    carried = _hidden(answer.text, "carried")
    visitor.post("/login", {"account": "colleague", "password": password, "carried": carried})
    with sessions.read() as session:
        assert session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize("carried", ["", "x", "eyJ0YXNrIjoiYSJ9.abc.def"])
def test_forged_answers_are_not_taken(stranger: Any, cast: Any, password: str, carried: str) -> None:
    stranger.get("/login")
    answer = stranger.post("/login", {"account": "officer", "password": password, "carried": carried})
    assert answer.location == "/"


def test_other_sites_cannot_make_us_carry_anything(app: Flask, cast: Any, errand: Any) -> None:
    task = errand.start().next_tasks[0]
    client = app.test_client()
    answer = client.post(f"/tasks/{task}", data={"what": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "carried" not in answer.text


def test_a_lost_cookie_keeps_what_was_typed_too(stranger: Any, cast: Any, errand: Any) -> None:
    """The browser was closed and opened again: neither session nor CSRF token are left."""
    task = errand.start().next_tasks[0]
    answer = stranger.post(f"/tasks/{task}", {"what": "扫门前雪", "_action": "complete"})
    assert answer.status_code == 401
    assert _hidden(answer.text, "carried")


def test_a_page_of_an_older_session_is_shown_again_with_what_was_typed(
    visit: Visit, cast: Any, errand: Any, password: str
) -> None:
    task = errand.start().next_tasks[0]
    visitor = visit(cast.officer)
    visitor.token = "of another session"
    answer = visitor.post(f"/tasks/{task}", {"what": "扫门前雪", "_action": "complete"})
    assert answer.status_code == 400
    assert "扫门前雪" in answer.text
    assert "页面打开时间过长" in answer.text


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]
