"""Public exposures (公开曝光), S4.5c: what was published about a unit, and whether it has been put right since."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class Exposure(Base):
    __tablename__ = "exposure"
    __table_args__ = (Index("ix_exposure_unit", "campaign_id", "unit", "published_on"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    unit: Mapped[str | None] = mapped_column(String(NAME))
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    order_id: Mapped[str | None] = mapped_column(String(ID), index=True)
    problem_id: Mapped[str | None] = mapped_column(String(ID), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    outlet: Mapped[str] = mapped_column(String(TITLE))
    link: Mapped[str | None] = mapped_column(Text)
    published_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(10), index=True)  # exposed, resolved, corrected
    resolved_on: Mapped[date | None]
    correction: Mapped[str | None] = mapped_column(Text)
    corrected_on: Mapped[date | None]
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    recorded_at: Mapped[datetime]
