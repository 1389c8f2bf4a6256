"""Media clues, exposures and referrals for accountability"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "media_clue",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("problem_id", sa.String(length=32), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("fail_count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("verification", sa.String(length=10), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fix_state", sa.String(length=10), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_media_clue_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_media_clue_instance_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_media_clue_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_clue")),
        sa.UniqueConstraint("number", name=op.f("uq_media_clue_number")),
    )
    with op.batch_alter_table("media_clue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_clue_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_clue_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_clue_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_clue_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_clue_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_clue_status"), ["status"], unique=False)

    op.create_table(
        "exposure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("problem_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("outlet", sa.String(length=300), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("correction", sa.Text(), nullable=True),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_exposure_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_exposure_instance_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_exposure_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sa.UniqueConstraint("number", name=op.f("uq_exposure_number")),
    )
    with op.batch_alter_table("exposure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exposure_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exposure_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exposure_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exposure_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exposure_status"), ["status"], unique=False)
        batch_op.create_index("ix_exposure_unit", ["campaign_id", "unit", "published_on"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("referral_id", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("subject_unit", sa.String(length=100), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("conduct", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_ref", sa.String(length=300), nullable=True),
        sa.Column("source_instance_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("consequence", sa.String(length=10), nullable=True),
        sa.Column("good_faith", sa.Boolean(), nullable=True),
        sa.Column("proposed", sa.String(length=10), nullable=True),
        sa.Column("measure", sa.String(length=10), nullable=True),
        sa.Column("authority", sa.String(length=300), nullable=True),
        sa.Column("transferred_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("publish", sa.Boolean(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measure_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_referral_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_referral_instance_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_referral_item_id")),
        sa.ForeignKeyConstraint(["source_instance_id"], ["instance.id"], name=op.f("fk_referral_source_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("number", name=op.f("uq_referral_number")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_status"), ["status"], unique=False)
        batch_op.create_index("ix_referral_unit", ["campaign_id", "subject_unit", "measure"], unique=False)
