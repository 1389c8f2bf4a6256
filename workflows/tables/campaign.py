"""A special supervision (专项督查), one for each instance of `campaign_setup`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class Campaign(Base):
    __tablename__ = "campaign"

    id: Mapped[str] = mapped_column(String(ID), ForeignKey("instance.id"), primary_key=True)  # that of the instance
    title: Mapped[str] = mapped_column(String(TITLE))
    supervision_type: Mapped[str] = mapped_column(String(20))  # comprehensive, special, incident, daily, clue
    authority_basis: Mapped[str] = mapped_column(String(30))
    scope: Mapped[str] = mapped_column(Text)
    objects: Mapped[list[str]]  # organisation codes
    start_date: Mapped[date]
    end_date: Mapped[date]
    notice_date: Mapped[date | None]  # 成文日期: clocks of the ledgers run from here
    doc_number: Mapped[str | None] = mapped_column(String(NAME))
    profile: Mapped[str] = mapped_column(String(20))  # see workflows.profiles
    classification: Mapped[str] = mapped_column(String(20))  # public, internal, work_secret
    status: Mapped[str] = mapped_column(String(10), index=True)  # draft, active, closed, cancelled, rejected
    reason: Mapped[str | None] = mapped_column(Text)  # why it was cancelled or rejected
    summary: Mapped[str | None] = mapped_column(Text)
    disposition: Mapped[str | None] = mapped_column(Text)  # where unfinished items go
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
