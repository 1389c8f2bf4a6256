"""What lead units disclose, for stories. 朝阳区 has its ledger on Friday 2013-04-26; plans are due from then on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.database import Sessions
from engine.tables import Instance, Task
from tests.scenarios.campaigns import CHAOYANG
from tests.scenarios.campaigns import install as install_city
from tests.scenarios.year import NOTHING_ASKED, Year
from workflows import disclosures
from workflows.disclosures import Published
from workflows.tables import Disclosure, LedgerItem

AIR, WATER = "110000-HBJ", "110000-SWJ"
PEOPLE = {AIR: ("air-unit-01", "air-head-01"), WATER: ("water-unit-01", "water-head-01")}
PROCESSES = ("change_request", "item_progress", "campaign_setup", "ledger_establishment", "disclosure_cycle")


def install(sessions: Sessions, folder: Path, password: str) -> Press:
    return Press(install_city(sessions, folder, password, PROCESSES).stage)


@dataclass
class Press(Year):
    """The lead units and what they let the public know."""

    def begin(self) -> str:
        """A campaign whose one district has an item of air and one of water; returns the case of the plans."""
        campaign = self.set_up([CHAOYANG], **NOTHING_ASKED)
        self.go_to("2013-04-26 10:00")
        self.establish_some(self.ledger_case(campaign), CHAOYANG, {"A3": 26000, "B2": 42})
        (case,) = self.rounds()
        return case

    def rounds(self) -> list[str]:
        """The cases of disclosure, in the order in which they began."""
        found = self.rows(Instance, Instance.process_key == "disclosure_cycle")
        return [one.id for one in sorted(found, key=lambda one: one.started_at)]

    def task(self, case: str, element: str, unit: str = AIR) -> Task:
        (found,) = (task for task in self.open_tasks(case, element) if task.org == unit)
        return found

    def prepare(self, case: str, unit: str = AIR, **changes: Any) -> None:
        """As the data give it, except for these changes."""
        task, who = self.task(case, "prepare_disclosure", unit), PEOPLE[unit][0]
        seen = self.seen(task, who)
        kept = {name: seen[name] for name in ("disclosure_kind", "period", "items", "text")}
        self.complete(task, who, **kept | changes)

    def release(self, case: str, unit: str = AIR, verdict: str = "release", **more: Any) -> None:
        given = {"verdict": verdict, "secrecy_reviewed": True} | more
        self.complete(self.task(case, "unit_release", unit), PEOPLE[unit][1], **given)

    def publish(self, case: str, unit: str = AIR, **changes: Any) -> None:
        self.prepare(case, unit, **changes)
        self.release(case, unit)

    def keep_back(self, code: str) -> str:
        """The district has marked the item as not to be published; returns its id."""
        item = self.items(CHAOYANG)[code]
        with self.stage.sessions.begin() as session:
            session.get_one(LedgerItem, item.id).publishable = False
        return item.id

    def read(self, search: str = "", kind: str | None = None, unit: str | None = None) -> list[Published]:
        with self.stage.sessions.read() as session:
            return disclosures.published(session, search, kind, unit, 10, 0)[0]

    def disclosure(self, case: str, unit: str = AIR) -> Disclosure:
        (found,) = self.rows(Disclosure, Disclosure.instance_id == case, Disclosure.unit == unit)
        return found
