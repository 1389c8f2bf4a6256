"""What makes a photo of a visit credible; how often the public portal is used"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attachment_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ticket_account_id")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_ticket_attachment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
    )
    op.create_index(op.f("ix_ticket_account_id"), "ticket", ["account_id"], unique=False)
    op.create_index(op.f("ix_ticket_attachment_id"), "ticket", ["attachment_id"], unique=False)
    op.create_table(
        "picture_band",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_picture_band_attachment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("band", "attachment_id", name=op.f("pk_picture_band")),
    )
    op.create_index(op.f("ix_picture_band_attachment_id"), "picture_band", ["attachment_id"], unique=False)
    op.create_table(
        "portal_use",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "visitor", "hour", name=op.f("pk_portal_use")),
    )
    op.create_index(op.f("ix_portal_use_hour"), "portal_use", ["hour"], unique=False)
    _band_what_is_there()


def _band_what_is_there() -> None:
    """Pictures that were handed in before are compared as well."""
    connection = op.get_bind()
    pictures = connection.execute(sa.text("SELECT id, dhash FROM attachment WHERE dhash IS NOT NULL")).all()
    rows = [
        {"band": place * 65536 + int(dhash[4 * place : 4 * place + 4], 16), "attachment_id": ident}
        for ident, dhash in pictures
        for place in range(4)
    ]
    if rows:
        connection.execute(
            sa.text("INSERT INTO picture_band (band, attachment_id) VALUES (:band, :attachment_id)"), rows
        )
