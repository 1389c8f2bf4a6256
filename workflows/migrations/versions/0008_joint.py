"""Joint supervision, activities of deputies and their opinions"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
