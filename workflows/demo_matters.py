"""Problems, matters for a municipal decision, and leaders' instructions of the demonstration."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.tables import Instance
from workflows import cast
from workflows.demo_campaign import Story, at, item_of
from workflows.demo_ledgers import MARK
from workflows.stage import Stage
from workflows.tables import Matter, Problem

WATER, AIR, REFORM, PLANNING = "110000-SWJ", "110000-HBJ", "110000-FGW", "110000-GHW"
OFFICER = "synthesis-officer-01"


def from_three_districts(stage: Stage) -> Story:
    """朝阳区, 丰台区 and 延庆县 lack the same money: two local problems, with the third a common one."""
    yield at(stage, "08-21 10:00")
    _triage(stage, "chaoyang", "A3", "local")
    _triage(stage, "fengtai", "A3", "local")
    yield at(stage, "08-22 10:00")
    case = _triage(stage, "yanqing", "A3", "common", affected_units=["110105-HB", "110106-HB", "110229-HB"])
    for task in stage.open_tasks(None, "issue_order"):
        if task.task_code == "air":
            _order(stage, task.instance_id)
    yield at(stage, "08-27 10:00")
    options = [
        {"option": "市区两级各担一半", "merits": "到位快，区县可承受。"},
        {"option": "市级全额补贴", "merits": "淘汰最快。"},
    ]
    study = {"analysis": "三个区县淘汰补贴配套资金均未落实。", "options": options, "opinion_units": [AIR, REFORM]}
    stage.complete(case, "study_problem", "air-lead-01", study)
    yield at(stage, "08-29 10:00")
    for task in stage.open_tasks(case, "unit_opinion"):
        who = {AIR: "air-unit-01", REFORM: "co-unit-01"}[str(task.org)]
        stage.hand_in(
            task.id, who, {"position": "agree" if who == "air-unit-01" else "agree_with_comment", "opinion": "同意。"}
        )
    stage.work()
    yield at(stage, "09-16 10:00")
    solution = {
        "solution": "各区县先行垫付，年底由市区两级各担一半统一结算。",
        "within_authority": True,
        "responsible_unit": AIR,
        "deadline": "2013-10-31",
    }
    stage.complete(case, "propose_solution", "air-lead-01", solution)


def needs_land(stage: Stage) -> Story:
    """通州区 B1: two plants without land; the leader has sent the request back once and has it again."""
    yield at(stage, "08-21 11:00")
    _triage(stage, "tongzhou", "B1", "decision", category="land_demolition", cause="land", beyond_authority=True)
    yield at(stage, "08-23 10:00")
    case = _matter(stage, "tongzhou", "B1")
    _draft(stage, case, f"{MARK}通州区两座再生水厂建设用地")
    yield at(stage, "08-28 10:00")
    _countersign(stage, case)
    yield at(stage, "08-29 10:00")
    stage.complete(case, "office_review", "office-director-01", {"verdict": "submit"})
    yield at(stage, "09-03 10:00")
    stage.complete(case, "leader_decide", "leader-01", {"verdict": "return", "opinion": "请补充资金来源。"})
    yield at(stage, "09-05 10:00")
    _draft(stage, case, f"{MARK}通州区两座再生水厂建设用地", opinion="已补充资金来源。")
    yield at(stage, "09-10 10:00")
    _countersign(stage, case)
    yield at(stage, "09-12 10:00")
    stage.complete(case, "office_review", "office-director-01", {"verdict": "submit"})


def units_disagree(stage: Stage) -> Story:
    """开发区 B2: the unit and its co-unit disagree, so the government has to decide; heads are to countersign."""
    yield at(stage, "08-22 15:00")
    _triage(stage, "bda", "B2", "decision", category="duties_overlap", cause="coordination", units_disagree=True)
    yield at(stage, "09-12 10:00")
    _draft(stage, _matter(stage, "bda", "B2"), f"{MARK}开发区再生水管线立项的协办责任")


def is_handled(stage: Stage) -> Story:
    """An instruction that a unit handles; its co-unit is asked for an opinion."""
    yield at(stage, "09-11 09:30")
    case = _instruction(stage, "关于凉水河水质反弹的批示", "请水务局牵头查明原因，限期整改，并报结果。")
    yield at(stage, "09-12 09:30")
    _dispatch(stage, case, WATER, "2013-09-27", co_units=[REFORM])
    yield at(stage, "09-13 09:30")
    stage.complete(case, "unit_sign", "water-unit-01", {"accepted": True})


def waits_for_receipt(stage: Stage) -> Story:
    """Dispatched yesterday afternoon."""
    yield at(stage, "09-16 10:30")
    case = _instruction(stage, "关于施工工地扬尘的批示", "请环保局会同住房城乡建设委加强夜间检查。")
    _dispatch(stage, case, AIR, "2013-09-30")


def waits_for_proposal(stage: Stage) -> Story:
    """Registered yesterday."""
    yield at(stage, "09-16 15:30")
    _instruction(stage, "关于城乡结合部垃圾积存的批示", "请市政市容委提出治理意见。")


def waits_for_head(stage: Stage) -> Story:
    """Reported by the officer; the head of the unit has to sign."""
    yield at(stage, "09-05 09:30")
    case = _instruction(stage, "关于新生违法建设快速拆除的批示", "请规划委牵头督促各区县一周内拆除。")
    _dispatch(stage, case, PLANNING, "2013-09-20")
    yield at(stage, "09-06 09:30")
    stage.complete(case, "unit_sign", "illegal-unit-01", {"accepted": True})
    yield at(stage, "09-16 11:00")
    _feed_back(stage, case, "illegal-unit-01")


def waits_for_file(stage: Stage) -> Story:
    """The leader is satisfied; it is to be filed."""
    yield at(stage, "08-12 09:30")
    case = _instruction(stage, "关于平原造林成活率的批示", "请环保局会同有关单位核查成活率，月底前报结果。")
    _dispatch(stage, case, AIR, "2013-08-30")
    yield at(stage, "08-13 09:30")
    stage.complete(case, "unit_sign", "air-unit-01", {"accepted": True})
    yield at(stage, "08-28 09:30")
    _feed_back(stage, case, "air-unit-01")
    stage.complete(case, "head_sign_off", "air-head-01", {"verdict": "sign"})
    yield at(stage, "08-29 09:30")
    stage.complete(case, "review_feedback", OFFICER, {"verdict": "pass", "quality": "good"})
    yield at(stage, "09-16 09:30")
    stage.complete(case, "report_to_leader", "office-director-01", {"leader_verdict": "satisfied"})


def waits_for_report(stage: Stage) -> Story:
    """Signed for by 市市政市容委; its result is due next week."""
    yield at(stage, "09-10 09:30")
    case = _instruction(stage, "关于餐厨垃圾收运体系的批示", "请市政市容委牵头健全收运台账。")
    _dispatch(stage, case, "110000-SRW", "2013-09-24")
    yield at(stage, "09-10 14:00")
    stage.complete(case, "unit_sign", "env-unit-01", {"accepted": True})


def waits_for_leader(stage: Stage) -> Story:
    """Reviewed; the director takes it to the leader."""
    yield at(stage, "09-04 09:30")
    case = _instruction(stage, "关于下凹式立交桥积水点的批示", "请水务局汛期内逐座排查泵站。")
    _dispatch(stage, case, WATER, "2013-09-18")
    yield at(stage, "09-04 15:00")
    stage.complete(case, "unit_sign", "water-unit-01", {"accepted": True})
    yield at(stage, "09-13 15:00")
    _feed_back(stage, case, "water-unit-01")
    stage.complete(case, "head_sign_off", "water-head-01", {"verdict": "sign"})
    yield at(stage, "09-16 14:00")
    stage.complete(case, "review_feedback", OFFICER, {"verdict": "pass", "quality": "good"})


STORIES = (
    from_three_districts,
    needs_land,
    units_disagree,
    is_handled,
    waits_for_receipt,
    waits_for_proposal,
    waits_for_head,
    waits_for_file,
    waits_for_report,
    waits_for_leader,
)


# ---- steps that the stories share


def _triage(stage: Stage, stem: str, code: str, route: str, **answers: Any) -> str:
    """The problem that the item's unit has reported is judged; returns its case."""
    item = item_of(stage, stem, code)
    case = str(stage.one(select(Problem.instance_id).where(Problem.item_id == item.id)))
    judged = {
        "category": "funding_gap",
        "task_code": item.task_code,
        "affected_units": [item.responsible_unit],
        "cause": "funding",
        "severity": "serious",
        "verified": True,
        "problem_route": route,
        "corruption": False,
        "beyond_authority": False,
        "units_disagree": False,
    }
    stage.complete(case, "triage_problem", OFFICER, judged | answers)
    return case


