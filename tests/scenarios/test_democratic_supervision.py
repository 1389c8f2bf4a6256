"""Stories of M3, democratic supervision, as the people concerned would tell them. Each runs on both databases."""

from datetime import date

import pytest

from engine.access import NotFound, NotYours
from engine.record import verify
from tests.scenarios.activities import ANSWERED, ENV, FORMAL, PROBLEM, Activities, install
from tests.scenarios.scene import employ
from workflows.cast import Person
from workflows.tables import Engagement, Problem


@pytest.fixture
def hall(sessions, hashed_password, tmp_path) -> Activities:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.3a", "S4.3b", "S4.3c")
def test_deputies_come_say_what_they_think_and_get_answers(hall):
    campaign = hall.open_campaign()
    case = hall.announce()
    hall.register(case)
    assert hall.activity(case).campaign_id == campaign
    hall.coordinate(case)
    assert hall.booked(case) == [("110106", "2013-05-22", "planned"), ("110115", "2013-05-23", "planned")]
    materials = hall.open_tasks(case, "prepare_materials")
    assert ENV in [task.org for task in materials], "the lead unit prepares"
    hall.prepare(case)
    hall.live_until("2013-05-23 16:00")
    hall.support(case)
    assert hall.booked(case)[0] == ("110106", "2013-05-22", "held")
    hall.do(case, "record_opinions", "congress-01", opinions=[FORMAL, ANSWERED], formal_no="1047")

    formal, answered = hall.opinions(case)
    assert (formal.number, formal.unit, formal.formal_no) == ("督代字〔2013〕1号", ENV, "1047")
    assert formal.due == date(2013, 8, 23), "three months"
    assert (answered.status, answered.reply_text) == ("answered", "每月在首都之窗公布。")
    assert hall.due(hall.task(case, "handle_opinion")) == "2013-08-23 17:30"
    hall.answer(case, "satisfied")
    assert hall.ended(case) == ("completed", "closed")
    assert (hall.opinions(case)[0].status, hall.opinions(case)[0].satisfaction) == ("settled", "satisfied")
    assert [paper.kind for paper in hall.papers(case)] == ["inspection_plan", "opinion_digest", "deputy_reply"]
    assert "今年新增收集点二十处。" in hall.papers(case)[2].body
    assert hall.incidents() == []
    with hall.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.3b")
def test_like_visits_are_shown_and_made_together(hall):
    first = hall.announce()
    hall.register(first)
    hall.coordinate(first)
    case = hall.stage.start("synthesis-officer-01", "democratic_supervision", "政协委员专题视察", "110000", None)
    dates = {"inspecting_body": "cppcc", "form": "thematic", "theme": "垃圾处理", "date_from": "2013-05-22"}
    hall.do(case, "register_activity", "synthesis-officer-01", **dates, date_to="2013-05-24", task_codes=["env"])
    stops = [{"day": "2013-05-23", "unit": "110106"}, {"day": "2013-05-24", "unit": "110229"}]
    hall.coordinate(case, visit_route=stops, hosts=["110106", "110229"])
    (task,) = hall.open_tasks(case)
    assert task.element == "coordinate_schedule", "the liaison chooses what becomes of like visits"
    clashes = hall.seen(task, "congress-01")["clashes"]
    assert ("110106", "2013-05-22") in {(one["unit"], one["date"]) for one in clashes}
    hall.coordinate(case, visit_route=stops, hosts=["110106", "110229"], clash_choice="merge")
    route = hall.activity(case).route
    assert [(one["unit"], one["day"], one["merged_with"]) for one in route] == [
        ("110106", "2013-05-22", first), ("110229", "2013-05-24", None),
    ]  # fmt: skip
    assert hall.booked(case) == [("110229", "2013-05-24", "planned")], "nobody is visited twice"
    assert "与同期活动合并" in hall.papers(case)[0].body


def test_of_two_schedules_at_once_the_second_is_compared_again(hall):
    cases = []
    for _ in range(2):
        cases.append(hall.announce())
        hall.register(cases[-1])
    stops = [{"day": "2013-05-22", "unit": "110106", "place": "卢沟桥乡"}]
    for case in cases:
        hall.stage.hand_in(hall.task(case, "coordinate_schedule").id, "congress-01", {
            "visit_route": stops, "hosts": ["110106"],
        })  # fmt: skip
    hall.stage.work()
    (again,) = (case for case in cases if hall.open(case) == ["coordinate_schedule"])
    assert hall.booked(again) == []
    assert hall.seen(hall.task(again, "coordinate_schedule"), "congress-01")["clashes"]
    assert sum(len(hall.booked(case)) for case in cases) == 1
    assert hall.incidents() == []


