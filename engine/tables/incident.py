"""Why an instance can't go on by itself, for an administrator to see and mend."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, TITLE, Base


class Incident(Base):
    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "resolved_at", "noted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)
    token: Mapped[str | None] = mapped_column(String(ID), index=True)
    element: Mapped[str | None] = mapped_column(String(TITLE))
    code: Mapped[str] = mapped_column(String(NAME))
    message: Mapped[str] = mapped_column(Text)  # an English template, key into the catalogues
    params: Mapped[dict[str, Any]]
    work_kind: Mapped[str | None] = mapped_column(String(10))  # of the row of the work list that failed, if any
    work_id: Mapped[str | None] = mapped_column(String(ID))
    noted_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
