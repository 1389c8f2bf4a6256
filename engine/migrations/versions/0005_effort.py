"""How many questions a task asked, and how many of them were filled in by the program"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("asked", "prefilled", "kept"):
        op.add_column("task", sa.Column(name, sa.Integer(), nullable=True))
    op.create_index("ix_task_opened", "task", ["opened_at", "org"])
