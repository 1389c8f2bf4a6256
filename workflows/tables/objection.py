"""Objections to conclusions (异议复核), decree 733 article 17."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class Objection(Base):
    __tablename__ = "objection"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    conclusion_id: Mapped[str] = mapped_column(String(TITLE), index=True)  # key of the messages
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    unit: Mapped[str | None] = mapped_column(String(NAME))  # that objects
    authors: Mapped[list[str]]  # accounts that must not review
    grounds: Mapped[str] = mapped_column(Text, default="")
    received_on: Mapped[date | None]  # when the unit got the conclusion
    filed_on: Mapped[date | None]
    due_on: Mapped[date | None]  # last day for the decision
    status: Mapped[str] = mapped_column(
        String(15), index=True
    )  # filed, reviewing, overdue, decided, rejected_late, inadmissible, cancelled
    verdict: Mapped[str | None] = mapped_column(String(10))  # uphold, amend, revoke
    source: Mapped[str] = mapped_column(String(NAME))
    source_instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    filed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
