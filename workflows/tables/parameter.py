"""Values of parameters that an administrator has set, each from a day on. Nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base, Json


class ParameterValue(Base):
    __tablename__ = "parameter"
    __table_args__ = (Index("ix_parameter_name", "name", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)  # of two from the same day, the later one counts
    name: Mapped[str] = mapped_column(String(NAME))
    value: Mapped[Any] = mapped_column(Json)
    valid_from: Mapped[date]
    set_by: Mapped[str | None] = mapped_column(String(NAME), ForeignKey("account.id"))
    set_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
