"""Stories of M1, joint supervision, as the people concerned would tell them. Each runs on both databases."""

import pytest

from engine.record import verify
from tests.scenarios.joints import AIR, CHAOYANG, FINDING, WATER, Joints, install
from workflows.tables import Cycle, Joint, Problem


@pytest.fixture
def room(sessions, hashed_password, tmp_path) -> Joints:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.1a", "S4.1b", "S4.1c", "S4.1d", "S3.3")
def test_office_and_groups_find_common_problems_and_conclude(room):
    campaign = room.open_campaign()
    case = room.begin()
    room.propose_theme(case)
    assert room.joint(case).campaign_id == campaign
    assert room.open(case) == ["approve_theme"]
    room.approve(case)
    assert room.booked(case) == [("110105", "2013-05-20", "planned"), ("110106", "2013-05-20", "planned")]
    assert room.open(case) == ["contribute_brief", "contribute_brief", "self_check", "self_check"]

    room.brief(case, "air", macro_problems=[{"problem": "缺少注销补贴", "units": ["110105"], "suggestion": "市区分担"}])
    room.brief(case, "water")
    room.check(case, AIR, exceptions=[{"matter": "五月数据", "reason": "车管所月底才提供"}])
    room.check(case, WATER, pending_decisions=[
        {"matter": "污泥处置用地", "background": "规划没有落实", "first_needed_on": "2013-05-02"}
    ])  # fmt: skip
    room.go_to("2013-05-20 09:00")
    room.meet(case)
    (task,) = room.open_tasks(case)
    proposed = room.seen(task, "synthesis-officer-01")["findings"]
    assert [(one["title"], one["needs_decision"]) for one in proposed] == [
        ("缺少注销补贴", False), ("五月数据", False), ("污泥处置用地", True),
    ]  # fmt: skip
    assert room.booked(case)[0] == ("110105", "2013-05-20", "held"), "it counts for the frequency of visits"
    land = {
        "title": "污泥处置用地",
        "facts": "规划没有落实。",
        "unit": WATER,
        "task_code": "water",
        "needs_decision": True,
    }
    room.consolidate(case, FINDING, land | {"first_needed_on": "2013-05-02"})

    problems = {one.title: one for one in room.rows(Problem)}
    assert set(problems) == {"注销补贴没有到位", "污泥处置用地"}
    assert problems["注销补贴没有到位"].source == "joint_supervision"
    assert problems["注销补贴没有到位"].affected_units == [CHAOYANG]
    request = room.told("msg_decision_request")
    assert (request["matter"], request["units"]) == ("污泥处置用地", [WATER])
    assert request["number"] == "督请字〔2013〕1号"
    assert request["problem_id"] == problems["污泥处置用地"].id

    room.conclude(case)
    assert room.open(case) == ["acknowledge_conclusion", "acknowledge_conclusion"]
    room.acknowledge(case, AIR)
    room.acknowledge(case, WATER)
    assert room.ended(case) == ("completed", "concluded")
    row = room.joint(case)
    assert (row.status, row.number, row.conclusion_number) == ("concluded", "督联字〔2013〕1号", "督结字〔2013〕1号")
    assert room.sent("msg_accountability_referral") == []
    assert [paper.kind for paper in room.papers(case)] == ["joint_plan", "joint_report", "joint_conclusion"]
    assert "注销补贴没有到位" in room.papers(case)[1].body
    assert room.incidents() == []
    with room.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.1a")
def test_a_theme_that_collides_with_another_visit_is_returned_or_given_up(room):
    room.prepared()
    case = room.begin(title="再查朝阳")
    room.propose_theme(case, planned_on="2013-05-21", theme="加油站油气回收")
    (task,) = room.open_tasks(case)
    seen = room.seen(task, "office-director-01")
    assert seen["advice"] != "pass"
    assert {(one["unit"], one["title"]) for one in seen["clashes"]} >= {("110105", "老旧机动车淘汰更新")}
    room.approve(case, "return", opinion="错开五月，改到六月。")
    (task,) = room.open_tasks(case, "propose_theme")
    seen = room.seen(task, "synthesis-lead-01")
    assert (seen["returned"], seen["theme"]) == ("错开五月，改到六月。", "加油站油气回收")
    assert seen["clashes"], "the proposer sees what it collides with"
    room.propose_theme(case, planned_on="2013-05-22")
    room.approve(case, "cancel", opinion="与五月的联合督查重复。")
    assert room.ended(case) == ("completed", "cancelled_conflict")
    row = room.joint(case)
    assert (row.status, row.reason) == ("cancelled", "与五月的联合督查重复。")
    assert room.booked(case) == []
    assert room.incidents() == []


