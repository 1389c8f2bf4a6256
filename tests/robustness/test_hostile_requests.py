"""Hostile and nonsensical requests to every address: a clear answer, never an error of ours, nothing changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

HOSTILE = (
    "",
    " ",
    "0",
    "-1",
    "9" * 40,
    "NaN",
    "null",
    "'; DROP TABLE task; --",
    "../../../etc/passwd",
    "..\\..\\secret",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "${jndi:ldap://x}",
    "\0",
    "a\0b",
    "\r\nSet-Cookie: a=b",
    "\u202e督查\u2028",
    "é" * 3000,
    "%s%n%x",
    "MjAxMy0wNS0wNlQwMTozMDowMCswMDowMHx4",
    "🀄" * 50,
)
NESTED = "[" * 5000 + "]" * 5000
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b"{"),
    ("application/json", b"null"),
    ("application/json", b'"text"'),
    ("application/json", NESTED.encode()),
    ("application/json", b'{"a":' * 3000 + b"1" + b"}" * 3000),
    ("application/json", b'{"answers": {"deadline": NaN, "publicise": Infinity}, "key": "k"}'),
    ("application/json", b'{"answers": [], "key": 5}'),
    ("application/json", b'{"answers": {"problem": ' + NESTED.encode() + b"}}"),
    ("application/json", b'{"answers": {"\\u0000": "\\u0000", "problem": "\\ud800"}, "key": "\\u0000"}'),
    ("application/json", b'{"answers": {"problem": 1e999999}, "key": "' + b"k" * 100_000 + b'"}'),
    ("application/json", b"\xff\xfe\x00"),
    ("application/x-www-form-urlencoded", b"\xff\xfe=%ff%00&&&==&a"),
    ("application/x-www-form-urlencoded", b"a=b&" * 20_000),
    ("application/x-www-form-urlencoded", b"_action=complete&problem=" + b"x" * 3_000_000),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n--x"),
    ("multipart/form-data", b"no boundary"),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("", b""),
)
PEOPLE = ("air-officer-01", "admin-01", None)
# What these addresses are for needs no body and no values.
PLAIN = ("/claim", "/release")


def addresses(rules: Iterator[Rule], method: str, text: str) -> Iterator[str]:
    """Every address that takes the method, with the text wherever an address has a variable part."""
    for rule in rules:
        if method not in (rule.methods or ()) or rule.endpoint in ("static", "login.leave"):
            continue
        address = rule.rule
        for name in rule.arguments:
            for kind in ("", "int:", "path:"):
                address = address.replace(f"<{kind}{name}>", quote(text, safe=""))
        yield address


def client_of(office: Any, account: str | None) -> Any:
    return office.people[account].client if account else office.app.test_client()


def looks_like_an_answer(answer: Any, address: str) -> None:
    text = answer.get_data().decode(errors="replace")  # some are files
    assert answer.status_code < 500, f"{answer.status} {address}\n{text[:2000]}"
    assert "Traceback" not in text
    assert "sqlalchemy" not in text.lower()


@pytest.mark.parametrize("account", PEOPLE)
def test_reading(office: Any, account: str | None, unchanged: Callable[[], None]) -> None:
    client = client_of(office, account)
    for text in HOSTILE:
        for address in addresses(office.app.url_map.iter_rules(), "GET", text):
            looks_like_an_answer(client.get(address), address)


@pytest.mark.parametrize("account", PEOPLE)
def test_arguments(office: Any, account: str | None, task: str, unchanged: Callable[[], None]) -> None:
    client = client_of(office, account)
    names = ("q", "light", "after", "before", "status", "next", "limit", "page", "language", "account")
    for text in HOSTILE:
        for address in addresses(office.app.url_map.iter_rules(), "GET", task):
            looks_like_an_answer(client.get(address, query_string=dict.fromkeys(names, text)), f"{address} {text!r}")


@pytest.fixture
def quiet(office: Any) -> Iterator[None]:
    """Starting cases and signing in is what these addresses are for; everything else must stay as it is."""
    yield
    for account in [name for name in PEOPLE if name]:
        office.people[account] = office.sign_in(account)


@pytest.mark.parametrize("account", PEOPLE)
def test_bodies(office: Any, account: str | None, task: str, quiet: None) -> None:
    client = client_of(office, account)
    token = office.people[account].token if account else ""
    before = office.picture()
    for kind, body in BODIES:
        for address in addresses(office.app.url_map.iter_rules(), "POST", task):
            if address.endswith(PLAIN):
                continue
            headers = {"X-CSRFToken": token, "Accept": "text/html"}
            answer = client.post(address, data=body, content_type=kind or None, headers=headers)
            looks_like_an_answer(answer, f"{address} {kind} {body[:60]!r}")
    assert office.picture()[:4] == before[:4]


@pytest.mark.parametrize("account", PEOPLE)
def test_values(office: Any, account: str | None, task: str, quiet: None) -> None:
    browser = office.people[account] if account else None
    client = client_of(office, account)
    task = office.begin()
    names = (
        *(
            "_action",
            "_add",
            "_remove",
            "_key",
            "_seen",
            "key",
            "title",
            "org",
            "task_code",
            "reason",
            "notice",
            "account",
        ),
        *("password", "language", "carried", "next", "problem", "deadline", "measures-0-measure", "measures-x-y"),
        *("responsible_unit", "attachments", "evidence", "geo", "lat", "lon", "captured_at", "token", "element"),
    )
    before = office.picture()
    for text in HOSTILE:
        for address in addresses(office.app.url_map.iter_rules(), "POST", task):
            if address.startswith(("/start", "/login")) or address.endswith(PLAIN):
                continue
            items = dict.fromkeys(names, text) | {"csrf_token": browser.token if browser else text}
            looks_like_an_answer(client.post(address, data=items), f"{address} {text!r}")
    assert office.picture()[:4] == before[:4]


@pytest.mark.parametrize("text", HOSTILE)
def test_start_and_sign_in(office: Any, text: str) -> None:
    officer = office.people["air-officer-01"]
    items = {"title": text, "org": text, "task_code": text, "key": text}
    before = office.picture()
    looks_like_an_answer(officer.post("/start/rectification", items), "/start")
    assert office.picture() == before, "no case starts for an organisation that does not exist"
    stranger = office.app.test_client()
    found = stranger.post("/login", data={"account": text, "password": text, "next": text, "csrf_token": text})
    looks_like_an_answer(found, "/login")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "q=,;;,zh;q=NaN," * 500},
        {"Accept": "*/*;q=foo, text/\0"},
        {"Cookie": "ducha=" + "A" * 4000},
        {"Cookie": "ducha=.eJw; language=\x01; =;;"},
        {"X-Forwarded-For": "'\"<>" * 100, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
        {"Range": "bytes=-99999999999999999999", "If-Modified-Since": "yesterday", "If-None-Match": '"'},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site", "Referer": "\\\\evil"},
    ],
)
def test_headers(office: Any, headers: dict[str, str], unchanged: Callable[[], None]) -> None:
    for client in (office.app.test_client(), office.people["air-officer-01"].client):
        for address in ("/", "/login", "/tasks", "/healthz", "/api/tasks", "/no/such/page"):
            looks_like_an_answer(client.get(address, headers=headers), address)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a" * 1000 + ".jpg", "x.php\0.jpg", "", "督查.exe", "con.jpg", "a\r\nb.png", ".htaccess"],
)
@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"<svg onload=alert(1)>", b"MZ" + b"\0" * 100, b"PK\3\4" * 50])
def test_uploads(office: Any, name: str, data: bytes, unchanged: Callable[[], None]) -> None:
    officer = office.people["air-officer-01"]
    items = {
        "csrf_token": officer.token,
        "file": (BytesIO(data), name),
        "lat": "NaN",
        "lon": "1e400",
        "captured_at": "x",
    }
    answer = officer.client.post("/attachments", data=items, content_type="multipart/form-data")
    looks_like_an_answer(answer, "/attachments")
    assert answer.status_code >= 400


def test_other_methods(office: Any, task: str, unchanged: Callable[[], None]) -> None:
    client = office.people["air-officer-01"].client
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"):
        for address in ("/tasks", f"/tasks/{task}", "/api/tasks", "/start/rectification", "/login"):
            looks_like_an_answer(client.open(address, method=method), f"{method} {address}")


def test_answers_of_nonsense_through_the_api(office: Any, task: str) -> None:
    officer = office.people["air-officer-01"]
    before = office.picture()
    for value in (None, [], {}, 0, -1, 10**30, 1.5, True, "x", "2013-13-45", ["x"] * 2000, {"a": {"b": "c"}}, "\0"):
        for field in ("problem", "responsible_unit", "rectification_kind", "deadline", "publicise", "no_such_field"):
            answers = {"publicise": False, "deadline": "2013-05-20", field: value}
            answer = officer.client.post(
                f"/api/tasks/{task}/complete",
                data=json.dumps({"answers": answers, "key": "k"}),
                content_type="application/json",
                headers={"X-CSRFToken": officer.token},
            )
            assert answer.status_code in (400, 422), f"{answer.status} {field} {value!r} {answer.text[:500]}"
    assert office.picture() == before


FIELDS = (
    *("problem", "responsible_unit", "requirement", "standard", "rectification_kind", "deadline", "publicise"),
    *(
        "opinion",
        "attachments",
        "_action",
        "_key",
        "_seen",
        "_add",
        "_remove",
        "measures-0-measure",
        "deadline-0",
        "-",
        "__",
    ),
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(HOSTILE),
    st.sampled_from(["true", "false", "general", "2013-05-20", "0001-01-01", "9999-12-31", "110105-HB", "110000"]),
)
ITEMS = st.dictionaries(st.sampled_from(FIELDS), st.lists(VALUES, min_size=1, max_size=3), max_size=10)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=ITEMS)
def test_any_posted_form(office: Any, task: str, items: dict[str, list[str]]) -> None:
    officer = office.people["air-officer-01"]
    before = office.revision(task)
    answer = officer.post(f"/tasks/{task}", items)
    looks_like_an_answer(answer, f"{items}")
    if answer.status_code != 302 or "draft" in items.get("_action", ()):
        assert office.revision(task) == before
