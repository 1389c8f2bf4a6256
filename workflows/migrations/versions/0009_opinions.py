"""Opinions of the public and what is disclosed to it"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