@pytest.mark.clause("S4.1a", "S4.1d")
def test_a_session_may_be_held_together_with_another_visit(room):
    first = room.begin()
    room.propose_theme(first, objects=["110105"], planned_on="2013-05-22")
    room.approve(first)
    case = room.begin(title="联合查扬尘")
    room.propose_theme(case, objects=["110105", "110115"], planned_on="2013-05-23", theme="扬尘")
    room.approve(case, "merge")
    row = room.joint(case)
    assert (row.merged_with, row.planned_on.isoformat()) == (first, "2013-05-22")
    assert room.booked(case) == [("110115", "2013-05-22", "planned")], "nobody is visited twice"
    assert "notice" in room.notices("air-unit-01"), "who prepares the other one is told"
    assert "合并进行" in room.papers(case)[0].body
    assert room.incidents() == []


@pytest.mark.clause("S4.1a", "S4.1d")
def test_what_was_entered_since_the_proposal_is_put_before_the_director_again(room):
    cases = [room.begin(), room.begin(title="联合查扬尘")]
    for case in cases:
        room.propose_theme(case, objects=["110105"], planned_on="2013-05-22")
    for case in cases:
        room.approve(case)
    assert room.booked(cases[0]) == [("110105", "2013-05-22", "planned")]
    assert (room.booked(cases[1]), room.open(cases[1])) == ([], ["approve_theme"])
    (task,) = room.open_tasks(cases[1])
    assert room.seen(task, "office-director-01")["clashes"]
    room.approve(cases[1], "merge")
    assert room.joint(cases[1]).merged_with == cases[0]
    assert room.incidents() == []


@pytest.mark.clause("S4.1a")
def test_a_session_that_is_put_off_is_proposed_anew(room):
    case = room.prepared()
    room.do(case, "confirm_session", "synthesis-lead-01", ready="postpone", postpone_reason="市领导另有安排。")
    assert room.ended(case) == ("completed", "postponed")
    assert (room.joint(case).status, room.joint(case).reason) == ("postponed", "市领导另有安排。")
    assert room.booked(case) == [], "the days are free again"
    assert "notice" in room.notices("air-unit-01")
    again = room.begin()
    (task,) = room.open_tasks(again)
    seen = room.seen(task, "synthesis-lead-01")
    assert (seen["theme"], seen["objects"]) == ("老旧机动车淘汰更新", ["110105", "110106"])


@pytest.mark.clause("S4.1d", "S3.3")
def test_silence_is_noted_and_is_no_consent(room):
    case = room.begin()
    room.propose_theme(case)
    room.approve(case)
    for code in ("air", "water"):
        room.brief(case, code)
    room.check(case, AIR)
    room.live_until("2013-05-16 17:29")
    assert room.open(case) == ["self_check"]
    room.go_to("2013-05-20 09:00")
    (task,) = room.open_tasks(case, "confirm_session")
    checks = room.seen(task, "synthesis-lead-01")["checks"]
    assert checks == [{"unit": AIR, "reply": "answered"}, {"unit": WATER, "reply": "no_reply"}]
    room.meet(case)
    room.consolidate(case)
    room.conclude(case)
    room.acknowledge(case, AIR)
    room.go_to("2013-06-19 17:29")
    assert room.open(case) == ["acknowledge_conclusion"], "thirty days to object"
    room.go_to("2013-06-19 17:30")
    assert room.ended(case) == ("completed", "concluded")
    replies = {one["unit"]: one["reply"] for one in room.joint(case).replies}
    assert replies == {AIR: "accepted", WATER: "no_reply"}


@pytest.mark.clause("S3.3", "S4.1d")
def test_inadequate_duty_is_referred(room):
    campaign = room.open_campaign()
    case = room.prepared()
    room.meet(case)
    room.consolidate(case, duty_efficiency="poor", submitted_timely=False, poor_units=[AIR])
    assert room.sent("msg_accountability_referral") == [], "not before the conclusion"
    room.conclude(case, commend_or_criticise="criticise")
    referral = room.told("msg_accountability_referral")
    assert (referral["subject_unit"], referral["conduct"]) == (AIR, "inadequate")
    assert (referral["campaign_id"], referral["source_ref"]) == (campaign, "督结字〔2013〕1号")
    assert room.sent("msg_decision_request") == [], "the rules of 2013 ask for no approval of criticism"


@pytest.mark.clause("S4.1c")
def test_criticism_needs_the_approval_of_the_government_since_2021(room):
    room.open_campaign("profile_2021")
    case = room.prepared()
    room.meet(case)
    room.consolidate(case)
    room.conclude(case, commend_or_criticise="criticise")
    request = room.told("msg_decision_request")
    assert (request["matter"], request["org"]) == ("批评建议：老旧机动车淘汰更新", "110000")
    assert request["units"] == [AIR, WATER]


