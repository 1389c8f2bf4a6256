"""Orders to move running instances to another version, and what came of it for each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, Base, ExactJson
from engine.tables.work import WorkRow


class Move(Base):
    """``mappings``: {id of the version an instance is on, as text: {element there: element here, "" for none}}."""

    __tablename__ = "move"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    process_key: Mapped[str] = mapped_column(ForeignKey("process.key"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    mappings: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    comment: Mapped[str] = mapped_column(Text)
    begun_by: Mapped[str] = mapped_column(String(NAME), ForeignKey("account.id"))
    begun_at: Mapped[datetime]


class InstanceMove(WorkRow, Base):
    """One instance of an order: work of its own, for each transaction touches one instance only."""

    __tablename__ = "instance_move"
    __table_args__ = (
        Index("ix_instance_move_due", "next_at"),
        Index("ix_instance_move_status", "move_id", "status"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    move_id: Mapped[str] = mapped_column(ForeignKey("move.id"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))  # pending, moved, untouched (the problems say why), stopped
    from_version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    stood: Mapped[list[str]]  # the elements at which it stood before, and stands since
    stands: Mapped[list[str]]
    problems: Mapped[list[Any]] = mapped_column(ExactJson)  # [{"element", "code", "message", "params"}]
    done_at: Mapped[datetime | None]
