"""The demonstration: organisation, accounts, processes, and illustrative cases in all stages (`demo_cases`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import Sessions
from engine.tables import Account, Instance
from workflows import cast, deploy, organisation
from workflows.cast import PASSWORD, Person
from workflows.demo_cases import CASES
from workflows.services import SERVICES
from workflows.stage import Stage

__all__ = ["ACCOUNTS", "PASSWORD", "Person", "install", "is_empty", "play"]

ACCOUNTS: tuple[Person, ...] = cast.people()


def is_empty(session: Session) -> bool:
    """Whether nobody could log in: then this is a new database."""
    return not session.scalar(select(exists().select_from(Account)))


def install(session: Session, moment: Moment) -> None:
    """Save organisation and accounts, and publish the shipped processes. Done again, it adds only what is missing."""
    organisation.install(session)
    cast.install(session, ACCOUNTS)
    deploy.deploy_shipped(session, moment)


def play(sessions: Sessions, folder: Path, moment: Moment) -> int:
    """Play the cases through the operations, with the clock moved from weeks ago to the moment; returns how many.

    Photos go into ``folder``.  Where there are cases already, nothing is done.
    """
    with sessions.read() as session:
        if session.scalar(select(exists().select_from(Instance))):
            return 0
    stage = Stage(sessions, SERVICES, folder, moment.now, moment.calendar)
    stories = [case(stage, moment) for case in CASES]
    queue = [(next(story), number) for number, story in enumerate(stories)]
    heapify(queue)
    stage.now = queue[0][0]
    while queue:
        when, number = heappop(queue)
        _advance(stage, min(when, moment.now))
        after = next(stories[number], None)
        if after is not None:
            heappush(queue, (after, number))
    _advance(stage, moment.now)
    return len(stories)


def _advance(stage: Stage, until: datetime) -> None:
    """Move the clock on, doing the background work of each day in its evening."""
    while True:
        day_end = datetime.combine(stage.moment.today, stage.calendar.day_end, stage.calendar.zone)
        evening = day_end + timedelta(minutes=1)
        if evening <= stage.now:
            evening += timedelta(days=1)
        if evening >= until:
            break
        stage.now = evening
        stage.work()
    stage.now = until
    stage.work()
