"""Items of the demonstration with a story of their own: red, false, extended, cancelled, merged, finished ones."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from workflows import cast, changes, demo_visits, reports
from workflows.cast import MUNICIPAL
from workflows.demo_campaign import Story, at, item_of, officer, report_of
from workflows.demo_ledgers import DEADLINE, MARK, Entry, planned
from workflows.stage import Stage
from workflows.sub_items import sub_items
from workflows.tables import Change, LedgerItem


def stays_red(stage: Stage) -> Story:
    """丰台区 C1: far behind, so a report is wanted every week; in September nothing comes any more, and it is urged."""
    for day in ("07-29", "08-02", "08-07", "08-12", "08-16", "08-21", "08-26", "08-29"):
        yield at(stage, f"{day} 11:00")
        entry = _entry(stage, "fengtai", "C1")
        if stage.open_tasks(_case(stage, entry), "report_progress"):
            _report(stage, entry, max(1, round(planned(stage.moment.today)) - 33))


def was_false(stage: Stage) -> Story:
    """大兴区 D2: the Office goes and finds that what was reported as pulled down still stands."""
    yield at(stage, "09-09 10:00")
    entry = _entry(stage, "daxing", "D2")
    item, officer_of = item_of(stage, "daxing", "D2"), "illegal-officer-01"
    title = f"{MARK}大兴区拆除台账抽查"
    case = stage.start(officer_of, "onsite_supervision", title, str(item.responsible_unit), "illegal")
    plan = {
        "targets": [item.id], "mode": "unannounced", "visit_date": "2013-09-11", "team_leader": officer_of,
        "team": ["illegal-officer-02"], "resolution": "keep", "clash_reason": "群众反映已报拆除的仍在。",
    }  # fmt: skip
    stage.complete(case, "plan_visit", officer_of, plan)
    yield at(stage, "09-11 15:00")
    (task,) = stage.open_tasks(case, "conduct_visit")
    demo_visits.see(stage, task, {item.id: "bad"}, {item.id: round(entry.target * 0.21)}, "抽查二十处，七处未拆除")
    demo_visits.sign(stage, [case], confirmation="refuse", statement="以拆除台账为准。")
    finding = {
        "unit": item.responsible_unit, "item": item.id, "text": "抽查二十处，七处未拆除，所报照片为其他点位。",
        "nature": "false", "severity": "major",
    }  # fmt: skip
    report = {"findings": [finding], "verdict": "false", "summary": finding["text"]}
    stage.complete(case, "visit_report", officer_of, report)
    opinion = {"opinion_text": "逐处核查，按实际面积更正台账。", "disposition": "observe"}
    stage.complete(case, "improvement_opinion", "illegal-lead-01", opinion)


def is_extended(stage: Stage) -> Story:
    """密云县 A2: a short extension was granted in July; the second one waits for the deputy director."""
    yield at(stage, "07-10 10:00")
    entry = _entry(stage, "miyun", "A2")
    _ask(stage, entry, "extension", reason_code="approval", reason="燃气管线审批未完成。", new_deadline="2013-12-20")
    _grant(stage, entry, "2013-12-20")
    yield at(stage, "09-13 10:00")
    _ask(stage, entry, "extension", reason_code="funding", reason="区县配套资金九月底到位。", new_deadline="2013-12-27")


def is_cancelled(stage: Stage) -> Story:
    """怀柔区 C7: given up, since the policy has changed."""
    yield at(stage, "06-26 10:00")
    entry = _entry(stage, "huairou", "C7")
    _ask(stage, entry, "cancel", reason_code="policy_change", reason="项目并入新的规划，不再单独实施。")
    yield at(stage, "06-27 10:00")
    _grant(stage, entry)


def is_merged(stage: Stage) -> Story:
    """石景山区 C5: the same as C1, so the two become one."""
    yield at(stage, "06-27 11:00")
    entry = _entry(stage, "shijingshan", "C5")
    _ask(stage, entry, "merge", reason_code="duplicate", reason="与市容秩序整治事项重复，合并办理。")
    _grant(stage, entry)


def wants_a_lower_target(stage: Stage) -> Story:
    """平谷区 B5: the coordination meeting, that is its leader, has to decide."""
    yield at(stage, "09-13 14:00")
    entry = _entry(stage, "pinggu", "B5")
    _ask(
        stage,
        entry,
        "target",
        reason_code="land",
        reason="一条河道位于规划调整区。",
        new_target=max(1, entry.target - 1),
    )


def is_finished(stage: Stage) -> Story:
    """朝阳区 C9: closed in August."""
    yield at(stage, "08-21 10:00")
    entry = _entry(stage, "chaoyang", "C9")
    _claim(stage, entry)
    case = _case(stage, entry)
    stage.complete(case, "verify_completion", "env-officer-01", {"verdict": "pass", "method": ["desk", "onsite"]})
    stage.complete(case, "close_item", "env-lead-01", {"verdict": "close", "publish": True})


def claims_completion(stage: Stage) -> Story:
    """朝阳区 B5: reported as done; the task group has to look."""
    yield at(stage, "09-13 10:00")
    entry = _entry(stage, "chaoyang", "B5")
    _claim(stage, entry)


def waits_for_closing(stage: Stage) -> Story:
    """朝阳区 A7: looked at and done; the lead has to close."""
    yield at(stage, "09-12 10:00")
    entry = _entry(stage, "chaoyang", "A7")
    _claim(stage, entry)
    yield at(stage, "09-16 15:00")
    answers = {"verdict": "pass", "method": ["desk"]}
    stage.complete(_case(stage, entry), "verify_completion", "air-officer-02", answers)


def reports_early(stage: Stage) -> Story:
    """延庆县 A2 and 朝阳区 B2: reported before the window opens, to be verified by the districts."""
    yield at(stage, "09-16 16:00")
    for stem, code in (("yanqing", "A2"), ("chaoyang", "B2"), ("tongzhou", "A5"), ("huairou", "A2")):
        entry = _entry(stage, stem, code)
        _want(stage, entry)
        answers = report_of(entry, entry.reached(stage.moment.today))
        stage.complete(_case(stage, entry), "report_progress", officer(entry), answers)


SAMPLES = (
    stays_red,
    was_false,
    is_extended,
    is_cancelled,
    is_merged,
    wants_a_lower_target,
    is_finished,
    claims_completion,
    waits_for_closing,
    reports_early,
)


# ---- steps that the stories share


def _entry(stage: Stage, stem: str, code: str) -> Entry:
    """As the ledger has it."""
    return Entry(stem, sub_items()[code], int(item_of(stage, stem, code).target_value or 0))


def _case(stage: Stage, entry: Entry) -> str:
    return str(item_of(stage, entry.stem, entry.sub_item.code).instance_id)


def _report(stage: Stage, entry: Entry, percent: float, **more: Any) -> None:
    """Reported with pictures, and verified by the district on the same day."""
    who, case = officer(entry), _case(stage, entry)
    evidence = [stage.photo(who, f"{entry.stem} {entry.sub_item.code}")]
    answers = report_of(entry, percent, evidence=evidence, **more)
    stage.complete(case, "report_progress", who, answers)
    verified = {"verdict": "pass", "verified_value": answers["actual_value"]}
    stage.complete(case, "district_verify", cast.supervision(entry.district), verified)
    code = entry.sub_item.task_code
    for task in stage.open_tasks(case, "desk_check"):
        stage.hand_in(task.id, f"{code}-officer-01", {"verdict": "pass", "onsite_needed": False})
    stage.work()


def _claim(stage: Stage, entry: Entry) -> None:
    _want(stage, entry)
    _report(stage, entry, 100, claim_completion=True)


def _want(stage: Stage, entry: Entry) -> None:
    item = item_of(stage, entry.stem, entry.sub_item.code)
    stage.do(reports.want_report, officer(entry), item.id)


def _ask(stage: Stage, entry: Entry, kind: str, **answers: Any) -> None:
    """The unit applies for a change, the district is for it."""
    item = item_of(stage, entry.stem, entry.sub_item.code)
    stage.do(changes.request, officer(entry), item.id)
    (applying,) = [task for task in stage.open_tasks(None, "apply_change") if task.org == item.responsible_unit]
    case = applying.instance_id
    stage.complete(
        case, "apply_change", officer(entry), {"change_type": kind, "progress_so_far": "前期工作已完成。"} | answers
    )
    stage.complete(case, "unit_opinion_on_change", cast.supervision(entry.district), {"district_position": "support"})


def _grant(stage: Stage, entry: Entry, deadline: str = DEADLINE) -> None:
    """Whoever D11 names decides."""
    of_item = select(LedgerItem.id).where(
        LedgerItem.district == entry.district, LedgerItem.sub_item == entry.sub_item.code
    )
    case = stage.one(select(Change.id).where(Change.item_id.in_(of_item), Change.status == "filed"))
    (task,) = stage.open_tasks(case, "decide_change")
    people = {role: f"{stem}-01" for stem, (role, _) in MUNICIPAL.items()}
    people["task_group_lead"] = f"{entry.sub_item.task_code}-lead-01"
    stage.complete(case, "decide_change", people[task.roles[0]], {"verdict": "approve", "granted_deadline": deadline})
