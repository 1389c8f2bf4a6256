"""Moves of instances to another version"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
