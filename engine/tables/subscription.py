"""What instances wait for: messages (by name and key) and signals. Closed ones have no row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, TITLE, Base


class Subscription(Base):
    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_name", "kind", "name", "key"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    element: Mapped[str] = mapped_column(String(TITLE))
    kind: Mapped[str] = mapped_column(String(10))  # message, signal
    name: Mapped[str] = mapped_column(String(TITLE))
    key: Mapped[str | None] = mapped_column(String(TITLE))
    opened_at: Mapped[datetime]
