"""What people do in a joint supervision, for stories. The campaign goes on since Monday 2013-05-13."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.database import Sessions
from tests.scenarios.campaigns import install as install_city
from tests.scenarios.problems import AIR, CHAOYANG, Pool
from tests.scenarios.scene import employ
from workflows.cast import Person
from workflows.tables import Engagement, Joint, Paper

PROCESSES = ["objection_review", "rectification", "common_problem", "joint_supervision"]
WATER = "110000-SWJ"
# An objection is reviewed by others than the authors.
BESIDES = (Person("synthesis-officer-02", "综合组02", "synthesis_officer", "110000"),)
FINDING = {
    "title": "注销补贴没有到位",
    "facts": "三个区的注销补贴资金尚未安排。",
    "unit": CHAOYANG,
    "task_code": "air",
    "needs_decision": False,
}


def install(sessions: Sessions, folder: Path, password: str, besides: Iterable[str] = ()) -> Joints:
    city = install_city(sessions, folder, password, [*besides, *PROCESSES])
    with sessions.begin() as session:
        employ(session, BESIDES, password)
    scene = Joints(city.stage)
    scene.go_to("2013-05-13 09:00")
    return scene


@dataclass
class Joints(Pool):
    """The Office, the task groups and the lead units around a table."""

    def begin(self, who: str = "synthesis-lead-01", title: str = "老旧机动车淘汰联合督查") -> str:
        return self.stage.start(who, "joint_supervision", title, "110000", None)

    def propose_theme(self, case: str, **answers: Any) -> None:
        self.do(case, "propose_theme", "synthesis-lead-01", **{
            "theme": "老旧机动车淘汰更新",
            "task_codes": ["air", "water"],
            "objects": ["110105", "110106"],
            "methods": ["self_check", "hear_report"],
            "period": "2013年5月",
            "origin": "manual",
            "planned_on": "2013-05-20",
        } | answers)  # fmt: skip

    def approve(self, case: str, verdict: str = "approve", **answers: Any) -> None:
        self.do(case, "approve_theme", "office-director-01", verdict=verdict, **answers)

    def brief(self, case: str, task_code: str, **answers: Any) -> None:
        self.do(
            case,
            "contribute_brief",
            f"{task_code}-officer-01",
            lambda task: task.task_code == task_code,
            **{"auto_brief_confirmed": True} | answers,
        )

    def check(self, case: str, unit: str, **answers: Any) -> None:
        who = {AIR: "air-unit-01", WATER: "water-unit-01"}[unit]
        self.do(case, "self_check", who, lambda task: task.org == unit, **answers)

    def prepared(self, **theme: Any) -> str:
        """Approved, with what everybody brings to it; the session is on Monday 05-20."""
        case = self.begin()
        self.propose_theme(case, **theme)
        self.approve(case)
        for code in ("air", "water"):
            self.brief(case, code)
        for unit in (AIR, WATER):
            self.check(case, unit)
        self.go_to("2013-05-20 09:00")
        return case

    def meet(self, case: str, **answers: Any) -> None:
        self.do(case, "confirm_session", "synthesis-lead-01", ready="hold")
        self.do(case, "joint_session", "synthesis-lead-01", **{
            "held_on": "2013-05-20",
            "participants": [AIR, WATER, "110105"],
            "record": "各区反映注销补贴没有到位。",
        } | answers)  # fmt: skip

    def consolidate(self, case: str, *findings: dict[str, Any], **answers: Any) -> None:
        self.do(case, "consolidate_findings", "synthesis-officer-01", **{
            "findings": list(findings) or [FINDING],
            "duty_efficiency": "good",
            "submitted_timely": True,
        } | answers)  # fmt: skip

    def conclude(self, case: str, **answers: Any) -> None:
        self.do(case, "issue_conclusion", "office-director-01", **{
            "facts": "老旧机动车淘汰只完成年度任务的三成。",
            "conclusion": "市环保局应当在六月底前提出补贴办法。",
        } | answers)  # fmt: skip

    def acknowledge(self, case: str, unit: str, accepted: bool = True, **answers: Any) -> None:
        who = {AIR: "air-head-01", WATER: "water-head-01"}[unit]
        answers = answers if accepted else {"grounds": "数据没有计入五月的注销数。"} | answers
        self.do(case, "acknowledge_conclusion", who, lambda task: task.org == unit, accepted=accepted, **answers)

    def joint(self, case: str) -> Joint:
        (found,) = self.rows(Joint, Joint.id == case)
        return found

    def booked(self, case: str) -> list[tuple[str, str, str]]:
        found = self.rows(Engagement, Engagement.instance_id == case)
        return sorted((one.unit, one.day.isoformat(), one.status) for one in found)

    def papers(self, case: str) -> list[Paper]:
        return sorted(self.rows(Paper, Paper.instance_id == case), key=lambda one: one.issued_at)
