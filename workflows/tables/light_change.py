"""Every change of an item's light, with the rule of D1 that made it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import Base


class LightChange(Base):
    __tablename__ = "light_change"
    __table_args__ = (Index("ix_light_change_item", "item_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("ledger_item.id"))
    day: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    before: Mapped[str | None] = mapped_column(String(6))
    after: Mapped[str] = mapped_column(String(6))
    rule: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]  # what the rule saw: planned and verified percent, missed reports, ...
