"""Messages and signals on their way. One that nobody waits for stays, visibly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, TITLE, Base
from engine.tables.work import WorkRow


class Message(WorkRow, Base):
    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_status", "status", "sent_at"),
        Index("ix_message_due", "status", "next_at"),
        Index("ix_message_name", "status", "kind", "name", "key"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # message, signal
    name: Mapped[str] = mapped_column(String(TITLE))
    key: Mapped[str | None] = mapped_column(String(TITLE))
    payload: Mapped[dict[str, Any]]
    # A signal is copied once for each that waits: the subscription's token, or the id of a start event.
    target: Mapped[str | None] = mapped_column(String(ID))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)  # who threw it
    element: Mapped[str | None] = mapped_column(String(TITLE))
    # pending, waiting (nobody wants it yet), delivered, handed_out (the receiver is no process), dropped, failed
    status: Mapped[str] = mapped_column(String(10))
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    delivered_to: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
