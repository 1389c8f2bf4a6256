"""How Alembic is set up, for the engine and for any layer above it that keeps tables of its own.

Each has a folder of migrations with an ``env.py`` that calls `run`, and a version table of its own.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from engine.tables import Base, ExactJson, Json, UtcDateTime


def run(package: str, version_table: str) -> None:
    """Migrate the tables of ``package``, with the connection that `engine.database.migrate` hands over."""

    def include(_item: Any, name: str | None, kind: str, is_reflected: bool, _other: Any) -> bool:
        return kind != "table" or name in tables_of(package)

    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        version_table=version_table,
        include_object=include,
        render_item=render,
        render_as_batch=True,  # SQLite alters a table by copying it
        transactional_ddl=True,  # SQLite can do it, as the BEGIN is ours: a migration happens wholly or not at all
    )
    with context.begin_transaction():
        context.run_migrations()


def tables_of(package: str) -> frozenset[str]:
    """The names of the tables whose classes are defined in the package."""
    mappers = (mapper for mapper in Base.registry.mappers if mapper.class_.__module__.startswith(f"{package}."))
    return frozenset(mapper.class_.__tablename__ for mapper in mappers)


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write column types as plain SQLAlchemy ones, so that a migration does not change with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, ExactJson):
        return "sa.Text()"
    if kind == "type" and item is Json:
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    written = getattr(item, "written", None)  # a type of another layer says itself how
    return written if kind == "type" and isinstance(written, str) else False
