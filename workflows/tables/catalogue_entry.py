"""What the campaign asks of the city in one of the 26 sub-items: the sum that the districts' targets must reach."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import NAME, Base, Json, Quantity


class CatalogueEntry(Base):
    __tablename__ = "catalogue_entry"
    __table_args__ = (UniqueConstraint("campaign_id", "sub_item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    sub_item: Mapped[str] = mapped_column(String(4))
    task_code: Mapped[str] = mapped_column(String(NAME))
    municipal_target: Mapped[Decimal] = mapped_column(Quantity)
    unit_of_measure: Mapped[str] = mapped_column(String(NAME))
    applicable_units: Mapped[list[str]]  # districts
    co_units: Mapped[list[str]]
    milestones: Mapped[list[dict[str, Any]]] = mapped_column(Json)
