"""Stories of P08, the review of objections, as the people concerned would tell them. Each runs on both databases.

The conclusion is handed over on Friday 2013-05-03: day thirty is Sunday 06-02, day thirty-one Monday 06-03.
"""

from datetime import date

import pytest

from engine import accounts
from engine.access import NotYours
from engine.record import verify
from forms.answers import AnswersRefused
from tests.scenarios.problems import CHAOYANG, FENGTAI, Pool, install
from workflows import objections, parameters
from workflows.objections import NotRunning
from workflows.tables import Urging


@pytest.fixture
def pool(sessions, hashed_password, tmp_path) -> Pool:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.2d", "S4.3c")
def test_an_objection_made_when_signing_is_reviewed_while_the_order_goes_on(pool):
    case = pool.stage.start("air-officer-01", "rectification", "朝阳区黄标车淘汰滞后", "110105", "air")
    pool.order(case, objection=True)
    assert pool.open(case) == ["report_rectification"], "the order goes on"
    review = pool.review_of(case)
    found = pool.objection(review)
    assert (found.number, found.unit, found.grounds) == ("督异字〔2013〕1号", CHAOYANG, "车辆数有误。")

    pool.take_up(review)
    (task,) = pool.open_tasks(review)
    assert (task.element, pool.due(task)) == ("review_objection", "2013-06-07 17:30"), "the twenty-fifth day"
    assert "|air-officer-01|" in task.barred
    pool.review(review, "uphold")
    (task,) = pool.open_tasks(review)
    assert (task.element, pool.due(task)) == ("decide_review", "2013-06-12 17:30")
    assert pool.seen(task, "office-director-01")["basis"] == "house", "in 2013 it is a rule of the house"
    pool.rule(review, "uphold")

    assert pool.ended(review) == ("completed", "upheld")
    assert pool.told("msg_objection_decided")["on_time"] is True
    assert pool.sent("msg_objection_decided")[0].delivered_to == case
    assert pool.open(case) == ["report_rectification"]
    assert pool.incidents() == []
    with pool.stage.sessions.read() as session:
        assert verify(session, review).broken_at is None


def test_day_thirty_is_in_time(pool):
    pool.go_to("2013-06-04 09:00")
    review = pool.object_to("c1", received="2013-05-03", filed="2013-06-02")
    pool.take_up(review)
    assert pool.open(review) == ["review_objection"]
    assert pool.objection(review).due_on == date(2013, 7, 2), "thirty days from the application"


def test_day_thirty_one_is_too_late(pool):
    pool.go_to("2013-06-04 09:00")
    review = pool.object_to("c1", received="2013-05-03", filed="2013-06-03")
    pool.take_up(review)
    assert pool.ended(review) == ("completed", "rejected_late")
    told = pool.told("msg_objection_decided")
    assert (told["outcome"], told["decision"]) == ("rejected_late", "uphold"), "the conclusion stands, and that is told"
    assert pool.objection(review).status == "rejected_late"


def test_what_the_officer_establishes_counts_not_what_the_message_says(pool):
    pool.go_to("2013-06-04 09:00")
    review = pool.object_to("c1", received="2013-05-03", filed="2013-06-03")
    pool.take_up(review, received_on="2013-05-06")
    assert pool.open(review) == ["review_objection"], "it was handed over on Monday only"
    assert pool.objection(review).received_on == date(2013, 5, 6)


def test_an_objection_can_not_be_filed_tomorrow(pool):
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    with pytest.raises(AnswersRefused):
        pool.take_up(review, filed_on="2013-05-14")


def test_what_names_no_reason_is_not_admitted(pool):
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    pool.take_up(review, admissible=False, opinion="没有具体理由。")
    assert pool.ended(review) == ("completed", "inadmissible")
    assert pool.told("msg_objection_decided")["outcome"] == "inadmissible"


@pytest.mark.clause("S4.2d", "S4.3c")
def test_a_revoked_conclusion_takes_the_order_and_its_urgings_along(pool):
    case = pool.issued_order()
    with pool.stage.sessions.begin() as session:
        session.add(Urging(instance_id=case, unit=CHAOYANG, rung=2, kind="slip", at=pool.stage.now))
    review = pool.object_to(case, received="2013-05-13", filed="2013-05-13", source_instance_id=case)
    pool.take_up(review)
    pool.review(review, "revoke")
    pool.rule(review, "revoke")
    assert pool.ended(review) == ("completed", "revoked")
    assert pool.ended(case) == ("completed", "cancelled")
    (urging,) = pool.rows(Urging)
    assert urging.void_since == pool.stage.now
    assert pool.objection(review).verdict == "revoke"


@pytest.mark.clause("S4.2d")
def test_an_amended_conclusion_has_another_deadline(pool):
    case = pool.issued_order()
    review = pool.object_to(case, received="2013-05-13", filed="2013-05-13")
    pool.take_up(review)
    pool.review(review, "amend")
    with pytest.raises(AnswersRefused):
        pool.rule(review, "amend")
    pool.rule(review, "amend", new_deadline="2013-06-28")
    assert pool.ended(review) == ("completed", "amended")
    (task,) = pool.open_tasks(case)
    assert pool.due(task) == "2013-06-28 17:30"


@pytest.mark.clause("S4.3c")
def test_who_wrote_the_conclusion_may_not_review_it_nor_decide(pool):
    authors = ["synthesis-officer-01", "office-director-01"]
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13", authors=authors)
    pool.take_up(review)
    with pytest.raises(NotYours):
        pool.review(review)
    with pool.stage.sessions.begin() as session:
        accounts.grant(session, "synthesis-lead-01", [("synthesis_officer", "synthesis_group", None)])
    pool.review(review, who="synthesis-lead-01")
    with pytest.raises(NotYours):
        pool.rule(review, "uphold")


