"""The territorial task ledger (属地任务台账) of one district in one campaign, S3.1."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, Base, Json


class Ledger(Base):
    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("campaign_id", "district"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    district: Mapped[str] = mapped_column(ForeignKey("organisation.code"), index=True)
    # compiling, signing (before the district's leader), submitted, returned, approved, established, cancelled
    status: Mapped[str] = mapped_column(String(12))
    rounds: Mapped[int] = mapped_column(default=0)  # how often it was returned
    version: Mapped[int] = mapped_column(default=0)  # of the newest baseline; 0: none yet
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instance.id"))
    due: Mapped[datetime | None]  # when it is to be submitted
    return_reasons: Mapped[list[str]]  # of the last return: codes of a review, sentences of D9
    mediations: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # targets that were mediated or decided
    opened_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    established_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
