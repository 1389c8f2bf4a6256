"""The difference hash of a picture in four bands: pictures that look alike share a band, or nearly, so that an index
finds them (`workflows.pictures`)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, Base


class PictureBand(Base):
    __tablename__ = "picture_band"

    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # number of the band * 65536 + its bits
    attachment_id: Mapped[str] = mapped_column(
        String(ID), ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
