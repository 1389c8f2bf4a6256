"""Scores of units (得分), S4.7b S4.7c: one version for each time that a score was computed; older ones stay."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, Base, Json, Quantity


class Score(Base):
    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "unit", "version"),
        Index("ix_score_current", "assessment_id", "is_current", "kind"),
        Index("ix_score_unit", "campaign_id", "unit", "period"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"))
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    unit: Mapped[str] = mapped_column(String(NAME))
    kind: Mapped[str] = mapped_column(String(10))  # district, lead_unit, co_unit
    period: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]  # from 1
    is_current: Mapped[bool]
    total: Mapped[Decimal | None] = mapped_column(Quantity)  # 0 to 100; None: nothing was to be done
    grade: Mapped[str | None] = mapped_column(String(10))  # of D6: excellent, good, fair, poor
    rank: Mapped[int | None]  # None where too few are compared
    ranked: Mapped[int | None]  # how many are compared
    components: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # as `workflows.score_rules.Component`
    answer: Mapped[str | None] = mapped_column(String(10))  # of the unit: accepted, appealed, no_reply
    capability: Mapped[str | None] = mapped_column(String(10))  # of its leaders, S4.7d: good, fair, poor
    work_style: Mapped[str | None] = mapped_column(String(10))
    team_basis: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)  # why it was computed anew
    computed_at: Mapped[datetime]
