"""Worker processes that live, or died without saying so (`engine.jobs`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class Worker(Base):
    __tablename__ = "worker"

    slot: Mapped[str] = mapped_column(String(NAME), primary_key=True)  # also the executor id of its jobs
    host: Mapped[str] = mapped_column(String(NAME))
    pid: Mapped[int]
    beat_at: Mapped[datetime]
