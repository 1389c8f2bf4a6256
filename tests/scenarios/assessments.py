"""What people do in a performance assessment, for stories: the ledger of 朝阳区, and what the city says of it.

The calendar of 2013: the second quarter ends on Sunday 06-30; its assessment begins on the fifth working day after,
Friday 07-05.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpmn.moment import Moment
from engine import tasks
from engine.accounts import actor
from engine.database import Sessions
from engine.tables import Instance, Task
from tests.scenarios.items import Ground
from tests.scenarios.items import install as install_ground
from tests.scenarios.scene import CALENDAR
from workflows import deploy
from workflows.organisation import units
from workflows.tables import Assessment, Score, ScoreEvent

CHAOYANG = "110105"
OTHER = "performance-01"


def install(sessions: Sessions, folder: Path, password: str, *more: str) -> Review:
    """The campaign on Monday 2013-05-06, with the assessment (and ``more``) published."""
    ground = install_ground(sessions, folder, password)
    with sessions.begin() as session:
        for key in (*more, "performance_assessment"):
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", Moment(ground.stage.now, CALENDAR))
    return Review(ground.stage, ground.campaign_id, ground.ledger_id)


@dataclass
class Review(Ground):
    """An assessment and those who take part in it."""

    def start(self) -> str:
        return self.stage.start(OTHER, "performance_assessment", "二季度绩效考核", "110000", None)

    @property
    def cases(self) -> list[Instance]:
        found = self.rows(Instance, Instance.process_key == "performance_assessment")
        return sorted(found, key=lambda one: (one.started_at, one.id))

    # ---- what people do

    def do(self, case: str, element: str, who: str, unit: str | None = None, **answers: Any) -> None:
        """The task of that name, of a unit if it is one of many."""
        found = [task for task in self.open_tasks(case, element) if unit in (None, task.org)]
        assert found, f"{element} is not open for {unit}"
        self.stage.hand_in(found[0].id, who, answers)
        self.stage.work()

    def accept(self, case: str, unit: str, who: str) -> None:
        self.do(case, "confirm_score", who, unit, accepted=True)

    def appeal(self, case: str, unit: str, who: str, event: str, reason: str) -> None:
        self.do(case, "confirm_score", who, unit, accepted=False, appeal_items=[{"event": event, "reason": reason}])

    def judge(self, case: str, verdict: str, points: float = 0, reason: str = "经核实，属实。") -> None:
        given = {"adjustment": points} if verdict == "adjust" else {}
        self.do(case, "handle_appeal", OTHER, verdict=verdict, reason=reason, **given)

    def rate(self, case: str, lead: str, who: str, co_unit: str, rating: int) -> None:
        name = f"{units()[lead].name}：{units()[co_unit].name}"
        found = [one for one in self.open_tasks(case, "rate_co_unit") if one.subject == name]
        self.stage.hand_in(found[0].id, who, {"co_unit": co_unit, "service": "approval", "rating": rating})
        self.stage.work()

    def judge_teams(self, case: str, *differing: dict[str, str]) -> None:
        self.do(case, "evaluate_team", "organization-01", capability="good", work_style="good", basis="年度考察。",
            differing=list(differing))  # fmt: skip

    def consolidate(self, case: str, weight: float = 10, **answers: Any) -> None:
        shown = self.seen(case, "consolidate_scores", OTHER)
        given = {"campaign_weight": weight, "title": shown["title"], "text": shown["text"]} | answers
        self.do(case, "consolidate_scores", OTHER, **given)

    def decide(self, case: str, verdict: str, **answers: Any) -> None:
        self.do(case, "approve_scores", "group-leader-01", verdict=verdict, **answers)

    # ---- what is to be seen

    def open_tasks(self, case: str, element: str | None = None) -> list[Task]:
        found = self.rows(Task, Task.instance_id == case, Task.status == "open")
        return [task for task in found if element in (None, task.element)]

    def open(self, case: str) -> list[str]:
        return sorted({task.element for task in self.open_tasks(case)})

    def seen(self, case: str, element: str, who: str) -> Any:
        (task,) = self.open_tasks(case, element)
        with self.stage.sessions.read() as session:
            return tasks.view(session, actor(session, who), task.id, self.stage.moment).values

    def score(self, unit: str, case: str | None = None) -> Score:
        case = case or self.cases[-1].id
        (found,) = self.rows(Score, Score.assessment_id == case, Score.unit == unit, Score.is_current.is_(True))
        return found

    def component(self, unit: str, name: str) -> dict[str, Any]:
        (found,) = [one for one in self.score(unit).components if one["name"] == name]
        return found

    def events(self, unit: str, component: str) -> list[ScoreEvent]:
        found = self.rows(ScoreEvent, ScoreEvent.score_id == self.score(unit).id, ScoreEvent.component == component)
        return sorted(found, key=lambda one: one.id)

    def versions(self, unit: str) -> list[Score]:
        found = self.rows(Score, Score.assessment_id == self.cases[0].id, Score.unit == unit)
        return sorted(found, key=lambda one: one.version)

    def assessment(self, case: str) -> Assessment:
        (found,) = self.rows(Assessment, Assessment.id == case)
        return found
