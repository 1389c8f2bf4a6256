"""What a visit has found (督查发现的问题), and what became of it: S4.2c, S4.2d."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, Base


class Finding(Base):
    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_campaign", "campaign_id", "unit"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    position: Mapped[int]  # within the report, from 1
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    unit: Mapped[str | None] = mapped_column(String(NAME))  # that answers for it
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(10))  # general, serious, major
    nature: Mapped[str] = mapped_column(String(15))  # false, lagging, measures_weak, other
    fixed_on_spot: Mapped[bool] = mapped_column(default=False)  # as the team saw it
    improvement: Mapped[str | None] = mapped_column(Text)  # the opinion of the task group
    disposition: Mapped[str | None] = mapped_column(String(10))  # fixed, rectify, common, observe
    problem_id: Mapped[str | None] = mapped_column(String(ID), index=True)  # key of the pool, or of the order
    status: Mapped[str] = mapped_column(String(10))  # found, fixed, ordered, pooled, observed, cancelled
    found_at: Mapped[datetime]
    disposed_at: Mapped[datetime | None]
