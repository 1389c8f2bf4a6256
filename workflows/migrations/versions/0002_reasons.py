"""Why instructions and matters ended, and whom a request goes to"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))

    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("addressee", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
