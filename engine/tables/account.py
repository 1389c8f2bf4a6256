"""Accounts: a role and a serial number, never a person's name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class Account(Base):
    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME))
    password: Mapped[str] = mapped_column(String(200), deferred=True)  # argon2id, with its parameters
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime | None]
