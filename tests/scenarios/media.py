"""What people do in the supervision by the media (M5), for stories; and the pool and the orders that it works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from engine.database import Sessions
from engine.tables import Instance
from tests.scenarios.problems import CHAOYANG, Pool
from tests.scenarios.problems import install as install_pool
from workflows import deploy, media
from workflows.tables import Exposure, MediaClue, Paper

OFFICER, LEAD, PROPAGANDA, REPORTER = "synthesis-officer-01", "synthesis-lead-01", "propaganda-01", "reporter-01"
UNIT = f"unit-{CHAOYANG}"
_serial = count(1)


def install(sessions: Sessions, folder: Path, password: str) -> Press:
    pool = install_pool(sessions, folder, password)
    with sessions.begin() as session:
        deploy.deploy_file(session, deploy.PROCESSES / "media_supervision.bpmn", pool.stage.moment)
    return Press(pool.stage)


@dataclass
class Press(Pool):
    """The office, the propaganda department and the media."""

    def hand_in_clue(self, unit: str = CHAOYANG, title: str = "三处加油站没有改造", **more: Any) -> str:
        """A journalist hands in what he has seen; returns the case."""
        clue = {"title": title, "clue": "夜间仍在卸油，异味扰民。", "unit": unit, "task_code": "air"} | more
        before = {case.id for case in self.cases()}
        self.stage.do(media.report, REPORTER, clue)
        (case,) = (case.id for case in self.cases() if case.id not in before)
        return case

    def verify(self, case: str, verification: str = "true", **answers: Any) -> None:
        """The officer goes by what stands in the form."""
        (task,) = self.open_tasks(case, "verify_clue")
        seen = self.seen(task, OFFICER)
        known = {name: seen[name] for name in ("clue", "clue_source", "unit", "task_code")}
        self.complete(task, OFFICER, **known | {
            "verification": verification,
            "cause": "execution",
            "severity": "general",
            "public_interest": False,
            "classification": "public",
        } | answers)  # fmt: skip

    def state(self, case: str, rectified: bool = False, who: str = UNIT) -> None:
        self.do(case, "subject_statement", who, statement="已约谈加油站。", already_rectified=rectified)

    def release(self, case: str, **answers: Any) -> None:
        (task,) = self.open_tasks(case, "release_review")
        text = self.seen(task, LEAD)["text"]
        ok = {"secrecy_ok": True, "privacy_ok": True, "legal_ok": True, "text": text}
        self.complete(task, LEAD, **ok | answers)

    def approve(self, case: str, verdict: str = "approve", **answers: Any) -> None:
        self.do(case, "approve_exposure", PROPAGANDA, verdict=verdict, **answers)

    def publish(self, case: str) -> None:
        day = self.stage.moment.today.isoformat()
        self.do(case, "publish_exposure", PROPAGANDA, outlet="北京日报", published_on=day)

    def exposed(self, unit: str = CHAOYANG, **answers: Any) -> str:
        """A clue from a journalist that has been published."""
        case = self.hand_in_clue(unit)
        self.verify(case, **answers)
        self.state(case)
        self.release(case)
        self.approve(case)
        self.publish(case)
        return case

    def refer(self, case: str) -> None:
        """The internal reference goes to the leaders."""
        (task,) = self.open_tasks(case, "draft_internal_reference")
        seen = self.seen(task, OFFICER)
        known = {name: seen[name] for name in ("title", "text")}
        self.complete(task, OFFICER, **known, circulation=["municipal_leader", "group_leader"])

    def comment(self, case: str, note: str | None = None) -> None:
        noted = {"leader_post": "常务副市长", "note_text": note, "action_required": "report_back"} if note else {}
        self.do(case, "record_comment", OFFICER, has_note=note is not None, **noted)

    def follow_up(self, case: str, fix_state: str = "fixed") -> None:
        self.do(case, "follow_up_report", REPORTER, fix_state=fix_state, text="三处加油站都已改造。")

    def fail(self, order: str, verdict: str = "fail") -> None:
        """The unit reports, and the recheck finds nothing done."""
        pictures = [self.stage.photo(UNIT, f"before {next(_serial)}"), self.stage.photo(UNIT, f"after {next(_serial)}")]
        answers = {"result": "已完成。", "before_after": pictures, "similar_check": "已排查。"}
        self.do(order, "report_rectification", UNIT, **answers)
        evidence = [self.stage.photo("air-officer-01", f"recheck {next(_serial)}")]
        checkers = ["air-officer-01", "air-officer-02"]
        self.do(order, "recheck", "air-officer-01", verdict=verdict, checkers=checkers, evidence=evidence,
            opinion="现场没有变化。")  # fmt: skip

    def close_order(self, order: str) -> None:
        """The unit reports once more, and this time it is done."""
        pictures = [self.stage.photo(UNIT, f"before {next(_serial)}"), self.stage.photo(UNIT, f"after {next(_serial)}")]
        answers = {"result": "已改造。", "before_after": pictures, "similar_check": "已排查。"}
        self.do(order, "report_rectification", UNIT, **answers)
        evidence = [self.stage.photo("air-officer-01", f"recheck {next(_serial)}")]
        checkers = ["air-officer-01", "air-officer-02"]
        self.do(order, "recheck", "air-officer-01", verdict="pass", checkers=checkers, evidence=evidence)
        self.do(order, "close_order", "air-lead-01", verdict="close")

    # ---- what is to be seen

    def cases(self) -> list[Instance]:
        return self.rows(Instance, Instance.process_key == "media_supervision")

    def clue(self, case: str) -> MediaClue:
        (found,) = self.rows(MediaClue, MediaClue.instance_id == case)
        return found

    def exposures(self) -> list[Exposure]:
        return self.rows(Exposure)

    def papers(self, case: str) -> Mapping[str, Paper]:
        return {paper.kind: paper for paper in self.rows(Paper, Paper.instance_id == case)}
