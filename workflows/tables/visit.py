"""On-site visits (现场督查), S4.2: who goes where on which day, what came of it; a visit has the id of its instance."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Quantity


class Visit(Base):
    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_campaign", "campaign_id", "district", "visit_date"),
        Index("ix_visit_status", "status", "visit_date"),
    )

    id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(NAME), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    district: Mapped[str | None] = mapped_column(String(NAME))  # that is inspected; None: a municipal unit
    org: Mapped[str | None] = mapped_column(String(NAME), index=True)  # unit that is inspected first of all
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    executor: Mapped[str] = mapped_column(String(15))  # district, cross_district, office
    team_org: Mapped[str | None] = mapped_column(String(NAME))  # that sends the team
    mode: Mapped[str | None] = mapped_column(String(12))  # announced, unannounced
    visit_date: Mapped[date | None]
    leader: Mapped[str | None] = mapped_column(String(NAME))  # account
    team: Mapped[list[str]]  # accounts
    invitees: Mapped[list[str]]  # accounts
    targets: Mapped[list[str]]  # ledger items
    objects: Mapped[list[str]]  # organisation codes
    status: Mapped[str] = mapped_column(String(10))  # planned, done, refused, cancelled, merged
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("visit.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(NAME))  # why it was asked for: red_light, suspect_false ...
    request_id: Mapped[str | None] = mapped_column(String(TITLE), index=True)  # key of the message that asked for it
    problem_id: Mapped[str | None] = mapped_column(String(ID), index=True)  # of the pool, that is to be verified
    source: Mapped[str] = mapped_column(String(NAME))  # process that asked for it, "monthly_plan" or "manual"
    clash_reason: Mapped[str | None] = mapped_column(Text)  # why it takes place in spite of other visits
    postponed: Mapped[int] = mapped_column(default=0)  # how often
    access: Mapped[str | None] = mapped_column(String(12))  # normal, obstructed, refused
    evidence_grade: Mapped[str | None] = mapped_column(String(1))  # of the weakest photo; at most B without a position
    position_reason: Mapped[str | None] = mapped_column(Text)  # why there is no position
    measured_value: Mapped[Decimal | None] = mapped_column(Quantity)
    confirmation: Mapped[str | None] = mapped_column(String(22))  # agree, agree_with_statement, refuse, unsigned
    statement: Mapped[str | None] = mapped_column(Text)
    verdict: Mapped[str | None] = mapped_column(String(15))  # consistent, lagging, measures_weak, false, blocked
    summary: Mapped[str | None] = mapped_column(Text)  # what the report says, in one text; or why there is none
    planned_at: Mapped[datetime]
    conducted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
