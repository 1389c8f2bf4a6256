"""What all pages have in common: headers, no inline script or style, one language at a time, names as text only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from engine.access import Actor

Visit = Callable[[Actor], Any]
ISLANDS = ("/cases/", "/tasks/", "/admin/processes/versions/")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", re.IGNORECASE)


@pytest.fixture
def addresses(errand: Any) -> list[str]:
    case = errand.issued().instance_id
    return [
        "/tasks",
        "/tasks/done",
        f"/tasks/{errand.open_task(case).id}",
        "/cases",
        f"/cases/{case}",
        f"/cases/{case}/record?before=9",
        "/start",
        "/admin/incidents",
        "/admin/messages",
        "/admin/processes",
        "/admin/processes/versions/1",
        "/admin/sessions",
        "/admin/records",
        f"/admin/records/{case}",
        "/no/such/page",
    ]


def test_safety_headers(visit: Visit, cast: Any, addresses: list[str]) -> None:
    visitor = visit(cast.admin)
    for address in addresses:
        headers = visitor.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'; script-src 'self'" in policy
        drawn = any(re.match(f"{start}[0-9a-f]+$", address) for start in ISLANDS)
        assert ("unsafe-inline" in policy) == drawn, address
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


def test_no_inline_script_or_style(visit: Visit, cast: Any, addresses: list[str]) -> None:
    visitor = visit(cast.admin)
    for address in addresses:
        assert not INLINE.search(visitor.get(address).text), address


def test_every_page_has_one_heading_a_title_and_a_main_part(visit: Visit, cast: Any, addresses: list[str]) -> None:
    visitor = visit(cast.admin)
    for address in addresses:
        page = visitor.get(address).text
        assert page.count("<h1") == 1, address
        assert page.count('<main id="main"') == 1
        assert re.search(r"<title>[^<]+ · 督查督办</title>", page), address


def test_pages_speak_english_to_who_asks_for_it(visit: Visit, cast: Any, errand: Any) -> None:
    visitor = visit(cast.officer)
    assert '<html lang="zh-CN"' in visitor.get("/tasks").text
    answer = visitor.post("/language", {"language": "en", "back": "/tasks?q=1"})
    assert answer.location == "/tasks?q=1"
    page = visitor.get("/tasks").text
    assert '<html lang="en"' in page
    assert "My tasks" in page
    assert visitor.post("/language", {"language": "xx", "back": "//evil.example"}).location == "/"
    assert "My tasks" in visitor.get("/tasks").text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_what_people_type_reaches_pages_as_text(visit: Visit, cast: Any, errand: Any, hostile: str) -> None:
    case = errand.issued(hostile, what=hostile, opinion=hostile).instance_id
    visitor = visit(cast.colleague)
    task = errand.open_task(case).id
    visitor.post(f"/tasks/{task}/draft", {"result": hostile})
    for address in ("/tasks", f"/tasks/{task}", "/cases", f"/cases/{case}", f"/tasks?q={hostile}"):
        page = visitor.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "7*7" in page or "{{" not in hostile or "7*7" not in hostile


def test_static_assets_are_kept_by_browsers_and_zipped(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/login").text
    for address in re.findall(r'(?:href|src)="(/static/dist/[^"#]+)"', page):
        answer = client.get(address, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.mimetype in ("text/css", "text/javascript", "image/svg+xml")
        plain = client.get(address, headers={"Accept-Encoding": "identity"}, buffered=True)
        assert "Content-Encoding" not in plain.headers
    assert client.get("/static/dist/../../app.py").status_code == 404


def test_our_own_mistakes_are_told_with_a_number(app: Flask, visit: Visit, cast: Any, monkeypatch: Any) -> None:
    visitor = visit(cast.officer)
    app.view_functions["tasks.done"] = lambda: 1 / 0
    answer = visitor.get("/tasks/done")
    assert answer.status_code == 500
    assert re.search(r"请将编号 [0-9a-f]{8} 告知管理员", answer.text)
    assert "ZeroDivisionError" not in answer.text


def test_healthz_says_that_it_serves(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
