"""Papers that were issued (公文、简报、单据), and what administrators made of their templates. Neither is altered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.tables.base import ID, NAME, TITLE, Base, Json


class Paper(Base):
    """What was issued stands as it was issued: a later one corrects it, nothing overwrites it."""

    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_campaign", "campaign_id", "kind", "issued_on"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    kind: Mapped[str] = mapped_column(String(NAME))  # a row of workflows.papers.kinds
    number: Mapped[str | None] = mapped_column(String(NAME), index=True)  # 督字〔2013〕12号, 第3期
    title: Mapped[str] = mapped_column(String(TITLE))
    body: Mapped[str] = mapped_column(Text, deferred=True)  # the subset of HTML of forms.richtext
    issuer: Mapped[str] = mapped_column(String(TITLE))
    addressees: Mapped[list[str]]  # names, as printed
    copies: Mapped[list[str]]
    signer: Mapped[str | None] = mapped_column(String(TITLE))  # a post, never a person
    issued_on: Mapped[date]  # 成文日期
    classification: Mapped[str] = mapped_column(String(12))  # public, internal, work_secret
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    org: Mapped[str | None] = mapped_column(String(NAME))  # the unit it is about or goes to, for lists
    status: Mapped[str] = mapped_column(String(10))  # issued
    facts: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)  # that it was compiled from
    issued_at: Mapped[datetime]


class PaperTemplate(Base):
    """An edition of a template, in force until the next one was saved; without text, the shipped one is again."""

    __tablename__ = "paper_template"
    __table_args__ = (Index("ix_paper_template_kind", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(NAME))
    text: Mapped[str | None] = mapped_column(Text)
    saved_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    saved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
