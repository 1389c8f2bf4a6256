"""A ledger as it was frozen: what progress is measured against. Never changed; each reason makes a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import HASH, ID, NAME, Base, ExactJson


class Baseline(Base):
    __tablename__ = "baseline"

    ledger_id: Mapped[str] = mapped_column(String(ID), ForeignKey("ledger.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(ExactJson, deferred=True)
    hash: Mapped[str] = mapped_column(String(HASH))  # SHA-256 of the content's canonical text
    item_count: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # establishment, gap, change, decision
    reason: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(String(NAME))  # of the certificate
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))  # by order of which case
    frozen_at: Mapped[datetime]
