"""Immutable publications of a diagram with its forms and decision tables, known by content hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import HASH, NAME, TITLE, Base, ExactJson


class Version(Base):
    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("process_key", "number"), UniqueConstraint("process_key", "content_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(String(NAME))  # no constraint: the process points to its version
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(TITLE))
    content_hash: Mapped[str] = mapped_column(String(HASH))
    diagram: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_group="documents")
    forms: Mapped[dict[str, Any]] = mapped_column(ExactJson, deferred=True, deferred_group="documents")
    decisions: Mapped[dict[str, str]] = mapped_column(ExactJson, deferred=True, deferred_group="documents")  # XML texts
    starter_groups: Mapped[list[str]]
    by_hand: Mapped[bool]  # it has a start event that a person may use
    calls: Mapped[list[str]]  # keys of the processes it calls
    comment: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str | None] = mapped_column(String(NAME))
    published_at: Mapped[datetime]
