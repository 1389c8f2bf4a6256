"""Tickets: given to a page that takes photos, each good for handing in one file from there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import HASH, ID, Base


class Ticket(Base):
    __tablename__ = "ticket"

    id: Mapped[str] = mapped_column(String(HASH), primary_key=True)  # SHA-256 of the nonce that the page holds
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    attachment_id: Mapped[str | None] = mapped_column(
        String(ID), ForeignKey("attachment.id", ondelete="SET NULL"), index=True
    )
