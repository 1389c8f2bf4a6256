"""A campaign as rows: an instance of each process that matters, the organisation, some accounts, a running campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts
from engine.access import Actor
from engine.database import Sessions
from engine.tables import Instance, Process, Version
from workflows import cast, ledger_items, organisation
from workflows.calendar import WorkingCalendar
from workflows.services import SERVICES
from workflows.tables import LedgerItem

MOMENT = Moment(datetime(2013, 4, 19, 2, 0, tzinfo=UTC), WorkingCalendar())
STAFF = frozenset(
    {
        "chaoyang-supervision-01",
        "chaoyang-leader-01",
        "fengtai-supervision-01",
        "air-officer-01",
        "synthesis-lead-01",
        "admin-01",
    }
)
PLAN = {
    "title": "生态文明和城乡环境建设专项督查",
    "supervision_type": "special",
    "authority_basis": "government_decision",
    "scope": "4项重点工作",
    "objects": [],
    "start_date": "2013-04-15",
    "end_date": "2013-12-31",
    "classification": "internal",
}
CATALOGUE = [
    {
        "sub_item": code,
        "municipal_target": target,
        "unit_of_measure": unit,
        "applicable_units": ["110105", "110106"],
        "co_units": [],
        "milestones": [],
    }
    for code, target, unit in (("A3", 180000, "辆"), ("B2", 42, "公里"))
]


@dataclass
class Office:
    """``run`` calls a service for the campaign's instance; ``actor`` is one of the staff."""

    session: Session
    instance: Instance
    moment: Moment

    def run(self, service: str, **inputs: Any) -> dict[str, Any]:
        return dict(SERVICES[service].run(self.session, self.instance, inputs, self.moment))

    def actor(self, account_id: str) -> Actor:
        return accounts.actor(self.session, account_id)

    def opened(self) -> str:
        """A campaign of two sub-items with its 17 ledgers; returns its id."""
        campaign_id = str(self.run("register_campaign", **PLAN)["campaign_id"])
        self.run(
            "open_campaign",
            doc_number="京政办发〔2013〕22号",
            addressees=[],
            issue_date="2013-04-19",
            liaisons=[],
            groups=[],
            catalogue=CATALOGUE,
        )
        self.run("open_ledgers", campaign_id=campaign_id)
        return campaign_id

    def ledger(self, district: str = "110105") -> str:
        found = self.run("open_ledgers", campaign_id=self.instance.id)["ledgers"]
        return next(one["ledger_id"] for one in found if one["district"] == district)

    def add(self, ledger_id: str, person: str = "chaoyang-supervision-01", **changed: Any) -> LedgerItem:
        return ledger_items.add(self.session, self.actor(person), ledger_id, row(**changed), self.moment)


def row(**changed: Any) -> dict[str, Any]:
    """Answers of one good row of 朝阳区; a field that is None is left out."""
    answers = {
        "sub_item": "A3",
        "applicable": True,
        "item_name": "淘汰老旧机动车",
        "target_value": 26000,
        "unit_of_measure": "辆",
        "responsible_unit": "110105-HB",
        "responsible_post": "分管副区长",
        "start_date": "2013-05-01",
        "deadline": "2013-12-20",
        "milestones": [
            {"date": "2013-06-30", "planned_percent": 20},
            {"date": "2013-09-30", "planned_percent": 60.5},
            {"date": "2013-12-20", "planned_percent": 100},
        ],
        "evidence_standard": ["photo", "document"],
        "publishable": True,
        **changed,
    }
    return {name: value for name, value in answers.items() if value is not None}


@pytest.fixture
def office(sessions: Sessions) -> Iterator[Office]:
    with sessions.begin() as session:
        yield furnished(session)


@pytest.fixture
def ledger_in(sessions: Sessions) -> str:
    """A committed ledger, for several at once."""
    with sessions.begin() as session:
        office = furnished(session)
        office.opened()
        return office.ledger()


def furnished(session: Session) -> Office:
    organisation.install(session)
    cast.install(session, [person for person in cast.people() if person.id in STAFF])
    return Office(session, an_instance(session, "campaign_setup"), MOMENT)


@pytest.fixture
def good_row() -> Any:
    """``good_row(deadline="2014-01-01")``: answers of one row."""
    return row


def an_instance(session: Session, process_key: str) -> Instance:
    """A row of a running case; nothing is executed."""
    process = session.get(Process, process_key)
    if process is None:
        version = Version(
            process_key=process_key, number=1, name=process_key, content_hash=uuid4().hex * 2, diagram=b"", forms={},
            decisions={}, starter_groups=[], by_hand=True, calls=[], comment="", published_at=MOMENT.now,
        )  # fmt: skip
        session.add(version)
        session.flush()
        process = Process(key=process_key, name=process_key, current_version_id=version.id)
        session.add(process)
        session.flush()
    instance = Instance(
        id=uuid4().hex, version_id=process.current_version_id, process_key=process_key, status="active", state=b"",
        result={}, variables={}, origin=uuid4().hex, title=process_key, started_at=MOMENT.now,
        changed_at=MOMENT.now, record_length=0, record_hash="", revision=1,
    )  # fmt: skip
    session.add(instance)
    session.flush()
    return instance
