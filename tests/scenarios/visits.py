"""What people do on visits, for stories: 朝阳区 has items on its ledger, and teams that go and look at them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import accounts, tasks
from engine.database import Sessions
from engine.tables import Instance, Message, Task
from tests.scenarios.items import Ground
from tests.scenarios.items import install as install_ground
from workflows import cast, deploy, registers
from workflows.tables import Engagement, Finding, Visit

FIRST, SECOND = "chaoyang-supervision-01", "chaoyang-supervision-02"
UNIT = "110105-HB"
PROCESSES = ("onsite_supervision", "rectification", "common_problem")


def install(sessions: Sessions, folder: Path, password: str, *more: str) -> Field:
    """Monday 2013-05-06, with the processes of visits and of what follows from them."""
    ground = install_ground(sessions, folder, password)
    with sessions.begin() as session:
        for key in (*PROCESSES, *more):
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", ground.stage.moment)
    return Field(ground.stage, ground.campaign_id, ground.ledger_id)


@dataclass
class Field(Ground):
    """Where visits are made."""

    # ---- how a visit begins

    def ask(self, unit: str = UNIT, reason: str = "instruction", key: str = "r1", **more: Any) -> Visited:
        """Somebody's case asks for a visit, by message."""
        self.stage.send("msg_onsite_request", key, {
            "request_id": key, "title": "核查黄标车淘汰", "org": unit, "task_code": "air",
            "campaign_id": self.campaign_id, "reason": reason, "source": "leader_instruction",
        } | more)  # fmt: skip
        return self.visit(Visit.request_id == key)

    def go_out(self, who: str = FIRST, org: str = UNIT, task_code: str = "air") -> Visited:
        """Somebody decides to go and see."""
        return Visited(self, self.stage.start(who, "onsite_supervision", "到现场看黄标车淘汰", org, task_code))

    def visit(self, *where: Any) -> Visited:
        (found,) = self.rows(Visit, *where)
        return Visited(self, found.id)

    def visits(self) -> list[Visit]:
        return sorted(self.rows(Visit), key=lambda one: one.number)

    def answers(self, key: str) -> list[dict[str, Any]]:
        """What was sent back to who asked with this key."""
        return [one.payload for one in self.rows(Message, Message.name == "msg_onsite_result", Message.key == key)]

    def offered(self, register: str) -> list[str]:
        """The ids that a field of a form offers to choose from."""
        with self.stage.sessions.read() as session:
            return [ident for ident, _ in registers.offer(session, register)]

    def told(self, name: str) -> dict[str, Any]:
        """The payload of the one message of that name."""
        (found,) = self.messages(name)
        return dict(found.payload)


@dataclass
class Visited:
    """One visit."""

    field: Field
    id: str

    # ---- what people do

    def plan(self, day: str, who: str = FIRST, **answers: Any) -> None:
        self.hand_in_plan(day, who, **answers)
        self.field.stage.work()

    def hand_in_plan(self, day: str, who: str = FIRST, **answers: Any) -> None:
        """Nothing is done with it yet."""
        (task,) = (task for task in self._open() if task.element == "plan_visit")
        self.field.stage.hand_in(task.id, who, {
            "targets": self.row.targets, "mode": "unannounced", "visit_date": day, "team_leader": FIRST,
            "team": [SECOND],
        } | answers)  # fmt: skip

    def plan_cross(self, day: str, **answers: Any) -> str:
        """Planned by the office of the district that was drawn; returns who did it."""
        leader = self.leader
        others = ["fengtai-supervision-02" if leader != "fengtai-supervision-02" else "daxing-supervision-02"]
        self.plan(day, leader, team_leader=leader, team=others, **answers)
        return leader

    def notify(self, who: str = FIRST) -> None:
        self.do("notify_object", who, notice_text="定于六日到你局现场督查，请备好注销登记。")

    def see(
        self, result: str = "ok", who: str = FIRST, access: str = "normal", measured: float | None = None, **more: Any
    ) -> None:
        """On the spot: every row of the checklist with the same result."""
        rows = [row | {"result": result, "note": "现场所见"} for row in self.asked("conduct_visit", who)["checklist"]]
        if measured is not None:
            rows = [row | ({"measured": measured} if row["evidence"] == "measurement" else {}) for row in rows]
        self.do("conduct_visit", who, **{
            "outcome": "arrived", "checklist": rows, "photos": [self.field.stage.photo(who, f"{self.id}-{result}")],
            "no_position": False, "geo_position": {"lat": 39.92, "lon": 116.44, "accuracy": 8}, "access": access,
        } | more)  # fmt: skip

    def put_off(self, day: str, reason: str, who: str = FIRST) -> None:
        self.do("conduct_visit", who, outcome="postponed", change_reason=reason, new_date=day)

    def call_off(self, reason: str, who: str = FIRST) -> None:
        self.do("conduct_visit", who, outcome="cancelled", change_reason=reason)

    def sign(self, confirmation: str = "agree", who: str = "chaoyang-air-01", **answers: Any) -> None:
        self.do("confirm_findings", who, confirmation=confirmation, **answers)

    def report(self, verdict: str, who: str = FIRST, **answers: Any) -> None:
        """With the findings that the checklist proposes, unless others are given."""
        seen = self.asked("visit_report", who)
        known = {name: seen[name] for name in ("findings", "summary") if seen.get(name)}
        self.do("visit_report", who, **{"verdict": verdict, "summary": "已现场核查。"} | known | answers)

    def improve(self, disposition: str, who: str = "air-lead-01", text: str = "六月底前补齐注销手续。") -> None:
        self.do("improvement_opinion", who, opinion_text=text, disposition=disposition)

    def do(self, element: str, who: str, **answers: Any) -> None:
        self.field.stage.complete(self.id, element, who, answers)

    # ---- what is to be seen

    @property
    def row(self) -> Visit:
        (found,) = self.field.rows(Visit, Visit.id == self.id)
        return found

    @property
    def findings(self) -> list[Finding]:
        return sorted(self.field.rows(Finding, Finding.visit_id == self.id), key=lambda one: one.position)

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self._open())

    @property
    def ended_at(self) -> str | None:
        (found,) = self.field.rows(Instance, Instance.id == self.id)
        return found.ended_element

    @property
    def booked(self) -> list[tuple[str, str, str]]:
        rows = self.field.rows(Engagement, Engagement.instance_id == self.id)
        return sorted((row.unit, row.day.isoformat(), row.status) for row in rows)

    @property
    def leader(self) -> str:
        """An officer of the district that was drawn."""
        return cast.supervision(str(self.row.team_org))

    def due(self, element: str) -> str:
        (task,) = (task for task in self._open() if task.element == element)
        return f"{task.due.astimezone(self.field.stage.calendar.zone):%Y-%m-%d %H:%M}"

    def asked(self, element: str, who: str) -> dict[str, Any]:
        """What the form holds when the page is opened."""
        (task,) = (task for task in self._open() if task.element == element)
        with self.field.stage.sessions.read() as session:
            actor = accounts.actor(session, who)
            return dict(tasks.view(session, actor, task.id, self.field.stage.moment).values)

    def _open(self) -> list[Task]:
        return self.field.rows(Task, Task.instance_id == self.id, Task.status == "open")
