"""Who may complete tasks on behalf of whom, and in which time.

``for_account`` names one account; otherwise it is whoever holds ``role`` (in ``org_code``, or anywhere).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.tables.base import NAME, Base


class Substitute(Base):
    __tablename__ = "substitute"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    for_account: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str | None] = mapped_column(String(NAME))
    org_code: Mapped[str | None] = mapped_column(ForeignKey("organisation.code"))
    kind: Mapped[str] = mapped_column(String(10))  # secretary, deputy
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # the last day
    set_by: Mapped[str] = mapped_column(String(NAME))
    set_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(NAME))
    ended_at: Mapped[datetime | None]
