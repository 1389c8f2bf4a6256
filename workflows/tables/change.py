"""Changes that were applied for (事项变更): another deadline, unit or target, suspension, cancellation, merging."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Quantity


class Change(Base):
    __tablename__ = "change"

    id: Mapped[str] = mapped_column(String(ID), ForeignKey("instance.id"), primary_key=True)  # instance that decides it
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"), index=True)
    subject_instance_id: Mapped[str | None] = mapped_column(
        ForeignKey("instance.id"), index=True
    )  # the case it changes
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    unit: Mapped[str | None] = mapped_column(String(NAME))  # that applies
    change_type: Mapped[str | None] = mapped_column(String(12))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(default=1)  # the how many-eth extension of this item
    old_deadline: Mapped[date | None]
    asked_deadline: Mapped[date | None]
    granted_deadline: Mapped[date | None]
    old_unit: Mapped[str | None] = mapped_column(String(NAME))
    new_unit: Mapped[str | None] = mapped_column(String(NAME))
    old_target: Mapped[Decimal | None] = mapped_column(Quantity)
    new_target: Mapped[Decimal | None] = mapped_column(Quantity)
    in_time: Mapped[bool | None]  # filed before the deadline: the clock of urging stands still
    approver: Mapped[str | None] = mapped_column(String(30))  # role, of D11
    status: Mapped[str] = mapped_column(String(12), index=True)  # filed, approved, partial, rejected, withdrawn
    verdict: Mapped[str | None] = mapped_column(String(10))
    filed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(NAME), ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
