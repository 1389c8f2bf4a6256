"""Joint supervision and inspections of deputies in the demonstration: one put off, one that is prepared, answers."""

from __future__ import annotations

from sqlalchemy import select

from engine.tables import Instance
from workflows.demo_campaign import Story, at
from workflows.demo_ledgers import MARK
from workflows.stage import Stage

LEAD, OFFICER, LIAISON = "synthesis-lead-01", "synthesis-officer-01", "congress-01"
CITY, ENV = "110000", "110000-SRW"
THEME = {
    "theme": f"{MARK}老旧机动车淘汰更新",
    "task_codes": ["air"],
    "objects": ["110000-HBJ", "110000-FGW"],
    "methods": ["self_check", "hear_report", "review_files"],
}
NOTICE = {
    "title": f"{MARK}人大代表视察城乡结合部环境整治",
    "org": CITY,
    "inspecting_body": "congress",
    "form": "group_inspection",
    "theme": f"{MARK}城乡结合部环境整治",
}


def put_off(stage: Stage) -> Story:
    """Proposed in July; on the eve of the session the floods come first."""
    yield at(stage, "07-02 10:00")
    case = stage.start(LEAD, "joint_supervision", f"{MARK}老旧机动车淘汰联合督查", CITY, None)
    _propose(stage, case, "2013年7月上旬", "2013-07-10")
    yield at(stage, "07-03 10:00")
    stage.complete(case, "approve_theme", "office-director-01", {"verdict": "approve"})
    yield at(stage, "07-04 10:00")
    stage.complete(case, "contribute_brief", "air-officer-01", {"auto_brief_confirmed": True})
    stage.complete(case, "self_check", "air-unit-01", {})
    yield at(stage, "07-09 10:00")
    reason = f"{MARK}全市进入防汛应急状态。"
    stage.complete(case, "confirm_session", LEAD, {"ready": "postpone", "postpone_reason": reason})


def is_prepared(stage: Stage) -> Story:
    """The theme that was put off, proposed anew: group and unit are asked today."""
    yield at(stage, "09-13 10:00")
    case = stage.start(LEAD, "joint_supervision", f"{MARK}老旧机动车淘汰联合督查", CITY, None)
    _propose(stage, case, "2013年9月下旬", "2013-09-26")
    yield at(stage, "09-16 16:00")
    stage.complete(case, "approve_theme", "office-director-01", {"verdict": "approve"})


def deputies_came(stage: Stage) -> Story:
    """An inspection in June: one suggestion is answered again, an answer waits for the judgement of its deputy."""
    yield at(stage, "06-03 10:00")
    case = _announced(stage, "demo-june", "2013-06-18", "2013-06-19")
    yield at(stage, "06-04 10:00")
    route = [
        {"day": "2013-06-18", "unit": "110106", "place": "卢沟桥乡"},
        {"day": "2013-06-19", "unit": "110115", "place": "西红门镇"},
    ]
    # The week's own visits go there as well; the liaison keeps to the day of the deputies.
    schedule = {"visit_route": route, "hosts": ["110106", "110115"], "clash_choice": "keep"}
    stage.complete(case, "coordinate_schedule", LIAISON, schedule)
    yield at(stage, "06-05 10:00")
    task = next(one for one in stage.open_tasks(case, "prepare_materials") if one.org == ENV)
    stage.hand_in(task.id, "env-unit-01", {"auto_pack_confirmed": True})
    stage.work()
    yield at(stage, "06-19 16:00")
    stage.complete(case, "support_visit", OFFICER, {"held": "held", "attendee_count": 12})
    yield at(stage, "06-20 10:00")
    opinions = [
        {"content": f"{MARK}建议增加城乡结合部垃圾收集点。", "route": "formal", "task_code": "env"},
        {"content": f"{MARK}建议公布渣土车名单。", "route": "formal", "task_code": "env"},
        {"content": f"{MARK}询问进度怎样公布。", "route": "answered", "task_code": "env", "answer": "每月公布。"},
    ]
    stage.complete(case, "record_opinions", LIAISON, {"opinions": opinions, "formal_no": "1047"})
    yield at(stage, "08-12 10:00")
    _answer(stage, case, 1, "planned", f"{MARK}今年新增收集点二十处，已列入计划。")
    yield at(stage, "08-20 10:00")
    stage.complete(
        case, "deputy_feedback", "deputy-01", {"satisfaction": "dissatisfied", "opinion": f"{MARK}数量太少。"}
    )
    yield at(stage, "09-11 10:00")
    _answer(stage, case, 2, "adopted", f"{MARK}名单已在网站公布，按月更新。")


def deputies_come(stage: Stage) -> Story:
    """Announced yesterday; the liaison schedules it."""
    yield at(stage, "09-16 14:00")
    _announced(stage, "demo-september", "2013-10-15", "2013-10-16")


STORIES = (put_off, is_prepared, deputies_came, deputies_come)


def _propose(stage: Stage, case: str, period: str, day: str) -> None:
    stage.complete(case, "propose_theme", LEAD, {**THEME, "origin": "manual", "period": period, "planned_on": day})


def _announced(stage: Stage, notice: str, first: str, last: str) -> str:
    """The liaison announces it, the Office enters it; returns the case."""
    days = {"date_from": first, "date_to": last}
    stage.send("msg_inspection_notice", notice, {**NOTICE, **days, "activity_id": notice})
    started = select(Instance.id).where(Instance.process_key == "democratic_supervision")
    case: str = stage.one(started.order_by(Instance.started_at.desc(), Instance.id).limit(1))
    known = {name: NOTICE[name] for name in ("inspecting_body", "form", "theme")}
    stage.complete(case, "register_activity", OFFICER, {**known, **days, "task_codes": ["env"]})
    return case


def _answer(stage: Stage, case: str, number: int, result: str, text: str) -> None:
    """The unit answers the opinion of this number, and its head signs."""
    answers = {"contacted": True, "handling_result": result, "reply_text": text}
    opinion = f"督代字〔2013〕{number}号"
    task = next(one for one in stage.open_tasks(case, "handle_opinion") if one.subject == opinion)
    stage.hand_in(task.id, "env-unit-01", answers)
    stage.work()
    stage.complete(case, "reply_deputy", "env-head-01", {"verdict": "sign"})
