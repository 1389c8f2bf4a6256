"""Answers that somebody has begun to give. Nothing but the task page reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, Base, ExactJson


class Draft(Base):
    __tablename__ = "draft"

    task_id: Mapped[str] = mapped_column(String(ID), ForeignKey("task.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(NAME), ForeignKey("account.id"), primary_key=True)
    # To the letter, and as text: half-typed answers may hold what JSONB refuses.
    answers: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    saved_at: Mapped[datetime]
