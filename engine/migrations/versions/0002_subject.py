"""Tasks of the same name say what they are about"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("task", sa.Column("subject", sa.String(length=300), nullable=True))
