"""Tasks: what a person has to do or has done. The id is the runtime's token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, TITLE, Base, Json

# Written out, not bound: SQLite uses a partial index only for a condition it can read.
IS_OPEN = text("task.status = 'open'")


class Task(Base):
    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_instance", "instance_id", "opened_at"),
        Index(
            "ix_task_pool",
            "pool_id",
            "due_order",
            "id",
            sqlite_where=text("status = 'open' AND holder IS NULL"),
            postgresql_where=text("status = 'open' AND holder IS NULL"),
        ),
        Index(
            "ix_task_unheld",
            "due_order",
            "id",
            sqlite_where=text("status = 'open' AND holder IS NULL"),
            postgresql_where=text("status = 'open' AND holder IS NULL"),
        ),
        Index(
            "ix_task_holder",
            "holder",
            "status",
            "due_order",
            "id",
            sqlite_where=text("holder IS NOT NULL"),
            postgresql_where=text("holder IS NOT NULL"),
        ),
        Index("ix_task_pool_instance", "pool_id", "instance_id"),  # which instances the pool's people may see
        Index("ix_task_performer", "performer", "closed_at", "id"),
        Index("ix_task_opened", "opened_at", "org"),  # what was asked of whom in a month
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    element: Mapped[str] = mapped_column(String(TITLE))
    name: Mapped[str] = mapped_column(String(TITLE))
    subject: Mapped[str | None] = mapped_column(String(TITLE))  # what tells it from others of its kind
    form: Mapped[str | None] = mapped_column(String(TITLE))
    roles: Mapped[list[str]]
    org: Mapped[str | None] = mapped_column(String(NAME))  # as the diagram says, even if there is no such organisation
    org_path: Mapped[str | None] = mapped_column(String(1000))
    task_code: Mapped[str | None] = mapped_column(String(NAME))
    pool_id: Mapped[str | None] = mapped_column(ForeignKey("pool.id"))
    assignee: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # the diagram names this account
    holder: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # the assignee, or who has claimed it
    barred: Mapped[str] = mapped_column(Text, default="")  # "|a|b|": accounts kept from it
    due: Mapped[datetime | None]
    due_order: Mapped[datetime]  # due, or NO_DUE: NULLs sort differently on the two databases
    item: Mapped[Any] = mapped_column(Json, nullable=True)
    counter: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10))  # open, completed, cancelled
    urged: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    performer: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    entered_by: Mapped[str | None] = mapped_column(String(NAME))  # the account that did it on the performer's behalf
    key: Mapped[str | None] = mapped_column(String(ID))  # idempotency key of the completion, see `short_key`
    asked: Mapped[int | None]  # questions that its form asked when it was completed, see `forms.effort`
    prefilled: Mapped[int | None]  # how many of them the program had filled in
    kept: Mapped[int | None]  # how many of those were left as they were
