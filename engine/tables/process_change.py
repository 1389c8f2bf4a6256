"""What was done to a process as a whole: a version became the current one, or the process was taken out of use."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base, ExactJson


class ProcessChange(Base):
    """Never altered (the database refuses it). The first one of a version is its publication, a later one a return."""

    __tablename__ = "process_change"
    __table_args__ = (Index("ix_process_change_process_key", "process_key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(String(NAME))
    what: Mapped[str] = mapped_column(String(10))  # current, retired
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    actor: Mapped[str | None] = mapped_column(String(NAME))  # account id; not known of what was done before this table
    at: Mapped[datetime]
    comment: Mapped[str] = mapped_column(Text)
    # Why it was published although scenarios or tests of tables failed, and the names of those.
    reason: Mapped[str | None] = mapped_column(Text)
    failing: Mapped[list[str] | None] = mapped_column(ExactJson)
