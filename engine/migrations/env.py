"""Run by Alembic, with the connection that `engine.database.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from engine.tables import Base, ExactJson, Json, UtcDateTime


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write column types as plain SQLAlchemy ones, so that a migration does not change with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, ExactJson):
        return "sa.Text()"
    if kind == "type" and item is Json:
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,  # SQLite can do it, as the BEGIN is ours: a migration happens wholly or not at all
)
with context.begin_transaction():
    context.run_migrations()
