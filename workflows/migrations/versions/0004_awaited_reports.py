"""Which report of an item is awaited, and from when to when an item is suspended"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("ledger_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report_period", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("report_due", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("report_weekly", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("suspended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("resumes_on", sa.Date(), nullable=True))
    with op.batch_alter_table("ledger_item", schema=None) as batch_op:
        batch_op.alter_column("report_weekly", server_default=None)
