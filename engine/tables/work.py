"""What rows of the work list share: when to perform them, and how often that was tried (`engine.work`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column


def _first(context: DefaultExecutionContext) -> datetime | None:
    """A new row is due when its timer is, or at once."""
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return next((given[name] for name in ("due", "sent_at", "opened_at") if given.get(name) is not None), None)


class WorkRow:
    """``next_at`` is the instant from which the row is to be performed; NULL: not before an administrator retries.

    ``attempts`` grows with every performance that leaves the row in the table. It is part of the job's id, so that a
    job that is delivered twice finds that it is no longer meant. ``failures`` are those since it last went well.
    """

    next_at: Mapped[datetime | None] = mapped_column(default=_first)
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
