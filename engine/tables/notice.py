"""What an account is told: urgings and the like."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class Notice(Base):
    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_account", "account_id", "read_at", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"), index=True)
    kind: Mapped[str] = mapped_column(String(NAME))
    message: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
