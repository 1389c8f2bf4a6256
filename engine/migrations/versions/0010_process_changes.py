"""What was done to processes; it is never altered, whoever asks"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "process_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("failing", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_process_change_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_change")),
    )
    op.create_index("ix_process_change_process_key", "process_change", ["process_key", "id"])
    op.create_index(op.f("ix_process_change_version_id"), "process_change", ["version_id"])
    _take_over()
    _make_append_only("process_change")


def _take_over() -> None:
    """What is known of the time before: publications, and since when processes are out of use."""
    op.execute(
        "INSERT INTO process_change (process_key, what, version_id, actor, at, comment, reason, failing) "
        "SELECT version.process_key, 'current', version.id, version.published_by, version.published_at, "
        "version.comment, why.reason, why.failing FROM version "
        "LEFT JOIN (SELECT version_id, max(reason) AS reason, max(failing) AS failing FROM process_draft "
        "WHERE status = 'published' GROUP BY version_id) AS why ON why.version_id = version.id ORDER BY version.id"
    )
    op.execute(
        "INSERT INTO process_change (process_key, what, version_id, at, comment) "
        "SELECT key, 'retired', current_version_id, retired_at, '' FROM process WHERE retired_at IS NOT NULL"
    )


def _make_append_only(table: str) -> None:
    refusal = f"{table} is append-only"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
