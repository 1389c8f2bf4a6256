"""Whose turn it was last, where a step goes round among those who may do it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, TITLE, Base


class Turn(Base):
    __tablename__ = "turn"

    process_key: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    element: Mapped[str] = mapped_column(String(TITLE), primary_key=True)
    pool_id: Mapped[str] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
