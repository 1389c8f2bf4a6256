"""Stories of P05, the pool of problems, as the people concerned would tell them. Each runs on both databases.

Monday 2013-05-13 is the day on which problems are reported; 10 to 12 June are holidays, the 8th and 9th are worked.
"""

import pytest

from engine import accounts
from engine.access import NotYours
from engine.record import verify
from tests.scenarios.problems import AIR, CHAOYANG, DAXING, FENGTAI, REFORM, Pool, install
from workflows import deploy, parameters, problems
from workflows.problems import IntoItself, NotOpen
from workflows.tables import Matter


@pytest.fixture
def pool(sessions, hashed_password, tmp_path) -> Pool:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.2c", "S4.2d")
def test_a_local_problem_is_rectified_where_it_is(pool):
    case = pool.report()
    assert pool.open(case) == ["triage_problem"]
    assert pool.problem_of(case).number == "督问字〔2013〕1号"
    pool.triage(case, "local")
    assert pool.open(case) == []

    (order,) = pool.orders(case).values()
    (task,) = pool.open_tasks(order, "issue_order")
    seen = pool.seen(task, "air-officer-01")
    assert (seen["problem"], seen["responsible_unit"]) == (pool.problem_of(case).id, CHAOYANG)
    assert seen["requirement"] == "注销补贴没有到位，车主不愿意报废。"
    pool.rectify(order)
    assert pool.ended(case)[0] == "active", "the look back is still to come"
    pool.live_until("2013-06-13 09:00")
    pool.look_back(order)

    assert pool.ended(case) == ("completed", "solved")
    assert pool.problem_of(case).status == "solved"
    assert pool.told("msg_problem_resolved")["result"] == "solved"
    assert pool.incidents() == []
    with pool.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.1b", "S4.2c", "S4.1d")
def test_the_same_problem_from_three_districts_becomes_a_common_one(pool):
    for unit in (CHAOYANG, FENGTAI):
        pool.triage(pool.report(unit), "local", affected_units=[unit])
    third = pool.report(DAXING)
    (task,) = pool.open_tasks(third)
    seen = pool.seen(task, "synthesis-officer-01")
    assert [one["number"] for one in seen["similar"]] == ["督问字〔2013〕1号", "督问字〔2013〕2号"]
    assert sorted(seen["affected_units"]) == [CHAOYANG, FENGTAI, DAXING]

    pool.triage(third, "local", affected_units=[DAXING])
    (task,) = pool.open_tasks(third)
    seen = pool.seen(task, "synthesis-officer-01")
    assert task.element == "triage_problem", "the rule says otherwise, and no reason was given"
    assert seen["problem_route"] == "common"
    assert "多个区县" in seen["rule_says"]
    pool.triage(third, "common", affected_units=[CHAOYANG, FENGTAI, DAXING])

    (task,) = pool.open_tasks(third, "study_problem")
    assert pool.seen(task, "air-lead-01")["opinion_units"] == [AIR]
    pool.study(third, opinion_units=[AIR, REFORM])
    opinions = {task.org: task for task in pool.open_tasks(third, "unit_opinion")}
    assert set(opinions) == {AIR, REFORM}
    assert pool.seen(opinions[AIR], "air-unit-01")["analysis"] == "三个区都缺注销补贴的配套资金。"
    pool.complete(opinions[AIR], "air-unit-01", position="agree_with_comment", opinion="请明确结算办法。")
    pool.live_until("2013-05-20 17:29")
    assert pool.open(third) == ["unit_opinion"]
    pool.go_to("2013-05-20 17:30")

    (task,) = pool.open_tasks(third, "propose_solution")
    assert pool.seen(task, "air-lead-01")["opinions"] == [
        {"unit": AIR, "position": "agree_with_comment"},
        {"unit": REFORM, "position": "no_reply"},
    ], "silence is no consent"
    pool.propose(third)
    pool.decide(third, "issue")
    orders = pool.orders(third)
    assert set(orders) == {CHAOYANG, FENGTAI, DAXING}
    pool.go_to("2013-05-21 09:00")
    for unit, order in orders.items():
        pool.rectify(order, unit)
    pool.live_until("2013-06-21 09:00")
    for unit, order in orders.items():
        pool.look_back(order, unit)
    assert pool.ended(third) == ("completed", "solved")
    assert pool.incidents() == []


