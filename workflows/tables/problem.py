"""The pool of problems (问题池), S2.2 S4.1b: found by reports, inspections, citizens or the media."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class Problem(Base):
    __tablename__ = "problem"
    __table_args__ = (Index("ix_problem_category", "category", "reported_at"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # problem_id of the messages
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    facts: Mapped[str] = mapped_column(Text, default="")
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"), index=True)
    category: Mapped[str | None] = mapped_column(String(NAME))
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    districts: Mapped[list[str]]
    affected_units: Mapped[list[str]]
    severity: Mapped[str | None] = mapped_column(String(10))  # general, serious, major
    cause: Mapped[str | None] = mapped_column(String(20))
    verified: Mapped[bool | None]
    route: Mapped[str | None] = mapped_column(String(12))  # local, common, decision, transfer, verify, unfounded
    status: Mapped[str] = mapped_column(
        String(12), index=True
    )  # reported, open, solved, merged, unfounded, transferred, cancelled
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("problem.id"))
    source: Mapped[str] = mapped_column(String(NAME))  # process that reported it, or "external"
    source_instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)  # that deals with it
    reported_at: Mapped[datetime]
    due: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    agenda_month: Mapped[str | None] = mapped_column(String(7))  # "2013-06": on the list of that month's meeting
    reopened: Mapped[int] = mapped_column(default=0)
