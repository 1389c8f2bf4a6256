"""Matters submitted to the municipal government for decision (提请决策事项), S2.2 S3.3 S4.1c."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Quantity


class Matter(Base):
    __tablename__ = "matter"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # matter_id of the messages
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    background: Mapped[str] = mapped_column(Text, default="")
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    ledger_id: Mapped[str | None] = mapped_column(ForeignKey("ledger.id"))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"), index=True)
    problem_id: Mapped[str | None] = mapped_column(ForeignKey("problem.id"), index=True)
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    unit: Mapped[str | None] = mapped_column(String(NAME))  # that needs the decision
    addressee: Mapped[str | None] = mapped_column(String(NAME))  # one request goes to one body
    urgency: Mapped[str | None] = mapped_column(String(12))
    fund_amount: Mapped[Decimal | None] = mapped_column(Quantity)  # yuan
    procedure: Mapped[str | None] = mapped_column(String(12))  # of D10: statutory, exempt, ordinary
    # drafting, countersigning, procedure, reviewing, submitted, decided, withdrawn, cancelled
    status: Mapped[str] = mapped_column(String(15), index=True)
    verdict: Mapped[str | None] = mapped_column(String(12))  # approve, amend, reject
    reason: Mapped[str | None] = mapped_column(Text)  # why it was withdrawn or cancelled
    decision_text: Mapped[str | None] = mapped_column(Text)
    handling_units: Mapped[list[str]]
    deadline: Mapped[date | None]
    first_needed_on: Mapped[date | None]  # first report that said so: timeliness of S3.3 counts from here
    source: Mapped[str] = mapped_column(String(NAME))
    source_instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    requested_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