@pytest.mark.clause("S4.2c")
def test_an_officer_may_decide_otherwise_than_the_rule_if_he_says_why(pool):
    case = pool.report()
    reason = "两个区已经联合解决，只剩本区。"
    pool.triage(case, "common", deviation_reason=reason)
    assert pool.open(case) == ["study_problem"]


@pytest.mark.clause("S4.1b")
def test_two_tasks_with_the_same_problem_make_it_a_common_one(pool):
    pool.triage(pool.report(task_code="water"), "local", task_code="water", affected_units=["110105-SW"])
    case = pool.report()
    pool.triage(case, "common")
    (task,) = pool.open_tasks(case, "study_problem")
    assert pool.seen(task, "air-lead-01")["opinion_units"] == [AIR, "110000-SWJ"]


def test_what_is_older_than_the_window_does_not_count(pool):
    for unit in (CHAOYANG, FENGTAI):
        pool.triage(pool.report(unit), "local", affected_units=[unit])
    pool.go_to("2013-07-13 09:00")
    case = pool.report(DAXING)
    pool.triage(case, "local", affected_units=[DAXING])
    assert list(pool.orders(case)) == [DAXING], "sixty days have passed"


def test_an_administrator_may_call_a_problem_common_from_two_districts_on(pool):
    with pool.stage.sessions.begin() as session:
        admin = accounts.actor(session, "admin-01")
        parameters.put(session, admin, "common_districts", 2, pool.stage.moment.today, "试行", pool.stage.moment)
    pool.triage(pool.report(FENGTAI), "local", affected_units=[FENGTAI])
    case = pool.report()
    pool.triage(case, "common")
    assert pool.open(case) == ["study_problem"]


@pytest.mark.clause("S4.2c")
def test_what_is_known_already_is_merged_into_it(pool):
    first = pool.report()
    pool.triage(first, "local")
    second = pool.report(FENGTAI, title="黄标车注销缺少资金")
    pool.triage(second, "local", affected_units=[FENGTAI], merge_into=pool.problem_of(first).id)
    assert pool.ended(second) == ("completed", "merged")
    merged, target = pool.problem_of(second), pool.problem_of(first)
    assert (merged.status, merged.merged_into) == ("merged", target.id)
    assert target.affected_units == [CHAOYANG, FENGTAI]
    told = pool.told("msg_problem_resolved", problem_id=merged.id)
    assert (told["result"], told["merged_into"]) == ("merged", target.id)


def test_nothing_is_merged_into_what_is_settled(pool):
    first = pool.report()
    pool.triage(first, "unfounded")
    second = pool.report(FENGTAI)
    pool.triage(second, "local", affected_units=[FENGTAI], merge_into=pool.problem_of(first).id)
    assert pool.open(second) == ["triage_problem"], "the officer is asked again"


def test_a_problem_may_be_merged_while_it_is_being_dealt_with(pool):
    first, second = pool.report(), pool.report(FENGTAI)
    pool.triage(second, "local", affected_units=[FENGTAI])
    (order,) = pool.orders(second).values()
    one, other = pool.problem_of(first).id, pool.problem_of(second).id
    with pool.stage.sessions.begin() as session:
        officer = accounts.actor(session, "synthesis-officer-01")
        with pytest.raises(IntoItself):
            problems.merge(session, officer, other, other, "重复", pool.stage.moment)
        with pytest.raises(NotYours):
            problems.merge(session, accounts.actor(session, "air-unit-01"), other, one, "重复", pool.stage.moment)
        problems.merge(session, officer, other, one, "同一件事", pool.stage.moment)
    pool.stage.work()
    assert pool.ended(second) == ("completed", "merged_later")
    assert pool.instance(order).status == "cancelled", "its order is withdrawn"
    assert pool.problem(other).status == "merged"
    with pool.stage.sessions.begin() as session:
        officer = accounts.actor(session, "synthesis-officer-01")
        with pytest.raises(NotOpen):
            problems.merge(session, officer, other, one, "再并", pool.stage.moment)


