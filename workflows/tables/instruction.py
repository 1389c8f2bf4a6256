"""Leaders' written comments and assigned matters (批示件), S3.2."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class Instruction(Base):
    __tablename__ = "instruction"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # instruction_id of the messages
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    source_kind: Mapped[str] = mapped_column(String(20))
    leader_post: Mapped[str] = mapped_column(String(TITLE))
    instruction_date: Mapped[date | None]
    instruction_text: Mapped[str] = mapped_column(Text)
    action_required: Mapped[str | None] = mapped_column(String(12))  # read_only, handle, report_back
    urgency: Mapped[str | None] = mapped_column(String(12))  # extra_urgent, urgent, normal, long_term
    classification: Mapped[str | None] = mapped_column(String(20))
    lead_unit: Mapped[str | None] = mapped_column(String(NAME))
    co_units: Mapped[list[str]]
    linked_items: Mapped[list[str]]
    deadline: Mapped[date | None]
    declines: Mapped[int] = mapped_column(default=0)
    # registered, dispatched, handling, reported, satisfied, further, cancelled, archived
    status: Mapped[str] = mapped_column(String(12), index=True)
    verdict: Mapped[str | None] = mapped_column(String(12))  # of the leader: satisfied, further, cancel
    quality: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)  # why it was cancelled
    file_no: Mapped[str | None] = mapped_column(String(NAME))
    retention: Mapped[str | None] = mapped_column(String(10))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("instruction.id"))
    source_instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    registered_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
