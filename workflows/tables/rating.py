"""How lead units rate those that help them with investment, approval and financing, S4.7c."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base


class Rating(Base):
    __tablename__ = "rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), index=True)
    lead_unit: Mapped[str] = mapped_column(String(NAME))
    co_unit: Mapped[str] = mapped_column(String(NAME))
    service: Mapped[str] = mapped_column(String(10))  # investment, approval, financing, other
    rating: Mapped[int]  # 0 to 100
    comment: Mapped[str | None] = mapped_column(Text)
    rater: Mapped[str | None] = mapped_column(String(NAME))  # account
    rated_at: Mapped[datetime]