@pytest.mark.clause("S2.2", "S4.1c")
def test_what_is_beyond_the_authority_of_the_unit_goes_to_the_government(pool):
    case = pool.report(needs_decision=True, first_needed_on="2013-05-02")
    (task,) = pool.open_tasks(case)
    assert pool.seen(task, "synthesis-officer-01")["beyond_authority"] is True
    pool.triage(case, "decision", beyond_authority=True)
    request = pool.told("msg_decision_request")
    assert request["problem_id"] == pool.problem_of(case).id
    assert (request["units"], request["first_needed_on"]) == ([AIR], "2013-05-02")
    assert request["number"] == "督请字〔2013〕1号"

    decision = {"matter_id": request["matter_id"], "verdict": "approve", "decision_text": "市财政安排补贴。"}
    pool.stage.send("msg_decision_issued", request["matter_id"], decision)
    (task,) = pool.open_tasks(case, "propose_solution")
    seen = pool.seen(task, "air-lead-01")
    assert (seen["decision"], seen["within_authority"]) == ("市财政安排补贴。", True)
    pool.propose(case)
    pool.decide(case, "issue")
    assert list(pool.orders(case)) == [CHAOYANG]


@pytest.mark.clause("S2.2", "S4.1c")
def test_the_decision_comes_from_the_process_that_brings_it_about(pool):
    with pool.stage.sessions.begin() as session:
        for key in ("leader_instruction", "municipal_escalation"):
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", pool.stage.moment)
    case = pool.report()
    pool.triage(case, "decision", beyond_authority=True)
    matter = pool.told("msg_decision_request")["matter_id"]
    (row,) = pool.rows(Matter)
    assert (row.id, row.number, row.problem_id) == (matter, "督请字〔2013〕1号", pool.problem_of(case).id)
    pool.stage.send("msg_request_withdrawn", matter, {"matter_id": matter, "reason": "已自行解决"})
    (task,) = pool.open_tasks(case, "propose_solution")
    assert pool.seen(task, "air-lead-01").get("within_authority") is None, "there is no decision to go by"
    assert pool.incidents() == []


@pytest.mark.clause("S4.1b", "S4.6e")
def test_measures_may_be_returned_and_taken_to_the_meeting(pool):
    case = pool.up_to_proposal()
    pool.propose(case)
    pool.decide(case, "return")
    pool.propose(case)
    pool.decide(case, "raise_to_meeting")
    assert pool.problem_of(case).agenda_month == "2013-06"
    assert pool.told("msg_decision_request")["tried"] == "各区先行垫付，年底统一结算。"
    assert pool.open(case) == []


@pytest.mark.clause("S4.1c")
def test_measures_beyond_the_authority_are_decided_by_the_government_and_may_be_refused(pool):
    case = pool.up_to_proposal()
    pool.propose(case, within=False)
    matter = pool.told("msg_decision_request")["matter_id"]
    pool.stage.send("msg_decision_issued", matter, {"matter_id": matter, "verdict": "reject", "decision_text": ""})
    assert pool.open(case) == ["propose_solution"], "another measure has to be found"


@pytest.mark.clause("S4.7f", "S4.7e")
def test_a_clue_of_corruption_is_transferred_whatever_else_is_said(pool):
    case = pool.report()
    pool.triage(case, "local", corruption=True, verified=False, deviation_reason="先整改")
    assert pool.open(case) == ["triage_problem"], "no reason is good enough"
    pool.triage(case, "transfer", corruption=True, verified=False)
    assert pool.ended(case) == ("completed", "transferred")
    referral = pool.told("msg_accountability_referral")
    assert (referral["conduct"], referral["subject_unit"]) == ("corruption", CHAOYANG)
    assert pool.told("msg_problem_resolved")["result"] == "transferred"


@pytest.mark.clause("S4.7f")
def test_a_clue_of_corruption_is_not_hidden_by_merging(pool):
    first = pool.report()
    case = pool.report(FENGTAI)
    pool.triage(case, "transfer", corruption=True, merge_into=pool.problem_of(first).id, affected_units=[FENGTAI])
    assert pool.ended(case) == ("completed", "transferred")


@pytest.mark.clause("S4.2b", "S4.2c")
def test_what_is_not_verified_is_looked_at_on_the_spot(pool):
    case = pool.report()
    pool.triage(case, "verify", verified=False)
    request = pool.told("msg_onsite_request")
    assert pool.open(case) == []
    pool.go_to("2013-05-16 09:00")
    pool.stage.send("msg_onsite_result", request["request_id"], {"verdict": "lagging", "opinion": "属实"})
    (task,) = pool.open_tasks(case, "triage_problem")
    seen = pool.seen(task, "synthesis-officer-01")
    assert (seen["verified"], seen["onsite_verdict"]) == (True, "lagging")
    assert seen["category"] == "funding_gap", "what was entered before is kept"
    pool.triage(case, "local")
    assert list(pool.orders(case)) == [CHAOYANG]


