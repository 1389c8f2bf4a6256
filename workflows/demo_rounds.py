"""Bulletins, monthly reports, meetings and the quarterly report of the demonstration, begun by their own timers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine import accounts, tasks, timers
from engine.tables import Task
from workflows.demo_campaign import Story, at
from workflows.demo_ledgers import MARK
from workflows.services import SERVICES
from workflows.stage import Stage

# Their timers count from the beginning of the campaign; other rounds are begun by hand in their stories.
PROCESSES = ("flash_bulletin", "monthly_cycle", "quarterly_report", "onsite_supervision")
OFFICER, LEAD, DIRECTOR, CHIEF = "synthesis-officer-01", "synthesis-lead-01", "office-director-01", "group-leader-01"
FIRST, LAST = date(2013, 4, 26), date(2013, 9, 13)  # Fridays
MONTHS = tuple(range(4, 9))
WITHOUT_MEETING = 7
HEADS = {
    "110000-HBJ": "air-head-01",
    "110000-SWJ": "water-head-01",
    "110000-SRW": "env-head-01",
    "110000-GHW": "illegal-head-01",
}


def bulletins(stage: Stage) -> Story:
    """One a week; the one of last Friday waits for its signature, on the one before a leader has written."""
    yield at(stage, "04-23 18:00")
    with stage.sessions.begin() as session:
        for key in PROCESSES:
            timers.restart(session, key, SERVICES, stage.moment)
    day = FIRST
    while day <= LAST:
        yield at(stage, f"{day:%m-%d} 16:30")
        for task in stage.open_tasks(None, "confirm_material"):
            stage.hand_in(task.id, f"{task.task_code}-officer-01", {"confirmed": True})
        stage.work()
        monday = stage.moment.working_days(1, day).date()
        yield at(stage, f"{monday:%m-%d} 10:00")
        _edit_bulletin(stage)
        if day < LAST:
            yield at(stage, f"{monday:%m-%d} 15:00")
            _each(stage, "sign_issue", DIRECTOR, {"verdict": "issue", "circulation": ["municipal_leader"]})
        day += timedelta(weeks=1)


def a_leader_writes(stage: Stage) -> Story:
    """On the bulletin of the first week of September: to be entered as an instruction."""
    yield at(stage, "09-11 10:00")
    note = f"{MARK}请各牵头单位抓紧补上滞后事项，月底前报结果。"
    answers = {"has_note": True, "leader_post": "常务副市长", "note_text": note}
    for task in stage.open_tasks(None, "record_leader_note"):
        stage.hand_in(task.id, OFFICER, answers)
        answers = {"has_note": False}
    stage.work()


def months(stage: Stage) -> Story:
    """Reports and meetings of April to August; in July the floods come first."""
    for month in MONTHS:
        begun, last = _days_of(stage, month)
        yield at(stage, f"{begun:%m-%d} 10:00")
        for task in stage.open_tasks(None, "group_summary"):
            stage.hand_in(task.id, f"{task.task_code}-officer-01", {"summary_confirmed": True})
        stage.work()
        _prefilled(stage, "select_problems", LEAD, ("problems",), {})
        _prefilled(stage, "set_agenda", LEAD, ("meeting_date", "topics", "invited"), {})
        for task in stage.open_tasks(None, "confirm_attendance"):
            stage.hand_in(task.id, HEADS[str(task.org)], {"attend": "self"})
        stage.work()
        yield at(stage, f"{begun:%m-%d} 15:00")
        _prefilled(stage, "edit_special_report", OFFICER, ("body",), {"ranking_included": False})
        yield at(stage, f"{last:%m-%d} 15:00")
        _each(stage, "sign_special_report", DIRECTOR, {"verdict": "issue"})
        if month == WITHOUT_MEETING:
            reason = f"{MARK}全市进入防汛应急状态。"
            _each(stage, "confirm_meeting", OFFICER, {"outcome": "postponed", "reason": reason})
            continue
        _each(stage, "confirm_meeting", OFFICER, {"outcome": "held"})
        attendance = [{"unit": unit, "person_post": "主管领导", "present": True} for unit in HEADS]
        noted = {"content": f"{MARK}滞后事项由牵头单位逐项说明原因。", "handling": "note"}
        _each(stage, "hold_meeting", OFFICER, {"attendance": attendance, "resolutions": [noted]})
        _each(stage, "approve_minutes", CHIEF, {"verdict": "approve"})


def second_quarter(stage: Stage) -> Story:
    """Reported in July."""
    yield at(stage, "07-08 10:00")
    assessment = f"{MARK}进展总体符合计划，滞后事项已逐项督办。"
    for task in stage.open_tasks(None, "group_chapter"):
        stage.hand_in(task.id, f"{task.task_code}-lead-01", {"chapter_confirmed": True, "assessment": assessment})
    stage.work()
    yield at(stage, "07-10 10:00")
    _prefilled(stage, "edit_quarterly", LEAD, ("body",), {"contains_request": False})
    yield at(stage, "07-12 10:00")
    _each(stage, "group_leader_approve", CHIEF, {"verdict": "submit"})
    yield at(stage, "07-15 10:00")
    _each(stage, "record_receipt", OFFICER, {"received_on": "2013-07-12", "comment": f"{MARK}已阅。"})


STORIES = (bulletins, a_leader_writes, months, second_quarter)


def _edit_bulletin(stage: Stage) -> None:
    for task in stage.open_tasks(None, "edit_bulletin"):
        found = _seen(stage, task, OFFICER)
        edited = {
            "title": f"{MARK}{found['title']}",
            "body": found["body"],
            "sections": found["sections"] or ["progress"],
        }
        stage.hand_in(task.id, OFFICER, edited)
    stage.work()
    _each(stage, "proofread", LEAD, {"verdict": "pass"})


def _each(stage: Stage, element: str, who: str, answers: Mapping[str, Any]) -> None:
    """All open tasks of that name get the same answers."""
    for task in stage.open_tasks(None, element):
        stage.hand_in(task.id, who, answers)
    stage.work()


def _prefilled(stage: Stage, element: str, who: str, names: Iterable[str], answers: Mapping[str, Any]) -> None:
    """As `_each`, with what is filled in under these names."""
    for task in stage.open_tasks(None, element):
        found = _seen(stage, task, who)
        given = {name: found[name] for name in names if found.get(name) is not None}
        stage.hand_in(task.id, who, {**given, **answers})
    stage.work()


def _seen(stage: Stage, task: Task, who: str) -> Mapping[str, Any]:
    with stage.sessions.read() as session:
        return tasks.view(session, accounts.actor(session, who), task.id, stage.moment).values


def _days_of(stage: Stage, month: int) -> tuple[date, date]:
    """The working day after the round has begun, and the last one of the month."""
    following = datetime(2013, month + 1, 1, tzinfo=stage.calendar.zone).date()
    return stage.moment.working_days(-4, following).date(), stage.moment.working_days(-1, following).date()
