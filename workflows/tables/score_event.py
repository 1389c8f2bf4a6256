"""What stands behind the points of a score: one row for each thing that gave, took or could have given points."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Quantity


class ScoreEvent(Base):
    __tablename__ = "score_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    score_id: Mapped[str] = mapped_column(ForeignKey("score.id"), index=True)
    component: Mapped[str] = mapped_column(String(15))
    rule: Mapped[str] = mapped_column(String(30))  # what words explain it, see workflows.score_words
    points: Mapped[Decimal] = mapped_column(Quantity)
    possible: Mapped[Decimal | None] = mapped_column(Quantity)  # None: a deduction or a bonus
    weight: Mapped[float]  # within its component
    share: Mapped[float]  # how much of it was reached, 0 to 1
    source_kind: Mapped[str] = mapped_column(String(15))  # item, report, order, instruction, urging, ...
    source_id: Mapped[str] = mapped_column(String(TITLE))
    instance_id: Mapped[str | None] = mapped_column(String(ID), index=True)  # the case that tells more
    item_id: Mapped[str | None] = mapped_column(String(ID))
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    day: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text)  # what the source is called
    facts: Mapped[dict[str, Any]]  # figures for the words
