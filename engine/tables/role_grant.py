"""Which account holds which role, in which organisation, for which task code."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class RoleGrant(Base):
    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "org_code", "task_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(NAME), index=True)
    org_code: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"), index=True)
    task_code: Mapped[str | None] = mapped_column(String(NAME))
