"""Running and finished cases. Whoever changes anything of an instance locks its row first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.tables.base import HASH, ID, NAME, TITLE, Base
from engine.tables.version import Version


class Instance(Base):
    __tablename__ = "instance"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    process_key: Mapped[str] = mapped_column(ForeignKey("process.key"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    org: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"))
    org_path: Mapped[str | None] = mapped_column(String(1000), index=True)
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    starter: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    starter_org: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"))
    # What started it, so that a repeated order starts nothing: "form:<account>:<key>", "call:<token>", ...
    origin: Mapped[str] = mapped_column(String(TITLE), unique=True)
    parent_request: Mapped[str | None] = mapped_column(String(ID), index=True)  # the request it answers when it ends
    status: Mapped[str] = mapped_column(String(10))  # active, completed, cancelled, failed
    state: Mapped[bytes] = mapped_column(LargeBinary)
    variables: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    result: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_element: Mapped[str | None] = mapped_column(String(TITLE))
    # "|discipline_officer|": only who holds one of these roles may see the case at all; see engine.restriction.
    restricted_to: Mapped[str | None] = mapped_column(String(TITLE))
    record_length: Mapped[int] = mapped_column(default=0)
    record_hash: Mapped[str] = mapped_column(String(HASH), default="")
    revision: Mapped[int] = mapped_column()

    # Loaded together with the lock; whoever forgets it gets an error, not a hidden statement.
    version: Mapped[Version] = relationship(lazy="raise_on_sql")

    # The row lock keeps writers apart; the revision catches whoever forgets to lock.
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
    __table_args__ = (
        Index("ix_instance_changed", "changed_at", "id"),
        Index("ix_instance_starter", "starter", "changed_at"),
        # The few restricted ones: every list asks for them.
        Index(
            "ix_instance_restricted",
            "restricted_to",
            postgresql_where=text("restricted_to IS NOT NULL"),
            sqlite_where=text("restricted_to IS NOT NULL"),
        ),
    )
