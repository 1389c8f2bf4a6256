"""What makes a photo of a visit credible"""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass
