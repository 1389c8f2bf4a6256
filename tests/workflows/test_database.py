"""The tables of the supervision: migrations agree with the models on both databases, quantities stay exact."""

from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

import workflows.tables
from engine.database import connect
from engine.database import migrate as migrate_engine
from engine.migrations.environment import tables_of
from engine.tables import Base
from workflows import parameters
from workflows.database import migrate
from workflows.tables import ParameterValue, Serial
from workflows.tables.base import Quantity


def test_models_and_migrations_agree(database):
    def is_there(name, kind, _parents):
        return kind != "table" or not name.startswith("alembic_version")

    opts = {"compare_type": True, "compare_server_default": True, "include_name": is_there}
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata) == []


def test_every_table_has_a_row_class_that_is_exported():
    exported = {
        getattr(workflows.tables, name).__tablename__ for name in workflows.tables.__all__ if name != "Quantity"
    }
    assert exported == tables_of("workflows")


def test_migrating_twice_is_harmless_and_nothing_of_it_is_lost(database):
    with database.begin() as connection:
        connection.execute(insert(Serial).values(kind="x", year=2013, last=7))
    migrate(database)
    with database.connect() as connection:
        assert connection.scalar(select(Serial.last)) == 7


def test_a_database_of_the_engine_alone_gets_the_other_tables(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/old.db")
    migrate_engine(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Serial)) == 0
    engine.dispose()


def test_what_was_set_and_frozen_is_never_altered(sessions, cast, moment):
    with sessions.begin() as session:
        parameters.put(session, cast.admin, "ledger_days", 12, moment.today, "x", moment)
    for statement in (update(ParameterValue).values(value=1), delete(ParameterValue)):
        with sessions() as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(statement)


@pytest.mark.parametrize("value", ["0", "0.0001", "26000", "12345678901.2345", "-0.1", "2600"])
def test_quantities_come_back_as_they_went_in(database, value):
    measured = Table("measured", MetaData(), Column("amount", Quantity))
    with database.begin() as connection:
        measured.create(connection)
        connection.execute(insert(measured).values(amount=Decimal(value)))
        assert str(connection.scalar(select(measured.c.amount))) == value


def test_sums_of_quantities_are_exact(database):
    measured = Table("measured", MetaData(), Column("amount", Quantity))
    with database.begin() as connection:
        measured.create(connection)
        connection.execute(insert(measured), [{"amount": Decimal("0.1")} for _ in range(3)])
        assert connection.scalar(select(func.sum(measured.c.amount))) == Decimal("0.3")
