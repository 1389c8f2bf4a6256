"""When the clock of an item, order or instruction stands still: while suspended, and while a change that was filed in
time waits for its decision (D2). Reads only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Change, LedgerItem
from workflows.working_time import Pause


def of_item(session: Session, item: LedgerItem, moment: Moment) -> tuple[Pause, ...]:
    """All pauses of an item, ended ones too."""
    found = _filed(session, item.id, moment)
    if item.suspended_on is not None:
        found.append(Pause(item.suspended_on, item.resumes_on))
    return tuple(found)


def of_case(session: Session, instance_id: str, moment: Moment) -> tuple[Pause, ...]:
    """All pauses of a case that is no item, such as a rectification order."""
    return tuple(_filed(session, instance_id, moment))


def _filed(session: Session, subject: str, moment: Moment) -> list[Pause]:
    about = or_(Change.item_id == subject, Change.subject_instance_id == subject)
    rows = session.scalars(select(Change).where(about, Change.in_time.is_(True)).order_by(Change.filed_at))
    return [Pause(_day(row.filed_at, moment), _day(row.decided_at, moment) if row.decided_at else None) for row in rows]


def _day(instant: datetime, moment: Moment) -> date:
    return instant.astimezone(moment.calendar.zone).date()
