"""Files that were handed in; the bytes lie in the attachment folder under a random name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import HASH, ID, NAME, TITLE, Base


class Attachment(Base):
    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"), index=True)  # once it is part of answers
    filename: Mapped[str] = mapped_column(String(TITLE))  # as the person called it
    media_type: Mapped[str] = mapped_column(String(NAME))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes as stored
    sha256: Mapped[str] = mapped_column(String(HASH), index=True)  # of the bytes as stored
    original_sha256: Mapped[str] = mapped_column(String(HASH), index=True)  # of the bytes as they came
    dhash: Mapped[str | None] = mapped_column(String(16), index=True)  # of a picture: alike pictures, alike hashes
    width: Mapped[int | None]
    height: Mapped[int | None]
    stored_name: Mapped[str] = mapped_column(String(NAME), unique=True)
    captured_at: Mapped[datetime | None]
    geo: Mapped[dict[str, Any] | None]
    device: Mapped[str | None] = mapped_column(String(TITLE))
    grade: Mapped[str | None] = mapped_column(String(1))  # A in-app, B consistent metadata, C other
    stored_at: Mapped[datetime]