def test_what_proves_unfounded_is_closed(pool):
    case = pool.report()
    pool.triage(case, "unfounded")
    assert pool.ended(case) == ("completed", "unfounded")
    assert pool.told("msg_problem_resolved")["result"] == "unfounded"
    assert pool.sent("msg_rectify_order") == []


@pytest.mark.clause("S4.6d", "S4.6e")
def test_what_is_open_for_fifteen_working_days_goes_onto_the_agenda(pool):
    slow, quick = pool.report(), pool.report(FENGTAI)
    pool.triage(quick, "unfounded")
    pool.live_until("2013-06-03 17:29")
    assert pool.problem_of(slow).agenda_month is None
    pool.go_to("2013-06-03 17:30")
    assert pool.problem_of(slow).agenda_month == "2013-07"
    assert pool.problem_of(quick).agenda_month is None
    assert pool.open(slow) == ["triage_problem"], "it is dealt with all the same"


@pytest.mark.clause("S4.2c")
def test_a_settled_problem_that_comes_back_is_reopened_under_its_number(pool):
    case = pool.report()
    pool.triage(case, "unfounded")
    problem = pool.problem_of(case)
    reopen(pool, problem.id, "群众再次反映。")
    again = pool.case_of(problem.id)
    assert again != case
    assert pool.open(again) == ["triage_problem"]
    found = pool.problem(problem.id)
    assert (found.number, found.status, found.reopened) == (problem.number, "open", 1)
    assert found.facts.endswith("群众再次反映。")
    pool.triage(again, "local")
    assert list(pool.orders(again)) == [CHAOYANG]


def test_a_problem_under_way_is_assessed_anew(pool):
    case = pool.report()
    pool.triage(case, "local")
    problem = pool.problem_of(case).id
    (order,) = pool.orders(case).values()
    reopen(pool, problem, "不是一个区的事。")
    assert pool.ended(case) == ("completed", "reopened")
    assert pool.instance(order).status == "cancelled"
    again = pool.case_of(problem)
    assert pool.open(again) == ["triage_problem"]
    assert pool.incidents() == []


def test_orders_that_are_all_revoked_leave_the_problem_unfounded(pool):
    case = pool.report()
    pool.triage(case, "local")
    (order,) = pool.orders(case).values()
    pool.order(order)
    pool.stage.send("msg_objection_decided", order, {"conclusion_id": order, "decision": "revoke"})
    assert pool.ended(case) == ("completed", "unfounded")


def test_all_ends_with_the_campaign_and_its_reason(pool):
    campaign = pool.open_campaign()
    waiting, working = pool.report(campaign_id=campaign), pool.report(FENGTAI, campaign_id=campaign)
    unnamed, by_hand = pool.report(DAXING), pool.issued_order()
    pool.triage(working, "local", affected_units=[FENGTAI])
    (order,) = pool.orders(working).values()
    pool.cancel_campaign(campaign, "市政府另有部署")
    for case in (waiting, working, unnamed):
        assert pool.ended(case) == ("completed", "cancelled")
        problem = pool.problem_of(case)
        assert problem.status == "cancelled"
        told = pool.told("msg_problem_resolved", problem_id=problem.id)
        assert (told["result"], told["reason"]) == ("cancelled", "市政府另有部署")
    assert pool.instance(order).status in ("completed", "cancelled")
    assert pool.ended(by_hand) == ("completed", "cancelled"), "it belongs to the only campaign that was going on"
    assert "notice" in pool.notices(f"unit-{CHAOYANG}")
    assert pool.incidents() == []


def test_what_belongs_to_another_campaign_goes_on(pool):
    campaign, other = pool.open_campaign(), pool.open_campaign()
    case, unnamed = pool.report(campaign_id=other), pool.report(FENGTAI)
    pool.cancel_campaign(campaign, "市政府另有部署")
    assert pool.open(case) == pool.open(unnamed) == ["triage_problem"]


def reopen(pool, problem, reason):
    with pool.stage.sessions.begin() as session:
        officer = accounts.actor(session, "synthesis-officer-01")
        problems.reopen(session, officer, problem, reason, pool.stage.moment)
    pool.stage.work()
