"""The settings: one frozen value, read strictly from the environment once.

An unknown ``DUCHA_...`` variable or a value that is not allowed ends the start with a sentence that names the variable
and what is allowed.  `VARIABLES` is the whole list; a test holds the documentation to it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from faults import Fault
from workflows.calendar import WorkingCalendar


class BadSetting(Fault):
    """A setting is wrong: {name}={value}. Allowed: {allowed}."""


class UnknownSetting(Fault):
    """There is no setting {name}. {hint}"""


@dataclass(frozen=True, slots=True)
class Settings:
    """Values as the program uses them; the defaults are those of `VARIABLES`."""

    database_url: str = "sqlite:///var/ducha.db"
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    secret_file: Path = Path("var/secret")
    attachments: Path = Path("var/attachments")
    fonts: Path = Path("var/fonts")
    language: str = "zh_CN"
    secure_cookies: bool = False
    trusted_proxies: int = 0
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    demo: bool = False
    clock: datetime | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. ``read`` turns its text into the value or raises ValueError."""

    name: str
    attribute: str
    default: str
    meaning: str
    allowed: str
    read: Callable[[str], Any] = field(repr=False)


def _database_url(text: str) -> str:
    if urlsplit(text).scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        raise ValueError
    return text


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return read


def _one_of(**choices: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in choices:
            raise ValueError
        return choices[text]

    return read


def _host(text: str) -> str:
    if not text or any(sign in text for sign in "/ @"):
        raise ValueError
    return text


def _path(text: str) -> Path:
    if not text.strip() or "\0" in text:
        raise ValueError
    return Path(text)


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=_whole(1, 1440)(text))


def _hours(text: str) -> timedelta:
    return timedelta(hours=_whole(1, 168)(text))


def _instant(text: str) -> datetime | None:
    if text == "now":
        return None
    read = datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - of the zone of the calendar, which is put to it
    return read.replace(tzinfo=WorkingCalendar().zone)


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "DUCHA_DATABASE_URL",
        "database_url",
        "sqlite:///var/ducha.db",
        "the database; SQLite needs nothing else, PostgreSQL is meant for real use",
        "sqlite:///file or postgresql+psycopg://user:password@host/name",
        _database_url,
    ),
    Variable("DUCHA_HOST", "host", "127.0.0.1", "the address to listen on", "a host name or an IP address", _host),
    Variable("DUCHA_PORT", "port", "8000", "the port to listen on", "1 to 65535", _whole(1, 65535)),
    Variable("DUCHA_THREADS", "threads", "8", "how many requests are answered at once", "1 to 64", _whole(1, 64)),
    Variable(
        "DUCHA_SECRET_FILE",
        "secret_file",
        "var/secret",
        "a file with the key that signs cookies; made at the first start",
        "the path of a file",
        _path,
    ),
    Variable(
        "DUCHA_ATTACHMENTS",
        "attachments",
        "var/attachments",
        "the folder of uploaded files",
        "the path of a folder",
        _path,
    ),
    Variable(
        "DUCHA_FONTS",
        "fonts",
        "var/fonts",
        "the folder of fonts for papers as PDF, besides those of the machine",
        "the path of a folder",
        _path,
    ),
    Variable(
        "DUCHA_LANGUAGE",
        "language",
        "zh_CN",
        "the language of people who have not chosen one",
        "zh_CN or en",
        _one_of(zh_CN="zh_CN", en="en"),
    ),
    Variable(
        "DUCHA_SECURE_COOKIES",
        "secure_cookies",
        "no",
        "send cookies over HTTPS only; yes wherever TLS stands in front",
        "yes or no",
        _one_of(yes=True, no=False),
    ),
    Variable(
        "DUCHA_TRUSTED_PROXIES",
        "trusted_proxies",
        "0",
        "how many proxies in front may say who the client is (X-Forwarded-*)",
        "0 to 5",
        _whole(0, 5),
    ),
    Variable(
        "DUCHA_IDLE_MINUTES",
        "idle",
        "30",
        "after how many idle minutes a person must sign in again",
        "1 to 1440",
        _minutes,
    ),
    Variable(
        "DUCHA_SESSION_HOURS",
        "absolute",
        "12",
        "after how many hours a person must sign in again in any case",
        "1 to 168",
        _hours,
    ),
    Variable(
        "DUCHA_DEMO",
        "demo",
        "no",
        "fill an empty database with the demo organisation and show its accounts on the sign-in page",
        "yes or no",
        _one_of(yes=True, no=False),
    ),
    Variable(
        "DUCHA_CLOCK",
        "clock",
        "now",
        "when the clock begins, for demonstrations: every page says so; with DUCHA_DEMO on the day of the demo",
        "now, or a Beijing time as 2013-09-17T09:00",
        _instant,
    ),
)

# Used by `make` and the tests; they mean nothing to the program and may stand in its environment.
OF_TESTS = ("DUCHA_CHROMIUM", "DUCHA_PICTURES", "DUCHA_TEST_POSTGRES")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises `UnknownSetting` or `BadSetting`."""
    known = {variable.name: variable for variable in VARIABLES}
    values: dict[str, Any] = {}
    for name, text in environment.items():
        if not name.startswith("DUCHA_") or name in OF_TESTS:
            continue
        variable = known.get(name)
        if variable is None:
            near = get_close_matches(name, known, n=1, cutoff=0.8)
            hint = f"Did you mean {near[0]}?" if near else "There are: " + ", ".join(sorted(known)) + "."
            raise UnknownSetting(name=name, hint=hint)
        try:
            values[variable.attribute] = variable.read(text)
        except ValueError:
            raise BadSetting(name=name, value=text, allowed=variable.allowed) from None
    return Settings(**values)


def read_secret(path: Path) -> bytes:
    """The key that signs cookies; a new one, readable by its owner only, where there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_hex(32).encode())
    secret = path.read_bytes().strip()
    if len(secret) < 32:
        raise BadSetting(name="DUCHA_SECRET_FILE", value=str(path), allowed="a file of at least 32 random characters")
    return secret
