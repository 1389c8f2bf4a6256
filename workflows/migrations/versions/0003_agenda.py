"""Which meeting speaks about a problem, how often it came back; urgings that a revoked conclusion takes along"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agenda_month", sa.String(length=7), nullable=True))
        batch_op.add_column(sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.alter_column("reopened", server_default=None)
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.add_column(sa.Column("void_since", sa.DateTime(timezone=True), nullable=True))
