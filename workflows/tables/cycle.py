"""Rounds of what recurs: flash bulletins, monthly reports and meetings, quarterly reports and others. S4.6"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import Base


class Cycle(Base):
    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("campaign_id", "kind", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str] = mapped_column(String(20))  # flash, monthly, meeting, quarterly, assessment, disclosure, joint
    period: Mapped[str] = mapped_column(String(20))  # 2013-W17, 2013-04, 2013-Q2; the day of an extra issue
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(10))  # running, done, skipped
    reason: Mapped[str | None] = mapped_column(Text)  # why it was skipped or postponed
    postponed: Mapped[int] = mapped_column(default=0)  # how often it was put off
    covers_until: Mapped[datetime]  # what happened later belongs to the next round
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
