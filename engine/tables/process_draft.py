"""Drafts of processes: a diagram with its forms and decision tables while administrators work on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, TITLE, Base, ExactJson


class ProcessDraft(Base):
    """``revision`` counts the saves; whoever saves names the one he has seen."""

    __tablename__ = "process_draft"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(NAME), index=True)  # as the diagram says; published or not yet
    name: Mapped[str] = mapped_column(String(TITLE))
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))  # what it was begun from
    diagram: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_group="documents")
    forms: Mapped[dict[str, Any]] = mapped_column(ExactJson, deferred=True, deferred_group="documents")
    decisions: Mapped[dict[str, str]] = mapped_column(ExactJson, deferred=True, deferred_group="documents")
    status: Mapped[str] = mapped_column(String(10))  # open, scheduled, published, dropped
    revision: Mapped[int] = mapped_column()
    begun_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime]
    edited_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    edited_at: Mapped[datetime]
    comment: Mapped[str] = mapped_column(Text, default="")  # with which it was, or is to be, published
    starts_at: Mapped[datetime | None] = mapped_column(index=True)  # when a scheduled one is published
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))  # what came of it
    failure: Mapped[str] = mapped_column(Text, default="")  # why a scheduled one could not be published
    # Why it was, or is to be, published although scenarios failed, and the names of those.
    reason: Mapped[str | None] = mapped_column(Text)
    failing: Mapped[list[str] | None] = mapped_column(ExactJson)

    # What bringing it in from another tool has changed or not taken over: [{"element", "code", "message", "params"}].
    notes: Mapped[list[dict[str, Any]] | None] = mapped_column(ExactJson, deferred=True, deferred_group="documents")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class DraftPresence(Base):
    """Who has a draft open in his browser, and when it last said so."""

    __tablename__ = "draft_presence"

    draft_id: Mapped[str] = mapped_column(ForeignKey("process_draft.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    seen_at: Mapped[datetime]
