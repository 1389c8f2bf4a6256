"""What commands share: the database they open, the clock they go by, and how they say things."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bpmn.moment import Moment
from engine import database
from engine.database import Sessions
from engine.tables import ProcessChange, Record
from faults import Problem
from web.settings import Settings
from web.wiring import clock_from, wall_clock
from workflows.calendar import WorkingCalendar
from workflows.database import migrate
from workflows.document_checks import Finding

CALENDAR = WorkingCalendar()


def say(words: str) -> None:
    print(words, flush=True)


def tell(words: str) -> None:
    """On standard error: what goes on, beside what was asked for."""
    print(words, file=sys.stderr, flush=True)


def open_database(settings: Settings, say: Callable[[str], None] = say) -> Sessions:
    """Connected, with its tables up to date."""
    say("Opening the database ...")
    engine = database.connect(settings.database_url)
    say(f"  {database.describe(engine)}")
    migrate(engine)
    return Sessions(engine)


@contextmanager
def opened(settings: Settings) -> Iterator[Sessions]:
    """For a command that ends: the database, until it is done; what goes on is told beside."""
    sessions = open_database(settings, tell)
    try:
        yield sessions
    finally:
        sessions.engine.dispose()


def clock_of(settings: Settings, sessions: Sessions) -> Callable[[], datetime]:
    """The clock of this process. One that is set begins where it is told to, or where the records ended: time that
    has been seen never comes again."""
    if settings.clock is None:
        return wall_clock
    with sessions.read() as session:
        seen = [session.scalar(select(func.max(column))) for column in (Record.at, ProcessChange.at)]
    return clock_from(max(settings.clock, *filter(None, seen)))


def now(settings: Settings, sessions: Sessions) -> Moment:
    return Moment(clock_of(settings, sessions)(), CALENDAR)


def list_problems(place: Path | str, problems: Iterable[Problem]) -> None:
    """A line each, as editors read them: ``file:line: severity: element: sentence``."""
    for problem in problems:
        say(str(Finding(Path(place), problem)))
