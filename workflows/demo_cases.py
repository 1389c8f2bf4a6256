"""The cases of the demonstration, each a story that is told on a moved clock; all is illustrative.

A story is a generator: it yields the instant at which it goes on, and acts through `workflows.stage`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any

from bpmn.moment import Moment
from workflows.stage import Stage

Story = Iterator[datetime]
MARK = "（示例）"
PROCESS = "rectification"


def waits_for_receipt(stage: Stage, today: Moment) -> Story:
    """朝阳区: issued this morning, to be signed by the district."""
    yield _ago(today, 1, 15)
    _issue(stage, "air", "朝阳区黄标车淘汰进度滞后", "110105-HB", deadline=_ahead(today, 12))


def receipt_is_late(stage: Stage, today: Moment) -> Story:
    """朝阳区: nobody has signed for three days; urged twice."""
    yield _ago(today, 4, 10)
    _issue(stage, "env", "朝阳区垃圾楼周边环境脏乱", "110105-SR", kind="immediate", deadline=_ahead(today, -2))


def plan_is_to_be_written(stage: Stage, today: Moment) -> Story:
    """延庆县: received under protest; the objection waits for its review, the plan is due."""
    yield _ago(today, 3, 9)
    case = _issue(stage, "air", "延庆县煤改清洁能源进度滞后", "110229-HB", deadline=_ahead(today, 10))
    yield _ago(today, 3, 15)
    stage.complete(case, "sign_order", "yanqing-supervision-01", {
        "accepted": True, "objection": True, "opinion": "已安装户数统计口径不一致，申请复核。",
    })  # fmt: skip


def plan_is_to_be_approved(stage: Stage, today: Moment) -> Story:
    """丰台区: the plan was returned once and lies with the task group again."""
    yield _ago(today, 6, 9)
    case = _issue(stage, "env", "丰台区十八条街巷市容秩序未达标", "110106-SR", deadline=_ahead(today, 8))
    yield _ago(today, 6, 14)
    _sign(stage, case, "fengtai")
    yield _ago(today, 4, 10)
    _plan(stage, today, case, "fengtai-env-01")
    yield _ago(today, 3, 10)
    stage.complete(
        case, "approve_plan", "env-officer-01", {"verdict": "return", "opinion": "措施未落实到街巷，请细化。"}
    )
    yield _ago(today, 1, 16)
    _plan(stage, today, case, "fengtai-env-01")


def result_is_near_due(stage: Stage, today: Moment) -> Story:
    """延庆县: two days left to report."""
    yield _ago(today, 10, 9)
    case = _issue(stage, "water", "延庆县三条中小河道垃圾清理不到位", "110229-SW", deadline=_ahead(today, 2))
    yield from _to_report(stage, today, case, "yanqing", "water", since=9)


def result_is_overdue(stage: Stage, today: Moment) -> Story:
    """大兴区: four working days late, urged up to the supervision order."""
    yield _ago(today, 18, 9)
    case = _issue(stage, "illegal", "大兴区违法建设拆除进度滞后", "110115-CG", deadline=_ahead(today, -4))
    yield from _to_report(stage, today, case, "daxing", "illegal", since=17)


def waits_for_recheck(stage: Stage, today: Moment) -> Story:
    """丰台区: reported yesterday, to be rechecked."""
    yield _ago(today, 14, 9)
    case = _issue(
        stage, "water", "丰台区下凹式立交桥泵站改造工程现场管理不规范", "110106-SW", deadline=_ahead(today, 1)
    )
    yield from _to_report(stage, today, case, "fengtai", "water", since=13)
    yield _ago(today, 1, 11)
    _report(stage, case, "fengtai-water-01")


def was_false(stage: Stage, today: Moment) -> Story:
    """大兴区: the recheck found a false report; referral and exposure are under way, the unit must do it again."""
    yield _ago(today, 12, 9)
    case = _issue(stage, "air", "大兴区施工工地扬尘遮盖不到位", "110115-HB", deadline=_ahead(today, 3))
    yield from _to_report(stage, today, case, "daxing", "air", since=11)
    yield _ago(today, 5, 11)
    _report(stage, case, "daxing-air-01")
    yield _ago(today, 4, 10)
    _recheck(stage, case, "air", "false", "所报照片为其他工地，现场仍未遮盖。")


def waits_for_closing(stage: Stage, today: Moment) -> Story:
    """朝阳区: an illegal building was pulled down within a week; the lead has to close."""
    yield _ago(today, 8, 9)
    case = _issue(
        stage,
        "illegal",
        "朝阳区新生违法建设一处",
        "110105-CG",
        kind="immediate",
        deadline=_ahead(today, -5),
        publicise=False,
    )
    yield _ago(today, 8, 11)
    _sign(stage, case, "chaoyang")
    yield _ago(today, 5, 11)
    _report(stage, case, "chaoyang-illegal-01")
    yield _ago(today, 3, 11)
    _recheck(stage, case, "illegal", "pass", "已拆除，场地清理完毕。")


def is_looked_back_at(stage: Stage, today: Moment) -> Story:
    """朝阳区: closed more than thirty days ago, the district looks back."""
    yield _ago(today, 36, 9)
    case = _issue(
        stage,
        "water",
        "朝阳区再生水管线建设滞后路段整改",
        "110105-SW",
        kind="immediate",
        deadline=_ahead(today, -33),
        publicise=True,
    )
    yield _ago(today, 36, 11)
    _sign(stage, case, "chaoyang")
    yield _ago(today, 35, 11)
    _report(stage, case, "chaoyang-water-01")
    yield _ago(today, 34, 11)
    _recheck(stage, case, "water", "pass", "路段已恢复施工并按节点完成。")
    yield _ago(today, 25, 11)
    stage.complete(case, "close_order", "water-lead-01", {"verdict": "close"})


def is_asked_for_by_message(stage: Stage, today: Moment) -> Story:
    """丰台区: an on-site visit asks for a rectification; the task group has to issue it."""
    yield _ago(today, 1, 16)
    stage.send(
        "msg_rectify_order",
        "demo-problem-1",
        {
            "problem_id": "demo-problem-1",
            "title": f"{MARK}丰台区餐厨垃圾收运记录不全",
            "org": "110106",
            "task_code": "env",
            "responsible_unit": "110106-SR",
            "requirement": "补齐收运台账，落实车辆定位。",
            "standard": "抽查十日台账与车辆轨迹一致。",
            "rectification_kind": "general",
            "publicise": False,
        },
    )


CASES: tuple[Callable[[Stage, Moment], Story], ...] = (
    waits_for_receipt,
    receipt_is_late,
    plan_is_to_be_written,
    plan_is_to_be_approved,
    result_is_near_due,
    result_is_overdue,
    waits_for_recheck,
    was_false,
    waits_for_closing,
    is_looked_back_at,
    is_asked_for_by_message,
)


# ---- steps that the stories share


def _issue(
    stage: Stage,
    code: str,
    problem: str,
    unit: str,
    deadline: datetime,
    kind: str = "general",
    publicise: bool = True,
) -> str:
    officer = f"{code}-officer-01"
    case = stage.start(officer, PROCESS, f"{MARK}{problem}", unit.split("-")[0], code)
    answers = {
        "problem": problem,
        "responsible_unit": unit,
        "requirement": "查明原因，限期整改，建立长效机制。",
        "standard": "现场核查，逐条达到整改要求。",
        "rectification_kind": kind,
        "deadline": deadline.date().isoformat(),
        "publicise": publicise,
    }
    stage.complete(case, "issue_order", officer, answers)
    return case


def _to_report(stage: Stage, today: Moment, case: str, district: str, code: str, since: int) -> Story:
    """Receipt, plan and approval, beginning ``since`` working days ago."""
    yield _ago(today, since, 10)
    _sign(stage, case, district)
    yield _ago(today, since - 2, 10)
    _plan(stage, today, case, f"{district}-{code}-01")
    yield _ago(today, since - 3, 15)
    stage.complete(case, "approve_plan", f"{code}-officer-01", {"verdict": "pass"})


def _sign(stage: Stage, case: str, district: str) -> None:
    stage.complete(case, "sign_order", f"{district}-supervision-01", {"accepted": True, "objection": False})


def _plan(stage: Stage, today: Moment, case: str, person: str) -> None:
    day = _ahead(today, 5).date().isoformat()
    answers: dict[str, Any] = {
        "measures": [{"measure": "成立专班，逐点排查整改。", "responsible_post": "分管副局长", "deadline": day}],
        "milestones": [{"milestone": "完成过半", "date": day}],
        "responsible_post": "局长",
    }
    stage.complete(case, "submit_plan", person, answers)


def _report(stage: Stage, case: str, person: str) -> None:
    pictures = [stage.photo(person, "before"), stage.photo(person, "after")]
    answers = {"result": "已按要求整改。", "before_after": pictures, "similar_check": "同类点位已全部排查。"}
    stage.complete(case, "report_rectification", person, answers)


def _recheck(stage: Stage, case: str, code: str, verdict: str, words: str) -> None:
    officer = f"{code}-officer-01"
    answers = {
        "verdict": verdict,
        "checkers": [officer, f"{code}-officer-02"],
        "evidence": [stage.photo(officer, "recheck")],
        "opinion": words,
    }
    stage.complete(case, "recheck", officer, answers)


def _ago(today: Moment, days: int, hour: int) -> datetime:
    """``hour`` o'clock, so many working days ago."""
    return datetime.combine(today.working_days(-days).date(), time(hour), today.calendar.zone)


def _ahead(today: Moment, days: int) -> datetime:
    """The end of the working day so many ahead (negative: ago)."""
    return today.working_days(days)
