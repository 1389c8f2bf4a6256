"""What the public says and what officers make of it, for stories. The counter opens on Monday 2013-05-13."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.database import Sessions
from engine.tables import Instance
from tests.scenarios.campaigns import install as install_city
from tests.scenarios.problems import AIR, Pool
from workflows import opinions
from workflows.opinions import Followed
from workflows.tables import Opinion

SMOKE = "王四营村口每天晚上烧垃圾，我叫张建国，电话13812345678，请管一管。"
BUSES = "建议把通勤班车改成电动车，既省油又没有尾气。"


def install(sessions: Sessions, folder: Path, password: str) -> Counter:
    processes = ["objection_review", "rectification", "common_problem", "public_opinion"]
    counter = Counter(install_city(sessions, folder, password, processes).stage)
    counter.go_to("2013-05-13 09:00")
    return counter


@dataclass
class Counter(Pool):
    """Where opinions come in, and all who deal with them."""

    def say(self, content: str = SMOKE, contact: str | None = "13812345678", anonymous: bool = False) -> str:
        """Somebody writes on the portal; returns his code."""
        with self.stage.sessions.begin() as session:
            said = opinions.submit(session, "portal", content, None, contact, anonymous, (), self.stage.moment)
            code = opinions.written(said.code)
        self.stage.work()
        return code

    def case(self, code: str) -> str:
        return str(self.opinion(code).instance_id)

    def accept(self, case: str, route: str, **answers: Any) -> None:
        """By what stands in the form."""
        (task,) = self.open_tasks(case, "accept_opinion")
        seen = self.seen(task, "synthesis-officer-01")
        kept = {name: seen[name] for name in ("channel", "content", "contact", "anonymous") if name in seen}
        given = {"opinion_route": route, "task_code": "air"} | answers
        self.complete(task, "synthesis-officer-01", **kept | given)

    def reply(self, case: str, text: str = "已责成属地查处，现场已清理。", publish: bool = True, **more: Any) -> None:
        self.do(case, "reply_public", "air-unit-01", reply_text=text, publish=publish, **more)

    def ring_up(self, case: str, satisfaction: str | None, **answers: Any) -> None:
        """The office rings up; None: nobody answers the telephone."""
        said = {"reached": False}
        if satisfaction is not None:
            said = {"reached": True, "resolved": satisfaction != "dissatisfied", "satisfaction": satisfaction}
        self.do(case, "phone_call_back", "synthesis-officer-01", **said | answers)

    def rate(self, code: str, satisfaction: str, comment: str = "") -> None:
        """Whoever said it does so on the page."""
        with self.stage.sessions.begin() as session:
            opinions.rate(session, code, satisfaction != "dissatisfied", satisfaction, comment, self.stage.moment)
        self.stage.work()

    def follow(self, code: str) -> Followed:
        with self.stage.sessions.read() as session:
            return opinions.followed(session, code, self.stage.moment)

    def opinion(self, code: str) -> Opinion:
        (found,) = self.rows(Opinion, Opinion.code == code.replace("-", ""))
        return found

    def pooled(self, code: str) -> str:
        """The case in the pool of problems."""
        return self.case_of(str(self.opinion(code).problem_id))

    def started(self, process_key: str) -> list[str]:
        return [one.id for one in self.rows(Instance, Instance.process_key == process_key)]


__all__ = ["AIR", "BUSES", "SMOKE", "Counter", "install"]
