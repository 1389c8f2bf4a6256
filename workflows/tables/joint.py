"""Joint supervisions (联合督查), S4.1: the Office together with the headquarters of the tasks, on one theme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, TITLE, Base, Json


class Joint(Base):
    __tablename__ = "joint"
    __table_args__ = (Index("ix_joint_campaign", "campaign_id", "status"),)

    id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)  # of its case
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    theme: Mapped[str] = mapped_column(String(TITLE))
    origin: Mapped[str] = mapped_column(String(10))  # quarterly, manual, resolution
    task_codes: Mapped[list[str]]
    objects: Mapped[list[str]]  # organisations that are visited
    methods: Mapped[list[str]]
    period: Mapped[str] = mapped_column(String(TITLE), default="")
    planned_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(10))  # proposed, preparing, held, concluded, cancelled, postponed
    reason: Mapped[str | None] = mapped_column(Text)  # why it was cancelled or postponed
    merged_with: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))  # case of the visit it is held with
    held_on: Mapped[date | None]
    participants: Mapped[list[str]]
    record: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # each with its problem_id, and matter_id if decided
    duty_efficiency: Mapped[str | None] = mapped_column(String(4))  # good, fair, poor (S3.3)
    submitted_timely: Mapped[bool | None]
    poor_units: Mapped[list[str]]  # whose efficiency is poor
    facts: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    conclusion_number: Mapped[str | None] = mapped_column(String(NAME))
    proposal: Mapped[str | None] = mapped_column(String(10))  # none, commend, criticise
    replies: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # unit, reply accepted|objected|no_reply, decision
    proposed_at: Mapped[datetime]
    concluded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
