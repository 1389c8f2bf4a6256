"""Connects to the database: SQLite (embedded) or PostgreSQL, with one code for both.

A *write* session begins with the right to write (``BEGIN IMMEDIATE`` on SQLite, READ COMMITTED on PostgreSQL), so that
no transaction reads first and fails when it wants to write.  A *read* session takes no write lock and can't write: the
database refuses it (``query_only``, ``READ ONLY``).  Requests that only show something use read sessions, so that they
neither wait for writers nor hold them up.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, CursorResult, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from engine.tables import Base, canonical

# Older versions can corrupt a WAL database when a checkpoint resets the log while another connection reads
# (https://sqlite.org/wal.html, "the WAL-reset bug").
WAL_IS_SAFE_FROM = (3, 51, 3)
BUSY_TIMEOUT_MS = 30_000
MIGRATIONS = Path(__file__).parent / "migrations"
# Held while one process migrates and the others wait; any number that nothing else uses.
MIGRATION_LOCK = 0x44756368


class Sessions:
    """Where sessions come from: call it for a write session, ``read()`` for one that only reads.

    Both are context managers that end the transaction; nothing is committed unless ``session.commit()`` is called.
    ``begin()`` is a write session that commits at the end of the block, and rolls back if the block raises.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(ducha_read_only=True, postgresql_readonly=True)

    def __call__(self) -> Session:
        # Nothing is expired at commit: a page may show what an operation has just returned.
        return Session(self.engine, expire_on_commit=False)

    def read(self) -> Session:
        return Session(self._reader, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with self() as session, session.begin():
            yield session


def connect(url: str | URL, **options: Any) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://...``; ``options`` go to `sqlalchemy.create_engine`.

    The folder of an SQLite file is created. Raises ``ValueError`` for other databases.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            json_serializer=canonical,
            pool_pre_ping=True,
            **options,
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed.set(drivername="sqlite+pysqlite"), json_serializer=canonical, json_deserializer=json.loads, **options
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    raise ValueError(f"{parsed.render_as_string()} is no database for Ducha: give sqlite:///PATH or postgresql://...")


@contextmanager
def unsynced(engine: Engine) -> Iterator[None]:
    """Let SQLite not wait for the disk at each commit: for filling a database that is thrown away if that is cut off.

    PostgreSQL goes on as always.
    """
    if engine.dialect.name != "sqlite":
        yield
        return

    def hurry(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "checkout", hurry)
    try:
        yield
    finally:
        event.remove(engine, "checkout", hurry)
        engine.dispose()


def migrate(engine: Engine, *above: Path) -> None:
    """Bring the tables up to date. Processes that start at once wait for each other.

    ``above``: the migration folders of layers that keep tables beside the engine's (see `migrations.environment`).
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        for folder in (MIGRATIONS, *above):
            command.upgrade(_alembic(connection, folder), "head")


def describe(engine: Engine) -> str:
    """One line for the log: which database, and for SQLite how it keeps its journal."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            how = "write-ahead log" if journal == "wal" else "rollback journal"
            return f"SQLite {sqlite3.sqlite_version}, {how} ({engine.url.database})"
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        return f"PostgreSQL {version} ({engine.url.host or 'local socket'}/{engine.url.database})"


def insert_missing(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> int:
    """Insert those rows whose keys are not there yet; the number inserted. One statement, safe in a race.

    On PostgreSQL it waits for a concurrent transaction that is inserting the same key.
    """
    insert = _insert(session, table)
    result = session.execute(
        insert.values(rows).on_conflict_do_nothing(), execution_options={"preserve_rowcount": True}
    )
    return cast("CursorResult[Any]", result).rowcount


def upsert(session: Session, table: type[Base], row: dict[str, Any], key: tuple[str, ...]) -> None:
    """Insert the row, or overwrite the one with the same ``key`` columns. One statement, safe in a race."""
    insert = _insert(session, table)
    changed = {name: value for name, value in row.items() if name not in key}
    session.execute(insert.values(row).on_conflict_do_update(index_elements=list(key), set_=changed))


def count_up(session: Session, table: type[Base], key: dict[str, Any], column: str) -> int:
    """Raise a counter by one, beginning at 1 where there is no such row yet; its new value.

    One statement, safe in a race: others that count the same wait for the end of this transaction.
    """
    insert = _insert(session, table)
    counter = cast("Table", table.__table__).c[column]
    counted = insert.values({**key, column: 1}).on_conflict_do_update(
        index_elements=list(key), set_={column: counter + 1}
    )
    return int(session.execute(counted.returning(counter)).scalar_one())


def _insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    # Without the ORM, which would not tell how many rows there were.
    rows = cast("Table", table.__table__)
    return postgresql.insert(rows) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(rows)


def _alembic(connection: Connection, folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # no BEGIN by the driver: `_begin_sqlite` says which one
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "DELETE"
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        f"journal_mode = {journal}",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    if connection.get_execution_options().get("ducha_read_only"):
        driver.execute("PRAGMA query_only = ON")
        driver.execute("BEGIN")
    else:
        driver.execute("PRAGMA query_only = OFF")
        driver.execute("BEGIN IMMEDIATE")
