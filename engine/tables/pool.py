"""Pools of tasks that the same people may do: equal roles, organisation and task code.

A task lies in one pool for good.  `PoolReach` lists, for a pool, every grant that reaches into it, as one text
(`engine.access`), so that the tasks an officer may do are a handful of index ranges, however many tasks are open.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import ID, NAME, Base


class Pool(Base):
    __tablename__ = "pool"

    id: Mapped[str] = mapped_column(String(ID), primary_key=True)  # derived from the rest, so two writers agree
    roles: Mapped[list[str]]
    org: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"))
    org_path: Mapped[str | None] = mapped_column(String(1000))
    task_code: Mapped[str | None] = mapped_column(String(NAME))


class PoolReach(Base):
    __tablename__ = "pool_reach"

    reach: Mapped[str] = mapped_column(String(3 * NAME + 2), primary_key=True)
    pool_id: Mapped[str] = mapped_column(ForeignKey("pool.id"), primary_key=True, index=True)
