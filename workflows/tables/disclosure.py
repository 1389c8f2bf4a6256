"""What a lead unit tells the public of its task (计划、进展和结果公布): a text with its items, or why not. S4.4a."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, Base, Json


class Disclosure(Base):
    __tablename__ = "disclosure"
    __table_args__ = (
        UniqueConstraint("instance_id", "unit"),
        Index("ix_disclosure_campaign", "campaign_id", "unit", "period"),
        Index("ix_disclosure_published", "status", "published_at"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    number: Mapped[str | None] = mapped_column(String(NAME), unique=True)  # given when it is published
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    unit: Mapped[str] = mapped_column(String(NAME))
    task_code: Mapped[str] = mapped_column(String(NAME))
    kind: Mapped[str] = mapped_column(String(10))  # plan, progress, result
    period: Mapped[str] = mapped_column(String(NAME))  # 2013-05, or as the unit words it
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")  # as it passed the publication gate, once published
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # what the public may know of each item, on that day
    status: Mapped[str] = mapped_column(String(10))  # preparing, published, withheld, cancelled
    ground: Mapped[str | None] = mapped_column(Text)  # why it is withheld, or cancelled
    late: Mapped[bool] = mapped_column(default=False)  # the legal limit has passed
    begun_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
