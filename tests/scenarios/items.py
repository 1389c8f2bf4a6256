"""Ledger items on their way, for stories: an established ledger of 朝阳区, its people, the city's, and a moved clock.

Every evening the background work is done and the lights are judged, as the worker does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts, messages
from engine.database import Sessions
from engine.tables import Instance, Request, Task, Version
from tests.scenarios.scene import CALENDAR, Scene, employ
from workflows import baselines, cast, changes, deploy, ledger_items, organisation, parameters, reports
from workflows.services import SERVICES
from workflows.stage import Stage
from workflows.tables import Change, Ledger, LedgerItem, LightChange, ProgressReport, Urging

MAY = datetime(2013, 5, 6, 9, tzinfo=CALENDAR.zone)
UNIT, DISTRICT, HEAD = "chaoyang-air-01", "chaoyang-supervision-01", "chaoyang-leader-01"
PLAN = {
    "title": "生态文明和城乡环境建设专项督查", "supervision_type": "special", "authority_basis": "government_decision",
    "scope": "4项重点工作", "objects": [], "start_date": "2013-04-15", "end_date": "2013-12-31",
    "classification": "internal",
}  # fmt: skip
ROW = {
    "sub_item": "A3", "applicable": True, "item_name": "淘汰老旧机动车", "target_value": 26000,
    "unit_of_measure": "辆", "responsible_unit": "110105-HB", "responsible_post": "分管副区长",
    "start_date": "2013-05-06", "deadline": "2013-11-29",
    "milestones": [
        {"date": "2013-06-30", "planned_percent": 20}, {"date": "2013-09-30", "planned_percent": 60},
        {"date": "2013-11-29", "planned_percent": 100},
    ],
    "evidence_standard": ["photo", "document"], "publishable": True,
}  # fmt: skip


@dataclass
class Ground(Scene):
    """Where stories of items happen."""

    campaign_id: str
    ledger_id: str

    def live_until(self, day: str) -> None:
        """As `go_to`, with every evening and night in between."""
        until = datetime.fromisoformat(day).replace(tzinfo=CALENDAR.zone)
        while (evening := self._evening()) < until:
            self.stage.now = evening
            self.stage.work()
            self.stage.night()
        self.go_to(day)

    def item(self, **changed: Any) -> Item:
        """An item that the ledger has just established; its unit is to sign for it."""
        with self.stage.sessions.begin() as session:
            ledger = session.get_one(Ledger, self.ledger_id)
            ledger.status = "compiling"
            district = accounts.actor(session, DISTRICT)
            row = ledger_items.add(session, district, ledger.id, ROW | changed, self.stage.moment)
            case = session.get_one(Instance, self.campaign_id)
            frozen = baselines.freeze(session, ledger, "establishment", "", case, self.stage.moment)
            payload = {"campaign_id": self.campaign_id, "ledger_id": ledger.id, "items": list(frozen.established)}
            messages.broadcast(session, "sig_ledger_effective", payload, self.stage.moment)
            item_id = row.id
        self.stage.work()
        return Item(self, item_id)

    def signed_item(self, **changed: Any) -> Item:
        item = self.item(**changed)
        item.sign()
        return item

    def cancel_campaign(self, reason: str) -> None:
        """What P01 does when the campaign is called off."""
        payload = {"campaign_id": self.campaign_id, "reason": reason}
        with self.stage.sessions.begin() as session:
            messages.broadcast(session, "sig_campaign_cancelled", payload, self.stage.moment, self.campaign_id)
        self.stage.work()

    def put(self, name: str, value: float) -> None:
        """The administrator sets a parameter from today on."""
        with self.stage.sessions.begin() as session:
            admin = accounts.actor(session, "admin-01")
            parameters.put(session, admin, name, value, self.stage.moment.today, "test", self.stage.moment)

    def _evening(self) -> datetime:
        evening = self.stage.moment.end_of(self.stage.moment.today).replace(hour=18, minute=0)
        if evening > self.stage.now:
            return evening
        return self.stage.moment.calendar_days(1).replace(hour=18, minute=0)


@dataclass
class Item:
    """One item and the case that tracks it."""

    ground: Ground
    id: str

    # ---- what people do

    def sign(self, who: str = UNIT) -> None:
        self.do("sign_item", who, accepted=True)

    def decline(self, reason: str) -> None:
        self.do("sign_item", UNIT, accepted=False, decline_reason=reason)

    def report(self, value: float, who: str = UNIT, **answers: Any) -> None:
        self.do("report_progress", who, **{
            "no_change": False, "actual_value": value, "progress_percent": round(value / 260, 2),
            "narrative": "按计划推进。", "has_blocker": False,
        } | answers)  # fmt: skip

    def report_no_change(self, percent: float = 0) -> None:
        self.do("report_progress", UNIT, no_change=True, progress_percent=percent, has_blocker=False)

    def verify(self, value: float, who: str = DISTRICT) -> None:
        self.do("district_verify", who, verdict="pass", verified_value=value)

    def send_back(self, *reasons: str) -> None:
        self.do("district_verify", DISTRICT, verdict="return", return_reason=list(reasons))

    def tell(self, value: float, **answers: Any) -> None:
        """Reported and verified as reported."""
        self.report(value, **answers)
        self.verify(value)

    def want_report(self, who: str = UNIT) -> None:
        with self.ground.stage.sessions.begin() as session:
            reports.want_report(session, accounts.actor(session, who), self.id, self.ground.stage.moment)
        self.ground.stage.work()

    def do(self, element: str, who: str, **answers: Any) -> None:
        self.ground.stage.complete(self.case, element, who, answers)

    def found_on_site(self, verdict: str, **payload: Any) -> None:
        self.ground.stage.send("msg_onsite_result", self.case, {"verdict": verdict, **payload})

    # ---- changes

    def ask_for_change(self) -> Item:
        """The case of the change that the unit asks for."""
        with self.ground.stage.sessions.begin() as session:
            changes.request(session, accounts.actor(session, UNIT), self.id, self.ground.stage.moment)
        self.ground.stage.work()
        return self.change()

    def change(self) -> Item:
        """The case of the change that is under way."""
        tokens = [request.id for request in self.ground.rows(Request, Request.instance_id == self.case)]
        under_way = Instance.parent_request.in_(tokens), Instance.status == "active"
        (found,) = self.ground.rows(Instance, *under_way)
        return replace(self, id=f"case:{found.id}")

    def apply(self, kind: str, **answers: Any) -> None:
        answers = {"reason_code": "approval", "reason": "手续未齐。", "progress_so_far": "已完成一半。"} | answers
        self.do("apply_change", UNIT, change_type=kind, **answers)

    def give_opinion(self, position: str = "support") -> None:
        self.do("unit_opinion_on_change", DISTRICT, district_position=position)

    def decide(self, who: str, verdict: str, deadline: str | None = None) -> None:
        granted = {"granted_deadline": deadline} if deadline else {}
        self.do("decide_change", who, verdict=verdict, **granted)

    # ---- what is to be seen

    @property
    def case(self) -> str:
        if self.id.startswith("case:"):
            return self.id.removeprefix("case:")
        return str(self.row.instance_id)

    @property
    def row(self) -> LedgerItem:
        (found,) = self.ground.rows(LedgerItem, LedgerItem.id == self.id)
        return found

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self._open())

    @property
    def light(self) -> tuple[str | None, str | None]:
        return self.row.light, self.row.light_rule

    @property
    def status(self) -> str:
        return self.instance.status

    @property
    def ended_at(self) -> str | None:
        return self.instance.ended_element

    @property
    def instance(self) -> Instance:
        (found,) = self.ground.rows(Instance, Instance.id == self.case)
        return found

    @property
    def lights(self) -> list[tuple[str, str, str]]:
        rows = self.ground.rows(LightChange, LightChange.item_id == self.id)
        return [(row.day.isoformat(), row.after, row.rule) for row in sorted(rows, key=lambda row: row.id)]

    @property
    def rungs(self) -> list[tuple[str, int]]:
        rows = self.ground.rows(Urging, Urging.item_id == self.id)
        return [(f"{row.at.astimezone(CALENDAR.zone):%m-%d}", row.rung) for row in sorted(rows, key=lambda row: row.id)]

    @property
    def reports(self) -> list[ProgressReport]:
        rows = self.ground.rows(ProgressReport, ProgressReport.item_id == self.id)
        return sorted(rows, key=lambda row: row.id)

    @property
    def changes(self) -> list[Change]:
        return sorted(self.ground.rows(Change, Change.item_id == self.id), key=lambda row: row.filed_at)

    def due(self, element: str) -> str:
        (task,) = (task for task in self._open() if task.element == element)
        return f"{task.due.astimezone(CALENDAR.zone):%Y-%m-%d %H:%M}"

    def _open(self) -> list[Task]:
        return self.ground.rows(Task, Task.instance_id == self.case, Task.status == "open")


def install(sessions: Sessions, folder: Path, password: str) -> Ground:
    """The campaign of 2013 with the ledger of 朝阳区, on Monday 2013-05-06. ``password`` is a hash."""
    stage = Stage(sessions, SERVICES, folder, MAY, CALENDAR)
    moment = Moment(MAY, CALENDAR)
    with sessions.begin() as session:
        organisation.install(session)
        employ(session, cast.people(), password)
        for key in ("change_request", "item_progress"):
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", moment)
        campaign = _campaign(session, moment)
        found = SERVICES["open_ledgers"].run(session, campaign, {"campaign_id": campaign.id}, moment)["ledgers"]
        ledger_id = next(one["ledger_id"] for one in found if one["district"] == "110105")
        return Ground(stage, campaign.id, ledger_id)


def _campaign(session: Session, moment: Moment) -> Instance:
    """The case of P01 as a row, and what it has entered; nothing of it is executed."""
    version = session.scalars(select(Version)).first()
    assert version is not None
    case = Instance(
        id=uuid4().hex, version_id=version.id, process_key=version.process_key, status="completed", state=b"",
        result={}, variables={}, origin=uuid4().hex, title="campaign", started_at=moment.now, changed_at=moment.now,
        record_length=0, record_hash="", revision=1,
    )  # fmt: skip
    session.add(case)
    session.flush()
    SERVICES["register_campaign"].run(session, case, PLAN, moment)
    opening = {
        "doc_number": "京政办发〔2013〕22号", "addressees": [], "issue_date": "2013-04-19", "liaisons": [],
        "groups": [], "catalogue": [],
    }  # fmt: skip
    SERVICES["open_campaign"].run(session, case, opening, moment)
    return case
