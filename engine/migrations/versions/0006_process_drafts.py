"""Drafts of processes, who works on them, and processes that are retired"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("process", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "process_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("diagram", sa.LargeBinary(), nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.String(length=100), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(length=100), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_version_id"], ["version.id"], name=op.f("fk_process_draft_base_version_id_version")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_process_draft_version_id_version")),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"], name=op.f("fk_process_draft_begun_by_account")),
        sa.ForeignKeyConstraint(["edited_by"], ["account.id"], name=op.f("fk_process_draft_edited_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_draft")),
    )
    op.create_index(op.f("ix_process_draft_process_key"), "process_draft", ["process_key"])
    op.create_index(op.f("ix_process_draft_starts_at"), "process_draft", ["starts_at"])
    op.create_table(
        "draft_presence",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["process_draft.id"], name=op.f("fk_draft_presence_draft_id_process_draft")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_presence_account_id_account")),
        sa.PrimaryKeyConstraint("draft_id", "account_id", name=op.f("pk_draft_presence")),
    )
