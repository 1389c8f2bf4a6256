"""What a unit reported of an item for a period, and what the district verified of it; also reports that never came."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base, Json, Quantity


class ProgressReport(Base):
    __tablename__ = "progress_report"
    __table_args__ = (Index("ix_progress_report_item", "item_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("ledger_item.id"))
    period: Mapped[str] = mapped_column(String(20))  # 2013-06, or the day of a weekly report: 2013-06-14
    due: Mapped[datetime | None]
    no_change: Mapped[bool | None]
    actual_value: Mapped[Decimal | None] = mapped_column(Quantity)  # cumulative
    progress_percent: Mapped[Decimal | None] = mapped_column(Quantity)
    narrative: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    blocker: Mapped[str | None] = mapped_column(Text)
    needs_decision: Mapped[bool | None]
    self_disclosed: Mapped[bool | None]
    claims_completion: Mapped[bool | None]
    reporter: Mapped[str | None] = mapped_column(String(NAME), ForeignKey("account.id"))
    reported_at: Mapped[datetime | None] = mapped_column(index=True)  # None: missed
    on_time: Mapped[bool | None]
    verifier: Mapped[str | None] = mapped_column(String(NAME), ForeignKey("account.id"))
    verdict: Mapped[str | None] = mapped_column(String(20))  # pass, return; None: not verified yet
    verified_value: Mapped[Decimal | None] = mapped_column(Quantity)
    return_reason: Mapped[list[str] | None]
    verified_at: Mapped[datetime | None]
    desk_verdict: Mapped[str | None] = mapped_column(String(20))  # of the sample check: pass, return, suspect_false
