"""What measurements of full databases need: rows to copy, how large everything has become, fresh statistics."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text


def values(row: Any) -> dict[str, Any]:
    """A row as the values of its columns, to be inserted again under another key."""
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


def analyse(engine: Engine) -> None:
    """Let the database count what it holds, as it does by itself in the long run."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def size(engine: Engine) -> int:
    """Bytes that the tables and their indexes take."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            pages, free, each = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("page_count", "freelist_count", "page_size")
            )
            return int((pages - free) * each)
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
