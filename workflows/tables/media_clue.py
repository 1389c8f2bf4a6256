"""Clues that the media supervision looks into (媒体监督), S4.5: from supervision, journalists or the public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class MediaClue(Base):
    __tablename__ = "media_clue"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # id of its instance
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    key: Mapped[str] = mapped_column(String(TITLE), index=True)  # clue_id or order_id of the message
    title: Mapped[str] = mapped_column(String(TITLE))
    content: Mapped[str] = mapped_column(Text, default="")
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit: Mapped[str | None] = mapped_column(String(NAME))
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"))
    problem_id: Mapped[str | None] = mapped_column(String(ID), index=True)  # under which it was reported to the pool
    order_id: Mapped[str | None] = mapped_column(String(ID), index=True)  # the order whose failures led here
    fail_count: Mapped[int] = mapped_column(default=0)  # failed rechecks of that order
    source: Mapped[str] = mapped_column(String(NAME))  # supervision, reporter, public
    verification: Mapped[str | None] = mapped_column(String(10))  # true, partly, false, pending
    channel: Mapped[str | None] = mapped_column(String(20))  # exposure, internal_reference, both, hold
    # received, verified, exposed, referred (internal reference only), held, refused, followed, corrected, cancelled
    status: Mapped[str] = mapped_column(String(12), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was held or refused
    fix_state: Mapped[str | None] = mapped_column(String(10))  # fixed, partly, not_fixed, as followed up
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    received_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
