"""What the media brought up, and who was held to account, in the course of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import accounts, tasks
from engine.tables import Task
from workflows import media
from workflows.demo_campaign import Story, at
from workflows.demo_ledgers import MARK
from workflows.stage import Stage
from workflows.tables import MediaClue

OFFICER, LEAD = "synthesis-officer-01", "synthesis-lead-01"
PROPAGANDA, REPORTER, DISCIPLINE = "propaganda-01", "reporter-01", "discipline-01"


def plans(stage: Stage) -> Story:
    """When all ledgers stood, the coverage was planned."""
    yield at(stage, "05-15 10:00")
    plan = {
        "theme": "属地台账和治理进展",
        "outlets": ["tv", "paper", "web"],
        "units": ["110105", "110106", "110115"],
        "period": "5月下旬至年底，每月两期",
        "has_clue": False,
    }
    for task in stage.open_tasks(None, "coverage_plan"):
        stage.hand_in(task.id, PROPAGANDA, plan)
    stage.work()


def exposes(stage: Stage) -> Story:
    """A journalist's clue was exposed; whether it is solved is not known yet."""
    yield at(stage, "09-03 14:00")
    case = _clue(stage, "三处加油站没有完成油气回收改造", "夜间仍在卸油，附近居民多次反映异味。", "110105-HB")
    yield at(stage, "09-04 10:00")
    _verify(stage, case, severity="serious", public_interest=False)
    yield at(stage, "09-05 15:00")
    statement = {"statement": "设备已经到货，九月底前完成改造。", "already_rectified": False}
    stage.complete(case, "subject_statement", "chaoyang-air-01", statement)
    yield at(stage, "09-06 10:00")
    text = _seen(stage, _task(stage, case, "release_review"), LEAD)["text"]
    reviewed = {"secrecy_ok": True, "privacy_ok": True, "legal_ok": True, "text": text}
    stage.complete(case, "release_review", LEAD, reviewed)
    yield at(stage, "09-09 10:00")
    stage.complete(case, "approve_exposure", PROPAGANDA, {"verdict": "approve"})
    yield at(stage, "09-10 08:00")
    published = {"outlet": f"北京日报{MARK}", "published_on": "2013-09-10"}
    stage.complete(case, "publish_exposure", PROPAGANDA, published)


def refers(stage: Stage) -> Story:
    """What needs money and land goes to the leaders only; a comment is awaited."""
    yield at(stage, "09-09 14:00")
    case = _clue(stage, "建筑垃圾消纳场没有用地", "渣土车在路边等候，扬尘严重。", "110106-HB")
    yield at(stage, "09-10 10:00")
    _verify(stage, case, severity="general", public_interest=False, cause="land")
    yield at(stage, "09-11 16:00")
    statement = {"statement": "选址已经上报，等待批准。", "already_rectified": False}
    stage.complete(case, "subject_statement", "fengtai-air-01", statement)
    yield at(stage, "09-12 10:00")
    seen = _seen(stage, _task(stage, case, "draft_internal_reference"), OFFICER)
    reference = {"title": seen["title"], "text": seen["text"], "circulation": ["group_leader", "municipal_leader"]}
    stage.complete(case, "draft_internal_reference", OFFICER, reference)


def holds_accountable(stage: Stage) -> Story:
    """The first unit that was referred for what it did not do: the facts are verified, it may state its case."""
    yield at(stage, "09-12 11:00")
    found = stage.open_tasks(None, "register_referral")
    if found:
        seen = _seen(stage, found[0], LEAD)
        known = {name: seen[name] for name in ("subject_unit", "conduct", "facts", "source_ref")}
        stage.hand_in(found[0].id, LEAD, known)
        stage.work()
        yield at(stage, "09-13 11:00")
        facts = {"verified": True, "consequence": "minor", "good_faith": False, "verifiers": [DISCIPLINE, LEAD]}
        stage.complete(found[0].instance_id, "verify_facts", DISCIPLINE, facts)


STORIES = (plans, exposes, refers, holds_accountable)


def _clue(stage: Stage, title: str, words: str, unit: str) -> str:
    """A journalist hands it in; returns the case."""
    clue = {"title": f"{title}{MARK}", "clue": f"{words}{MARK}", "unit": unit, "task_code": "air"}
    stage.do(media.report, REPORTER, clue)
    newest = select(MediaClue.instance_id).where(MediaClue.title == clue["title"])
    return str(stage.one(newest))


def _verify(stage: Stage, case: str, **judged: Any) -> None:
    seen = _seen(stage, _task(stage, case, "verify_clue"), OFFICER)
    known = {name: seen[name] for name in ("clue", "clue_source", "unit", "task_code")}
    found = {"verification": "true", "cause": "execution", "classification": "public"}
    stage.complete(case, "verify_clue", OFFICER, known | found | judged)


def _task(stage: Stage, case: str, element: str) -> Task:
    (task,) = stage.open_tasks(case, element)
    return task


def _seen(stage: Stage, task: Task, who: str) -> Mapping[str, Any]:
    with stage.sessions.read() as session:
        return tasks.view(session, accounts.actor(session, who), task.id, stage.moment).values
