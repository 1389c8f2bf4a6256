"""Referrals for accountability (责任追究), S4.7e S4.7f. A ``hidden`` one is a clue of corruption."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base


class Referral(Base):
    __tablename__ = "referral"
    __table_args__ = (Index("ix_referral_unit", "campaign_id", "subject_unit", "measure"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # id of its instance
    referral_id: Mapped[str] = mapped_column(String(TITLE), index=True)  # key of the messages
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    subject_unit: Mapped[str | None] = mapped_column(String(NAME))
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"))
    conduct: Mapped[str] = mapped_column(String(12))  # inaction, wrongful, absence, inadequate, false, obstruct, ...
    facts: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(NAME))  # process that referred it, or "external"
    source_ref: Mapped[str | None] = mapped_column(String(TITLE))  # problem, order, visit, item, score
    source_instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    # received, registered, verified, awaiting, transferred, closed, no_measure, unfounded, rejected, cancelled
    status: Mapped[str] = mapped_column(String(12), index=True)
    verified: Mapped[bool | None]
    consequence: Mapped[str | None] = mapped_column(String(10))  # none, minor, serious, grave
    good_faith: Mapped[bool | None]
    proposed: Mapped[str | None] = mapped_column(String(10))  # by the rule D7: none, remind, talk, ..., transfer
    measure: Mapped[str | None] = mapped_column(
        String(10)
    )  # as approved: none, remind, talk, circulate, refer, transfer
    authority: Mapped[str | None] = mapped_column(String(TITLE))  # to which it was handed over
    transferred_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    publish: Mapped[bool | None]
    hidden: Mapped[bool] = mapped_column(default=False)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    received_at: Mapped[datetime]
    measure_on: Mapped[date | None]  # day on which the measure was approved
    ended_at: Mapped[datetime | None]
