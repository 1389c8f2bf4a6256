"""An office to play stories in: the shipped processes, the people whom a story needs, and a clock that is moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bpmn.moment import Moment
from engine import accounts, instances
from engine.database import Sessions
from engine.tables import Instance, Record, Request, Task
from tests.scenarios.scene import CALENDAR, Scene, employ
from workflows import cast, deploy, organisation
from workflows.services import SERVICES
from workflows.stage import Stage

FRIDAY = datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone)


@dataclass
class Office(Scene):
    """The office, the task groups and a district."""

    def issue(self, unit: str = "110105-HB", task_code: str = "air", **answers: Any) -> Order:
        """The task group starts a case and issues the order."""
        officer = f"{task_code}-officer-01"
        case = self.stage.start(officer, "rectification", "朝阳区黄标车淘汰滞后", unit.split("-")[0], task_code)
        order = Order(self, case)
        order.reissue(unit, officer, **answers)
        return order

    def order_of(self, **where: Any) -> Order:
        (found,) = self.rows(Instance, *(getattr(Instance, name) == value for name, value in where.items()))
        return Order(self, found.id)


@dataclass
class Order:
    """One rectification case."""

    office: Office
    id: str

    # ---- what people do

    def reissue(self, unit: str = "110105-HB", officer: str = "air-officer-01", **answers: Any) -> None:
        self.do("issue_order", officer, **{
            "problem": "黄标车淘汰滞后",
            "responsible_unit": unit,
            "requirement": "倒排工期，五月底前淘汰两千辆。",
            "standard": "注销登记数达到两千辆。",
            "rectification_kind": "general",
            "deadline": "2013-05-20",
            "publicise": False,
        } | answers)  # fmt: skip

    def sign(self, accepted: bool = True, objection: bool = False, who: str = "chaoyang-supervision-01") -> None:
        asked = {"objection": objection} if accepted else {}
        self.do("sign_order", who, accepted=accepted, opinion="见附件。", **asked)

    def plan(self, who: str = "chaoyang-air-01") -> None:
        measures = [{"measure": "上门动员", "responsible_post": "副局长", "deadline": "2013-05-15"}]
        milestones = [{"milestone": "淘汰一千辆", "date": "2013-05-10"}]
        self.do("submit_plan", who, measures=measures, milestones=milestones, responsible_post="局长")

    def judge_plan(self, verdict: str) -> None:
        self.do("approve_plan", "air-officer-01", verdict=verdict, opinion="请细化到乡镇。")

    def report(self, who: str = "chaoyang-air-01") -> None:
        pictures = [self.office.stage.photo(who, "before"), self.office.stage.photo(who, "after")]
        self.do("report_rectification", who, result="已淘汰两千辆。", before_after=pictures, similar_check="已排查。")

    def recheck(self, verdict: str, who: str = "air-officer-01") -> None:
        evidence = [self.office.stage.photo(who, "recheck")]
        checkers = ["air-officer-01", "air-officer-02"]
        self.do("recheck", who, verdict=verdict, checkers=checkers, evidence=evidence, opinion="现场核对。")

    def close(self, verdict: str = "close", who: str = "air-lead-01") -> None:
        self.do("close_order", who, verdict=verdict)

    def look_back(self, rebound: bool, who: str = "chaoyang-supervision-01") -> None:
        self.do("look_back", who, rebound=rebound, evidence=[self.office.stage.photo(who, "later")])

    def do(self, element: str, who: str, **answers: Any) -> None:
        self.office.stage.complete(self.id, element, who, answers)

    def up_to_report(self) -> None:
        """Signed, planned and approved: the unit is at work."""
        self.sign()
        self.plan()
        self.judge_plan("pass")

    def cancel(self, reason: str) -> None:
        with self.office.stage.sessions.begin() as session:
            admin = accounts.actor(session, "admin-01")
            instances.cancel(session, admin, self.id, reason, self.office.stage.moment)

    # ---- what is to be seen

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self._open())

    @property
    def status(self) -> str:
        return self._row.status

    @property
    def ended_at(self) -> str | None:
        return self._row.ended_element

    @property
    def variables(self) -> dict[str, Any]:
        return self._row.variables

    @property
    def events(self) -> list[str]:
        """What the record says happened."""
        return [entry.what for entry in self.office.rows(Record, Record.instance_id == self.id)]

    def due(self, element: str) -> str:
        return self.task(element).due.astimezone(CALENDAR.zone).strftime("%Y-%m-%d %H:%M")

    def task(self, element: str) -> Task:
        (found,) = (task for task in self._open() if task.element == element)
        return found

    def results(self, service: str) -> list[dict[str, Any]]:
        requests = self.office.rows(Request, Request.instance_id == self.id, Request.name == service)
        return [request.result for request in requests]

    def children(self) -> list[Order]:
        tokens = [request.id for request in self.office.rows(Request, Request.instance_id == self.id)]
        found = self.office.rows(Instance, Instance.parent_request.in_(tokens))
        return [replace(self, id=child.id) for child in found]

    def _open(self) -> list[Task]:
        return self.office.rows(Task, Task.instance_id == self.id, Task.status == "open")

    @property
    def _row(self) -> Instance:
        (found,) = self.office.rows(Instance, Instance.id == self.id)
        return found


@pytest.fixture
def office(sessions: Sessions, hashed_password: str, tmp_path: Path) -> Office:
    stage = Stage(sessions, SERVICES, tmp_path / "attachments", FRIDAY, CALENDAR)
    with sessions.begin() as session:
        organisation.install(session)
        employ(session, cast.people(), hashed_password)
        deploy.deploy_shipped(session, Moment(FRIDAY, CALENDAR))
    return Office(stage)
