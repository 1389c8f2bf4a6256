"""Who is visited by whom on which day: one calendar for visits, joint sessions and inspections of deputies.

Decree 733 article 15: no duplicate, no many-headed supervision.  A row for each unit and day.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, TITLE, Base


class Engagement(Base):
    __tablename__ = "engagement"
    __table_args__ = (
        UniqueConstraint("instance_id", "unit", "day", name="uq_engagement"),
        Index("ix_engagement_day", "day", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # visit, joint, activity
    unit: Mapped[str] = mapped_column(String(NAME))  # organisation code
    day: Mapped[date]
    title: Mapped[str] = mapped_column(String(TITLE))
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))  # planned, held; what does not take place is deleted
    secret: Mapped[bool] = mapped_column(default=False)  # until it has taken place: the district must not know of it
