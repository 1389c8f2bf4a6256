"""Urging (催办): every rung of the ladder D2 that was climbed, for an item, an instance or a task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base


class Urging(Base):
    __tablename__ = "urging"
    __table_args__ = (Index("ix_urging_item", "item_id", "at"), Index("ix_urging_campaign", "campaign_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"), index=True)
    unit: Mapped[str] = mapped_column(String(NAME))  # organisation that is urged
    district: Mapped[str | None] = mapped_column(String(NAME))
    rung: Mapped[int]  # 1 reminder, 2 first urging, 3 second urging, 4 order, 5 talk, 6 referral
    kind: Mapped[str] = mapped_column(String(10))  # reminder, slip, order, talk, referral
    number: Mapped[str | None] = mapped_column(String(NAME))  # of the slip or order
    reason: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[datetime | None]  # what was missed
    at: Mapped[datetime]
    days_late: Mapped[int] = mapped_column(default=0)  # working days, pauses taken off
    paused_days: Mapped[int] = mapped_column(default=0)  # working days that did not count
    paused_since: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]  # when what was urged for was done
    void_since: Mapped[datetime | None]  # the conclusion behind it was revoked: it no longer counts
