"""Stories of M2, supervision on the spot, as the people concerned would tell them. Each runs on both databases.

They begin on Monday 2013-05-06; 朝阳区环保局 has to retire 26,000 old vehicles by November.
"""

import pytest

from engine import history
from engine.access import NotYours
from forms.answers import AnswersRefused
from tests.scenarios.visits import FIRST, SECOND, UNIT, Field, install
from workflows.tables import Objection, Paper, Problem, Visit

TUESDAY, WEDNESDAY, THURSDAY = "2013-05-07", "2013-05-08", "2013-05-09"


@pytest.fixture
def field(sessions, hashed_password, tmp_path) -> Field:
    found = install(sessions, tmp_path / "attachments", hashed_password)
    found.put("sample_percent", 0)
    return found


@pytest.fixture
def item(field):
    return field.signed_item()


# ---- who goes, and when


@pytest.mark.clause("S4.2a", "S2.1")
def test_a_red_light_brings_the_district_office_to_the_spot_and_what_it_measures_counts(field):
    item = field.signed_item(deadline="2013-05-31", milestones=[{"date": "2013-05-20", "planned_percent": 90}])
    field.live_until("2013-05-13 10:00")
    assert item.light[0] == "red"
    visit = field.visit(Visit.reason == "red_light")
    assert (visit.row.executor, visit.row.source, visit.row.targets) == ("district", "item_progress", [item.id])
    assert visit.due("plan_visit") == "2013-05-14 17:30"

    visit.plan("2013-05-14")
    assert visit.open == ["conduct_visit"], "unannounced: nobody is told"
    assert visit.booked == [(UNIT, "2013-05-14", "planned")]
    field.live_until("2013-05-14 10:00")
    asked = visit.asked("conduct_visit", FIRST)["checklist"]
    assert [row["evidence"] for row in asked] == ["measurement", "photo", "document"], "what the baseline asks for"
    assert "目标 26000" in asked[0]["point"]
    visit.see("ok", measured=24000)
    visit.sign()
    visit.report("consistent")
    assert visit.ended_at == "done"
    assert item.row.verified_value == 24000, "measured on the spot, so verified"
    (answer,) = field.answers(item.case)
    assert (answer["verdict"], answer["measured_value"], answer["evidence_grade"]) == ("consistent", 24000, "A")


