"""Performance assessments (绩效考核), S4.7: one for each quarter of a campaign, and one for its year."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import HASH, ID, NAME, TITLE, Base, Quantity


class Assessment(Base):
    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_campaign", "campaign_id", "period"),)

    id: Mapped[str] = mapped_column(String(ID), ForeignKey("instance.id"), primary_key=True)  # that of its instance
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    period: Mapped[str] = mapped_column(String(10))  # 2013-Q2; 2013: the whole year
    first_day: Mapped[date]
    last_day: Mapped[date]  # what happened later does not count
    status: Mapped[str] = mapped_column(String(10), index=True)  # computed, confirmed, published, cancelled
    campaign_weight: Mapped[Decimal | None] = mapped_column(Quantity)  # percent within the yearly evaluation, S4.7a
    reason: Mapped[str | None] = mapped_column(Text)  # why it was cancelled
    content_hash: Mapped[str | None] = mapped_column(String(HASH))  # of what was published
    computed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
