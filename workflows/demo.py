"""The demonstration: the campaign of 2013 in its course, on `TODAY`.

Organisation, accounts and processes are installed; then everything that has happened since April is played through the
operations that people use: the campaign with its ledgers and monthly reports (`demo_campaign`), items with a story of
their own (`demo_items`), problems, decisions and instructions (`demo_matters`), and rectifications (`demo_cases`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import Sessions, unsynced
from engine.tables import Account, Instance
from workflows import cast, deploy, organisation
from workflows.calendar import WorkingCalendar
from workflows.cast import PASSWORD, Person
from workflows.demo_campaign import Story, campaign
from workflows.demo_cases import CASES
from workflows.demo_items import SAMPLES
from workflows.demo_ledgers import LEDGERS
from workflows.demo_matters import STORIES
from workflows.demo_media import STORIES as MEDIA
from workflows.demo_meetings import STORIES as MEETINGS
from workflows.demo_public import STORIES as PUBLIC
from workflows.demo_rounds import STORIES as ROUNDS
from workflows.demo_scores import STORIES as SCORES
from workflows.demo_visits import every_week
from workflows.services import SERVICES
from workflows.stage import Stage

__all__ = ["ACCOUNTS", "PASSWORD", "TODAY", "Person", "install", "is_empty", "play"]

CALENDAR = WorkingCalendar()
# A Tuesday on which the units may give their September report: all have something to do.
TODAY = datetime(2013, 9, 17, 9, tzinfo=CALENDAR.zone)
ACCOUNTS: tuple[Person, ...] = cast.people()


def _silent(_words: str) -> None:
    """Nobody wants to know how far it is."""


def is_empty(session: Session) -> bool:
    """Whether nobody could log in: then this is a new database."""
    return not session.scalar(select(exists().select_from(Account)))


def install(session: Session, moment: Moment) -> None:
    """Save organisation and accounts, and publish the shipped processes. Done again, it adds only what is missing."""
    organisation.install(session)
    cast.install(session, ACCOUNTS)
    deploy.deploy_shipped(session, moment)


def play(
    sessions: Sessions, folder: Path, say: Callable[[str], None] = _silent, ledgers: Mapping[str, str] = LEDGERS
) -> int:
    """Play everything up to `TODAY` through the operations, on a moved clock; returns how many stories there were.

    Photos go into ``folder``; ``say`` hears how far it is; ``ledgers`` hold the items of the samples at
    least.  Where there are cases already, nothing is done.
    """
    with sessions.read() as session:
        if session.scalar(select(exists().select_from(Instance))):
            return 0
    today = Moment(TODAY, CALENDAR)
    stage = Stage(sessions, SERVICES, folder, today.now, CALENDAR)
    stories: list[Story] = [campaign(stage, ledgers)]
    stories += [
        story(stage) for story in (*SAMPLES, *STORIES, *PUBLIC, *MEETINGS, *MEDIA, *ROUNDS, *SCORES, every_week)
    ]
    stories += [case(stage, today) for case in CASES]
    with unsynced(sessions.engine):
        _play_all(stage, stories, say)
    return len(stories)


def _play_all(stage: Stage, stories: Sequence[Story], say: Callable[[str], None]) -> None:
    queue = [(next(story), number) for number, story in enumerate(stories)]
    heapify(queue)
    stage.now, until = queue[0][0], stage.now
    month = ""
    while queue:
        when, number = heappop(queue)
        if month != f"{when:%Y-%m}":
            month = f"{when:%Y-%m}"
            say(month)
        _advance(stage, min(when, until))
        after = next(stories[number], None)
        if after is not None:
            heappush(queue, (after, number))
    _advance(stage, until)


def _advance(stage: Stage, until: datetime) -> None:
    """Move the clock on; on each working day's evening the background work is done, and all lights are judged."""
    while True:
        evening = stage.moment.end_of(stage.moment.today) + timedelta(minutes=31)
        if evening <= stage.now:
            evening = stage.moment.end_of(stage.moment.today + timedelta(days=1)) + timedelta(minutes=31)
        if evening >= until:
            break
        stage.now = evening
        if stage.calendar.is_working_day(evening.date()):
            stage.work()
            stage.night()
    stage.now = until
    stage.work()
