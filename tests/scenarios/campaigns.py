"""Whole campaigns for stories: the people of the city and of all districts, and what they do to set one up.

The calendar of 2013: the notice is of Friday 04-19; ten working days later is Monday 05-06.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bpmn.moment import Moment
from engine import accounts, attachments, tasks
from engine.attachments import Captured
from engine.database import Sessions
from engine.tables import Instance, Message, Task
from tests.scenarios.scene import CALENDAR, Scene, employ
from workflows import calling_off, cast, deploy, ledger_items, organisation
from workflows.cast import Person
from workflows.organisation import of_kind, units
from workflows.roles import TASK_CODES
from workflows.services import SERVICES
from workflows.stage import NoSuchTask, Stage
from workflows.sub_items import of_task, sub_items
from workflows.tables import Campaign, Ledger, LedgerItem

FRIDAY = datetime(2013, 4, 19, 9, tzinfo=CALENDAR.zone)
DISTRICTS = tuple(unit.code for unit in of_kind("district"))
CHAOYANG, YANQING = "110105", "110229"
LIAISON_BODIES = tuple(unit.code for unit in units().values() if unit.names_liaison)


def people() -> list[Person]:
    """Those of the city, a liaison in each of the nine bodies, a supervision officer and a leader in each district,
    and an officer in each of its units."""
    found = [person for person in cast.people() if not person.org.startswith(DISTRICTS)]
    found += [Person(f"liaison-{code}", f"{units()[code].name}联络", "liaison", code) for code in LIAISON_BODIES]
    for code in DISTRICTS:
        found.append(Person(f"supervision-{code}", f"{units()[code].name}督查", "district_supervision_officer", code))
        found.append(Person(f"leader-{code}", f"{units()[code].name}领导", "district_leader", code))
    for unit in of_kind("district_unit"):
        officer = f"unit-{unit.code}"
        found.append(Person(officer, f"{unit.name}经办", "district_unit_officer", unit.code, unit.task_code))
    return found


def install(sessions: Sessions, folder: Path, password: str, processes: Iterable[str]) -> City:
    """Everybody at work on the day of the notice, with these processes published. ``password`` is a hash: making one
    for each of sixty people would take longer than the story."""
    stage = Stage(sessions, SERVICES, folder, FRIDAY, CALENDAR)
    with sessions.begin() as session:
        organisation.install(session)
        employ(session, people(), password)
        for key in processes:
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", Moment(FRIDAY, CALENDAR))
    return City(stage)


@dataclass
class City(Scene):
    """What people do, and what is to be seen."""

    def start(self, who: str = "synthesis-officer-01") -> str:
        return self.stage.start(who, "campaign_setup", "2013年生态环境专项督查", "110000", None)

    # ---- setting up (P01)

    def draft(self, case: str, objects: Iterable[str] = DISTRICTS, **changes: Any) -> None:
        basis = changes.get("authority_basis", "government_decision")
        papers = {} if basis == "none" else {"basis_doc": self.paper("synthesis-officer-01")}
        self.do(case, "draft_plan", "synthesis-officer-01", **{
            "title": "2013年生态文明和城乡环境建设专项督查",
            "supervision_type": "special",
            "authority_basis": basis,
            "scope": "大气污染治理、污水治理、环境整治和垃圾处理、打击违法用地违法建设四项重点工作。",
            "objects": list(objects),
            "start_date": "2013-04-15",
            "end_date": "2013-12-31",
            "classification": "internal",
        } | papers | changes)  # fmt: skip

    def issue(self, case: str) -> None:
        self.do(case, "approve_campaign", "group-leader-01", verdict="approve")
        answers = {"doc_number": "京政办函〔2013〕31号", "addressees": list(DISTRICTS), "issue_date": "2013-04-19"}
        self.do(case, "issue_notice", "office-deputy-01", **answers)

    def name_liaisons(self, case: str, bodies: Iterable[str] = LIAISON_BODIES) -> None:
        for body in bodies:
            who = f"liaison-{body}"
            answers = {"person": who, "rank": "division_head", "phone": "010-65190000"}
            self.do(case, "nominate_liaison", who, where=lambda task, body=body: task.org == body, **answers)

    def form_groups(self, case: str) -> None:
        for code in TASK_CODES:
            answers = {"group_lead": f"{code}-lead-01", "members": [f"{code}-officer-01", f"{code}-officer-02"]}
            body = units()[f"task_group_{code}"].colocated_body
            self.do(
                case,
                "form_task_group",
                f"{code}-head-01",
                where=lambda task, code=code: task.task_code == code,
                colocated_body=body,
                **answers,
            )

    def define_catalogue(self, case: str, applicable: Iterable[str] = DISTRICTS, **targets: float) -> None:
        """``targets``: those that differ from the proposed ones, by sub-item."""
        for code in TASK_CODES:
            for one in of_task(code):
                self.do(
                    case,
                    "define_catalogue",
                    f"{code}-lead-01",
                    where=lambda task, one=one: task.item["code"] == one.code,
                    sub_item=one.code,
                    municipal_target=targets.get(one.code, float(one.target)),
                    unit_of_measure=one.unit_of_measure,
                    applicable_units=list(applicable),
                    milestones=[{"date": "2013-12-31", "planned_percent": 100}],
                )

    def set_up(self, objects: Iterable[str] = DISTRICTS, **targets: float) -> str:
        """From the draft to the signal that opens the ledgers; returns the id of the campaign."""
        objects = tuple(objects)
        case = self.start()
        self.draft(case, objects)
        self.issue(case)
        self.name_liaisons(case)
        self.form_groups(case)
        self.define_catalogue(case, objects, **targets)
        return case

    # ---- ledgers (P02)

    def fill(self, district: str, targets: Mapping[str, float], without: Iterable[str] = ()) -> None:
        """The district's supervision office enters a row for each sub-item, except those it leaves out."""
        ledger = self.ledger(district)
        left_out = set(without)
        rows = [row(district, code, targets.get(code, 1)) for code in sub_items() if code not in left_out]
        with self.stage.sessions.begin() as session:
            actor = accounts.actor(session, f"supervision-{district}")
            opened = ledger_items.opened(session, actor, ledger.id)
            clean = ledger_items.validate(session, district, rows, self.stage.moment)
            ledger_items.insert_rows(session, opened, clean, "draft", self.stage.moment)

    def sign(self, case: str, district: str, accepted: bool = True) -> None:
        reason = {} if accepted else {"decline_reason": "通知主送单位没有我区。"}
        self.of_district(case, "sign_receipt", f"supervision-{district}", district, accepted=accepted, **reason)

    def submit(self, case: str, district: str) -> None:
        """Reported by the supervision office and signed by the district's leader."""
        self.of_district(case, "compile_ledger", f"supervision-{district}", district)
        self.of_district(case, "district_approve", f"leader-{district}", district, verdict="approve")

    def review(self, case: str, district: str, **verdicts: str) -> None:
        """All groups that are asked about the district judge; those not named let it pass."""
        for task in self.tasks_about(case, "group_review", district):
            verdict = verdicts.get(task.task_code, "pass")
            reason = {} if verdict == "pass" else {"return_reason": ["inconsistent_figure"], "opinion": "目标偏低。"}
            self.complete(task, f"{task.task_code}-officer-01", verdict=verdict, **reason)

    def mediate(self, case: str, district: str, agreed: bool = True) -> None:
        (task,) = self.tasks_about(case, "mediate_target", district)
        self.complete(task, "synthesis-lead-01", proposed_target=12000, agreed=agreed, opinion="已协调两次。")

    def establish(self, case: str, district: str, targets: Mapping[str, float]) -> None:
        """The happy way of one district."""
        self.sign(case, district)
        self.fill(district, targets)
        self.submit(case, district)
        self.review(case, district)

    # ---- how it is done

    def do(
        self, case: str, element: str, who: str, where: Callable[[Task], bool] | None = None, **answers: Any
    ) -> None:
        found = [task for task in self.open_tasks(case, element) if where is None or where(task)]
        if not found:
            raise NoSuchTask(element=element, person=who)
        self.complete(found[0], who, **answers)

    def of_district(self, case: str, element: str, who: str, district: str, **answers: Any) -> None:
        self.do(case, element, who, lambda task: task.org == district, **answers)

    def complete(self, task: Task, who: str, **answers: Any) -> None:
        with self.stage.sessions.begin() as session:
            tasks.complete(session, accounts.actor(session, who), task.id, answers, None, self.stage.moment)
        self.stage.work()

    def cancel(self, campaign: str, reason: str, who: str = "office-director-01") -> None:
        with self.stage.sessions.begin() as session:
            calling_off.call_off(session, accounts.actor(session, who), campaign, reason, self.stage.moment)
        self.stage.work()

    def paper(self, who: str) -> str:
        """The id of a scanned page."""
        data = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        plain = Captured()
        taken = attachments.take(self.stage.folder, data, "basis.pdf", plain, self.stage.moment)
        with self.stage.sessions.begin() as session:
            actor = accounts.actor(session, who)
            return attachments.store(session, actor, taken, self.stage.moment).id

    # ---- what is to be seen

    def ledger_case(self, campaign: str) -> str:
        """The id of the instance of P02."""
        found = self.rows(Instance, Instance.process_key == "ledger_establishment")
        (case,) = [one.id for one in found if one.variables["campaign_issued"]["campaign_id"] == campaign]
        return case

    def open_tasks(self, case: str, element: str | None = None) -> list[Task]:
        found = self.rows(Task, Task.instance_id == case, Task.status == "open")
        return [task for task in found if element in (None, task.element)]

    def open(self, case: str, district: str | None = None) -> list[str]:
        """The elements that are open, in the whole case or in one district."""
        return sorted(task.element for task in self.open_tasks(case) if district in (None, task.org))

    def tasks_about(self, case: str, element: str, district: str) -> list[Task]:
        """The open tasks of bodies of the city that are about a district's ledger: their form says which."""
        ledger = self.ledger(district).id
        found = []
        for task in self.open_tasks(case, element):
            who = f"{task.task_code}-officer-01" if task.task_code else "synthesis-lead-01"
            if self.seen(task, who)["ledger"]["id"] == ledger:
                found.append(task)
        return found

    def seen(self, task: Task, who: str) -> Mapping[str, Any]:
        """What stands in the form of the task when it is opened."""
        with self.stage.sessions.read() as session:
            return tasks.view(session, accounts.actor(session, who), task.id, self.stage.moment).values

    def due(self, task: Task) -> str:
        return task.due.astimezone(CALENDAR.zone).strftime("%Y-%m-%d %H:%M")

    def campaign(self, case: str) -> Campaign:
        (found,) = self.rows(Campaign, Campaign.id == case)
        return found

    def ledger(self, district: str) -> Ledger:
        (found,) = self.rows(Ledger, Ledger.district == district)
        return found

    def items(self, district: str) -> dict[str, LedgerItem]:
        """By sub-item."""
        return {item.sub_item: item for item in self.rows(LedgerItem, LedgerItem.district == district)}

    def instance(self, case: str) -> Instance:
        (found,) = self.rows(Instance, Instance.id == case)
        return found

    def signals(self, name: str) -> list[Message]:
        """As they were thrown, without the copies for those who wait."""
        return [one for one in self.rows(Message, Message.name == name) if one.target is None]


def row(district: str, code: str, target: float) -> dict[str, Any]:
    """One row of a ledger, as it is typed."""
    one = sub_items()[code]
    suffix = cast.UNITS[one.task_code]
    return {
        "sub_item": code,
        "applicable": True,
        "item_name": f"{units()[district].name}{one.name}",
        "target_value": target,
        "unit_of_measure": one.unit_of_measure,
        "responsible_unit": f"{district}-{suffix}",
        "responsible_post": "局长",
        "start_date": "2013-04-19",
        "deadline": "2013-11-30",
        "milestones": [
            {"date": "2013-08-31", "planned_percent": 50},
            {"date": "2013-11-30", "planned_percent": 100},
        ],
        "evidence_standard": ["photo", "document"],
        "publishable": True,
    }
