"""What people do to hold a unit accountable (M7b), for stories; and the pool of problems from which clues come."""

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
from workflows import deploy, referrals
from workflows.tables import Paper, Referral

LEAD, DISCIPLINE, LEADER, HEAD = "synthesis-lead-01", "discipline-01", "leader-01", "leader-110105"
_serial = count(1)


def install(sessions: Sessions, folder: Path, password: str) -> Committee:
    pool = install_pool(sessions, folder, password)
    with sessions.begin() as session:
        deploy.deploy_file(session, deploy.PROCESSES / "accountability.bpmn", pool.stage.moment)
    return Committee(pool.stage)


@dataclass
class Committee(Pool):
    """The office and the discipline inspection."""

    def refer(self, conduct: str = "inaction", unit: str = CHAOYANG, **more: Any) -> str:
        """A process refers a unit; returns the case."""
        referral_id = f"r{next(_serial)}"
        self.stage.send("msg_accountability_referral", referral_id, {
            "referral_id": referral_id,
            "subject_unit": unit,
            "conduct": conduct,
            "facts": "连续两个月没有进展，三次催办没有反馈。",
            "source_ref": "item-1",
            "title": "朝阳区黄标车淘汰滞后",
            "task_code": "air",
        } | more)  # fmt: skip
        return self.referral(referral_id).instance_id

    def register(self, case: str, **answers: Any) -> None:
        """The head of the synthesis group goes by what stands in the form."""
        (task,) = self.open_tasks(case, "register_referral")
        seen = self.seen(task, LEAD)
        self.complete(task, LEAD, **{name: seen[name] for name in ("subject_unit", "conduct", "facts", "source_ref")}
            | answers)  # fmt: skip

    def verify(self, case: str, **answers: Any) -> None:
        self.do(case, "verify_facts", DISCIPLINE, **{
            "verified": True,
            "consequence": "minor",
            "good_faith": False,
            "verifiers": [DISCIPLINE, "auditor-01"],
        } | answers)  # fmt: skip

    def state(self, case: str) -> None:
        self.do(case, "unit_statement", HEAD, statement="资金没有到位，已向区政府报告。")

    def up_to_proposal(self, **answers: Any) -> str:
        """Referred, registered, verified, and the unit has been heard."""
        case = self.refer()
        self.register(case)
        self.verify(case, **answers)
        self.state(case)
        return case

    def propose(self, case: str, **answers: Any) -> None:
        """The officer goes by the rule, unless he says otherwise."""
        (task,) = self.open_tasks(case, "propose_measure")
        self.complete(task, DISCIPLINE, **{"measure": self.seen(task, DISCIPLINE)["measure"]} | answers)

    def approve(self, case: str, verdict: str = "approve", **answers: Any) -> None:
        self.do(case, "approve_measure", LEADER, verdict=verdict, **answers)

    def answer(self, case: str, result: str = "已约谈主要负责人。") -> None:
        """The authority answers on paper, and the discipline officer enters it."""
        self.stage.do(referrals.enter_result, DISCIPLINE, case, result)

    def record(self, case: str, publish: bool = False) -> None:
        (task,) = self.open_tasks(case, "record_result")
        self.complete(task, DISCIPLINE, outcome=self.seen(task, DISCIPLINE)["outcome"], publish=publish)

    def concluded(self, **answers: Any) -> str:
        """A whole case, as the rule proposes it."""
        case = self.up_to_proposal(**answers)
        self.propose(case)
        self.approve(case)
        self.answer(case)
        self.record(case)
        return case

    # ---- what is to be seen

    def referral(self, referral_id: str) -> Referral:
        (found,) = self.rows(Referral, Referral.referral_id == referral_id)
        return found

    def referral_of(self, case: str) -> Referral:
        (found,) = self.rows(Referral, Referral.instance_id == case)
        return found

    def referral_cases(self) -> list[Instance]:
        return self.rows(Instance, Instance.process_key == "accountability")

    def papers(self, case: str) -> Mapping[str, Paper]:
        return {paper.kind: paper for paper in self.rows(Paper, Paper.instance_id == case)}
