"""Joint supervisions as rows: whose turn it is, one day for two visits, what is gathered and concluded."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from engine.services import ServiceFault
from tests.workflows.conftest import an_instance
from workflows import briefs, joint_proposals, joints, parameters
from workflows.services import joint as group
from workflows.tables import Cycle, Engagement, Joint, Problem

PLAN = {
    "theme": "老旧机动车淘汰",
    "task_codes": ["air"],
    "objects": ["110105"],
    "methods": ["self_check"],
    "period": "五月",
    "origin": "manual",
    "planned_on": "2013-05-20",
}
FINDING = {"title": "缺少资金", "facts": "没有安排。", "unit": "110105-HB", "task_code": "air", "needs_decision": True}
CONCLUSION = {"facts": "三成。", "conclusion": "六月底前完成。", "commend_or_criticise": None}


@pytest.fixture
def room(office):
    """`office` with a joint supervision that is under way."""
    office.campaign = office.opened()
    office.instance = an_instance(office.session, "joint_supervision")
    office.run("register_joint", campaign_id=None, period=None)
    return office


def on(office, day):
    """The office on the morning of another day."""
    office.moment = replace(office.moment, now=datetime.fromisoformat(f"{day}T09:00:00+08:00"))
    return office.moment


def test_every_service_returns_what_its_row_promises(room):
    inputs = {
        "joint_due": {},
        "plan_joint": {"plan": PLAN},
        "book_joint": {"verdict": "approve", "clashes": [], "merge_with": None, "seen": []},
        "joint_brief": {"task_code": "air"},
        "hold_joint": {
            "session": {"held_on": "2013-05-20", "participants": [], "record": "r"}, "briefs": [], "checks": [],
        },
        "enter_joint_findings": {
            "answers": {"findings": [FINDING], "duty_efficiency": "good", "submitted_timely": True},
        },
        "conclude_joint": {"answers": CONCLUSION},
        "settle_joint_replies": {"replies": []},
        "end_joint": {"status": "concluded", "reason": None},
    }  # fmt: skip
    tested = {service.name for service in group.TABLE} - {"register_joint"}
    assert tested == set(inputs)
    for service in group.TABLE:
        if service.name in inputs:
            assert set(service.inputs) == set(inputs[service.name]), service.name
            assert set(room.run(service.name, **inputs[service.name])) == set(service.outputs), service.name


@pytest.mark.parametrize(
    ("day", "period"),
    [("2013-04-19", None), ("2013-06-28", None), ("2013-07-01", "2013-07"), ("2013-10-08", "2013-10")],
)
def test_it_is_due_every_three_months_after_the_campaign_began(room, day, period):
    found = [one["period"] for one in joints.due(room.session, on(room, day))["items"]]
    assert found == ([period] if period else [])


def test_what_was_missed_is_made_up_for_once(room):
    (item,) = joints.due(room.session, on(room, "2013-08-01"))["items"]
    assert item["period"] == "2013-07", "nothing ran in July"
    room.instance = an_instance(room.session, "joint_supervision")
    room.run("register_joint", campaign_id=item["campaign_id"], period=item["period"])
    assert joints.due(room.session, on(room, "2013-09-02"))["items"] == []


def test_the_rhythm_is_a_parameter_and_no_month_comes_twice(room):
    moment = on(room, "2013-06-03")
    parameters.put(room.session, room.actor("admin-01"), "joint_months", 2, moment.today, "试行", moment)
    (item,) = joints.due(room.session, moment)["items"]
    assert (item["campaign_id"], item["period"], item["org"]) == (room.campaign, "2013-06", "110000")
    room.instance = an_instance(room.session, "joint_supervision")
    room.run("register_joint", campaign_id=item["campaign_id"], period=item["period"])
    assert room.session.get_one(Joint, room.instance.id).origin == "quarterly"
    assert joints.due(room.session, moment)["items"] == []
    room.run("end_joint", status="postponed", reason="改期")
    (cycle,) = room.session.query(Cycle).all()
    assert (cycle.status, cycle.reason) == ("skipped", "改期")


def test_the_campaign_that_is_over_has_none(room):
    assert joints.due(room.session, on(room, "2014-01-02"))["items"] == []


def test_every_lead_unit_of_a_task_takes_part(room):
    planned = room.run("plan_joint", plan=PLAN | {"task_codes": ["env", "illegal"]})
    assert [one["unit"] for one in planned["units"]] == ["110000-SRW", "110000-CGB", "110000-GHW"]
    assert [one["task_code"] for one in planned["groups"]] == ["env", "illegal"]


def test_merging_takes_the_day_of_the_other_visit_and_books_no_unit_twice(room):
    other = an_instance(room.session, "onsite_supervision")
    booked = {"kind": "visit", "unit": "110105", "title": "查", "status": "planned", "campaign_id": room.campaign}
    room.session.add(Engagement(day=date(2013, 5, 22), instance_id=other.id, **booked))
    room.session.flush()
    room.run("plan_joint", plan=PLAN | {"objects": ["110105", "110106"]})
    clash = {"instance_id": other.id, "unit": "110105"}
    told = room.run("book_joint", verdict="merge", clashes=[clash], merge_with=None)
    assert told == {"day": "2013-05-22", "merged_with": other.id}
    own = room.session.query(Engagement).filter_by(instance_id=room.instance.id).all()
    assert [(one.unit, one.day) for one in own] == [("110106", date(2013, 5, 22))]


def test_merging_with_nothing_is_an_ordinary_approval(room):
    room.run("plan_joint", plan=PLAN)
    told = room.run("book_joint", verdict="merge", clashes=[], merge_with=None)
    assert told == {"day": "2013-05-20", "merged_with": None}


def test_what_was_brought_becomes_a_proposal():
    groups = [{"task_code": "air", "problems": [{"problem": "缺资金", "units": [], "suggestion": None}]},
              {"task_code": "water", "problems": None}]  # fmt: skip
    checks = [
        {"unit": "110000-HBJ", "task_code": "air", "reply": "answered",
         "exceptions": [{"matter": "数据", "reason": "晚"}],
         "pending": [{"matter": "用地", "background": "没有", "first_needed_on": None}]},
        {"unit": "110000-SWJ", "task_code": "water", "reply": "no_reply", "exceptions": None, "pending": None},
    ]  # fmt: skip
    found = joint_proposals.gathered(groups, checks)
    assert found[0] == {"title": "缺资金", "task_code": "air", "needs_decision": False}, "what is not known is left out"
    assert [one["title"] for one in found] == ["缺资金", "数据", "用地"]
    assert found[2]["needs_decision"] is True


def test_only_what_is_to_be_decided_gets_a_number_of_the_government(room):
    answers = {"findings": [FINDING, FINDING | {"needs_decision": False}], "duty_efficiency": "fair"}
    first, second = room.run("enter_joint_findings", answers=answers | {"submitted_timely": False})["findings"]
    assert (first["matter_number"], second["matter_number"]) == ("督请字〔2013〕1号", None)
    assert first["problem_id"] != second["problem_id"]
    assert first["units"] == ["110000-HBJ"]


def test_a_conclusion_keeps_its_number_and_refers_once(room):
    room.run("plan_joint", plan=PLAN)
    answers = {"findings": [FINDING], "duty_efficiency": "poor", "submitted_timely": True, "poor_units": ["110000-HBJ"]}
    room.run("enter_joint_findings", answers=answers)
    first = room.run("conclude_joint", answers=CONCLUSION)
    assert [one["unit"] for one in first["referrals"]] == ["110000-HBJ"]
    room.run("settle_joint_replies", replies=[{"unit": "110000-HBJ", "reply": "objected", "decision": "revoke"}])
    again = room.run("conclude_joint", answers=CONCLUSION)
    assert (again["number"], again["referrals"], again["units"]) == (first["number"], [], ["110000-HBJ"])
    settled = room.run("settle_joint_replies", replies=[{"unit": "110000-HBJ", "reply": "accepted", "decision": None}])
    assert settled == {"amend": []}


def test_an_end_that_does_not_exist_is_refused(room):
    with pytest.raises(ServiceFault) as refused:
        room.run("end_joint", status="lost", reason=None)
    assert refused.value.code == "bad_outcome"


def test_what_was_never_entered_can_be_called_off(office):
    assert office.run("end_joint", status="cancelled", reason="x") == {"status": "cancelled", "told": 0}


def test_figures_count_by_sub_item(office):
    campaign = office.opened()
    for changed in ({"status": "closed"}, {"light": "red"}, {"deadline": date(2013, 4, 1), "verified_percent": 40}):
        item = office.add(office.ledger())
        item.status = "in_progress"
        for name, value in changed.items():
            setattr(item, name, value)
    office.session.flush()
    expected = {"items": 3, "closed": 1, "red": 1, "yellow": 0, "overdue": 1, "progress": 40.0}
    assert briefs.figures(office.session, campaign, ["air"], (), office.moment) == [{"sub_item": "A3", **expected}]
    assert briefs.figures(office.session, campaign, ["air"], ["110106"], office.moment) == []
    assert briefs.figures(office.session, campaign, ["water"], (), office.moment) == []


def test_open_problems_that_many_share_come_first(office):
    campaign = office.opened()
    for problem_id, units in (("p1", ["110105-HB", "110106-HB"]), ("p2", ["110105-HB"]), ("p3", ["110105-HB"])):
        report = {"problem_id": problem_id, "title": problem_id, "task_code": "air", "campaign_id": campaign}
        office.run("register_problem", report=report)
        row = office.session.get_one(Problem, problem_id)
        row.affected_units, row.districts = units, sorted({unit.split("-")[0] for unit in units})
    office.session.get_one(Problem, "p3").status = "solved"
    office.run("register_problem", report=report | {"problem_id": "p4", "title": "线索"})
    clue = an_instance(office.session, "common_problem")
    office.session.get_one(Problem, "p4").instance_id = clue.id
    clue.restricted_to = "|discipline_officer|"
    office.session.flush()
    found = briefs.open_problems(office.session, campaign, ["air"])
    assert [one["title"] for one in found] == ["p1", "p2"], "neither what is solved nor what few may see"
