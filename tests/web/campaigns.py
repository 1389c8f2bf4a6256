"""A campaign as rows for the pages about it: ledgers, items with lights and reports, registers, open tasks.

Only the lights are worked out, by the table that the program uses, night by night; all else is put there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts
from engine.access import pool_id, reaches_of_pool
from engine.database import Sessions
from engine.tables import Account, Instance, Organisation, Pool, PoolReach, Task
from engine.tables.base import NO_DUE
from tests.workflows.conftest import PLAN, an_instance, row
from workflows import baselines, campaigns, cast, ledger_items, ledgers, lights, organisation
from workflows.calendar import WorkingCalendar
from workflows.organisation import of_kind, units
from workflows.sub_items import sub_items
from workflows.tables import (
    Activity,
    Change,
    DeputyOpinion,
    Disclosure,
    Exposure,
    Finding,
    Instruction,
    Joint,
    Ledger,
    LedgerItem,
    Matter,
    MediaClue,
    Objection,
    Opinion,
    Problem,
    ProgressReport,
    Referral,
    Urging,
    Visit,
)

CALENDAR = WorkingCalendar()
MONDAY = Moment(datetime(2013, 9, 16, 10, tzinfo=CALENDAR.zone), CALENDAR)
NIGHTS = ("2013-07-15", "2013-08-12", "2013-09-02", "2013-09-12", "2013-09-15")
SUFFIX = {"air": "HB", "water": "SW", "env": "SR", "illegal": "CG"}
CHAOYANG, FENGTAI = "110105", "110106"
PHOTO = {"id": "e" * 32, "sha256": "5a" * 32, "captured_at": "2013-08-12T09:00:00+08:00", "grade": "B"}


@dataclass
class Town:
    """What was put there; ``items`` by (district, sub-item)."""

    sessions: Sessions
    campaign_id: str = ""
    ledgers: dict[str, str] = field(default_factory=dict)
    items: dict[tuple[str, str], str] = field(default_factory=dict)

    def item(self, district: str = CHAOYANG, sub_item: str = "A3") -> str:
        return self.items[district, sub_item]

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with self.sessions.read() as session:
            return list(session.scalars(select(table).where(*where)))


def people(session: Session, password: str) -> None:
    """The accounts of the demonstration; ``password`` is a hash, made once."""
    organisation.install(session)
    for person in cast.people():
        session.add(Account(id=person.id, name=person.name, password=password, active=True))
        session.flush()
        accounts.grant(session, person.id, [(person.role, person.org, person.task_code)])


def opened(session: Session, town: Town) -> Instance:
    """A campaign whose ledgers are being compiled, all empty, on the day of the notice."""
    instance = an_instance(session, "campaign_setup")
    at = Moment(datetime(2013, 4, 19, 10, tzinfo=CALENDAR.zone), CALENDAR)
    campaigns.register(session, instance, PLAN, at)
    catalogue = [
        {"sub_item": one.code, "municipal_target": float(one.target), "unit_of_measure": one.unit_of_measure,
         "applicable_units": [], "co_units": [], "milestones": []}
        for one in sub_items().values()
    ]  # fmt: skip
    issued = {"doc_number": "京政办发〔2013〕22号", "issue_date": "2013-04-19", "catalogue": catalogue}
    campaigns.open_campaign(session, instance, issued, at)
    made = ledgers.open_all(session, instance, {"campaign_id": instance.id}, at)
    town.campaign_id = instance.id
    town.ledgers = {one["district"]: one["ledger_id"] for one in made["ledgers"]}
    return instance


def in_course(session: Session, town: Town, districts: Iterable[str] | None = None) -> None:
    """The campaign in mid-September: every ledger is in force, every item on its way, more or less."""
    instance = opened(session, town)
    wanted = list(districts or town.ledgers)
    for place, district in enumerate(wanted):
        _established(session, town, instance, district, place)
    for day in NIGHTS:
        _night(session, day)
    _progressed(session, town)
    lights.nightly(session, MONDAY)
    _reported(session, town.item(wanted[0]))
    _registered(session, town, wanted[0])
    _joined(session, town, wanted[0])
    _said(session, town)
    _seen(session, town, wanted[0])
    _brought_up(session, town, wanted[0])
    session.flush()


def _established(session: Session, town: Town, instance: Instance, district: str, place: int) -> None:
    ledger = session.get_one(Ledger, town.ledgers[district])
    rows = [_row(district, code, number) for number, code in enumerate(sub_items(), start=place)]
    at = Moment(datetime(2013, 5, 8, 10, tzinfo=CALENDAR.zone), CALENDAR)
    clean = ledger_items.validate(session, district, rows, at)
    ids = ledger_items.insert_rows(session, ledger, clean, "draft", at)
    baselines.freeze(session, ledger, "establishment", "各专项组审核通过", instance, at)
    town.items |= dict(zip(((district, code) for code in sub_items()), ids, strict=True))
    for number, item_id in enumerate(ids, start=place):
        item = session.get_one(LedgerItem, item_id)
        case = an_instance(session, "item_progress")
        case.title, case.org = item.item_name or "", district
        case.org_path = session.get_one(Organisation, district).path
        item.instance_id, item.status = case.id, "in_progress"
        item.verified_percent = Decimal(number * 7 % 60)
        _task(session, item, "report_progress" if number % 3 else "district_verify", number)


def _row(district: str, code: str, number: int) -> dict[str, Any]:
    one = sub_items()[code]
    deadline = date(2013, 9, 1) + timedelta(days=number * 13 % 117)
    points = [{"date": "2013-06-30", "planned_percent": 25}, {"date": deadline.isoformat(), "planned_percent": 100}]
    return row(
        sub_item=code,
        item_name=f"{units()[district].name}{one.name}",
        target_value=100 + number,
        unit_of_measure=one.unit_of_measure,
        responsible_unit=f"{district}-{SUFFIX[one.task_code]}",
        deadline=deadline.isoformat(),
        milestones=points,
    )


def _night(session: Session, day: str) -> None:
    at = datetime.fromisoformat(f"{day} 20:00").replace(tzinfo=CALENDAR.zone)
    lights.nightly(session, Moment(at, CALENDAR))
    session.flush()


def _progressed(session: Session, town: Town) -> None:
    """Some are verified further, two are closed, one had been made up."""
    for number, item_id in enumerate(town.items.values()):
        item = session.get_one(LedgerItem, item_id)
        item.verified_percent = Decimal(min(100, float(item.verified_percent or 0) + number % 5 * 15))
        item.progress_percent = min(Decimal(100), item.verified_percent + 5)
        item.verified_value = (item.target_value or Decimal(0)) * item.verified_percent / 100
        item.reported_value = (item.target_value or Decimal(0)) * item.progress_percent / 100
        if number % 23 == 5:
            item.status, item.closed_at = "closed", MONDAY.now - timedelta(hours=3)
        item.falsified = number % 97 == 40
    session.flush()
    closed = session.scalars(select(LedgerItem.id).where(LedgerItem.status == "closed")).all()
    lights.judge(session, closed, MONDAY)


def _task(session: Session, item: LedgerItem, element: str, number: int) -> None:
    names = {"report_progress": "填报进展", "district_verify": "区县核实"}
    roles = ["district_unit_officer"] if element == "report_progress" else ["district_supervision_officer"]
    org = item.responsible_unit if element == "report_progress" else item.district
    path = session.get_one(Organisation, org).path
    pool = pool_id(roles, org, item.task_code)
    if session.get(Pool, pool) is None:
        session.add(Pool(id=pool, roles=roles, org=org, org_path=path, task_code=item.task_code))
        session.flush()
        reaches = sorted(reaches_of_pool(roles, path, item.task_code))
        session.execute(insert(PoolReach), [{"pool_id": pool, "reach": one} for one in reaches])
    due = MONDAY.now + timedelta(days=number % 9 - 3) if number % 5 else None
    session.add(
        Task(
            id=uuid4().hex, instance_id=item.instance_id, element=element, name=names[element], form=None, roles=roles,
            org=org, org_path=path, task_code=item.task_code, pool_id=pool, barred="", due=due,
            due_order=due or NO_DUE, status="open", urged=0, opened_at=MONDAY.now - timedelta(days=number % 20),
        )
    )  # fmt: skip


def _reported(session: Session, item_id: str) -> None:
    for month in (6, 7, 8, 9):
        at = datetime(2013, month, 12, 15, tzinfo=CALENDAR.zone)
        session.add(
            ProgressReport(
                item_id=item_id, period=f"2013-{month:02}", due=at, no_change=False, evidence=[PHOTO],
                actual_value=Decimal(month * 5), progress_percent=Decimal(month * 5), narrative="按计划推进。",
                blocker="资金尚未到位。" if month == 8 else None, reporter="chaoyang-air-01", reported_at=at,
                on_time=month != 7, verifier="chaoyang-supervision-01", verdict="pass",
                verified_value=Decimal(month * 5 - 2), verified_at=at + timedelta(days=1),
            )
        )  # fmt: skip
    session.flush()


def _registered(session: Session, town: Town, district: str) -> None:
    item, at = town.items[district, "A3"], MONDAY.now - timedelta(hours=2)
    shared: dict[str, Any] = {"campaign_id": town.campaign_id, "task_code": "air"}
    unit = f"{district}-HB"
    session.add_all(
        [
            Problem(id="p" * 32, number="督问字〔2013〕1号", title="拆迁资金不足", districts=[district],
                    affected_units=[unit], status="open", source="item_progress", reported_at=at, item_id=item,
                    instance_id=an_instance(session, "common_problem").id, **shared),
            Instruction(id="i" * 32, number="督批〔2013〕1号", title="加快老旧机动车淘汰",
                        source_kind="written_comment", leader_post="分管副市长", instruction_text="请抓紧。",
                        lead_unit="110000-HBJ", co_units=[],
                        linked_items=[item], status="handling", registered_at=at, **shared),
            Matter(id="m" * 32, number="请示〔2013〕1号", title="用地指标", unit=unit, item_id=item, status="submitted",
                   handling_units=[], source="item_progress", requested_at=at, **shared),
            Objection(id="o" * 32, number="督异〔2013〕1号", title="对督查结论的异议", conclusion_id="c1", unit=unit,
                      authors=[], status="reviewing", source="rectification", filed_at=at, **shared),
            Change(id=an_instance(session, "change_request").id, number="督变〔2013〕1号", title="延期申请", unit=unit,
                   item_id=item, status="filed", filed_at=at, **shared),
            Urging(campaign_id=town.campaign_id, item_id=item, unit=unit, district=district, rung=2, kind="slip",
                   number="督催〔2013〕1号", reason="填报逾期", at=at, days_late=2),
        ]
    )  # fmt: skip


def _said(session: Session, town: Town) -> None:
    """What the public said of the task of a lead unit, and what that unit discloses of it."""
    at, unit = MONDAY.now - timedelta(hours=2), "110000-HBJ"
    opinion, disclosure = (an_instance(session, key).id for key in ("public_opinion", "disclosure_cycle"))
    shared = {"campaign_id": town.campaign_id, "unit": unit, "task_code": "air"}
    session.add_all(
        [
            Opinion(id=opinion, number="督意字〔2013〕1号", code="A" * 16, channel="portal",
                    title="督意字〔2013〕1号 烧垃圾", content="村口烧垃圾", anonymous=True, photos=[],
                    received_at=at, reopened=0, status="handling", instance_id=opinion, **shared),
            Disclosure(id=disclosure, number="督公字〔2013〕1号", kind="progress", period="2013-09", title="进展情况",
                       text="", items=[], status="preparing", begun_at=at, instance_id=disclosure, **shared),
        ]
    )  # fmt: skip


def _joined(session: Session, town: Town, district: str) -> None:
    """A joint supervision, and an inspection of deputies with what one of them said."""
    at, day = MONDAY.now - timedelta(hours=2), MONDAY.today
    joint = an_instance(session, "joint_supervision").id
    visit = an_instance(session, "democratic_supervision").id
    session.add(
        Joint(id=joint, number="督联字〔2013〕1号", campaign_id=town.campaign_id, theme="老旧机动车", origin="manual",
              task_codes=["air"], objects=[district], methods=["self_check"], planned_on=day, status="preparing",
              participants=[], findings=[], poor_units=[], replies=[], proposed_at=at)
    )  # fmt: skip
    session.add(
        Activity(id=visit, number="督视字〔2013〕1号", campaign_id=town.campaign_id, inspecting_body="congress",
                 form="forum", theme="垃圾处理", date_from=day, date_to=day, task_codes=["env"], route=[],
                 hosts=[district], status="scheduled", registered_at=at)
    )  # fmt: skip
    session.flush()
    session.add(
        DeputyOpinion(id=uuid4().hex, number="督代字〔2013〕1号", activity_id=visit, instance_id=visit,
                      campaign_id=town.campaign_id, content="多设收集点。", route="formal", unit="110000-SRW",
                      task_code="env", status="handling", due=day, raised_at=at)
    )  # fmt: skip


def _seen(session: Session, town: Town, district: str) -> None:
    """A visit that is under way, and what it has found."""
    at, unit = MONDAY.now - timedelta(hours=2), f"{district}-HB"
    visit = an_instance(session, "onsite_supervision").id
    session.add(
        Visit(id=visit, number="督现字〔2013〕1号", title="老旧机动车核查", campaign_id=town.campaign_id,
              district=district, org=unit, task_code="air", executor="district", team_org=district, mode="unannounced",
              visit_date=MONDAY.today, team=[], invitees=[], targets=[], objects=[unit], status="planned",
              source="manual", postponed=0, planned_at=at, conducted_at=at)
    )  # fmt: skip
    session.flush()
    session.add(
        Finding(id=uuid4().hex, visit_id=visit, position=1, campaign_id=town.campaign_id, unit=unit, text="进度滞后。",
                severity="general", nature="lagging", fixed_on_spot=False, status="found", found_at=at)
    )  # fmt: skip


def _brought_up(session: Session, town: Town, district: str) -> None:
    """A clue for the media, what was made public, and who is to answer for it."""
    at, unit = MONDAY.now - timedelta(hours=2), f"{district}-HB"
    clue, case = (an_instance(session, key).id for key in ("media_supervision", "accountability"))
    shared = {"campaign_id": town.campaign_id, "task_code": "air", "title": "老旧机动车淘汰滞后"}
    session.add_all(
        [
            MediaClue(id=clue, number="督媒字〔2013〕1号", key=clue, content="仍在使用。", unit=unit, source="reporter",
                      status="verified", received_at=at, instance_id=clue, **shared),
            Exposure(id=uuid4().hex, number="督曝字〔2013〕1号", unit=unit, outlet="北京日报",
                     published_on=MONDAY.today, status="exposed", instance_id=clue, recorded_at=at, **shared),
            Referral(id=case, referral_id=case, number="督责字〔2013〕1号", subject_unit=unit, conduct="inaction",
                     source="rectification", status="registered", instance_id=case, received_at=at, **shared),
        ]
    )  # fmt: skip


def districts() -> Iterator[str]:
    return (unit.code for unit in of_kind("district"))
