"""Start events of current versions that a message, a signal or a timer triggers. Publishing replaces them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import TITLE, Base
from engine.tables.work import WorkRow


class StartEvent(WorkRow, Base):
    __tablename__ = "start_event"
    __table_args__ = (Index("ix_start_event_name", "kind", "name"), Index("ix_start_event_due", "next_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(ForeignKey("process.key"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    element: Mapped[str] = mapped_column(String(TITLE))
    kind: Mapped[str] = mapped_column(String(10))  # message, signal, timer
    name: Mapped[str] = mapped_column(String(TITLE), default="")  # of the message or signal
    timer_kind: Mapped[str] = mapped_column(String(10), default="")  # date, duration, cycle
    timer_text: Mapped[str] = mapped_column(String(TITLE), default="")
    due: Mapped[datetime | None]
    fired: Mapped[int] = mapped_column(default=0)  # how often the timer has started an instance
