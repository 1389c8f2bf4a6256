"""The campaign of the demonstration: set up (P01), its ledgers established (P02), items reported on by the month (P03).

The notice is of Friday 2013-04-19; the ledgers are due ten working days later, on Monday 05-06.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor
from engine.tables import Instance, Task
from workflows import cast, ledger_items
from workflows.demo_ledgers import CODES, MARK, MILESTONES, Entry, entries
from workflows.organisation import units
from workflows.roles import TASK_CODES
from workflows.stage import Stage
from workflows.sub_items import of_task
from workflows.tables import Ledger, LedgerItem

Story = Iterator[datetime]
# The first days on which the monthly report may be given; the districts verify in the afternoon.
MONTHS = ("05-20", "06-17", "07-18", "08-19")
# What units say stands in their way: month, district, sub-item -> answers.
BLOCKERS: Mapping[tuple[str, str, str], dict[str, Any]] = {
    ("08-19", "chaoyang", "A3"): {"blocker": "老旧机动车淘汰补贴配套资金没有到位。", "self_disclosed": True},
    ("08-19", "fengtai", "A3"): {"blocker": "淘汰补贴区级配套资金未落实，车主不愿报废。", "self_disclosed": True},
    ("08-19", "yanqing", "A3"): {"blocker": "淘汰补贴资金缺口较大。", "self_disclosed": True},
    ("08-19", "tongzhou", "B1"): {"blocker": "两座再生水厂建设用地规划未调整。", "needs_decision": True},
    ("08-19", "bda", "B2"): {"blocker": "协办单位对管线立项批复意见不一致，工程无法开工。", "needs_decision": False},
}


def campaign(stage: Stage, ledgers: Mapping[str, str]) -> Story:
    """The whole campaign in the districts that keep these ledgers."""
    found = entries(ledgers)
    yield at(stage, "04-15 10:00")
    case = stage.start("synthesis-officer-01", "campaign_setup", f"{MARK}2013年生态环境专项督查", "110000", None)
    yield from _set_up(stage, case, found)
    establishment = stage.one(select(Instance.id).where(Instance.process_key == "ledger_establishment"))
    yield from _establish(stage, establishment, found)
    yield at(stage, "05-07 10:00")
    for task, entry in _about(stage, "sign_item", found):
        stage.hand_in(task.id, officer(entry), {"accepted": True})
    stage.work()
    for month in MONTHS:
        yield from _report_all(stage, month, found)


def officer(entry: Entry) -> str:
    return cast.unit_officer(entry.district, entry.sub_item.task_code)


def report_of(entry: Entry, percent: float, **more: Any) -> dict[str, Any]:
    """Answers of a report that so much of the target is reached."""
    value = round(entry.target * percent / 100, 2)
    plain = {
        "no_change": False, "actual_value": value, "progress_percent": percent, "narrative": "按节点推进。",
        "has_blocker": bool(more.get("blocker")),
    }  # fmt: skip
    return plain | more


def at(stage: Stage, words: str) -> datetime:
    """``05-07 10:00`` of 2013."""
    return datetime.fromisoformat(f"2013-{words}").replace(tzinfo=stage.calendar.zone)


def item_of(stage: Stage, stem: str, code: str) -> LedgerItem:
    """The item of a district for a sub-item, as it is now."""
    found: LedgerItem = stage.one(
        select(LedgerItem).where(LedgerItem.district == CODES[stem], LedgerItem.sub_item == code)
    )
    return found


# ---- P01


def _set_up(stage: Stage, case: str, found: Sequence[Entry]) -> Story:
    objects = sorted({entry.district for entry in found})
    plan = {
        "title": f"{MARK}2013年生态文明和城乡环境建设专项督查",
        "supervision_type": "special",
        "authority_basis": "government_decision",
        "basis_doc": stage.paper("synthesis-officer-01", b"Government decision (sample)"),
        "scope": "大气污染治理、污水治理、环境整治和垃圾处理、打击违法用地违法建设四项重点工作。",
        "objects": objects,
        "start_date": "2013-04-15",
        "end_date": "2013-12-31",
        "classification": "internal",
    }
    stage.complete(case, "draft_plan", "synthesis-officer-01", plan)
    yield at(stage, "04-17 15:00")
    stage.complete(case, "approve_campaign", "group-leader-01", {"verdict": "approve"})
    yield at(stage, "04-19 09:00")
    notice = {"doc_number": f"{MARK}京政办函〔2013〕31号", "addressees": objects, "issue_date": "2013-04-19"}
    stage.complete(case, "issue_notice", "office-deputy-01", notice)
    yield at(stage, "04-22 10:00")
    bodies = cast.liaisons()
    for task in stage.open_tasks(case, "nominate_liaison"):
        who = bodies[str(task.org)]
        stage.hand_in(task.id, who, {"person": who, "rank": "division_head", "phone": "010-00000000"})
    for task in stage.open_tasks(case, "form_task_group"):
        code = str(task.task_code)
        answers = {
            "colocated_body": units()[f"task_group_{code}"].colocated_body,
            "group_lead": f"{code}-lead-01",
            "members": [f"{code}-officer-01", f"{code}-officer-02"],
        }
        stage.hand_in(task.id, f"{code}-head-01", answers)
    stage.work()
    yield at(stage, "04-23 10:00")
    for code in TASK_CODES:
        _define(stage, case, code, found)


def _define(stage: Stage, case: str, task_code: str, found: Sequence[Entry]) -> None:
    """The lead of a group breaks its task down, one sub-item after the other."""
    for one in of_task(task_code):
        doing = [entry.district for entry in found if entry.sub_item.code == one.code]
        (task,) = [
            task
            for task in stage.open_tasks(case, "define_catalogue")
            if task.task_code == task_code and task.item["code"] == one.code
        ]
        answers = {
            "sub_item": one.code,
            "municipal_target": float(one.target),
            "unit_of_measure": one.unit_of_measure,
            "applicable_units": doing,
            "milestones": [{"date": day, "planned_percent": percent} for day, percent in MILESTONES[1:]],
        }
        stage.hand_in(task.id, f"{task_code}-lead-01", answers)
        stage.work()


# ---- P02


def _establish(stage: Stage, case: str, found: Sequence[Entry]) -> Story:
    by_district: dict[str, list[Entry]] = defaultdict(list)
    for entry in found:
        by_district[entry.district].append(entry)
    yield at(stage, "04-24 10:00")
    _for_each(stage, case, "sign_receipt", "supervision", {"accepted": True})
    yield at(stage, "05-02 10:00")
    for district, its in by_district.items():
        ledger = stage.one(select(Ledger.id).where(Ledger.district == district))
        stage.do(_fill, cast.supervision(district), ledger, [entry.row() for entry in its])
    _for_each(stage, case, "compile_ledger", "supervision", {})
    yield at(stage, "05-02 16:00")
    _for_each(stage, case, "district_approve", "leader", {"verdict": "approve"})
    yield at(stage, "05-03 10:00")
    returned = _review(stage, case, returning="大兴区")
    yield at(stage, "05-06 10:00")
    if returned:
        _for_each(stage, case, "compile_ledger", "supervision", {"opinion": "已核对点位。"})
        _for_each(stage, case, "district_approve", "leader", {"verdict": "approve"})
        _review(stage, case)


def _for_each(stage: Stage, case: str, element: str, who: str, answers: Mapping[str, Any]) -> None:
    for task in stage.open_tasks(case, element):
        stage.hand_in(task.id, f"{cast.STEMS[str(task.org)]}-{who}-01", answers)
        stage.work()


def _review(stage: Stage, case: str, returning: str = "") -> bool:
    """All groups pass what they are asked about; that of illegal building sends one district's back."""
    done = False
    for task in stage.open_tasks(case, "group_review"):
        answers: dict[str, Any] = {"verdict": "pass"}
        if returning and returning in str(task.subject) and task.task_code == "illegal":
            answers = {"verdict": "return", "return_reason": ["inconsistent_figure"], "opinion": "请核对拆除点位。"}
            done = True
        stage.hand_in(task.id, f"{task.task_code}-officer-01", answers)
    stage.work()
    return done