@pytest.mark.clause("S3.3")
def test_whether_matters_came_in_time_is_read_from_the_register(sessions, hashed_password, tmp_path):
    room = install(sessions, tmp_path / "attachments", hashed_password, ["leader_instruction", "municipal_escalation"])
    room.open_campaign()
    early = {"matter": "补贴", "unit": AIR, "task_code": "air", "first_needed_on": "2013-05-06"}
    room.stage.send("msg_decision_request", "m1", early | {"matter_id": "m1", "title": "补贴", "org": AIR})
    case = room.prepared()
    room.meet(case)
    (task,) = room.open_tasks(case)
    assert room.seen(task, "synthesis-officer-01")["submitted_timely"] is True
    late = early | {"first_needed_on": "2013-04-22", "matter_id": "m2", "title": "用地", "org": AIR}
    room.stage.send("msg_decision_request", "m2", late)
    case = room.prepared(planned_on="2013-06-20", objects=["110229"])
    room.meet(case)
    (task,) = room.open_tasks(case)
    assert room.seen(task, "synthesis-officer-01")["submitted_timely"] is False


@pytest.mark.clause("S4.1d")
def test_an_objection_is_reviewed_by_others_and_may_amend_the_conclusion(room):
    case = room.prepared()
    room.meet(case)
    room.consolidate(case)
    room.conclude(case)
    room.acknowledge(case, WATER)
    room.acknowledge(case, AIR, accepted=False)
    conclusion = room.told("msg_objection_filed")["conclusion_id"]
    review = room.review_of(conclusion)
    objection = room.objection(review)
    assert (objection.unit, objection.grounds) == (AIR, "数据没有计入五月的注销数。")
    room.take_up(review)
    assert {"office-director-01", "synthesis-officer-01"} <= set(room.objection(review).authors)
    room.review(review, "amend", who="synthesis-officer-02")
    room.do(review, "decide_review", "office-director-02", decision="amend", new_deadline="2013-06-28")
    assert room.objection(review).verdict == "amend"

    (task,) = room.open_tasks(case)
    assert task.element == "issue_conclusion", "the director corrects it"
    seen = room.seen(task, "office-director-01")
    assert (seen["amend"], seen["conclusion"]) == ([AIR], "市环保局应当在六月底前提出补贴办法。")
    room.conclude(case, facts="计入五月后，完成年度任务的四成。")
    (task,) = room.open_tasks(case)
    assert (task.element, task.org) == ("acknowledge_conclusion", AIR), "only whom it concerns is asked again"
    room.acknowledge(case, AIR)
    assert room.ended(case) == ("completed", "concluded")
    row = room.joint(case)
    assert row.conclusion_number == "督结字〔2013〕1号", "amended under its number"
    assert {one["unit"]: (one["reply"], one["decision"]) for one in row.replies} == {
        AIR: ("accepted", None), WATER: ("accepted", None),
    }  # fmt: skip
    assert room.incidents() == []


def test_a_conclusion_that_is_upheld_stands(room):
    case = room.prepared()
    room.meet(case)
    room.consolidate(case)
    room.conclude(case)
    room.acknowledge(case, WATER)
    room.acknowledge(case, AIR, accepted=False)
    conclusion = room.told("msg_objection_filed")["conclusion_id"]
    room.stage.send("msg_objection_decided", conclusion, {"conclusion_id": conclusion, "decision": "uphold"})
    assert room.ended(case) == ("completed", "concluded")
    objected = next(one for one in room.joint(case).replies if one["unit"] == AIR)
    assert (objected["reply"], objected["decision"]) == ("objected", "uphold")


@pytest.mark.clause("S4.1a")
def test_every_quarter_one_begins_by_itself(room):
    campaign = room.open_campaign()
    room.go_to("2013-06-28 09:00")
    assert room.rows(Joint) == []
    room.go_to("2013-07-01 18:00")
    (row,) = room.rows(Joint)
    assert (row.campaign_id, row.origin, row.theme) == (campaign, "quarterly", "专项督查：联合督查2013年7月")
    (task,) = room.open_tasks(row.id)
    assert room.seen(task, "synthesis-lead-01")["origin"] == "quarterly"
    room.go_to("2013-08-02 09:00")
    assert len(room.rows(Joint)) == 1, "the next one is due in October"
    room.propose_theme(row.id, origin="quarterly", planned_on="2013-08-05")
    room.approve(row.id, "cancel", opinion="与中央督查重复。")
    (cycle,) = room.rows(Cycle, Cycle.kind == "joint")
    assert (cycle.period, cycle.status, cycle.reason) == ("2013-07", "skipped", "与中央督查重复。"), "it is flagged"


def test_all_ends_with_the_campaign_and_its_reason(room):
    campaign = room.open_campaign()
    waiting, working = room.begin(), room.prepared(objects=["110229"])
    room.cancel_campaign(campaign, "市政府另有部署")
    for case in (waiting, working):
        assert room.ended(case) == ("completed", "cancelled")
        assert (room.joint(case).status, room.joint(case).reason) == ("cancelled", "市政府另有部署")
    assert room.booked(working) == []
    assert room.incidents() == []


def test_what_belongs_to_another_campaign_goes_on(room):
    campaign = room.open_campaign()
    case = room.begin()
    other = room.open_campaign()
    room.cancel_campaign(other, "市政府另有部署")
    assert room.open(case) == ["propose_theme"]
    assert room.joint(case).campaign_id == campaign
