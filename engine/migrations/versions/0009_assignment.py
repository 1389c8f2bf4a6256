"""Turns of assignment by rotation"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_turn_pool_id_pool")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_turn_account_id_account")),
        sa.PrimaryKeyConstraint("process_key", "element", "pool_id", name=op.f("pk_turn")),
    )
