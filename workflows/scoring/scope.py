"""What a reading of evidence is about: a campaign, a stretch of days, the units, the numbers in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.scoring.rules import Entry

Found = Iterator[tuple[str | None, Entry]]  # unit, evidence


@dataclass(frozen=True, slots=True)
class Scope:
    """``first`` and ``last`` are days, both counted; ``begin`` and ``end`` the instants around them.

    ``kinds``: unit -> kind of those that are assessed.  ``revoked``: cases whose conclusion an objection has undone.
    """

    session: Session
    campaign_id: str
    first: date
    last: date
    kinds: Mapping[str, str]
    numbers: Mapping[str, Any]
    revoked: frozenset[str]
    moment: Moment

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time.min, self.moment.calendar.zone)

    @property
    def end(self) -> datetime:
        return min(self.moment.now, datetime.combine(self.last + timedelta(days=1), time.min, self.begin.tzinfo))

    def day(self, instant: datetime | None) -> date | None:
        return instant.astimezone(self.moment.calendar.zone).date() if instant else None

    def covers(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def iso(self, instant: datetime | None) -> str | None:
        """The day as it stands in facts."""
        day = self.day(instant)
        return day.isoformat() if day else None
