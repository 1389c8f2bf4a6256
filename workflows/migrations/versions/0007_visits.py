"""On-site visits, their findings and the calendar against duplicate visits"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_engagement_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_engagement_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("instance_id", "unit", "day", name="uq_engagement"),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_engagement_day", ["day", "unit"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("district", sa.String(length=100), nullable=True),
        sa.Column("org", sa.String(length=100), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("executor", sa.String(length=15), nullable=False),
        sa.Column("team_org", sa.String(length=100), nullable=True),
        sa.Column("mode", sa.String(length=12), nullable=True),
        sa.Column("visit_date", sa.Date(), nullable=True),
        sa.Column("leader", sa.String(length=100), nullable=True),
        sa.Column("team", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("invitees", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("targets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("objects", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("request_id", sa.String(length=300), nullable=True),
        sa.Column("problem_id", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("clash_reason", sa.Text(), nullable=True),
        sa.Column("postponed", sa.Integer(), nullable=False),
        sa.Column("access", sa.String(length=12), nullable=True),
        sa.Column("evidence_grade", sa.String(length=1), nullable=True),
        sa.Column("position_reason", sa.Text(), nullable=True),
        sa.Column("measured_value", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("confirmation", sa.String(length=22), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(length=15), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conducted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_visit_campaign_id")),
        sa.ForeignKeyConstraint(["id"], ["instance.id"], name=op.f("fk_visit_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["visit.id"], name=op.f("fk_visit_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_number")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_campaign", ["campaign_id", "district", "visit_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_org"), ["org"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_request_id"), ["request_id"], unique=False)
        batch_op.create_index("ix_visit_status", ["status", "visit_date"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("nature", sa.String(length=15), nullable=False),
        sa.Column("fixed_on_spot", sa.Boolean(), nullable=False),
        sa.Column("improvement", sa.Text(), nullable=True),
        sa.Column("disposition", sa.String(length=10), nullable=True),
        sa.Column("problem_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_finding_campaign_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_finding_item_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_finding_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_campaign", ["campaign_id", "unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_visit_id"), ["visit_id"], unique=False)
