"""The tree of organisations. ``path`` holds the codes from the root, ``/bj/district/110105/``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class Organisation(Base):
    __tablename__ = "organisation"

    code: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME))
    kind: Mapped[str] = mapped_column(String(NAME), default="")
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"), index=True)
    path: Mapped[str] = mapped_column(String(1000), unique=True)
    position: Mapped[int] = mapped_column(default=0)  # among its siblings
