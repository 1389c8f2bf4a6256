"""What people do around an inspection of deputies, for stories. The campaign goes on since Monday 2013-05-13."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from engine.database import Sessions
from engine.tables import Task
from tests.scenarios.campaigns import install as install_city
from tests.scenarios.problems import Pool
from workflows.tables import Activity, DeputyOpinion, Engagement, Paper

PROCESSES = ["objection_review", "rectification", "common_problem", "democratic_supervision"]
ENV = "110000-SRW"
_serial = count(1)
FORMAL = {"content": "建议增加城乡结合部垃圾收集点。", "route": "formal", "task_code": "env"}
PROBLEM = {"content": "部分路段渣土遗撒没有清理。", "route": "problem", "task_code": "env", "about": "110106-SR"}
ANSWERED = {"content": "询问进度怎样公布。", "route": "answered", "task_code": "env", "answer": "每月在首都之窗公布。"}


def install(sessions: Sessions, folder: Path, password: str) -> Activities:
    city = install_city(sessions, folder, password, PROCESSES)
    scene = Activities(city.stage)
    scene.go_to("2013-05-13 09:00")
    return scene


@dataclass
class Activities(Pool):
    """The liaison of congress and CPPCC, the Office that serves, the lead units that answer, the deputies."""

    def announce(self, **more: Any) -> str:
        """The liaison announces an inspection; returns its case."""
        notice = f"a{next(_serial)}"
        self.stage.send("msg_inspection_notice", notice, {
            "activity_id": notice,
            "title": "城乡结合部环境整治视察",
            "org": "110000",
            "inspecting_body": "congress",
            "form": "group_inspection",
            "theme": "城乡结合部环境整治",
            "date_from": "2013-05-22",
            "date_to": "2013-05-23",
        } | more)  # fmt: skip
        (task,) = self.stage.open_tasks(None, "register_activity")
        return task.instance_id

    def register(self, case: str, **answers: Any) -> None:
        """The officer goes by what stands in the form, and says which tasks it is about."""
        (task,) = self.open_tasks(case, "register_activity")
        seen = self.seen(task, "synthesis-officer-01")
        known = {name: seen[name] for name in ("inspecting_body", "form", "theme", "date_from", "date_to")}
        self.complete(task, "synthesis-officer-01", **known | {"task_codes": ["env"]} | answers)

    def coordinate(self, case: str, **answers: Any) -> None:
        self.do(case, "coordinate_schedule", "congress-01", **{
            "visit_route": [
                {"day": "2013-05-22", "unit": "110106", "place": "卢沟桥乡"},
                {"day": "2013-05-23", "unit": "110115", "place": "西红门镇"},
            ],
            "hosts": ["110106", "110115"],
        } | answers)  # fmt: skip

    def prepare(self, case: str) -> None:
        for task in self.open_tasks(case, "prepare_materials"):
            if task.org == ENV:
                self.complete(task, "env-unit-01", auto_pack_confirmed=True)

    def support(self, case: str, held: str = "held", attendee_count: int = 12, **answers: Any) -> None:
        self.do(case, "support_visit", "synthesis-officer-01", held=held, attendee_count=attendee_count, **answers)

    def held(self, *opinions: dict[str, Any], **record: Any) -> str:
        """An inspection that took place on Wednesday 05-22 and Thursday 05-23, with what the deputies said there."""
        case = self.announce()
        self.register(case)
        self.coordinate(case)
        self.go_to("2013-05-23 16:00")
        self.support(case)
        self.do(case, "record_opinions", "congress-01", opinions=list(opinions), **record)
        return case

    def handle(self, case: str, **answers: Any) -> None:
        self.do(case, "handle_opinion", "env-unit-01", **{
            "contacted": True,
            "handling_result": "planned",
            "reply_text": "今年新增收集点二十处。",
        } | answers)  # fmt: skip

    def sign(self, case: str, verdict: str = "sign", **answers: Any) -> None:
        self.do(case, "reply_deputy", "env-head-01", verdict=verdict, **answers)

    def judge(self, case: str, satisfaction: str, who: str = "deputy-01", **answers: Any) -> None:
        self.do(case, "deputy_feedback", who, satisfaction=satisfaction, **answers)

    def answer(self, case: str, satisfaction: str) -> None:
        self.handle(case)
        self.sign(case)
        self.judge(case, satisfaction)

    # ---- what is to be seen

    def task(self, case: str, element: str) -> Task:
        (found,) = self.open_tasks(case, element)
        return found

    def activity(self, case: str) -> Activity:
        (found,) = self.rows(Activity, Activity.id == case)
        return found

    def opinions(self, case: str) -> list[DeputyOpinion]:
        return sorted(self.rows(DeputyOpinion, DeputyOpinion.activity_id == case), key=lambda one: one.number)

    def booked(self, case: str) -> list[tuple[str, str, str]]:
        found = self.rows(Engagement, Engagement.instance_id == case)
        return sorted((one.unit, one.day.isoformat(), one.status) for one in found)

    def papers(self, case: str) -> list[Paper]:
        return sorted(self.rows(Paper, Paper.instance_id == case), key=lambda one: one.issued_at)
