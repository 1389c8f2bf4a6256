"""An office with all shipped processes, in which rectifications run and have ended.

Each way to stand is played once by the operations that people use, as in the stories of the tests; then the cases are
copied, with tokens of their own, until there are as many as wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, undefer

from benchmarks import rows, world
from benchmarks.databases import Place
from benchmarks.world import World
from bpmn.moment import Moment
from engine import accounts, process_drafts
from engine.access import Actor
from engine.impact import RUNNING
from engine.publish import Bundle
from engine.tables import Base, Instance, Record, Request, Subscription, Task, Timer
from tests.scenarios.conftest import FRIDAY, Office, Order
from tests.scenarios.scene import CALENDAR, employ
from workflows import cast, deploy, organisation
from workflows.database import migrate
from workflows.services import SERVICES
from workflows.stage import Stage

KEY = "rectification"
LARGEST = "item_progress"  # the shipped diagram with the most elements
ADMIN = "admin-01"
IN_TIME = "2013-05-06 10:00"  # for a plan of an order of that Friday
LATER = "2013-06-21 09:00"
STEPS = 7  # at which cases stand
BATCH = 500
_IDENT = re.compile(r"\b[0-9a-f]{32}\b")


def founded(place: Place, one: World) -> Office:
    migrate(one.engine)
    stage = Stage(one.sessions, SERVICES, place.folder / "attachments", FRIDAY, CALENDAR)
    hashed = accounts.HASHER.hash(world.PASSWORD)
    with one.sessions.begin() as session:
        organisation.install(session)
        employ(session, cast.people(), hashed)
        deploy.deploy_shipped(session, Moment(FRIDAY, CALENDAR))
    return Office(stage)


def admin(session: Session) -> Actor:
    return accounts.actor(session, ADMIN)


def draft(one: World, bundle: Bundle, moment: Moment) -> str:
    """The bundle as a draft of its process; the id."""
    with one.sessions.begin() as session:
        return process_drafts.bring_in(session, admin(session), bundle, moment)[0].id


def play(office: Office) -> None:
    """Two cases that have ended, the short way and the long one, and one at each step."""
    ended = [office.issue(), office.issue()]
    for order in ended:
        order.sign()
    office.go_to(IN_TIME)
    for order in ended:
        order.plan()
        order.judge_plan("pass")
        order.report()
    ended[1].recheck("fail")
    ended[1].report()
    for order in ended:
        order.recheck("pass")
        order.close()
    office.go_to(LATER)
    for order in ended:
        order.look_back(rebound=False)
        assert order.status == "completed"
    for done in range(STEPS):
        order = office.issue(deadline="2013-07-12")
        for step in _steps(order)[:done]:
            step()


def _steps(order: Order) -> Sequence[Any]:
    return (
        order.sign,
        order.plan,
        lambda: order.judge_plan("pass"),
        order.report,
        lambda: order.recheck("pass"),
        order.close,
    )


def fill_running(one: World, size: int) -> None:
    """Copy running cases, with all that is open and was done in them but the record, until there are so many."""
    _fill(one, RUNNING, (Instance, Task, Timer, Subscription, Request), size)


def fill_ended(one: World, size: int) -> None:
    """Copy cases that have ended, with their records, until there are so many."""
    _fill(one, ("completed",), (Instance, Task, Request, Record), size)


def _fill(one: World, statuses: Iterable[str], tables: Sequence[type[Base]], size: int) -> None:
    wanted = (Instance.process_key == KEY, Instance.status.in_(tuple(statuses)))
    with one.sessions.begin() as session:
        have = session.scalar(select(func.count()).select_from(Instance).where(*wanted)) or 0
        ids = session.scalars(
            select(Instance.id).where(*wanted).order_by(Instance.started_at, Instance.id).limit(STEPS)
        )
        models = [_Model(session, ident, tables) for ident in ids.all()]
        for begin in range(have, size, BATCH):
            made: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in tables}
            for number in range(begin, min(begin + BATCH, size)):
                models[number % len(models)].copy_to(made)
            for table, copies in made.items():
                if copies:
                    session.execute(insert(table), copies)
    rows.analyse(one.engine)


class _Model:
    """A case with its rows; a copy has other ids for itself and its tokens, wherever those are written."""

    def __init__(self, session: Session, ident: str, tables: Sequence[type[Base]]) -> None:
        self.ident = ident
        self.rows: list[tuple[type[Base], dict[str, Any], tuple[str, ...]]] = []
        self.names = {ident}
        found = [(table, rows.values(row)) for table in tables for row in _rows_of(session, ident, table)]
        for table, values in found:
            if table is Instance:
                self.names |= {token[0] for token in orjson.loads(values["state"]).get("t", ())}
            self.names |= {values["id"]} if "id" in values else set()
        probe = self._fresh()
        for table, values in found:
            varying = tuple(name for name, value in values.items() if _renamed(value, probe) != value)
            self.rows.append((table, values, varying))

    def copy_to(self, made: dict[type[Base], list[dict[str, Any]]]) -> None:
        names = self._fresh()
        for table, values, varying in self.rows:
            copy = {**values, **{name: _renamed(values[name], names) for name in varying}}
            if table is Instance:
                copy["origin"] = f"copy:{copy['id']}"
            made[table].append(copy)

    def _fresh(self) -> dict[str, str]:
        return {name: uuid4().hex for name in self.names}


def _rows_of(session: Session, ident: str, table: type[Any]) -> Iterable[Any]:
    whose = table.id if table is Instance else table.instance_id
    return session.scalars(select(table).where(whose == ident).options(undefer("*"))).all()


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _IDENT.sub(lambda found: names.get(found[0], found[0]), value)
    if isinstance(value, bytes):
        return _renamed(value.decode(), names).encode()
    if isinstance(value, dict):
        return {name: _renamed(one, names) for name, one in value.items()}
    return [_renamed(one, names) for one in value] if isinstance(value, list) else value
