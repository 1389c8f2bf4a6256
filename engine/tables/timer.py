"""Timers that are set. A timer that has fired or was cleared has no row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, TITLE, Base
from engine.tables.work import WorkRow


class Timer(WorkRow, Base):
    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "next_at"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    element: Mapped[str] = mapped_column(String(TITLE))
    due: Mapped[datetime]
