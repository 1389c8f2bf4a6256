"""What lead units disclosed and what the public said in the course of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import accounts, tasks
from engine.tables import Task
from workflows import cast, opinions
from workflows.demo_campaign import Story, at
from workflows.demo_ledgers import MARK
from workflows.stage import Stage
from workflows.tables import Opinion

OFFICER = "synthesis-officer-01"
CODES = {unit: code for code, unit in cast.LEAD_UNITS.items()}
# Days on which a round of progress was begun by hand, and the month in words.
ROUNDS = (("06-07", "6月"), ("07-05", "7月"), ("08-07", "8月"))


def disclosed(stage: Stage) -> Story:
    """Plans when the ledgers stood, progress month by month; of September, two units are still at it."""
    yield at(stage, "05-14 10:00")
    _publish_all(stage, tuple(CODES))
    for day, month in ROUNDS:
        yield at(stage, f"{day} 10:00")
        stage.start(OFFICER, "disclosure_cycle", f"{MARK}{month}进展公布", "110000", None)
        _publish_all(stage, tuple(CODES))
    yield at(stage, "09-06 10:00")
    stage.start(OFFICER, "disclosure_cycle", f"{MARK}9月进展公布", "110000", None)
    yield at(stage, "09-12 10:00")
    _publish_all(stage, ("110000-HBJ", "110000-SWJ"))
    _prepare(stage, "110000-GHW")


def suggests(stage: Stage) -> Story:
    """A suggestion that was adopted in part, answered in public, and rated on the page."""
    yield at(stage, "06-18 20:00")
    said = _say(stage, "建议把市属单位的通勤班车改成电动车，减少尾气。", None)
    yield at(stage, "06-19 10:00")
    _accept(stage, said, "suggestion", "air")
    yield at(stage, "06-24 10:00")
    reason = "先在五家单位试行，年底评估后推广。"
    stage.complete(_case(stage, said), "assess_suggestion", "air-unit-01", {"adopt": "part", "reason": reason})
    yield at(stage, "06-26 10:00")
    _reply(stage, said, "air", f"您的建议部分采纳：{reason}")
    yield at(stage, "06-27 20:00")
    with stage.sessions.begin() as session:
        code = session.get_one(Opinion, said).code
        opinions.rate(session, code, True, "satisfied", "希望早日推广。", stage.moment)
    stage.work()


def complains(stage: Stage) -> Story:
    """Who was discontent with an answer: taken up anew, and the second answer is due."""
    yield at(stage, "08-12 09:00")
    said = _say(stage, "北沙滩桥下的雨水泵站汛期积水，我是附近居民，电话13800138000。", "13800138000")
    yield at(stage, "08-12 15:00")
    _accept(stage, said, "redirect", "water", redirect_to="市排水集团")
    yield at(stage, "08-15 10:00")
    _reply(stage, said, "water", "已转市排水集团处理。")
    yield at(stage, "08-16 10:00")
    rating = {"reached": True, "resolved": False, "satisfaction": "dissatisfied", "comment": "上周下雨还是积水。"}
    stage.complete(_case(stage, said), "phone_call_back", OFFICER, rating)
    yield at(stage, "09-02 10:00")
    _accept(stage, said, "suggestion", "water")
    yield at(stage, "09-05 10:00")
    answers = {"adopt": "full", "reason": "已列入下凹式立交桥雨水泵站升级改造。"}
    stage.complete(_case(stage, said), "assess_suggestion", "water-unit-01", answers)


def reports(stage: Stage) -> Story:
    """A problem that went into the pool, and an opinion that nobody has taken up yet."""
    yield at(stage, "09-11 19:00")
    said = _say(stage, "来广营一处院内夜间焚烧垃圾，气味很大。", None)
    yield at(stage, "09-12 09:30")
    _accept(stage, said, "problem", "air", about_unit="110105-HB")
    yield at(stage, "09-16 21:00")
    _say(stage, "社区门口的厨余垃圾桶经常满溢，建议增加清运次数。", None)


STORIES = (disclosed, suggests, complains, reports)


def _say(stage: Stage, words: str, contact: str | None) -> str:
    """Somebody writes on the portal; returns the id."""
    with stage.sessions.begin() as session:
        said = opinions.submit(session, "portal", f"{MARK}{words}", None, contact, not contact, (), stage.moment).id
    stage.work()
    return said


def _case(stage: Stage, said: str) -> str:
    return str(stage.one(select(Opinion.instance_id).where(Opinion.id == said)))


def _accept(stage: Stage, said: str, route: str, task_code: str, **more: Any) -> None:
    (task,) = stage.open_tasks(_case(stage, said), "accept_opinion")
    seen = _seen(stage, task, OFFICER)
    kept = {name: seen[name] for name in ("channel", "content", "contact", "anonymous") if seen.get(name) is not None}
    stage.hand_in(task.id, OFFICER, kept | {"opinion_route": route, "task_code": task_code} | more)
    stage.work()


def _reply(stage: Stage, said: str, task_code: str, text: str) -> None:
    stage.complete(_case(stage, said), "reply_public", f"{task_code}-unit-01", {"reply_text": text, "publish": True})


def _prepare(stage: Stage, unit: str) -> None:
    """The unit takes the text as the data give it."""
    for task in stage.open_tasks(None, "prepare_disclosure"):
        if task.org == unit:
            who = f"{CODES[unit]}-unit-01"
            seen = _seen(stage, task, who)
            kept = {name: seen[name] for name in ("disclosure_kind", "period", "items", "text")}
            stage.hand_in(task.id, who, kept)
    stage.work()


def _publish_all(stage: Stage, wanted: tuple[str, ...]) -> None:
    """These units, as far as they are asked, prepare their text, and their heads sign it."""
    for unit in wanted:
        _prepare(stage, unit)
        for task in stage.open_tasks(None, "unit_release"):
            if task.org == unit:
                stage.hand_in(task.id, f"{CODES[unit]}-head-01", {"verdict": "release", "secrecy_reviewed": True})
        stage.work()


def _seen(stage: Stage, task: Task, who: str) -> Mapping[str, Any]:
    with stage.sessions.read() as session:
        return tasks.view(session, accounts.actor(session, who), task.id, stage.moment).values
