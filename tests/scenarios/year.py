"""The year of a campaign in which all nine processes run, for stories that go through several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine import accounts
from engine.database import Sessions
from engine.tables import Instance
from tests.scenarios.campaigns import CALENDAR, City, row
from tests.scenarios.campaigns import install as install_city
from workflows import changes, ledger_items
from workflows.sub_items import sub_items
from workflows.tables import LedgerItem, Problem

PROCESSES = (
    "campaign_setup", "change_request", "common_problem", "item_progress", "leader_instruction",
    "ledger_establishment", "municipal_escalation", "objection_review", "rectification",
)  # fmt: skip
NOTHING_ASKED = dict.fromkeys(sub_items(), 0.0)  # of the city: no gap is to be spread
HEADS = {"110000-HBJ": "air-head-01", "110000-SWJ": "water-head-01"}


def install(sessions: Sessions, folder: Path, password: str) -> Year:
    """Friday 2013-04-19, with everything published."""
    return Year(install_city(sessions, folder, password, PROCESSES).stage)


@dataclass
class Year(City):
    """What people do in the course of the year."""

    def live_until(self, day: str) -> None:
        """Move the clock, with every evening's background work and every night's lights in between."""
        until = datetime.fromisoformat(day).replace(tzinfo=CALENDAR.zone)
        while True:
            evening = self.stage.moment.end_of(self.stage.moment.today).replace(hour=18, minute=1)
            if evening <= self.stage.now:
                evening = self.stage.moment.calendar_days(1).replace(hour=18, minute=1)
            if evening >= until:
                break
            self.stage.now = evening
            self.stage.work()
            self.stage.night()
        self.go_to(day)

    # ---- ledgers and items

    def establish_some(self, case: str, district: str, targets: Mapping[str, float]) -> None:
        """Only these sub-items apply in the district; of the others it says why not."""
        self.sign(case, district)
        rows = [row(district, code, targets[code]) if code in targets else _exempt(code) for code in sub_items()]
        with self.stage.sessions.begin() as session:
            actor = accounts.actor(session, f"supervision-{district}")
            ledger = ledger_items.opened(session, actor, self.ledger(district).id)
            clean = ledger_items.validate(session, district, rows, self.stage.moment)
            ledger_items.insert_rows(session, ledger, clean, "draft", self.stage.moment)
        self.submit(case, district)
        self.review(case, district)

    def tracked(self, district: str, code: str) -> str:
        """The case that tracks the item."""
        return str(self.items(district)[code].instance_id)

    def item(self, case: str) -> LedgerItem:
        (found,) = self.rows(LedgerItem, LedgerItem.instance_id == case)
        return found

    def sign_item(self, case: str) -> None:
        self.do(case, "sign_item", self._officer(case), accepted=True)

    def tell(self, case: str, value: float, percent: float, **answers: Any) -> None:
        """The unit reports, the district verifies it as reported; if it is drawn, the task group checks it."""
        plain = {"no_change": False, "narrative": "按计划推进。", "has_blocker": False}
        told = plain | {"actual_value": value, "progress_percent": percent} | answers
        self.do(case, "report_progress", self._officer(case), **told)
        who = f"supervision-{self.item(case).district}"
        self.do(case, "district_verify", who, verdict="pass", verified_value=value)
        if self.open_tasks(case, "desk_check"):
            self.do(case, "desk_check", self._group(case, "officer"), verdict="pass", onsite_needed=False)

    def close(self, case: str) -> None:
        self.do(case, "verify_completion", self._group(case, "officer"), verdict="pass", method=["onsite"])
        self.do(case, "close_item", self._group(case, "lead"), verdict="close", publish=False)

    def ask_for_change(self, case: str) -> None:
        with self.stage.sessions.begin() as session:
            officer = accounts.actor(session, self._officer(case))
            changes.request(session, officer, self.item(case).id, self.stage.moment)
        self.stage.work()

    # ---- problems, matters, orders, instructions

    def problem_of(self, case: str) -> str:
        """The case of the problem that was reported about the item."""
        (found,) = self.rows(Problem, Problem.item_id == self.item(case).id)
        return str(found.instance_id)

    def triage(self, case: str, route: str, **answers: Any) -> None:
        (problem,) = self.rows(Problem, Problem.instance_id == case)
        (item,) = self.rows(LedgerItem, LedgerItem.id == problem.item_id)
        judged = {
            "category": "funding_gap", "task_code": "air", "affected_units": [item.responsible_unit],
            "cause": "funding", "severity": "serious", "verified": True, "problem_route": route, "corruption": False,
            "beyond_authority": False, "units_disagree": False,
        }  # fmt: skip
        if judged["problem_route"] == "local":
            answers = {"deviation_reason": "先在本区县整改。"} | answers
        self.do(case, "triage_problem", "synthesis-officer-01", **judged | answers)

    def propose(self, case: str, *, within_authority: bool) -> None:
        answers = {"solution": "补贴由市区分担。", "responsible_unit": "110000-HBJ", "deadline": "2013-07-31"}
        self.do(case, "propose_solution", "air-lead-01", within_authority=within_authority, **answers)

    def draft_request(self, case: str, **more: Any) -> None:
        options = [
            {"option": "市区各半", "content": "各担一半。", "pros_cons": "到位快。"},
            {"option": "市级全额", "content": "由市级承担。", "pros_cons": "市级负担重。"},
        ]
        self.do(case, "draft_request", "synthesis-officer-01", **{
            "matter": "淘汰补贴的来源", "background": "三个区县反映。", "tried": "协调两次。", "options": options,
            "recommended": "市区各半", "urgency": "urgent", "subject": "fiscal",
        } | more)  # fmt: skip

    def countersign(self, case: str) -> None:
        for task in self.open_tasks(case, "countersign"):
            unit = str(task.org)
            who = HEADS.get(unit) or f"leader-{unit.split('-')[0]}"
            self.complete(task, who, position="agree")

    def order(self, district: str, *, objection: bool) -> str:
        """An order by hand that the district signs for; returns its case."""
        case = self.stage.start("air-officer-01", "rectification", "扬尘遮盖不到位", district, "air")
        self.do(
            case, "issue_order", "air-officer-01",
            problem="扬尘遮盖不到位", responsible_unit=f"{district}-HB", requirement="全部遮盖。", standard="现场看。",
            rectification_kind="general", deadline=self.stage.moment.working_days(10).date().isoformat(),
            publicise=False,
        )  # fmt: skip
        who = f"supervision-{district}"
        self.do(case, "sign_order", who, accepted=True, objection=objection, opinion="点位不在本区。")
        return case

    def instruction(self) -> str:
        title = "关于凉水河水质反弹的批示"
        case = self.stage.start("synthesis-officer-01", "leader_instruction", title, "110000", "water")
        self.do(
            case, "register_instruction", "synthesis-officer-01",
            source_kind="written_comment", leader_post="常务副市长", instruction_date="2013-05-20",
            instruction_text="请查明原因。", action_required="report_back", urgency="normal", classification="internal",
        )  # fmt: skip
        return case

    # ---- what is to be seen

    def cases(self, process: str) -> list[str]:
        return [one.id for one in self.rows(Instance, Instance.process_key == process)]

    def _officer(self, case: str) -> str:
        return f"unit-{self.item(case).responsible_unit}"

    def _group(self, case: str, role: str) -> str:
        return f"{self.item(case).task_code}-{role}-01"


def _exempt(code: str) -> dict[str, Any]:
    return {"sub_item": code, "applicable": False, "na_reason": "本区县没有这项任务。"}