def _order(stage: Stage, case: str) -> None:
    """The order for a local problem is issued and signed for, and its plan approved; the result is due in September."""
    unit = str(stage.one(select(Instance.variables).where(Instance.id == case))["unit"])
    stem = cast.STEMS[unit.split("-")[0]]
    deadline = stage.moment.working_days(22).date().isoformat()
    order = {
        "problem": "淘汰补贴配套资金未落实",
        "responsible_unit": unit,
        "requirement": "落实区级配套资金，加快淘汰。",
        "standard": "补贴发放到位，注销登记数达到节点目标。",
        "rectification_kind": "major",
        "deadline": deadline,
        "publicise": False,
    }
    stage.complete(case, "issue_order", "air-officer-01", order)
    stage.complete(case, "sign_order", f"{stem}-supervision-01", {"accepted": True, "objection": False})
    measures = [{"measure": "区财政先行垫付补贴。", "responsible_post": "分管副局长", "deadline": deadline}]
    plan = {
        "measures": measures,
        "milestones": [{"milestone": "补贴到位", "date": deadline}],
        "responsible_post": "局长",
    }
    stage.complete(case, "submit_plan", f"{stem}-air-01", plan)
    stage.complete(case, "approve_plan", "air-officer-01", {"verdict": "pass"})


