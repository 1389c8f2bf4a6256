"""Scenarios of processes: what is done from outside, when, and what is expected to come of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, TITLE, Base, ExactJson


class Scenario(Base):
    """``script`` and ``expected`` as `engine.scripts` writes them."""

    __tablename__ = "scenario"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(NAME), index=True)  # published or not yet
    name: Mapped[str] = mapped_column(String(TITLE))
    script: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    expected: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    from_instance: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))  # what it was recorded from
    created_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
