"""The last number given in each series of documents, by year."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base


class Serial(Base):
    __tablename__ = "serial"

    kind: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
