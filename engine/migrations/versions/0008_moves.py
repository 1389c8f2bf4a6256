"""Moves of instances to another version"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    listed = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "move",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("mappings", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.String(length=100), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_key"], ["process.key"], name=op.f("fk_move_process_key_process")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_move_version_id_version")),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"], name=op.f("fk_move_begun_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    op.create_index(op.f("ix_move_process_key"), "move", ["process_key"])
    op.create_table(
        "instance_move",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("move_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("stood", listed, nullable=False),
        sa.Column("stands", listed, nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["move_id"], ["move.id"], name=op.f("fk_instance_move_move_id_move")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instance_move_instance_id_instance")),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["version.id"], name=op.f("fk_instance_move_from_version_id_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_move")),
    )
    op.create_index("ix_instance_move_due", "instance_move", ["next_at"])
    op.create_index("ix_instance_move_status", "instance_move", ["move_id", "status"])
    op.create_index(op.f("ix_instance_move_instance_id"), "instance_move", ["instance_id"])
