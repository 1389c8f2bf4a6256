"""One row of a ledger: what a unit of the district has to reach by when, and how far it is.

The fields of `compile_ledger` bear its names.  An item that does not apply (``applicable`` false) gives its reason
and nothing else; it is never tracked.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Json, Quantity


class LedgerItem(Base):
    __tablename__ = "ledger_item"
    __table_args__ = (
        Index("ix_ledger_item_campaign", "campaign_id", "status", "district", "sub_item"),
        Index("ix_ledger_item_light", "campaign_id", "light"),
        Index("ix_ledger_item_ledger", "ledger_id", "position"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    ledger_id: Mapped[str] = mapped_column(ForeignKey("ledger.id"))
    district: Mapped[str] = mapped_column(ForeignKey("organisation.code"))
    position: Mapped[int]  # among the rows of the ledger, from 1; never given twice
    revision: Mapped[int] = mapped_column(default=1)  # raised when the row is edited: who saw an older one is told

    sub_item: Mapped[str] = mapped_column(String(4))
    task_code: Mapped[str] = mapped_column(String(NAME))
    applicable: Mapped[bool]
    na_reason: Mapped[str | None] = mapped_column(Text)
    item_name: Mapped[str | None] = mapped_column(String(TITLE))
    location: Mapped[dict[str, Any] | None]
    target_value: Mapped[Decimal | None] = mapped_column(Quantity)
    unit_of_measure: Mapped[str | None] = mapped_column(String(NAME))
    qualitative_standard: Mapped[str | None] = mapped_column(Text)
    responsible_unit: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"), index=True)
    responsible_post: Mapped[str | None] = mapped_column(String(TITLE))
    co_units: Mapped[list[str]]
    start_date: Mapped[date | None]
    deadline: Mapped[date | None]
    milestones: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # [{"date", "planned_percent", "standard"}, ...]
    evidence_standard: Mapped[list[str]]
    difficulty: Mapped[str | None] = mapped_column(String(20))  # normal, hard, needs_decision
    publishable: Mapped[bool | None]

    original_deadline: Mapped[date | None]  # of baseline v1; changes never touch it
    # draft, submitted, returned, established, in_progress, claimed, verifying, closed, suspended, cancelled, merged,
    # reopened; exempt: the sub-item does not apply here
    status: Mapped[str] = mapped_column(String(12))
    reported_value: Mapped[Decimal | None] = mapped_column(Quantity)
    verified_value: Mapped[Decimal | None] = mapped_column(Quantity)
    progress_percent: Mapped[Decimal | None] = mapped_column(Quantity)  # as reported, 0 to 100
    verified_percent: Mapped[Decimal | None] = mapped_column(Quantity)  # what lights are judged by
    planned_percent: Mapped[Decimal | None] = mapped_column(Quantity)  # on the day of the last judgement
    report_period: Mapped[str | None] = mapped_column(String(20))  # of the report that is awaited now
    report_due: Mapped[datetime | None]  # until when; None while none is awaited
    report_weekly: Mapped[bool] = mapped_column(default=False)  # as under a red light
    missed_reports: Mapped[int] = mapped_column(default=0)  # in a row
    falsified: Mapped[bool] = mapped_column(default=False)  # confirmed
    rectification_overdue: Mapped[bool] = mapped_column(default=False)
    light: Mapped[str | None] = mapped_column(String(6))  # grey, blue, red, yellow, green
    light_rule: Mapped[str | None] = mapped_column(String(40))  # of D1
    light_since: Mapped[date | None]
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)  # that tracks it
    suspended_on: Mapped[date | None]  # the day of the decision; from then on nothing is counted
    resumes_on: Mapped[date | None]  # the first day that counts again
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("ledger_item.id"))
    closed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