def _matter(stage: Stage, stem: str, code: str) -> str:
    """The case of the decision that the item's problem needs."""
    of_item = select(Problem.id).where(Problem.item_id == item_of(stage, stem, code).id)
    return str(stage.one(select(Matter.instance_id).where(Matter.problem_id.in_(of_item))))


def _draft(stage: Stage, case: str, matter: str, **more: Any) -> None:
    options = [
        {"option": "调整规划", "content": "调整为市政用地。", "pros_cons": "周期三个月。"},
        {"option": "另行选址", "content": "移至下游。", "pros_cons": "管线加长。"},
    ]
    request = {
        "matter": matter,
        "background": "基层反映后，经专项组协调两次，未能解决。",
        "tried": "规划、国土、发展改革部门两次会商，意见不一致。",
        "options": options,
        "recommended": "调整规划",
        "urgency": "urgent",
        "subject": "project",
    }
    stage.complete(case, "draft_request", OFFICER, request | more)


def _countersign(stage: Stage, case: str) -> None:
    heads = {WATER: "water-head-01", AIR: "air-head-01", PLANNING: "illegal-head-01"}
    for task in stage.open_tasks(case, "countersign"):
        unit = str(task.org)
        who = heads.get(unit) or f"{cast.STEMS[unit.split('-')[0]]}-leader-01"
        stage.hand_in(task.id, who, {"position": "agree"})
    stage.work()


def _instruction(stage: Stage, title: str, text: str) -> str:
    case = stage.start(OFFICER, "leader_instruction", f"{MARK}{title}", "110000", None)
    answers = {
        "source_kind": "written_comment",
        "leader_post": "常务副市长",
        "instruction_date": stage.moment.today.isoformat(),
        "instruction_text": text,
        "action_required": "report_back",
        "urgency": "normal",
        "classification": "internal",
    }
    stage.complete(case, "register_instruction", OFFICER, answers)
    return case


def _dispatch(stage: Stage, case: str, unit: str, deadline: str, **more: Any) -> None:
    proposal = {"lead_unit": unit, "deadline": f"2013-{deadline[-5:]}", "requirement": "查明原因，按期报结果。"} | more
    stage.complete(case, "propose_handling", "synthesis-lead-01", proposal)
    stage.complete(case, "approve_dispatch", "office-deputy-01", {"verdict": "dispatch"})


def _feed_back(stage: Stage, case: str, person: str) -> None:
    answers = {"stage": "done", "measures_text": "逐区核查，建立清单。", "result": "已完成核查，问题点位全部整改。"}
    stage.complete(case, "report_handling", person, answers)
