"""The tables of the backbone"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "serial",
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_serial")),
    )
    op.create_table(
        "parameter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=100), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_parameter_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter")),
    )
    with op.batch_alter_table("parameter", schema=None) as batch_op:
        batch_op.create_index("ix_parameter_name", ["name", "valid_from"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("supervision_type", sa.String(length=20), nullable=False),
        sa.Column("authority_basis", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("objects", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("notice_date", sa.Date(), nullable=True),
        sa.Column("doc_number", sa.String(length=100), nullable=True),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("classification", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["instance.id"], name=op.f("fk_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_status"), ["status"], unique=False)

    op.create_table(
        "catalogue_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("sub_item", sa.String(length=4), nullable=False),
        sa.Column("task_code", sa.String(length=100), nullable=False),
        sa.Column("municipal_target", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=False),
        sa.Column("unit_of_measure", sa.String(length=100), nullable=False),
        sa.Column("applicable_units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("co_units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("milestones", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_catalogue_entry_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_entry")),
        sa.UniqueConstraint("campaign_id", "sub_item", name=op.f("uq_catalogue_entry_campaign_id_sub_item")),
    )
    op.create_table(
        "instruction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("leader_post", sa.String(length=300), nullable=False),
        sa.Column("instruction_date", sa.Date(), nullable=True),
        sa.Column("instruction_text", sa.Text(), nullable=False),
        sa.Column("action_required", sa.String(length=12), nullable=True),
        sa.Column("urgency", sa.String(length=12), nullable=True),
        sa.Column("classification", sa.String(length=20), nullable=True),
        sa.Column("lead_unit", sa.String(length=100), nullable=True),
        sa.Column("co_units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("linked_items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("declines", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("quality", sa.String(length=10), nullable=True),
        sa.Column("file_no", sa.String(length=100), nullable=True),
        sa.Column("retention", sa.String(length=10), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("source_instance_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_instruction_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instruction_instance_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["instruction.id"], name=op.f("fk_instruction_parent_id")),
        sa.ForeignKeyConstraint(
            ["source_instance_id"], ["instance.id"], name=op.f("fk_instruction_source_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
        sa.UniqueConstraint("number", name=op.f("uq_instruction_number")),
    )
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instruction_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_status"), ["status"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("district", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("mediations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("established_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ledger_campaign_id")),
        sa.ForeignKeyConstraint(["district"], ["organisation.code"], name=op.f("fk_ledger_district")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_ledger_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("campaign_id", "district", name=op.f("uq_ledger_campaign_id_district")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_district"), ["district"], unique=False)

    op.create_table(
        "objection",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("conclusion_id", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("authors", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_instance_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_objection_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_objection_instance_id")),
        sa.ForeignKeyConstraint(["source_instance_id"], ["instance.id"], name=op.f("fk_objection_source_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_conclusion_id"), ["conclusion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_status"), ["status"], unique=False)

    op.create_table(
        "baseline",
        sa.Column("ledger_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_baseline_instance_id")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_baseline_ledger_id")),
        sa.PrimaryKeyConstraint("ledger_id", "version", name=op.f("pk_baseline")),
    )
    op.create_table(
        "ledger_item",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("ledger_id", sa.String(length=32), nullable=False),
        sa.Column("district", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sub_item", sa.String(length=4), nullable=False),
        sa.Column("task_code", sa.String(length=100), nullable=False),
        sa.Column("applicable", sa.Boolean(), nullable=False),
        sa.Column("na_reason", sa.Text(), nullable=True),
        sa.Column("item_name", sa.String(length=300), nullable=True),
        sa.Column("location", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("target_value", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("unit_of_measure", sa.String(length=100), nullable=True),
        sa.Column("qualitative_standard", sa.Text(), nullable=True),
        sa.Column("responsible_unit", sa.String(length=100), nullable=True),
        sa.Column("responsible_post", sa.String(length=300), nullable=True),
        sa.Column("co_units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("milestones", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("evidence_standard", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("difficulty", sa.String(length=20), nullable=True),
        sa.Column("publishable", sa.Boolean(), nullable=True),
        sa.Column("original_deadline", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reported_value", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("verified_value", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("progress_percent", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("verified_percent", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("planned_percent", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("missed_reports", sa.Integer(), nullable=False),
        sa.Column("falsified", sa.Boolean(), nullable=False),
        sa.Column("rectification_overdue", sa.Boolean(), nullable=False),
        sa.Column("light", sa.String(length=6), nullable=True),
        sa.Column("light_rule", sa.String(length=40), nullable=True),
        sa.Column("light_since", sa.Date(), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ledger_item_campaign_id")),
        sa.ForeignKeyConstraint(["district"], ["organisation.code"], name=op.f("fk_ledger_item_district")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_ledger_item_instance_id")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_ledger_item_ledger_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["ledger_item.id"], name=op.f("fk_ledger_item_merged_into")),
        sa.ForeignKeyConstraint(
            ["responsible_unit"], ["organisation.code"], name=op.f("fk_ledger_item_responsible_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_item")),
    )
    with op.batch_alter_table("ledger_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_item_campaign", ["campaign_id", "status", "district", "sub_item"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ledger_item_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_ledger_item_ledger", ["ledger_id", "position"], unique=False)
        batch_op.create_index("ix_ledger_item_light", ["campaign_id", "light"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_item_responsible_unit"), ["responsible_unit"], unique=False)

    op.create_table(
        "change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("subject_instance_id", sa.String(length=32), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("change_type", sa.String(length=12), nullable=True),
        sa.Column("reason_code", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("old_deadline", sa.Date(), nullable=True),
        sa.Column("asked_deadline", sa.Date(), nullable=True),
        sa.Column("granted_deadline", sa.Date(), nullable=True),
        sa.Column("old_unit", sa.String(length=100), nullable=True),
        sa.Column("new_unit", sa.String(length=100), nullable=True),
        sa.Column("old_target", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("new_target", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("approver", sa.String(length=30), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_change_campaign_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_change_decided_by")),
        sa.ForeignKeyConstraint(["id"], ["instance.id"], name=op.f("fk_change_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_change_item_id")),
        sa.ForeignKeyConstraint(["subject_instance_id"], ["instance.id"], name=op.f("fk_change_subject_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("number", name=op.f("uq_change_number")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_subject_instance_id"), ["subject_instance_id"], unique=False)

    op.create_table(
        "light_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(length=6), nullable=True),
        sa.Column("after", sa.String(length=6), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_light_change_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_light_change")),
    )
    with op.batch_alter_table("light_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_light_change_day"), ["day"], unique=False)
        batch_op.create_index("ix_light_change_item", ["item_id", "day"], unique=False)

    op.create_table(
        "problem",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("category", sa.String(length=100), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("districts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("affected_units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("route", sa.String(length=12), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_instance_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_problem_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_problem_instance_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_problem_item_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["problem.id"], name=op.f("fk_problem_merged_into")),
        sa.ForeignKeyConstraint(["source_instance_id"], ["instance.id"], name=op.f("fk_problem_source_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
        sa.UniqueConstraint("number", name=op.f("uq_problem_number")),
    )
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_problem_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_problem_category", ["category", "reported_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_problem_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_problem_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_problem_status"), ["status"], unique=False)

    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no_change", sa.Boolean(), nullable=True),
        sa.Column("actual_value", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("progress_percent", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("narrative", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("blocker", sa.Text(), nullable=True),
        sa.Column("needs_decision", sa.Boolean(), nullable=True),
        sa.Column("self_disclosed", sa.Boolean(), nullable=True),
        sa.Column("claims_completion", sa.Boolean(), nullable=True),
        sa.Column("reporter", sa.String(length=100), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("verifier", sa.String(length=100), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("verified_value", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("return_reason", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("desk_verdict", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_progress_report_item_id")),
        sa.ForeignKeyConstraint(["reporter"], ["account.id"], name=op.f("fk_progress_report_reporter")),
        sa.ForeignKeyConstraint(["verifier"], ["account.id"], name=op.f("fk_progress_report_verifier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index("ix_progress_report_item", ["item_id", "period"], unique=False)
        batch_op.create_index(batch_op.f("ix_progress_report_reported_at"), ["reported_at"], unique=False)

    op.create_table(
        "urging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("district", sa.String(length=100), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_urging_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_urging_instance_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_urging_item_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_urging_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
    )
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.create_index("ix_urging_campaign", ["campaign_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_urging_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_urging_item", ["item_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_urging_task_id"), ["task_id"], unique=False)

    op.create_table(
        "matter",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=True),
        sa.Column("ledger_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("problem_id", sa.String(length=32), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("urgency", sa.String(length=12), nullable=True),
        sa.Column("fund_amount", sa.Numeric(19, 4).with_variant(sa.Float(53), "sqlite"), nullable=True),
        sa.Column("procedure", sa.String(length=12), nullable=True),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("decision_text", sa.Text(), nullable=True),
        sa.Column("handling_units", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("first_needed_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_instance_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_matter_campaign_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_matter_instance_id")),
        sa.ForeignKeyConstraint(["item_id"], ["ledger_item.id"], name=op.f("fk_matter_item_id")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_matter_ledger_id")),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name=op.f("fk_matter_problem_id")),
        sa.ForeignKeyConstraint(["source_instance_id"], ["instance.id"], name=op.f("fk_matter_source_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("number", name=op.f("uq_matter_number")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_status"), ["status"], unique=False)
