"""What all stories have in common: people at work, a clock that is moved, rows that are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine import accounts
from engine.tables import Account, Incident, Message, Notice
from workflows.calendar import WorkingCalendar
from workflows.cast import Person
from workflows.stage import Stage

CALENDAR = WorkingCalendar()


def employ(session: Session, people: Iterable[Person], password: str) -> None:
    """Accounts for all of them. ``password`` is a hash: making one for each would take longer than the story."""
    for person in people:
        session.add(Account(id=person.id, name=person.name, password=password, active=True))
        session.flush()
        accounts.grant(session, person.id, [(person.role, person.org, person.task_code)])


@dataclass
class Scene:
    """Where a story happens."""

    stage: Stage

    def go_to(self, day: str) -> None:
        """Move the clock to an instant (``2013-05-06 10:00``) and do what has become due by then."""
        self.stage.now = datetime.fromisoformat(day).replace(tzinfo=CALENDAR.zone)
        self.stage.work()

    def live_until(self, day: str) -> None:
        """As `go_to`, with the background work done every evening in between."""
        until = datetime.fromisoformat(day).replace(tzinfo=CALENDAR.zone)
        while True:
            moment = self.stage.moment
            evening = moment.end_of(moment.today)
            evening = evening if evening > self.stage.now else moment.calendar_days(1)
            if evening >= until:
                break
            self.stage.now = evening
            self.stage.work()
        self.go_to(day)

    def messages(self, name: str) -> list[Message]:
        return self.rows(Message, Message.name == name)

    def notices(self, account: str) -> list[str]:
        return [notice.kind for notice in self.rows(Notice, Notice.account_id == account)]

    def incidents(self) -> list[Incident]:
        return self.rows(Incident)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """Everything of them, also what is loaded late otherwise; they change no more."""
        with self.stage.sessions.read() as session:
            found = list(session.scalars(select(table).where(*where).options(undefer("*"))))
            session.expunge_all()
            return found