def test_whoever_acted_for_the_supervision_in_the_case_is_an_author(pool):
    case = pool.issued_order()
    review = pool.object_to(case, received="2013-05-13", filed="2013-05-13", source_instance_id=case)
    pool.take_up(review)
    assert pool.objection(review).authors == ["air-officer-01"], "but not who signed for the district"


@pytest.mark.clause("S4.2b")
def test_facts_may_be_looked_at_on_the_spot(pool):
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    pool.take_up(review)
    pool.review(review, onsite=True)
    request = pool.told("msg_onsite_request")
    assert (request["reason"], pool.open(review)) == ("objection", [])
    pool.stage.send("msg_onsite_result", request["request_id"], {"verdict": "consistent"})
    (task,) = pool.open_tasks(review)
    seen = pool.seen(task, "synthesis-officer-01")
    assert (seen["facts"], seen["onsite_verdict"]) == ("核对了注销登记。", "consistent")
    pool.review(review, "amend")
    assert pool.open(review) == ["decide_review"]


def test_a_visit_that_does_not_come_is_not_waited_for_beyond_day_twenty_five(pool):
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    pool.take_up(review)
    pool.review(review, onsite=True)
    pool.live_until("2013-06-07 17:29")
    assert pool.open(review) == []
    pool.go_to("2013-06-07 17:30")
    assert pool.open(review) == ["review_objection"]


def test_the_director_is_reminded_on_day_twenty_five_and_the_limit_is_hard(pool):
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    pool.take_up(review)
    pool.review(review)
    pool.live_until("2013-06-07 17:29")
    assert pool.notices("office-director-01") == []
    pool.go_to("2013-06-07 17:30")
    assert pool.notices("office-director-01") == ["notice"]
    pool.live_until("2013-06-12 17:29")
    assert pool.objection(review).status == "reviewing"
    pool.go_to("2013-06-12 17:30")
    assert pool.objection(review).status == "overdue"
    assert pool.notices("group-leader-01") == ["overdue"]
    assert pool.open(review) == ["decide_review"], "silence decides nothing"

    pool.go_to("2013-06-14 09:00")
    pool.rule(review, "uphold")
    assert pool.told("msg_objection_decided")["on_time"] is False
    assert pool.objection(review).status == "decided"
    assert pool.incidents() == []


def test_a_review_that_is_not_finished_is_cut_off_at_the_limit(pool):
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    pool.take_up(review)
    pool.live_until("2013-06-12 17:30")
    (task,) = pool.open_tasks(review)
    assert task.element == "decide_review"
    assert pool.seen(task, "office-director-01")["facts"] == "逾限未复核，按现有材料决定。"


def test_since_2021_it_is_a_right_that_no_parameter_shortens(pool):
    house, statutory = pool.open_campaign("profile_2013"), pool.open_campaign("profile_2021")
    with pool.stage.sessions.begin() as session:
        admin = accounts.actor(session, "admin-01")
        parameters.put(session, admin, "objection_days", 10, pool.stage.moment.today, "试行", pool.stage.moment)
    days = {"received": "2013-05-02", "filed": "2013-05-13"}
    late = pool.object_to("c1", campaign_id=house, **days)
    pool.take_up(late)
    assert pool.ended(late) == ("completed", "rejected_late"), "the eleventh day, under the rule of the house"
    right = pool.object_to("c2", campaign_id=statutory, **days)
    pool.take_up(right)
    pool.review(right)
    (task,) = pool.open_tasks(right)
    assert pool.seen(task, "office-director-01")["basis"] == "statutory"


def test_a_unit_objects_later_from_the_page_of_the_order(pool):
    case = pool.issued_order()
    pool.go_to("2013-05-14 09:00")
    with pool.stage.sessions.begin() as session:
        stranger = accounts.actor(session, f"unit-{FENGTAI}")
        with pytest.raises(NotYours):
            objections.file(session, stranger, case, "不属实。", pool.stage.moment)
        officer = accounts.actor(session, "supervision-110105")
        objections.file(session, officer, case, "不属实。", pool.stage.moment)
    pool.stage.work()
    found = pool.objection(pool.review_of(case))
    assert (found.received_on, found.filed_on, found.grounds) == (date(2013, 5, 13), date(2013, 5, 14), "不属实。")
    assert found.source == "rectification"


def test_nobody_objects_to_what_has_ended(pool):
    case = pool.issued_order()
    pool.stage.send("msg_objection_decided", case, {"decision": "revoke"})
    with pool.stage.sessions.begin() as session:
        officer = accounts.actor(session, "supervision-110105")
        with pytest.raises(NotRunning):
            objections.file(session, officer, case, "不属实。", pool.stage.moment)


def test_a_cancelled_campaign_ends_the_review_with_its_reason(pool):
    campaign = pool.open_campaign()
    review = pool.object_to("c1", received="2013-05-03", filed="2013-05-13")
    assert pool.objection(review).campaign_id == campaign, "the only one that is going on"
    pool.take_up(review)
    pool.cancel_campaign(campaign, "市政府另有部署")
    assert pool.ended(review) == ("completed", "cancelled")
    told = pool.told("msg_objection_decided")
    assert (told["outcome"], told["reason"]) == ("cancelled", "市政府另有部署")
    assert pool.objection(review).status == "cancelled"
    assert pool.incidents() == []
