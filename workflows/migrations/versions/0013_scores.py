"""Scores of units and the events behind each point"""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    pass
