"""Processes: a key, and which of its versions new instances run on. A process has a row once it is published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, TITLE, Base


class Process(Base):
    __tablename__ = "process"

    key: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    name: Mapped[str] = mapped_column(String(TITLE))
    current_version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    retired_at: Mapped[datetime | None]  # since then nothing starts it; publishing takes it back into use
