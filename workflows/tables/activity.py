"""Inspections by deputies of the congress and members of CPPCC (代表委员视察), S4.3."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, TITLE, Base, Json


class Activity(Base):
    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_campaign", "campaign_id", "status"),)

    id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)  # of its case
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    notice_id: Mapped[str | None] = mapped_column(String(TITLE), index=True)  # activity_id of the message, if announced
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    inspecting_body: Mapped[str] = mapped_column(String(10))  # congress, cppcc
    form: Mapped[str] = mapped_column(String(20))  # group_inspection, thematic, certificate, forum
    theme: Mapped[str] = mapped_column(String(TITLE))
    date_from: Mapped[date]
    date_to: Mapped[date]
    task_codes: Mapped[list[str]]
    route: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # day, unit, place, merged_with
    hosts: Mapped[list[str]]
    status: Mapped[str] = mapped_column(String(10))  # registered, scheduled, postponed, held, closed, cancelled
    reason: Mapped[str | None] = mapped_column(Text)
    attendee_count: Mapped[int | None]
    formal_no: Mapped[str | None] = mapped_column(String(TITLE))
    registered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
