"""Nights on which all lights were judged: one row a day, so that of many workers one does it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import Base


class Night(Base):
    __tablename__ = "night"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    judged: Mapped[int] = mapped_column(default=0)  # items
    turned: Mapped[int] = mapped_column(default=0)  # of them, those whose light or rule changed
