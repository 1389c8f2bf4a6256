"""How often the public portal was used in an hour, by visitors who are known by a code that changes every day."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import HASH, Base


class PortalUse(Base):
    __tablename__ = "portal_use"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    visitor: Mapped[str] = mapped_column(String(HASH), primary_key=True)
    hour: Mapped[str] = mapped_column(String(13), primary_key=True, index=True)  # 2013-04-26T09, in UTC
    uses: Mapped[int]
