"""Scores of units and the events behind each point"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

INSTANT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    _assessment()
    _score()
    _score_event()
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("lead_unit", sa.String(length=100), nullable=False),
        sa.Column("co_unit", sa.String(length=100), nullable=False),
        sa.Column("service", sa.String(length=10), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("rater", sa.String(length=100), nullable=True),
        sa.Column("rated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_rating_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_assessment_id"), "rating", ["assessment_id"])


def _assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("campaign_weight", QUANTITY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("computed_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_assessment_campaign_id")),
        sa.ForeignKeyConstraint(["id"], ["instance.id"], name=op.f("fk_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("number", name=op.f("uq_assessment_number")),
    )
    op.create_index("ix_assessment_campaign", "assessment", ["campaign_id", "period"])
    op.create_index(op.f("ix_assessment_status"), "assessment", ["status"])


def _score() -> None:
    op.create_table(
        "score",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("assessment_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("total", QUANTITY, nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("ranked", sa.Integer(), nullable=True),
        sa.Column("components", JSON, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("capability", sa.String(length=10), nullable=True),
        sa.Column("work_style", sa.String(length=10), nullable=True),
        sa.Column("team_basis", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("computed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_score_assessment_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_score_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("assessment_id", "unit", "version", name=op.f("uq_score_assessment_id_unit_version")),
    )
    op.create_index("ix_score_current", "score", ["assessment_id", "is_current", "kind"])
    op.create_index("ix_score_unit", "score", ["campaign_id", "unit", "period"])


def _score_event() -> None:
    op.create_table(
        "score_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_id", sa.String(length=32), nullable=False),
        sa.Column("component", sa.String(length=15), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("points", QUANTITY, nullable=False),
        sa.Column("possible", QUANTITY, nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("source_kind", sa.String(length=15), nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_score_event_score_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_event")),
    )
    op.create_index(op.f("ix_score_event_score_id"), "score_event", ["score_id"])
    op.create_index(op.f("ix_score_event_instance_id"), "score_event", ["instance_id"])
