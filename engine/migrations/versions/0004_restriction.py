"""Cases that only some roles may see"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("instance", sa.Column("restricted_to", sa.String(length=300), nullable=True))
    op.create_index(
        "ix_instance_restricted",
        "instance",
        ["restricted_to"],
        postgresql_where=sa.text("restricted_to IS NOT NULL"),
        sqlite_where=sa.text("restricted_to IS NOT NULL"),
    )
