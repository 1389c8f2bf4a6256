"""Public notices (公示) of what was closed: shown for a time, if the publication gate lets them pass."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base


class PublicNotice(Base):
    __tablename__ = "public_notice"
    __table_args__ = (Index("ix_public_notice_shown", "shown", "until", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    subject: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(NAME))  # organisation code
    text: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime]
    shown: Mapped[bool]  # whether it passed the gate
    reason: Mapped[str] = mapped_column(Text)  # what the gate said
