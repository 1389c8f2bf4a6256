"""Papers, their templates and issues"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# What was issued stands; only whether it is still in force may be noted later.
_FIXED = (
    "id, kind, number, title, body, issuer, addressees, copies, signer, issued_on, classification, "
    "campaign_id, instance_id, org, facts, issued_at"
)


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("addressees", _JSON, nullable=False),
        sa.Column("copies", _JSON, nullable=False),
        sa.Column("signer", sa.String(length=300), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("classification", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("org", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_paper_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_paper_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index("ix_paper_campaign", ["campaign_id", "kind", "issued_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_number"), ["number"], unique=False)
    op.create_table(
        "paper_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("saved_by", sa.String(length=100), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_paper_template_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_template")),
    )
    with op.batch_alter_table("paper_template", schema=None) as batch_op:
        batch_op.create_index("ix_paper_template_kind", ["kind", "id"], unique=False)
    _protect("paper", f"UPDATE OF {_FIXED}")
    _protect("paper_template", "UPDATE")


def _protect(table: str, change: str) -> None:
    refusal = f"{table} is append-only"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {change} OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for name, action in (("update", change), ("delete", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
