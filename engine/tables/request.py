"""Work that an instance has asked for: a service, or a call (a child instance)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, TITLE, Base
from engine.tables.work import WorkRow


class Request(WorkRow, Base):
    __tablename__ = "request"
    __table_args__ = (
        Index("ix_request_status", "status", "opened_at"),
        Index("ix_request_due", "status", "next_at"),
        Index("ix_request_name", "status", "kind", "name"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    element: Mapped[str] = mapped_column(String(TITLE))
    kind: Mapped[str] = mapped_column(String(10))  # service, call
    name: Mapped[str] = mapped_column(String(TITLE))
    inputs: Mapped[dict[str, Any]]
    # pending: to be done. waiting: the called process isn't published. running: the child runs. ended: the child has
    # ended, the answer is to be given. done. failed: an incident tells why. closed: the instance no longer wants it;
    # closing: nor does it want the child, which is to be cancelled.
    status: Mapped[str] = mapped_column(String(10))
    child_id: Mapped[str | None] = mapped_column(String(ID))
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
