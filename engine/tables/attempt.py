"""Failed logins, by the name that was typed: known and unknown names are treated alike."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class Attempt(Base):
    __tablename__ = "attempt"

    login: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]