def test_whoever_inspects_may_keep_to_his_own_day(hall):
    first = hall.announce()
    hall.register(first)
    hall.coordinate(first)
    case = hall.announce()
    hall.register(case)
    hall.coordinate(case, clash_choice="keep")
    assert len(hall.booked(case)) == 2


@pytest.mark.clause("S4.3b")
def test_an_inspection_is_put_off_and_given_up(hall):
    case = hall.announce()
    hall.register(case)
    hall.coordinate(case)
    hall.go_to("2013-05-22 09:00")
    hall.support(case, "postponed", 0, opinion="暴雨。")
    assert hall.booked(case) == []
    assert hall.open(case) == ["coordinate_schedule"]
    hall.coordinate(case, visit_route=[{"day": "2013-06-05", "unit": "110106"}])
    assert hall.booked(case) == [("110106", "2013-06-05", "planned")]
    hall.go_to("2013-06-05 09:00")
    hall.support(case, "cancelled", 0, opinion="会期调整。")
    assert hall.ended(case) == ("completed", "given_up")
    assert (hall.activity(case).status, hall.activity(case).reason) == ("cancelled", "会期调整。")
    assert hall.rows(Engagement, Engagement.instance_id == case) == []
    assert "notice" in hall.notices("supervision-110106"), "the hosts are told"


@pytest.mark.clause("S4.3c", "S4.3b")
def test_material_that_nobody_confirms_does_not_hold_up_the_visit(hall):
    case = hall.announce()
    hall.register(case)
    hall.coordinate(case)
    hall.live_until("2013-05-16 17:30")
    assert hall.open(case) == ["support_visit"]
    assert [one["confirmed"] for one in hall.instance(case).variables["materials"]] == [False, False]


@pytest.mark.clause("S4.3c")
def test_a_problem_that_a_deputy_names_is_dealt_with_in_the_pool_and_answered(hall):
    case = hall.held(PROBLEM)
    (opinion,) = hall.opinions(case)
    (problem,) = hall.rows(Problem, Problem.id == opinion.problem_id)
    assert (problem.source, problem.affected_units) == ("democratic_supervision", ["110106-SR"])
    assert hall.open(case) == [], "deputies do not handle it, the pool does"
    pool = problem.instance_id
    hall.triage(pool, "unfounded", task_code="env", affected_units=["110106-SR"])
    (task,) = hall.open_tasks(case)
    assert task.element == "reply_deputy"
    assert hall.seen(task, "env-head-01")["reply_text"] == "经核实，您反映的情况不成立。"
    hall.sign(case, "return", opinion="请说明核实经过。")
    (task,) = hall.open_tasks(case)
    seen = hall.seen(task, "env-unit-01")
    assert (seen["reply_text"], seen["returned"]) == ("经核实，您反映的情况不成立。", "请说明核实经过。")
    hall.handle(case, reply_text="经三次巡查，该路段没有遗撒。", handling_result="reference")
    hall.sign(case)
    hall.judge(case, "basically")
    assert hall.ended(case) == ("completed", "closed")
    assert hall.incidents() == []


@pytest.mark.clause("S4.3c")
def test_a_problem_that_takes_longer_is_answered_in_time_all_the_same(hall):
    case = hall.held(PROBLEM)
    hall.go_to("2013-08-23 17:29")
    assert hall.open(case) == []
    hall.go_to("2013-08-23 17:30")
    assert hall.open(case) == ["ask_consent"], "the day has come: the deputy is asked for more time"


@pytest.mark.clause("S4.3c")
def test_who_is_not_satisfied_gets_one_more_answer_and_then_the_office_mediates(hall):
    case = hall.held(FORMAL)
    hall.answer(case, "dissatisfied")
    task = hall.task(case, "handle_opinion")
    assert hall.due(task) == "2013-07-23 17:30", "two months"
    assert hall.opinions(case)[0].rework_count == 1
    hall.handle(case, reply_text="再增十处。")
    hall.sign(case)
    assert "重新作了办理" in hall.papers(case)[-1].body
    hall.judge(case, "dissatisfied", opinion="还是太少。")
    assert hall.open(case) == ["mediate_opinion"], "once, not again"
    seen = hall.seen(hall.task(case, "mediate_opinion"), "office-deputy-01")
    assert (seen["dissatisfied"], seen["reply_text"]) == ("还是太少。", "再增十处。")
    hall.do(case, "mediate_opinion", "office-deputy-01", result="明年再增二十处，代表理解。", accepted=True)
    assert hall.ended(case) == ("completed", "closed")
    (opinion,) = hall.opinions(case)
    assert (opinion.status, opinion.satisfaction) == ("mediated", "dissatisfied")
    assert "明年再增二十处" in opinion.reply_text
    assert hall.incidents() == []