@pytest.mark.clause("S4.2a")
def test_a_visit_that_was_announced_is_announced_in_time(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan("2013-05-06", mode="announced")
    assert visit.open == ["plan_visit"]
    assert visit.asked("plan_visit", FIRST)["returned"] == ["short_notice"], "notice in the morning, due at noon"

    visit.plan(TUESDAY, mode="announced")
    assert visit.open == ["notify_object"]
    with pytest.raises(NotYours):
        visit.notify("fengtai-supervision-01")
    visit.notify()
    assert "notice" in field.notices("chaoyang-air-01")
    assert visit.due("conduct_visit") == "2013-05-07 17:30"


@pytest.mark.clause("S4.2b", "S2.1")
def test_the_office_goes_down_by_itself_at_a_suitable_time(field, item):
    own = field.go_out(FIRST)
    assert (own.row.executor, own.row.source) == ("district", "manual")
    office = field.go_out("air-officer-01")
    assert (office.row.executor, office.row.team_org) == ("office", UNIT)
    with pytest.raises(NotYours):
        office.plan(WEDNESDAY, FIRST, targets=[item.id])
    office.plan(WEDNESDAY, "air-officer-01", targets=[item.id], team_leader="air-officer-01", team=["air-officer-02"])
    office.see("ok", "air-officer-01")
    office.sign()
    office.report("consistent", "air-officer-01")
    assert (office.ended_at, office.row.verdict) == ("done", "consistent")


@pytest.mark.clause("S4.2b", "S2.2")
def test_a_major_problem_is_looked_at_by_a_team_of_the_office(field):
    field.stage.send("msg_problem_reported", "p1", {
        "problem_id": "p1", "title": "大面积虚假注销", "org": UNIT, "task_code": "air", "description": "群众反映。",
        "campaign_id": field.campaign_id,
    })  # fmt: skip
    (problem,) = field.rows(Problem)
    triage = {
        "category": "false_report", "task_code": "air", "affected_units": [UNIT], "cause": "execution",
        "severity": "major", "verified": False, "problem_route": "verify", "corruption": False,
        "beyond_authority": False, "units_disagree": False,
    }  # fmt: skip
    field.stage.complete(str(problem.instance_id), "triage_problem", "synthesis-officer-01", triage)
    visit = field.visit(Visit.problem_id == "p1")
    assert (visit.row.executor, visit.row.reason) == ("office", "verify_problem")
    assert "群众反映" in visit.asked("plan_visit", "synthesis-officer-01")["request"]

    who = "air-officer-01"
    visit.plan(TUESDAY, who, team_leader=who, team=["air-officer-02"])
    visit.see("bad", who)
    visit.sign()
    visit.report("measures_weak", who)
    visit.improve("observe")
    assert visit.ended_at == "done"
    assert field.stage.open_tasks(str(problem.instance_id), "triage_problem"), "the pool goes on with the result"


@pytest.mark.clause("S4.2a", "S4.2b", "S4.7e")
def test_a_suspected_false_report_is_looked_at_by_another_district(field, item):
    visit = field.ask(reason="suspect_false", key=item.case, item_id=item.id, source="item_progress")
    assert visit.row.executor == "cross_district"
    assert visit.row.team_org != "110105"
    with pytest.raises(NotYours):
        visit.plan(TUESDAY)
    visit.plan_cross(TUESDAY, mode="announced")
    assert visit.asked("plan_visit", visit.leader)["returned"] == ["announced"]
    visit.plan(TUESDAY, visit.leader, team_leader=visit.leader, team=[FIRST])
    assert visit.asked("plan_visit", visit.leader)["returned"] == ["own_people"]
    who = visit.plan_cross(TUESDAY)

    visit.see("bad", who, measured=300)
    visit.sign("agree_with_statement", statement="统计口径有误。")
    findings = [row | {"nature": "false"} for row in visit.asked("visit_report", who)["findings"][:1]]
    visit.report("false", who, findings=findings)
    visit.improve("rectify")
    assert (item.row.falsified, item.row.verified_value) == (True, 300)
    referral = field.told("msg_accountability_referral")
    assert (referral["conduct"], referral["item_id"]) == ("false", item.id)
    assert visit.row.statement == "统计口径有误。"


@pytest.mark.clause("S4.2a")
def test_every_district_is_proposed_a_plan_at_the_beginning_of_the_month(field, item):
    second = field.signed_item(sub_item="A2", item_name="煤改清洁能源", target_value=900, unit_of_measure="户")
    field.live_until("2013-06-02 10:00")
    assert field.rows(Visit, Visit.source == "monthly_plan") == []
    field.live_until("2013-06-04 10:00")
    visit = field.visit(Visit.source == "monthly_plan")
    assert (visit.row.district, set(visit.row.targets)) == ("110105", {item.id, second.id})
    assert visit.asked("plan_visit", FIRST)["targets"] == visit.row.targets
    visit.plan("2013-06-05")
    field.live_until("2013-07-05 10:00")
    assert len(field.rows(Visit, Visit.source == "monthly_plan")) == 1, "what is planned is not proposed again"


@pytest.mark.clause("S4.2b")
def test_the_office_looks_for_itself_at_what_a_unit_objects_to(sessions, hashed_password, tmp_path):
    field = install(sessions, tmp_path / "attachments", hashed_password, "objection_review")
    field.stage.send("msg_objection_filed", "c1", {
        "conclusion_id": "c1", "title": "对督查结论的异议", "org": UNIT, "task_code": "air",
        "campaign_id": field.campaign_id, "received_on": "2013-05-02", "filed_on": "2013-05-06",
        "grounds": "车辆数有误。",
    })  # fmt: skip
    (objection,) = field.rows(Objection)
    case = str(objection.instance_id)
    known = {"received_on": "2013-05-02", "filed_on": "2013-05-06", "grounds": "车辆数有误。", "admissible": True}
    field.stage.complete(case, "accept_objection", "synthesis-officer-01", known)
    doubt = {"recusal_checked": True, "facts": "须到现场核实。", "proposal": "uphold", "onsite_needed": True}
    field.stage.complete(case, "review_objection", "synthesis-officer-01", doubt)

    visit = field.visit(Visit.reason == "objection")
    assert (visit.row.executor, visit.row.source) == ("office", "objection_review")
    who = "air-officer-01"
    visit.plan(TUESDAY, who, team_leader=who, team=["air-officer-02"])
    visit.see("ok", who)
    visit.sign()
    assert field.stage.open_tasks(case, "review_objection") == [], "the result is waited for"
    visit.report("consistent", who)
    assert visit.ended_at == "done"
    assert field.stage.open_tasks(case, "review_objection"), "the review goes on with what was seen"
    assert field.incidents() == []


# ---- no duplicate visits (decree 733, article 15)


@pytest.mark.clause("S4.2a")
def test_two_visits_to_one_unit_become_one_and_both_who_asked_are_answered(field, item):
    first = field.ask(key="r1", item_id=item.id)
    first.plan(THURSDAY)
    second = field.ask(key="r2", reason="verify_problem")
    seen = second.asked("plan_visit", FIRST)
    assert (seen["resolution"], seen["join_visit"], seen["visit_date"]) == ("join", first.id, THURSDAY)

    second.plan(THURSDAY)
    assert second.asked("plan_visit", FIRST)["returned"] == ["merge"]
    assert second.asked("plan_visit", FIRST)["clashes"][0]["rule"] == "same_day"
    second.plan(THURSDAY, resolution="join", join_visit=first.id)
    assert (second.ended_at, second.row.status, second.row.merged_into) == ("merged", "merged", first.id)
    assert second.booked == []

    first.see("ok")
    first.sign()
    first.report("consistent")
    assert [one["verdict"] for key in ("r1", "r2") for one in field.answers(key)] == ["consistent", "consistent"]


@pytest.mark.clause("S4.2a")
def test_of_two_who_plan_for_one_unit_at_once_the_second_is_asked_again(field, item):
    visits = [field.ask(key="r1", item_id=item.id), field.ask(key="r2", reason="verify_problem")]
    for visit in visits:
        visit.hand_in_plan(THURSDAY)
    field.stage.work()
    assert sorted(visit.open for visit in visits) == [["conduct_visit"], ["plan_visit"]]
    (first,) = (visit for visit in visits if visit.booked)
    (second,) = (visit for visit in visits if not visit.booked)
    asked = second.asked("plan_visit", FIRST)
    assert (asked["returned"], asked["join_visit"]) == (["merge"], first.id)
    second.plan(THURSDAY, resolution="keep", clash_reason="两件事不宜一并核查。")
    assert second.open == ["conduct_visit"]
    assert field.incidents() == []


@pytest.mark.clause("S4.2b")
def test_a_district_learns_of_no_surprise_visit_before_the_team_is_there(field, item):
    office = field.go_out("air-officer-01")
    office.plan(THURSDAY, "air-officer-01", targets=[item.id], team_leader="air-officer-01", team=["air-officer-02"])
    false = field.ask(reason="suspect_false", key="r2", item_id=item.id)
    who = false.plan_cross(WEDNESDAY)
    for hidden in (office, false):
        with pytest.raises(NotYours):
            field.stage.do(history.instance, FIRST, hidden.id)
        with pytest.raises(NotYours):
            field.stage.do(history.instance, "chaoyang-air-01", hidden.id)

    district = field.ask(key="r3", item_id=item.id)
    assert district.asked("plan_visit", FIRST).get("join_visit") is None
    assert field.offered("planned_visits") == []
    district.plan(THURSDAY)
    assert district.open == ["conduct_visit"], "it is told nothing, rather than that there is something"

    false.see("ok", who)
    assert field.stage.do(history.instance, "chaoyang-air-01", false.id), "now it is to be signed"


@pytest.mark.clause("S4.2a")
def test_what_is_joined_stands_on_the_checklist(field, item):
    other = field.signed_item(sub_item="A5", item_name="淘汰落后产能", target_value=20, unit_of_measure="家")
    first = field.ask(key="r1", item_id=item.id)
    first.plan(THURSDAY)
    second = field.ask(key="r2", item_id=other.id)
    second.plan(THURSDAY, resolution="join", join_visit=first.id)
    rows = first.asked("conduct_visit", FIRST)["checklist"]
    assert {row["item"] for row in rows} == {item.id, other.id}


@pytest.mark.clause("S4.2a")
def test_a_unit_is_not_visited_too_often_without_a_reason(field, item):
    for day in ("2013-05-07", "2013-05-14"):
        visit = field.ask(key=day, item_id=item.id)
        field.go_to(f"{day} 09:00")
        visit.plan(day)
        visit.see("ok")
        visit.sign()
        visit.report("consistent")
    third = field.ask(key="r3", item_id=item.id)
    third.plan("2013-05-24")
    assert third.asked("plan_visit", FIRST)["returned"] == ["space_out"]
    with pytest.raises(AnswersRefused):
        third.plan("2013-05-24", resolution="keep")
    third.plan("2013-05-24", resolution="keep", clash_reason="领导批示要求当日核查。")
    assert third.open == ["conduct_visit"]
    assert third.row.clash_reason == "领导批示要求当日核查。"


@pytest.mark.clause("S4.2a")
def test_a_plan_is_held_to_the_rules_of_the_house(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan("2014-01-06", team=[FIRST])
    assert visit.asked("plan_visit", FIRST)["returned"] == ["after_end", "team_small"]
    visit.plan(TUESDAY, team_leader="fengtai-supervision-01")
    assert visit.asked("plan_visit", FIRST)["returned"] == ["leader"]
    visit.plan(TUESDAY, resolution="join", join_visit=visit.id)
    assert visit.asked("plan_visit", FIRST)["returned"] == ["cannot_join"], "nobody goes along with himself"
    visit.plan(TUESDAY)
    assert visit.open == ["conduct_visit"]


@pytest.mark.clause("S2.1")
def test_a_plan_that_does_not_come_is_urged_for(field, item):
    visit = field.ask(item_id=item.id)
    assert visit.due("plan_visit") == "2013-05-08 17:30"
    field.live_until("2013-05-10 10:00")
    assert field.notices(FIRST) == ["reminder", "urging_1", "urging_2"]


# ---- on the spot


@pytest.mark.clause("S4.2c", "S4.2d", "S2.8")
def test_lagging_work_gets_an_opinion_and_an_order_to_rectify(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    visit.see("gap", measured=900)
    visit.sign()
    assert [row["nature"] for row in visit.asked("visit_report", FIRST)["findings"]] == ["lagging"] * 3
    findings = visit.asked("visit_report", FIRST)["findings"][:1]
    visit.report("lagging", findings=findings)
    with pytest.raises(NotYours):
        visit.improve("rectify", "water-lead-01")
    visit.improve("rectify")
    (finding,) = visit.findings
    assert (finding.status, finding.disposition, finding.unit) == ("ordered", "rectify", UNIT)
    order = field.told("msg_rectify_order")
    assert (order["problem_id"], order["requirement"]) == (finding.problem_id, "六月底前补齐注销手续。")
    (task,) = field.stage.open_tasks(None, "issue_order")
    assert task.task_code == "air", "the task group goes on with it"
    assert field.answers("r1")[0]["verdict"] == "lagging"
    papers = {paper.kind: paper for paper in field.rows(Paper, Paper.instance_id == visit.id)}
    assert papers.keys() == {"visit_record", "visit_report", "improvement_opinion"}
    assert papers["improvement_opinion"].number == "督改字〔2013〕1号"
    assert "六月底前补齐注销手续" in papers["improvement_opinion"].body


@pytest.mark.clause("S4.2c", "S4.1b")
def test_a_common_problem_goes_to_the_pool_and_what_is_fixed_on_the_spot_goes_nowhere(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    visit.see("bad")
    visit.sign()
    one, two, three = visit.asked("visit_report", FIRST)["findings"]
    visit.report("measures_weak", findings=[one, two | {"fixed": True}, three])
    assert len(field.stage.open_tasks(visit.id, "improvement_opinion")) == 3
    for disposition in ("common", "fixed", "observe"):
        visit.improve(disposition)
    assert sorted(one.status for one in visit.findings) == ["fixed", "observed", "pooled"]
    reported = field.told("msg_problem_reported")
    assert (reported["source"], reported["org"]) == ("onsite_supervision", UNIT)
    assert [one.id for one in field.rows(Problem)] == [reported["problem_id"]]
    assert visit.ended_at == "done"


@pytest.mark.clause("S4.2c", "S4.7e")
def test_who_lets_nobody_in_is_referred(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    visit.see("skipped", access="refused", opinion="保安拒绝开门。")
    referral = field.told("msg_accountability_referral")
    assert (referral["conduct"], referral["subject_unit"], referral["item_id"]) == ("obstruct", UNIT, item.id)
    assert "保安拒绝开门" in referral["facts"]
    assert (visit.ended_at, visit.row.status, visit.row.verdict) == ("refused", "refused", "blocked")
    assert field.answers("r1")[0]["verdict"] == "blocked"
    assert visit.booked == [(UNIT, TUESDAY, "held")], "they were there"
    assert item.row.falsified is False, "who is not let in has proved nothing"


@pytest.mark.clause("S4.2c")
def test_a_record_that_nobody_signs_stands_all_the_same(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan("2013-05-06")
    visit.see("ok")
    assert visit.due("confirm_findings") == "2013-05-07 17:30"
    with pytest.raises(NotYours):
        visit.sign(who="fengtai-air-01")
    field.live_until("2013-05-07 18:00")
    assert visit.open == ["visit_report"]
    (said,) = visit.asked("visit_report", FIRST)["confirmations"]
    assert (said["unit"], said["confirmation"], said.get("statement")) == (UNIT, "unsigned", None)
    visit.report("consistent")
    assert (visit.row.confirmation, visit.ended_at) == ("unsigned", "done")


@pytest.mark.clause("S4.2c")
def test_a_unit_may_refuse_to_sign_and_says_why(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    visit.see("gap")
    with pytest.raises(AnswersRefused):
        visit.sign("refuse")
    visit.sign("refuse", statement="数据以注销系统为准。")
    visit.report("lagging")
    assert (visit.row.confirmation, visit.row.statement) == ("refuse", "数据以注销系统为准。")


@pytest.mark.clause("S4.2b")
def test_the_weather_puts_a_visit_off(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    field.go_to(f"{TUESDAY} 09:00")
    visit.put_off(THURSDAY, "重污染天气红色预警。")
    assert (visit.row.postponed, visit.booked, visit.row.summary) == (1, [], "重污染天气红色预警。")
    seen = visit.asked("plan_visit", FIRST)
    assert (seen["visit_date"], seen["team_leader"]) == (THURSDAY, FIRST)
    visit.plan(THURSDAY)
    assert visit.booked == [(UNIT, THURSDAY, "planned")]
    assert field.answers("r1") == [], "nobody is answered before"


@pytest.mark.clause("S4.2c")
def test_without_a_position_there_is_a_reason_and_the_evidence_counts_less(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    with pytest.raises(AnswersRefused):
        visit.see("ok", geo_position=None)
    visit.see("ok", no_position=True, geo_position=None, position_reason="地下车库没有信号。")
    assert (visit.row.evidence_grade, visit.row.position_reason) == ("B", "地下车库没有信号。")


@pytest.mark.clause("S4.2b")
def test_a_visit_is_called_off_with_a_reason_and_who_asked_hears_of_it(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    visit.call_off("事项已撤销。")
    assert (visit.ended_at, visit.row.status, visit.row.summary) == ("not_held", "cancelled", "事项已撤销。")
    assert visit.booked == []
    (answer,) = field.answers("r1")
    assert (answer["verdict"], answer["opinion"]) == (None, "事项已撤销。")


@pytest.mark.clause("S4.2c")
def test_a_verdict_has_to_follow_from_the_findings(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    visit.see("gap")
    visit.sign()
    visit.report("consistent")
    assert visit.asked("visit_report", FIRST)["returned"] == ["not_consistent"]
    visit.report("false")
    assert visit.asked("visit_report", FIRST)["returned"] == ["false_mismatch"]
    visit.report("lagging", findings=[])
    assert visit.asked("visit_report", FIRST)["returned"] == ["no_findings"]
    assert visit.findings == []
    visit.report("lagging")
    assert len(visit.findings) == 3


@pytest.mark.clause("S4.2a", "S4.2c")
def test_each_item_is_answered_by_what_was_found_of_it(field, item):
    other = field.signed_item(sub_item="A5", item_name="淘汰落后产能", target_value=20, unit_of_measure="家")
    visit = field.go_out()
    visit.plan(TUESDAY, targets=[item.id, other.id])
    rows = visit.asked("conduct_visit", FIRST)["checklist"]
    seen = [row | {"result": "bad" if row["item"] == other.id else "ok"} for row in rows]
    visit.see(checklist=seen)
    visit.sign()
    finding = visit.asked("visit_report", FIRST)["findings"][0] | {"nature": "false"}
    visit.report("false", findings=[finding])
    visit.improve("observe")
    assert field.incidents() == []
    assert [field.answers(one.case)[0]["verdict"] for one in (item, other)] == ["consistent", "false"]
    assert (item.row.falsified, other.row.falsified) == (False, True), "the other item is not blamed"


@pytest.mark.clause("S2.1", "S4.2a")
def test_a_campaign_that_is_called_off_takes_its_visits_along(field, item):
    visit = field.ask(item_id=item.id)
    visit.plan(TUESDAY)
    field.cancel_campaign("合并到年度督查")
    assert (visit.ended_at, visit.row.status, visit.row.summary) == ("cancelled", "cancelled", "合并到年度督查")
    assert (visit.open, visit.booked) == ([], [])
    assert SECOND in visit.row.team
