"""What people do in the rounds of a campaign: bulletins, monthly reports and meetings, quarterly reports.

The stories begin on Friday 2013-04-19. What units, districts and other processes leave behind is entered as rows: these
stories are of those who report on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.database import Sessions
from engine.tables import Instance, Task
from tests.scenarios.campaigns import City
from tests.scenarios.campaigns import install as install_city
from workflows import cycle_lists
from workflows.cycle_lists import Round
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Cycle, Ledger, LedgerItem, LightChange, Paper, Problem

PROCESSES = (
    "change_request", "campaign_setup", "leader_instruction", "municipal_escalation", "flash_bulletin", "monthly_cycle",
    "quarterly_report",
)  # fmt: skip
OFFICER, LEAD, DIRECTOR = "synthesis-officer-01", "synthesis-lead-01", "office-director-01"
CHAOYANG, FENGTAI = "110105", "110106"
SUB_ITEMS = {"air": "A3", "water": "B2", "env": "C1", "illegal": "D2"}


def install(sessions: Sessions, folder: Path, password: str) -> Desk:
    return Desk(install_city(sessions, folder, password, PROCESSES).stage)


@dataclass
class Desk(City):
    """The office that reports, on what others have done."""

    # ---- what others leave behind

    def open_campaign(self, start: str = "2013-04-15", end: str = "2013-12-31") -> str:
        """A campaign that goes on from today; it may have begun before."""
        case = self.start()
        with self.stage.sessions.begin() as session:
            session.add(
                Campaign(
                    id=case, title="生态环境专项督查", supervision_type="special", scope="",
                    authority_basis="government_decision", objects=[], start_date=date.fromisoformat(start),
                    end_date=date.fromisoformat(end), profile="profile_2013", classification="internal",
                    status="active", created_at=self.stage.now,
                    opened_at=self.stage.now,
                )
            )  # fmt: skip
        return case

    def end_campaign(self, campaign: str) -> None:
        """It is summed up and closed."""
        with self.stage.sessions.begin() as session:
            row = session.get_one(Campaign, campaign)
            row.status, row.ended_at = "closed", self.stage.now

    def item(self, campaign: str, task: str, district: str = CHAOYANG, **changed: Any) -> str:
        """An item that is tracked; ``verified`` of ``planned`` percent, under a ``light``."""
        verified, planned = changed.pop("verified", 10), changed.pop("planned", 20)
        ident = uuid4().hex
        with self.stage.sessions.begin() as session:
            ledger = self._ledger(session, campaign, district)
            session.add(
                LedgerItem(
                    id=ident, campaign_id=campaign, ledger_id=ledger, district=district, position=1, task_code=task,
                    sub_item=SUB_ITEMS[task], applicable=True, item_name=changed.pop("name", f"{task}示例事项"),
                    co_units=[], milestones=[], evidence_standard=[], status=changed.pop("status", "in_progress"),
                    verified_percent=verified, planned_percent=planned, light=changed.pop("light", "green"),
                    changed_at=self.stage.now, **changed,
                )
            )  # fmt: skip
        return ident

    def _ledger(self, session: Session, campaign: str, district: str) -> str:
        wanted = select(Ledger.id).where(Ledger.campaign_id == campaign, Ledger.district == district)
        ident = session.scalar(wanted)
        if ident is None:
            ident = uuid4().hex
            session.add(
                Ledger(
                    id=ident, campaign_id=campaign, district=district, status="established", rounds=1, version=1,
                    return_reasons=[], mediations=[], opened_at=self.stage.now, changed_at=self.stage.now,
                )
            )  # fmt: skip
            session.flush()
        return ident

    def turn_red(self, item: str) -> None:
        with self.stage.sessions.begin() as session:
            row = session.get_one(LedgerItem, item)
            session.add(
                LightChange(item_id=item, day=self.stage.moment.today, at=self.stage.now, before=row.light, after="red",
                    rule="gap_30", facts={})
            )  # fmt: skip
            row.light = "red"

    def problem(self, campaign: str, title: str, **changed: Any) -> str:
        """A problem that was reported; ``agenda_month`` if the pool put it onto the list of a meeting."""
        ident = uuid4().hex
        with self.stage.sessions.begin() as session:
            session.add(
                Problem(
                    id=ident, number=f"督问字〔2013〕{ident[:4]}号", title=title, campaign_id=campaign,
                    districts=[CHAOYANG],
                    affected_units=[], status="open", source="external", reported_at=self.stage.now,
                    task_code=changed.pop("task_code", "water"), **changed,
                )
            )  # fmt: skip
        return ident

    # ---- flash bulletins

    def confirm(self, case: str, task: str, confirmed: bool = True, **answers: Any) -> None:
        self.of_task(case, "confirm_material", f"{task}-officer-01", task, confirmed=confirmed, **answers)

    def edit(self, case: str, **answers: Any) -> None:
        found = self.form(case, "edit_bulletin", OFFICER)
        proposed = {name: found[name] for name in ("title", "body")} | {"sections": found["sections"] or ["progress"]}
        self.do(case, "edit_bulletin", OFFICER, **proposed | answers)

    def proofread(self, case: str, verdict: str = "pass", who: str = LEAD) -> None:
        self.do(case, "proofread", who, verdict=verdict)

    def sign_issue(self, case: str, verdict: str = "issue", **answers: Any) -> None:
        self.do(case, "sign_issue", DIRECTOR, verdict=verdict, **{"circulation": ["municipal_leader"]} | answers)

    def issue_flash(self, case: str, confirmed: Iterable[str]) -> None:
        """The happy way of a bulletin, up to where a leader may write on it."""
        for task in confirmed:
            self.confirm(case, task)
        self.edit(case)
        self.proofread(case)
        self.sign_issue(case)

    # ---- monthly reports and meetings

    def summarise(self, case: str, **highlights: str) -> None:
        for task in TASK_CODES:
            answers = {"highlights": highlights[task]} if task in highlights else {}
            self.of_task(case, "group_summary", f"{task}-officer-01", task, summary_confirmed=True, **answers)

    def edit_report(self, case: str, ranking: bool = False) -> None:
        body = self.form(case, "edit_special_report", OFFICER)["body"]
        self.do(case, "edit_special_report", OFFICER, body=body, ranking_included=ranking)

    def set_agenda(self, case: str, **answers: Any) -> None:
        found = self.form(case, "set_agenda", LEAD)
        proposed = {name: found[name] for name in ("meeting_date", "topics", "invited")}
        self.do(case, "set_agenda", LEAD, **proposed | answers)

    def answer_invitations(self, case: str, attend: str = "self") -> None:
        for task in self.open_tasks(case, "confirm_attendance"):
            (who,) = (f"{code}-head-01" for code in TASK_CODES if self.LEADS[code] == task.org)
            self.complete(task, who, attend=attend)

    def meeting(self, case: str, outcome: str, **answers: Any) -> None:
        self.do(case, "confirm_meeting", OFFICER, outcome=outcome, **answers)

    def record(self, case: str, *resolutions: dict[str, Any]) -> None:
        attendance = [{"unit": "110000-HBJ", "person_post": "副局长", "present": True}]
        self.do(case, "hold_meeting", OFFICER, attendance=attendance, resolutions=list(resolutions))

    LEADS = {"air": "110000-HBJ", "water": "110000-SWJ", "env": "110000-SRW", "illegal": "110000-GHW"}  # noqa: RUF012

    # ---- quarterly reports

    def write_chapters(self, case: str, confirmed: bool = True) -> None:
        for task in TASK_CODES:
            answers = {"chapter_confirmed": confirmed, "assessment": "进展总体符合计划。"}
            self.of_task(case, "group_chapter", f"{task}-lead-01", task, **answers)

    def edit_quarterly(self, case: str, **answers: Any) -> None:
        body = self.form(case, "edit_quarterly", LEAD)["body"]
        self.do(case, "edit_quarterly", LEAD, **{"body": body, "contains_request": False} | answers)

    # ---- how it is done, and what is to be seen

    def of_task(self, case: str, element: str, who: str, task_code: str, **answers: Any) -> None:
        self.do(case, element, who, lambda task: task.task_code == task_code, **answers)

    def form(self, case: str, element: str, who: str) -> Any:
        """What stands in the form when it is opened."""
        return self.seen(self.task(case, element), who)

    def task(self, case: str, element: str) -> Task:
        (found,) = self.open_tasks(case, element)
        return found

    def cases(self, process: str) -> list[str]:
        """The cases of a process, the first one first."""
        found = self.rows(Instance, Instance.process_key == process)
        return [one.id for one in sorted(found, key=lambda one: (one.started_at, one.title))]

    def ended(self, case: str) -> str | None:
        return self.instance(case).ended_element

    def cycles(self, campaign: str, kind: str) -> list[Cycle]:
        found = self.rows(Cycle, Cycle.campaign_id == campaign, Cycle.kind == kind)
        return sorted(found, key=lambda one: one.period)

    def papers(self, case: str) -> dict[str, Paper]:
        """By kind."""
        return {one.kind: one for one in self.rows(Paper, Paper.instance_id == case)}

    def flagged(self, campaign: str) -> list[Round]:
        with self.stage.sessions.read() as session:
            return list(cycle_lists.missed(session, campaign, self.stage.moment))
