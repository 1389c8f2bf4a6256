"""What people do with leaders' instructions, for stories. The desk opens on Tuesday 2013-06-04."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine import accounts, messages
from engine.database import Sessions
from engine.tables import Account, Instance, Message
from tests.scenarios.campaigns import City
from tests.scenarios.campaigns import install as install_city
from workflows import deploy
from workflows.cast import MUNICIPAL
from workflows.tables import Campaign, Instruction

WATER, AIR, PLANNING, REFORM = "110000-SWJ", "110000-HBJ", "110000-GHW", "110000-FGW"
OFFICERS = {WATER: "water-unit-01", AIR: "air-unit-01", PLANNING: "illegal-unit-01"}
HEADS = {WATER: "water-head-01", AIR: "air-head-01", PLANNING: "illegal-head-01"}


def install(sessions: Sessions, folder: Path, password: str, *processes: str) -> Desk:
    """Instructions and changes are published, and what else is named."""
    desk = Desk(install_city(sessions, folder, password, []).stage)
    desk.go_to("2013-06-04 09:00")
    with sessions.begin() as session:
        # Roles are known once somebody holds them.
        session.add(Account(id="chaoyang-water-01", name="朝阳区水务局01", password=password, active=True))
        session.flush()
        accounts.grant(session, "chaoyang-water-01", [("district_unit_officer", "110105-SW", "water")])
        for key in ("change_request", "leader_instruction", *processes):
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", desk.stage.moment)
    return desk


@dataclass
class Desk(City):
    """The supervision office and the units that it hands instructions to."""

    def broadcast(self, name: str, **payload: Any) -> None:
        """A signal, as the process throws it that is cancelled."""
        with self.stage.sessions.begin() as session:
            messages.broadcast(session, name, payload, self.stage.moment)
        self.stage.work()

    def open_campaign(self, profile: str = "profile_2013") -> str:
        """A campaign that is going on under these rules; its id is that of a case, here of any."""
        case = self.receive()
        with self.stage.sessions.begin() as session:
            session.add(
                Campaign(
                    id=case, title="专项督查", supervision_type="special", authority_basis="government_decision",
                    scope="", objects=[], start_date=date(2013, 4, 15), end_date=date(2013, 12, 31), profile=profile,
                    classification="internal", status="active", created_at=self.stage.now,
                )
            )  # fmt: skip
        return case

    # ---- what the office does

    def receive(self, **answers: Any) -> str:
        """An instruction comes in on paper and is entered; returns the id of the case."""
        title = "关于凉水河水质反弹的批示"
        case = self.stage.start("synthesis-officer-01", "leader_instruction", title, "110000", "water")
        self.enter(case, **answers)
        return case

    def enter(self, case: str, **answers: Any) -> None:
        self.do(case, "register_instruction", "synthesis-officer-01", **{
            "source_kind": "written_comment",
            "leader_post": "常务副市长",
            "instruction_date": "2013-06-03",
            "instruction_text": "请水务局牵头查明原因，限期整改，并报结果。",
            "action_required": "report_back",
            "urgency": "normal",
            "classification": "internal",
        } | answers)  # fmt: skip

    def propose(self, case: str, **answers: Any) -> None:
        self.do(case, "propose_handling", "synthesis-lead-01", **{
            "lead_unit": WATER,
            "deadline": "2013-06-28",
            "requirement": "查明原因，六月底前报整改结果。",
        } | answers)  # fmt: skip

    def approve(self, case: str, verdict: str = "dispatch") -> None:
        self.do(case, "approve_dispatch", "office-deputy-01", verdict=verdict)

    def hand_out(self, entered: dict[str, Any] | None = None, **proposal: Any) -> str:
        """Entered, proposed and dispatched: the units are to sign."""
        case = self.receive(**(entered or {}))
        self.propose(case, **proposal)
        self.approve(case)
        return case

    def review(self, case: str, verdict: str, **answers: Any) -> None:
        reason = {"return_reason": ["insufficient_evidence"]} if verdict == "return" else {}
        self.do(case, "review_feedback", "synthesis-officer-01", verdict=verdict, quality="fair", **reason, **answers)

    def report_up(self, case: str, verdict: str, **answers: Any) -> None:
        self.do(case, "report_to_leader", "office-director-01", leader_verdict=verdict, **answers)

    def file(self, case: str) -> None:
        self.do(case, "archive_instruction", "records-01", file_no="2013-DC-017", retention="y30")

    # ---- what units do

    def sign_for(self, case: str, unit: str = WATER) -> None:
        self.do(case, "unit_sign", OFFICERS[unit], lambda task: task.org == unit, accepted=True)

    def decline(self, case: str, unit: str, suggested: str) -> None:
        self.do(
            case,
            "unit_sign",
            OFFICERS[unit],
            lambda task: task.org == unit,
            accepted=False,
            decline_reason="不属于本单位职责。",
            suggested_unit=suggested,
        )

    def feed_back(self, case: str, unit: str = WATER, stage: str = "done", verdict: str = "sign") -> None:
        """The officer reports, the head of the unit signs."""
        more = {} if stage == "done" else {"difficulties": "管线权属不清。", "next_step": "七月完成截污。"}
        self.do(
            case,
            "report_handling",
            OFFICERS[unit],
            lambda task: task.org == unit,
            stage=stage,
            measures_text="封堵排口，截污纳管。",
            result="已封堵十二处排口。",
            **more,
        )
        self.do(case, "head_sign_off", HEADS[unit], lambda task: task.org == unit, verdict=verdict)

    def change(self, case: str, unit: str, **answers: Any) -> str:
        """The unit applies for a change; returns the case of the change."""
        self.stage.send("msg_change_requested", case, {"item_id": case, "unit": unit})
        change = self.cases("change_request")[-1].id
        self.do(change, "apply_change", OFFICERS[unit], reason_code="other", progress_so_far="已排查。", **answers)
        return change

    def grant(self, change: str, deadline: str) -> None:
        """Whoever the decision table names grants it."""
        (task,) = self.open_tasks(change, "decide_change")
        who = {role: person for person, (role, _) in MUNICIPAL.items()} | {"task_group_lead": "water-lead"}
        self.complete(task, f"{who[task.roles[0]]}-01", verdict="approve", granted_deadline=deadline)

    # ---- what is to be seen

    def row(self, case: str) -> Instruction:
        (found,) = self.rows(Instruction, Instruction.instance_id == case)
        return found

    def messages(self, name: str) -> list[Message]:
        return self.rows(Message, Message.name == name)

    def variables(self, case: str) -> dict[str, Any]:
        return self.instance(case).variables

    def ended(self, case: str) -> tuple[str, str | None]:
        instance = self.instance(case)
        return instance.status, instance.ended_element

    def cases(self, process: str) -> list[Instance]:
        return sorted(self.rows(Instance, Instance.process_key == process), key=lambda one: one.started_at)
