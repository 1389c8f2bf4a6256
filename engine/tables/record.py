"""The record: one entry an operation, never changed, each bound to the one before by its hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import HASH, ID, NAME, TITLE, Base, ExactJson


class Record(Base):
    __tablename__ = "record"

    instance_id: Mapped[str] = mapped_column(String(ID), ForeignKey("instance.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(String(NAME))  # account id; none: the system
    what: Mapped[str] = mapped_column(String(20))  # started, completed, woken, ...
    element: Mapped[str | None] = mapped_column(String(TITLE))
    token: Mapped[str | None] = mapped_column(String(ID))
    data: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    previous: Mapped[str] = mapped_column(String(HASH))
    hash: Mapped[str] = mapped_column(String(HASH))
