"""Opinions and suggestions of deputies and members (代表委员意见), S4.3c: heard, handled, answered, judged by them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class DeputyOpinion(Base):
    __tablename__ = "deputy_opinion"
    __table_args__ = (Index("ix_deputy_opinion_campaign", "campaign_id", "status"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    deputy: Mapped[str | None] = mapped_column(String(NAME))  # account, if the deputy has one
    content: Mapped[str] = mapped_column(Text)
    route: Mapped[str] = mapped_column(String(10))  # answered, formal, problem
    unit: Mapped[str] = mapped_column(String(NAME))  # that handles and answers it
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    formal_no: Mapped[str | None] = mapped_column(String(TITLE))
    problem_id: Mapped[str | None] = mapped_column(String(ID))  # key of the messages; the row comes with the report
    status: Mapped[str] = mapped_column(String(12))  # handling, replied, settled, no_feedback, mediated, cancelled
    due: Mapped[date | None]
    extended: Mapped[bool] = mapped_column(default=False)  # with the consent of the deputy
    result: Mapped[str | None] = mapped_column(String(10))  # adopted, planned, reference, declined
    reply_text: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    satisfaction: Mapped[str | None] = mapped_column(String(12))  # satisfied, basically, dissatisfied
    rework_count: Mapped[int] = mapped_column(default=0)
    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
