"""The assessment of the second quarter in the demonstration: begun by its own timer, checked, appealed, published."""

from __future__ import annotations

from engine import accounts, tasks, timers
from engine.tables import Task
from workflows import cast
from workflows.demo_campaign import Story, at
from workflows.demo_ledgers import CODES, MARK
from workflows.organisation import units
from workflows.services import SERVICES
from workflows.stage import Stage

PROCESS = "performance_assessment"
OFFICE, ORGANISATION, CHIEF = "performance-01", "organization-01", "group-leader-01"
SILENT = ("pinggu", "miyun")
APPEALS = {"yanqing": "adjust", "daxing": "uphold"}
OFFICERS = {unit: f"{code}-unit-01" for code, unit in cast.LEAD_UNITS.items()} | {cast.FIRST_LIAISON: "co-unit-01"}


def second_quarter(stage: Stage) -> Story:
    """Most units accept, two are silent, two appeal, one of them with success; leaders are judged; it is published."""
    yield at(stage, "06-28 09:00")
    with stage.sessions.begin() as session:
        timers.restart(session, PROCESS, SERVICES, stage.moment)
    yield at(stage, "07-09 10:00")
    for task in stage.open_tasks(None, "confirm_score"):
        _check(stage, task)
    stage.work()
    yield at(stage, "07-10 15:00")
    for task in stage.open_tasks(None, "handle_appeal"):
        _settle(stage, task)
    stage.work()
    yield at(stage, "07-11 10:00")
    differing = [
        {"unit": CODES["daxing"], "capability": "good", "work_style": "fair", "basis": f"{MARK}报送进展需进一步核实。"}
    ]
    _each(stage, "evaluate_team", ORGANISATION, {
        "capability": "good", "work_style": "good", "basis": f"{MARK}结合日常了解。", "differing": differing,
    })  # fmt: skip
    yield at(stage, "07-22 09:30")
    for task in stage.open_tasks(None, "consolidate_scores"):
        with stage.sessions.read() as session:
            shown = tasks.view(session, accounts.actor(session, OFFICE), task.id, stage.moment).values
        stage.hand_in(task.id, OFFICE, {name: shown[name] for name in ("campaign_weight", "title", "text")})
    stage.work()
    yield at(stage, "07-23 16:00")
    _each(stage, "approve_scores", CHIEF, {"verdict": "approve"})


STORIES = (second_quarter,)


def _check(stage: Stage, task: Task) -> None:
    unit = task.org or ""
    stem = cast.STEMS.get(unit, "")
    who = cast.supervision(unit) if stem else OFFICERS.get(unit)
    if who is None or stem in SILENT:
        return
    answers: dict[str, object] = {"accepted": True}
    if stem in APPEALS:
        event = {"event": "按时报送", "reason": f"{MARK}报送当日网络中断，有值班记录。"}
        answers = {"accepted": False, "appeal_items": [event]}
    stage.hand_in(task.id, who, answers)


def _settle(stage: Stage, task: Task) -> None:
    """Whose appeal it is stands in the list of tasks."""
    stem = next(stem for stem in APPEALS if (task.subject or "").startswith(units()[CODES[stem]].name))
    answers: dict[str, object] = {"verdict": APPEALS[stem], "reason": f"{MARK}没有依据，维持。"}
    if APPEALS[stem] == "adjust":
        answers = {"verdict": "adjust", "adjustment": 1.5, "reason": f"{MARK}经核对值班记录，属实。"}
    stage.hand_in(task.id, OFFICE, answers)


def _each(stage: Stage, element: str, who: str, answers: dict[str, object]) -> None:
    for task in stage.open_tasks(None, element):
        stage.hand_in(task.id, who, answers)
    stage.work()
