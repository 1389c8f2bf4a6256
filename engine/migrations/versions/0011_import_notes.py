"""What bringing a draft in from another tool has changed or not taken over"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("process_draft", sa.Column("notes", sa.Text(), nullable=True))
