"""The campaign of 2013 as it is opened: 17 districts with 26 items each, played through P01, P02 and P03.

People do what they do in the stories (`tests.scenarios.campaigns`); ledgers come in as spreadsheets.  Everything that
is done is kept apart by what it belongs to, with what it sent to the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from benchmarks import floor, world
from benchmarks.databases import Place
from benchmarks.floor import Recording
from benchmarks.world import World
from engine import accounts, work
from engine.tables import Instance, Message, Task
from engine.work import Work
from tests.scenarios import campaigns
from tests.scenarios.campaigns import CALENDAR, DISTRICTS
from workflows import ledger_imports, ledger_sheet
from workflows.database import migrate
from workflows.organisation import units
from workflows.services import SERVICES
from workflows.spreadsheet import read_xlsx, write_xlsx
from workflows.sub_items import sub_items

PROCESSES = ("campaign_setup", "ledger_establishment", "item_progress", "change_request")
IN_FORCE = "sig_ledger_effective"
SETTING_UP, SHEETS, COMPILING, TRACKING, LOOKING = "set up (P01)", "sheets", "ledgers (P02)", "tracking (P03)", "sweep"
PARTS = {"campaign_setup": SETTING_UP, "ledger_establishment": COMPILING, "item_progress": TRACKING}
ITEMS = len(DISTRICTS) * len(sub_items())


@dataclass
class Step:
    """One operation: part of what, its milliseconds and those of the floor, what it sent."""

    part: str
    taken: float
    bare: float
    statements: int
    commits: int


@dataclass
class Opening(campaigns.City):
    """A city whose every operation is measured."""

    world: World | None = None
    again: Callable[[Recording], float] | None = None  # sends the same to the copy: the floor, step by step
    steps: list[Step] = field(default_factory=list)
    widest: int = 0  # bytes of the state of P02 while all districts are at work in it

    @contextmanager
    def measured(self, part: str) -> Iterator[None]:
        assert self.world is not None
        assert self.again is not None
        with floor.recorded(self.world.engine) as sent:
            begin = time.perf_counter()
            yield
            taken = (time.perf_counter() - begin) * 1000
        self.steps.append(Step(part, taken, self.again(sent), len(sent.statements), sent.commits))

    # ---- as in the stories, but measured

    def start(self, who: str = "synthesis-officer-01") -> str:
        with self.measured(SETTING_UP):
            return super().start(who)

    def paper(self, who: str) -> str:
        with self.measured(SETTING_UP):
            return super().paper(who)

    def complete(self, task: Task, who: str, **answers: Any) -> None:
        with self.measured(PARTS[self.instance(task.instance_id).process_key]):
            self.stage.hand_in(task.id, who, answers)
        self.work()

    def work(self) -> None:
        """What `engine.work.drain` does, row by row."""
        while True:
            with self.measured(LOOKING), self.stage.sessions.begin() as session:
                work.reconsider(session, SERVICES)
                found = work.due(session, self.stage.moment, limit=100)
            if not found:
                return
            for one in found:
                with self.measured(self._part(one)):
                    work.attempt(self.stage.sessions, one, SERVICES, self.stage.moment)

    def take(self, district: str) -> None:
        """The ledger of a district comes in as a spreadsheet."""
        document = sheet(district)
        ledger = self.ledger(district).id
        with self.measured(SHEETS), self.stage.sessions.begin() as session:
            actor = accounts.actor(session, f"supervision-{district}")
            ledger_imports.take(session, actor, ledger, read_xlsx(document), self.stage.moment)

    def pass_reviews(self, case: str, district: str) -> None:
        about = [one for one in self.open_tasks(case, "group_review") if one.subject == units()[district].name]
        for task in about:
            self.complete(task, f"{task.task_code}-officer-01", verdict="pass")

    def _part(self, one: Work) -> str:
        with self.stage.sessions.read() as session:
            row: Any = session.get_one(work.ROWS[one.kind], one.id)
            if isinstance(row, Message):
                return TRACKING if row.name == IN_FORCE else COMPILING
            return PARTS[session.get_one(Instance, row.instance_id).process_key]


def founded(place: Place, one: World) -> Opening:
    """The organisation, its people and the processes, on the day of the notice."""
    migrate(one.engine)
    hashed = accounts.HASHER.hash(world.PASSWORD)
    city = campaigns.install(one.sessions, place.folder / "attachments", hashed, PROCESSES)
    return Opening(city.stage, world=one)


def open_all(city: Opening) -> str:
    """From the draft of the plan until a unit is to sign for every item; the id of the campaign."""
    campaign = city.set_up()
    case = city.ledger_case(campaign)
    city.stage.now = datetime(2013, 5, 3, 9, tzinfo=CALENDAR.zone)
    city.work()
    for district in DISTRICTS:
        city.sign(case, district)
        city.take(district)
    for district in DISTRICTS:
        city.submit(case, district)
    city.widest = len(city.instance(case).state)
    for district in DISTRICTS:
        city.pass_reviews(case, district)
    tracked = select(func.count()).select_from(Task).where(Task.element == "sign_item", Task.status == "open")
    assert city.stage.one(tracked) == ITEMS
    return campaign


def sheet(district: str) -> bytes:
    """A district's ledger as .xlsx, a row for each sub-item, none of them in the system yet."""
    names = {code: unit.name for code, unit in units().items()}
    rows = [
        [None, *ledger_sheet.cells(0, campaigns.row(district, code, float(place)), names)[1:]]
        for place, code in enumerate(sub_items(), start=1)
    ]
    return write_xlsx("台账", ledger_sheet.columns(), rows, ())
