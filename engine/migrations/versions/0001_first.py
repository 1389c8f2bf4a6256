"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "attempt",
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_last_at"), "attempt", ["last_at"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("parent_code", sa.String(length=100), nullable=True),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["organisation.code"], name=op.f("fk_organisation_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisation")),
        sa.UniqueConstraint("path", name=op.f("uq_organisation_path")),
    )
    op.create_index(op.f("ix_organisation_parent_code"), "organisation", ["parent_code"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("diagram", sa.LargeBinary(), nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("starter_groups", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(length=100), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("process_key", "content_hash", name=op.f("uq_version_process_key_content_hash")),
        sa.UniqueConstraint("process_key", "number", name=op.f("uq_version_process_key_number")),
    )
    op.create_table(
        "worker",
        sa.Column("slot", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_worker")),
    )
    op.create_table(
        "pool",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("org", sa.String(length=100), nullable=True),
        sa.Column("org_path", sa.String(length=1000), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["org"], ["organisation.code"], name=op.f("fk_pool_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
    )
    op.create_table(
        "process",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["current_version_id"], ["version.id"], name=op.f("fk_process_current_version_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("org_code", sa.String(length=100), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(["org_code"], ["organisation.code"], name=op.f("fk_role_grant_org_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "account_id", "role", "org_code", "task_code", name=op.f("uq_role_grant_account_id_role_org_code_task_code")
        ),
    )
    op.create_index(op.f("ix_role_grant_org_code"), "role_grant", ["org_code"], unique=False)
    op.create_index(op.f("ix_role_grant_role"), "role_grant", ["role"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_web_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_account_id"), "web_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)
    op.create_table(
        "instance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("org", sa.String(length=100), nullable=True),
        sa.Column("org_path", sa.String(length=1000), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("starter", sa.String(length=100), nullable=True),
        sa.Column("starter_org", sa.String(length=100), nullable=True),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("parent_request", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("variables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_element", sa.String(length=300), nullable=True),
        sa.Column("record_length", sa.Integer(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisation.code"], name=op.f("fk_instance_org")),
        sa.ForeignKeyConstraint(["process_key"], ["process.key"], name=op.f("fk_instance_process_key")),
        sa.ForeignKeyConstraint(["starter"], ["account.id"], name=op.f("fk_instance_starter")),
        sa.ForeignKeyConstraint(["starter_org"], ["organisation.code"], name=op.f("fk_instance_starter_org")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_instance_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
        sa.UniqueConstraint("origin", name=op.f("uq_instance_origin")),
    )
    op.create_index("ix_instance_changed", "instance", ["changed_at", "id"], unique=False)
    op.create_index(op.f("ix_instance_org_path"), "instance", ["org_path"], unique=False)
    op.create_index(op.f("ix_instance_parent_request"), "instance", ["parent_request"], unique=False)
    op.create_index(op.f("ix_instance_process_key"), "instance", ["process_key"], unique=False)
    op.create_index("ix_instance_starter", "instance", ["starter", "changed_at"], unique=False)
    op.create_index(op.f("ix_instance_version_id"), "instance", ["version_id"], unique=False)
    op.create_table(
        "pool_reach",
        sa.Column("reach", sa.String(length=302), nullable=False),
        sa.Column("pool_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_reach_pool_id")),
        sa.PrimaryKeyConstraint("reach", "pool_id", name=op.f("pk_pool_reach")),
    )
    op.create_index(op.f("ix_pool_reach_pool_id"), "pool_reach", ["pool_id"], unique=False)
    op.create_table(
        "start_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("timer_kind", sa.String(length=10), nullable=False),
        sa.Column("timer_text", sa.String(length=300), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_key"], ["process.key"], name=op.f("fk_start_event_process_key")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_start_event_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_event")),
    )
    op.create_index("ix_start_event_due", "start_event", ["next_at"], unique=False)
    op.create_index("ix_start_event_name", "start_event", ["kind", "name"], unique=False)
    op.create_index(op.f("ix_start_event_process_key"), "start_event", ["process_key"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("dhash", sa.String(length=16), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("stored_name", sa.String(length=100), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("geo", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("device", sa.String(length=300), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_attachment_account_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_attachment_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_attachment_stored_name")),
    )
    op.create_index(op.f("ix_attachment_account_id"), "attachment", ["account_id"], unique=False)
    op.create_index(op.f("ix_attachment_dhash"), "attachment", ["dhash"], unique=False)
    op.create_index(op.f("ix_attachment_instance_id"), "attachment", ["instance_id"], unique=False)
    op.create_index(op.f("ix_attachment_original_sha256"), "attachment", ["original_sha256"], unique=False)
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("element", sa.String(length=300), nullable=True),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("work_kind", sa.String(length=10), nullable=True),
        sa.Column("work_id", sa.String(length=32), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_incident_instance_id")),
        sa.ForeignKeyConstraint(["resolved_by"], ["account.id"], name=op.f("fk_incident_resolved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_instance_id"), "incident", ["instance_id"], unique=False)
    op.create_index("ix_incident_open", "incident", ["resolved_at", "noted_at"], unique=False)
    op.create_index(op.f("ix_incident_token"), "incident", ["token"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("element", sa.String(length=300), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_to", sa.String(length=32), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delivered_to"], ["instance.id"], name=op.f("fk_message_delivered_to")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_message_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_delivered_to"), "message", ["delivered_to"], unique=False)
    op.create_index("ix_message_due", "message", ["status", "next_at"], unique=False)
    op.create_index(op.f("ix_message_instance_id"), "message", ["instance_id"], unique=False)
    op.create_index("ix_message_name", "message", ["status", "kind", "name", "key"], unique=False)
    op.create_index("ix_message_status", "message", ["status", "sent_at"], unique=False)
    op.create_table(
        "record",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_record_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_record")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("inputs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("child_id", sa.String(length=32), nullable=True),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_request_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("ix_request_due", "request", ["status", "next_at"], unique=False)
    op.create_index(op.f("ix_request_instance_id"), "request", ["instance_id"], unique=False)
    op.create_index("ix_request_name", "request", ["status", "kind", "name"], unique=False)
    op.create_index("ix_request_status", "request", ["status", "opened_at"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_subscription_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_instance_id"), "subscription", ["instance_id"], unique=False)
    op.create_index("ix_subscription_name", "subscription", ["kind", "name", "key"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("form", sa.String(length=300), nullable=True),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("org", sa.String(length=100), nullable=True),
        sa.Column("org_path", sa.String(length=1000), nullable=True),
        sa.Column("task_code", sa.String(length=100), nullable=True),
        sa.Column("pool_id", sa.String(length=32), nullable=True),
        sa.Column("assignee", sa.String(length=100), nullable=True),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("barred", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_order", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("performer", sa.String(length=100), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["assignee"], ["account.id"], name=op.f("fk_task_assignee")),
        sa.ForeignKeyConstraint(["holder"], ["account.id"], name=op.f("fk_task_holder")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_task_instance_id")),
        sa.ForeignKeyConstraint(["performer"], ["account.id"], name=op.f("fk_task_performer")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_task_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "ix_task_holder",
        "task",
        ["holder", "status", "due_order", "id"],
        unique=False,
        sqlite_where=sa.text("holder IS NOT NULL"),
        postgresql_where=sa.text("holder IS NOT NULL"),
    )
    op.create_index("ix_task_instance", "task", ["instance_id", "opened_at"], unique=False)
    op.create_index("ix_task_performer", "task", ["performer", "closed_at", "id"], unique=False)
    op.create_index(
        "ix_task_pool",
        "task",
        ["pool_id", "due_order", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND holder IS NULL"),
        postgresql_where=sa.text("status = 'open' AND holder IS NULL"),
    )
    op.create_index("ix_task_pool_instance", "task", ["pool_id", "instance_id"], unique=False)
    op.create_index(
        "ix_task_unheld",
        "task",
        ["due_order", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND holder IS NULL"),
        postgresql_where=sa.text("status = 'open' AND holder IS NULL"),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_timer_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
    )
    op.create_index("ix_timer_due", "timer", ["next_at"], unique=False)
    op.create_index(op.f("ix_timer_instance_id"), "timer", ["instance_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint("task_id", "account_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_notice_instance_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_notice_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_account", "notice", ["account_id", "read_at", "sent_at"], unique=False)
    op.create_index(op.f("ix_notice_instance_id"), "notice", ["instance_id"], unique=False)
    op.create_index(op.f("ix_notice_task_id"), "notice", ["task_id"], unique=False)
    for table in ("record", "version"):
        _make_append_only(table)


def _make_append_only(table: str) -> None:
    """Let the database itself refuse to change or delete rows, whoever asks."""
    refusal = f"{table} is append-only"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