@pytest.mark.clause("S4.3c")
def test_more_time_needs_the_consent_of_the_deputy(hall):
    case = hall.held(FORMAL)
    hall.go_to("2013-08-26 09:00")
    assert hall.open(case) == ["ask_consent"]
    hall.do(case, "ask_consent", "congress-01", consented=True, new_due="2014-05-01")
    task = hall.task(case, "handle_opinion")
    assert hall.due(task) == "2013-11-23 17:30", "six months at most, whatever is agreed"
    assert hall.opinions(case)[0].extended is True
    hall.go_to("2013-11-25 09:00")
    assert hall.open(case) == ["mediate_opinion"], "time is given once"


def test_without_consent_it_is_answered_within_days(hall):
    case = hall.held(FORMAL)
    hall.go_to("2013-08-26 09:00")
    hall.do(case, "ask_consent", "congress-01", consented=False)
    assert hall.due(hall.task(case, "handle_opinion")) == "2013-09-02 17:30"
    assert hall.opinions(case)[0].extended is False
    hall.answer(case, "satisfied")
    assert hall.ended(case) == ("completed", "closed")


@pytest.mark.clause("S4.3c")
def test_deputies_are_not_urged_and_silence_is_no_satisfaction(hall):
    case = hall.held(FORMAL)
    hall.handle(case)
    hall.sign(case)
    hall.go_to("2013-06-14 17:31")
    assert hall.ended(case) == ("completed", "closed")
    (opinion,) = hall.opinions(case)
    assert (opinion.status, opinion.satisfaction) == ("no_feedback", None)
    assert hall.notices("deputy-01") == []


def test_each_opinion_goes_its_own_way(hall):
    case = hall.held(FORMAL, FORMAL | {"content": "建议公布渣土车名单。"}, PROBLEM, ANSWERED)
    assert [one.status for one in hall.opinions(case)] == ["handling", "handling", "handling", "answered"]
    assert hall.open(case) == ["handle_opinion", "handle_opinion"]
    hall.handle(case)
    assert hall.open(case) == ["handle_opinion", "reply_deputy"]
    hall.sign(case)
    hall.judge(case, "satisfied")
    assert hall.open(case) == ["handle_opinion"], "the activity is open until the last one is settled"
    assert hall.ended(case)[0] == "active"


@pytest.mark.clause("S4.3c")
def test_a_deputy_judges_only_the_answer_to_himself(hall, hashed_password):
    with hall.stage.sessions.begin() as session:
        employ(session, [Person("deputy-02", "代表委员02", "deputy_member", "110000")], hashed_password)
    case = hall.held(FORMAL | {"deputy": "deputy-02"})
    hall.handle(case)
    hall.sign(case)
    with pytest.raises((NotYours, NotFound)):
        hall.judge(case, "satisfied", who="deputy-01")
    hall.judge(case, "satisfied", who="deputy-02")
    assert hall.ended(case) == ("completed", "closed")


def test_deputies_do_not_handle_and_units_do_not_judge(hall):
    case = hall.held(FORMAL)
    with pytest.raises((NotYours, NotFound)):
        hall.do(case, "handle_opinion", "deputy-01", contacted=True, handling_result="adopted", reply_text="好。")
    hall.handle(case)
    hall.sign(case)
    with pytest.raises((NotYours, NotFound)):
        hall.judge(case, "satisfied", who="env-unit-01")


def test_all_ends_with_the_campaign_and_its_reason(hall):
    campaign = hall.open_campaign()
    planned, answering = hall.announce(), None
    hall.register(planned)
    answering = hall.held(FORMAL, PROBLEM)
    hall.cancel_campaign(campaign, "市政府另有部署")
    for case in (planned, answering):
        assert hall.ended(case) == ("completed", "cancelled")
        assert (hall.activity(case).status, hall.activity(case).reason) == ("cancelled", "市政府另有部署")
    assert [one.status for one in hall.opinions(answering)] == ["cancelled", "cancelled"]
    assert hall.incidents() == []


def test_dates_that_can_not_be_right_stop_the_case(hall):
    case = hall.announce()
    hall.register(case, date_to="2013-05-01")
    assert len(hall.incidents()) == 1
