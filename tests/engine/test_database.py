"""Both databases: migrations agree with the models, read sessions can't write, append-only tables stay as they are."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError

from engine import organisations
from engine.database import Sessions, connect, describe, insert_missing, migrate, upsert
from engine.migrations.environment import tables_of
from engine.tables import Base, Organisation


def test_models_and_migrations_agree(database: Engine) -> None:
    with database.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        metadata = MetaData(naming_convention=Base.metadata.naming_convention)
        for table in tables_of("engine"):
            Base.metadata.tables[table].to_metadata(metadata)
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Layers above keep tables in the same database, and test them themselves."""
    return kind != "table" or name in tables_of("engine")


def test_migrating_twice_and_at_once_is_harmless(database: Engine) -> None:
    errors: list[BaseException] = []

    def run() -> None:
        try:
            migrate(database)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_fresh_database_is_migrated_at_once_by_two(tmp_path) -> None:  # type: ignore[no-untyped-def]
    engines = [connect(f"sqlite:///{tmp_path}/new/ducha.db") for _ in range(2)]
    threads = [threading.Thread(target=migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engines[0].connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM task")).scalar_one() == 0
    for engine in engines:
        engine.dispose()


def test_read_session_cannot_write(sessions: Sessions) -> None:
    with sessions.begin() as session:
        organisations.save(session, "city", "市", None)
    with sessions.read() as session, pytest.raises((OperationalError, InternalError)):
        organisations.save(session, "city", "都", None)
    with sessions.begin() as session:  # the same pooled connection can write again
        organisations.save(session, "city", "都", None)


def test_reader_does_not_wait_for_a_writer(sessions: Sessions) -> None:
    with sessions.begin() as session:
        organisations.save(session, "city", "市", None)
    with sessions() as writer:
        organisations.save(writer, "city", "都", None)
        with sessions.read() as reader:
            assert organisations.get(reader, "city").name == "市"
        writer.commit()


def test_nothing_is_kept_without_commit(sessions: Sessions) -> None:
    with sessions() as session:
        organisations.save(session, "city", "市", None)
    with sessions.read() as session:
        assert session.get(Organisation, "city") is None


def test_foreign_keys_are_enforced(sessions: Sessions) -> None:
    with sessions() as session:
        session.add(Organisation(code="x", name="x", path="/x/", parent_code="nowhere"))
        with pytest.raises(IntegrityError):
            session.flush()


def test_inserting_what_is_there_already_changes_nothing(sessions: Sessions) -> None:
    row = {"code": "city", "name": "市", "kind": "", "path": "/city/", "position": 0}
    with sessions.begin() as session:
        assert insert_missing(session, Organisation, [row]) == 1
        assert insert_missing(session, Organisation, [row | {"name": "other"}]) == 0
        assert organisations.get(session, "city").name == "市"
        upsert(session, Organisation, row | {"name": "都"}, key=("code",))
    with sessions.read() as session:
        assert organisations.get(session, "city").name == "都"


@pytest.mark.parametrize("table", ["record", "version"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_append_only_tables_refuse_changes(sessions: Sessions, table: str, statement: str) -> None:
    column = "process_key" if table == "version" else "what"
    with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":  # its triggers speak up for rows, not for statements
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
            session.execute(text(_SOMETHING[table]))
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement.format(table, column, column)))


def test_says_which_database_it_is(database: Engine) -> None:
    told = describe(database)
    assert told.startswith("PostgreSQL 1" if database.dialect.name == "postgresql" else "SQLite 3.")
    assert database.dialect.name == "postgresql" or "journal" in told or "log" in told


def test_other_databases_are_refused() -> None:
    for url in ("mysql://localhost/x", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="no database for Ducha"):
            connect(url)


_SOMETHING = {
    "version": (
        "INSERT INTO version (process_key, number, name, content_hash, diagram, forms, decisions, starter_groups,"
        " by_hand, calls, comment, published_at)"
        " VALUES ('p', 1, 'p', 'h', x'', '{}', '{}', '[]', 1, '[]', '', '2013-05-06 00:00:00')"
    ),
    "record": (
        "INSERT INTO record (instance_id, seq, at, what, data, previous, hash)"
        " VALUES ('i', 1, '2013-05-06 00:00:00', 'started', '{}', '', 'h')"
    ),
}
