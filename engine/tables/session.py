"""Who is logged in. Only the hash of the cookie's secret is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import HASH, Base


class WebSession(Base):
    __tablename__ = "web_session"

    id: Mapped[str] = mapped_column(String(HASH), primary_key=True)  # SHA-256 of the secret, in hex
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