def _fill(session: Session, actor: Actor, ledger_id: str, rows: Sequence[Mapping[str, Any]], moment: Moment) -> None:
    ledger = ledger_items.opened(session, actor, ledger_id)
    clean = ledger_items.validate(session, ledger.district, rows, moment)
    ledger_items.insert_rows(session, ledger, clean, "draft", moment)


# ---- P03


def _report_all(stage: Stage, month: str, found: Sequence[Entry]) -> Story:
    yield at(stage, f"{month} 10:00")
    for task, entry in _about(stage, "report_progress", found):
        more = BLOCKERS.get((month, entry.stem, entry.sub_item.code), {})
        stage.hand_in(task.id, officer(entry), report_of(entry, entry.reached(stage.moment.today), **more))
    stage.work()
    yield at(stage, f"{month} 15:00")
    reported = _reported(stage)
    for task, entry in _about(stage, "district_verify", found):
        answers = {"verdict": "pass", "verified_value": reported[task.instance_id]}
        stage.hand_in(task.id, cast.supervision(entry.district), answers)
    stage.work()
    for task in stage.open_tasks(None, "desk_check"):
        stage.hand_in(task.id, f"{task.task_code}-officer-01", {"verdict": "pass", "onsite_needed": False})
    stage.work()


def _reported(stage: Stage) -> dict[str, float]:
    """Instance of P03 -> what its unit has reported last."""
    with stage.sessions.read() as session:
        rows = session.execute(select(LedgerItem.instance_id, LedgerItem.reported_value))
        return {case: float(value) for case, value in rows if case and value is not None}


def _about(stage: Stage, element: str, found: Sequence[Entry]) -> list[tuple[Task, Entry]]:
    """The open tasks of that name, each with the item it is about."""
    by_item = {(entry.district, entry.sub_item.code): entry for entry in found}
    with stage.sessions.read() as session:
        rows = session.execute(select(LedgerItem.instance_id, LedgerItem.district, LedgerItem.sub_item))
        items = {case: by_item[district, code] for case, district, code in rows if (district, code) in by_item}
    return [(task, items[task.instance_id]) for task in stage.open_tasks(None, element) if task.instance_id in items]
