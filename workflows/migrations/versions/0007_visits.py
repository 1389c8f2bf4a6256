"""On-site visits, their findings and the calendar against duplicate visits"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass
