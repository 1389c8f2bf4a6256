"""What the public says (社会意见): received, answered within its time, rated by who said it. S4.4b, S4.4c."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Json


class Opinion(Base):
    __tablename__ = "opinion"
    __table_args__ = (
        Index("ix_opinion_campaign", "campaign_id", "unit", "received_at"),
        Index("ix_opinion_published", "published_at"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # opinion_id of the messages
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)  # by which whoever said it follows it; not guessable
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    unit: Mapped[str | None] = mapped_column(String(NAME))  # that answers
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    channel: Mapped[str] = mapped_column(String(12))  # portal, hotline, letter, organisation, media
    title: Mapped[str] = mapped_column(String(TITLE))  # number and beginning, masked: what lists show
    content: Mapped[str] = mapped_column(Text)
    location: Mapped[dict[str, Any] | None] = mapped_column(Json)
    contact: Mapped[str | None] = mapped_column(String(200))  # for the call-back; never leaves the house
    anonymous: Mapped[bool]
    photos: Mapped[list[str]]  # ids of attachments
    route: Mapped[str | None] = mapped_column(String(12))  # problem, suggestion, redirect, duplicate, no_action
    problem_id: Mapped[str | None] = mapped_column(String(ID))  # under which it went into the pool of problems
    duplicate_of: Mapped[str | None] = mapped_column(ForeignKey("opinion.id"))
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    due: Mapped[datetime | None]  # until when the public is to be answered, now
    first_due: Mapped[datetime | None]  # the same, before it was reopened: rates go by it
    replied_at: Mapped[datetime | None]  # first answer
    reply_text: Mapped[str | None] = mapped_column(Text)  # the latest
    publish: Mapped[bool | None]
    published_at: Mapped[datetime | None]
    published_content: Mapped[str | None] = mapped_column(Text)  # as it passed the publication gate
    published_reply: Mapped[str | None] = mapped_column(Text)
    rating_until: Mapped[datetime | None]  # until when a call-back is awaited
    resolved: Mapped[bool | None]  # None: nobody said
    satisfaction: Mapped[str | None] = mapped_column(String(12))  # satisfied, basically, dissatisfied; None: no reply
    comment: Mapped[str | None] = mapped_column(Text)  # what was said with the rating
    rated_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(12), index=True)  # received, handling, replied, closed, cancelled
    reason: Mapped[str | None] = mapped_column(Text)  # why it was cancelled
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    ended_at: Mapped[datetime | None]
