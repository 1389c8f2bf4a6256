"""Stories of M1, joint supervision, as the people concerned would tell them. Each runs on both databases."""

import pytest

from engine.record import verify
from tests.scenarios.joints import AIR, CHAOYANG, FINDING, WATER, Joints, install
from workflows.tables import Problem


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
