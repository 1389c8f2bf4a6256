"""Visits of the demonstration: what the timer proposes and red lights ask for, made every week by whoever is sent.

Nothing is measured on them but where a story says so, so that the figures of the ledgers stay those of their stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from engine import accounts, tasks
from engine.tables import Task
from workflows import cast
from workflows.cast import DISTRICTS, STEMS
from workflows.demo_campaign import Story, at
from workflows.stage import Stage
from workflows.tables import LedgerItem, Visit

FIRST, LAST = date(2013, 5, 15), date(2013, 9, 4)  # Wednesdays
REASON = "当月事项须当月核查。"
POSITION = {"lat": 39.92, "lon": 116.44, "accuracy": 8}


def every_week(stage: Stage) -> Story:
    """On Wednesday it is planned who goes where on Thursday; what is lagging gets an opinion."""
    for week in range((LAST - FIRST).days // 7 + 1):
        day = FIRST + timedelta(weeks=week)
        yield at(stage, f"{day:%m-%d} 10:00")
        plan_all(stage, day + timedelta(days=1))
        yield at(stage, f"{day + timedelta(days=1):%m-%d} 10:00")
        _see_all(stage)
        yield at(stage, f"{day + timedelta(days=1):%m-%d} 15:00")
        _report_all(stage)


def plan_all(stage: Stage, day: date) -> None:
    """Plan what is to be planned; where there is something else on that day, once more with the reason."""
    for more in ({}, {"resolution": "keep", "clash_reason": REASON}):
        for task in stage.open_tasks(None, "plan_visit"):
            leader, other = _team(_visit(stage, task.instance_id))
            plan = {"targets": _visit(stage, task.instance_id).targets, "mode": "unannounced", "team": [other]}
            stage.hand_in(task.id, leader, plan | {"visit_date": day.isoformat(), "team_leader": leader} | more)
        stage.work()


def see(stage: Stage, task: Task, result: Mapping[str, str], measured: Mapping[str, float], said: str) -> None:
    """Fill in the checklist: ``result`` and ``measured`` by item, what is not named is in order."""
    leader, _ = _team(_visit(stage, task.instance_id))
    with stage.sessions.read() as session:
        asked = tasks.view(session, accounts.actor(session, leader), task.id, stage.moment).values["checklist"]
    rows = [
        row
        | {"result": result.get(row.get("item"), "ok"), "note": said}
        | (
            {"measured": measured[row["item"]]}
            if row.get("item") in measured and row["evidence"] == "measurement"
            else {}
        )
        for row in asked
    ]
    answers = {
        "outcome": "arrived", "checklist": rows, "photos": [stage.photo(leader, f"{task.instance_id[:6]} on site")],
        "no_position": False, "geo_position": POSITION, "access": "normal",
    }  # fmt: skip
    stage.hand_in(task.id, leader, answers)
    stage.work()


def sign(stage: Stage, cases: Iterable[str], **answers: Any) -> None:
    """What was found is signed by the units that it is about."""
    for case in cases:
        for task in stage.open_tasks(case, "confirm_findings"):
            stage.hand_in(task.id, _signer(stage, case, str(task.org)), {"confirmation": "agree"} | answers)
    stage.work()


def _see_all(stage: Stage) -> None:
    lagging = dict.fromkeys(_red(stage), "gap")
    for task in stage.open_tasks(None, "conduct_visit"):
        see(stage, task, lagging, {}, "与佐证核对")


def _report_all(stage: Stage) -> None:
    waiting = [task.instance_id for task in stage.open_tasks(None, "confirm_findings")]
    sign(stage, dict.fromkeys(waiting))
    red = _red(stage)
    for task in stage.open_tasks(None, "visit_report"):
        visit = _visit(stage, task.instance_id)
        leader, _ = _team(visit)
        late = [item for item in visit.targets if item in red]
        found = [_finding(stage, item) for item in late]
        verdict = "lagging" if found else "consistent"
        answers = {"verdict": verdict, "summary": "已逐项核对佐证和现场。"} | ({"findings": found} if found else {})
        stage.hand_in(task.id, leader, answers)
    stage.work()
    for task in stage.open_tasks(None, "improvement_opinion"):
        opinion = {"opinion_text": "倒排工期，按周推进。", "disposition": "observe"}
        stage.hand_in(task.id, f"{task.task_code}-lead-01", opinion)
    stage.work()


def _finding(stage: Stage, item_id: str) -> dict[str, Any]:
    unit = stage.one(select(LedgerItem.responsible_unit).where(LedgerItem.id == item_id))
    return {"unit": unit, "item": item_id, "text": "进度明显滞后。", "nature": "lagging", "severity": "serious"}


def _red(stage: Stage) -> set[str]:
    with stage.sessions.read() as session:
        return set(session.scalars(select(LedgerItem.id).where(LedgerItem.light == "red")))


def _visit(stage: Stage, case: str) -> Visit:
    with stage.sessions.read() as session:
        row = session.get_one(Visit, case)
        session.expunge(row)
        return row


def _team(visit: Visit) -> tuple[str, str]:
    """Who leads, and who goes along."""
    code = visit.task_code or "env"
    if visit.executor == "office":
        return f"{code}-officer-01", f"{code}-officer-02"
    leader = cast.supervision(str(visit.team_org))
    stem = STEMS[str(visit.team_org)]
    return leader, f"{stem}-supervision-02" if stem in DISTRICTS else f"{code}-officer-01"


def _signer(stage: Stage, case: str, unit: str) -> str:
    district = _visit(stage, case).district or ""
    code = stage.one(select(LedgerItem.task_code).where(LedgerItem.responsible_unit == unit).limit(1))
    return cast.unit_officer(district, code)
