"""M7a 绩效考核: scores from what was verified, each unit checks and may appeal, people approve. S4.7a to S4.7d."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.tables import Message
from forms.answers import AnswersRefused
from tests.scenarios import problems
from tests.scenarios.assessments import CHAOYANG, Review, install
from workflows import deploy
from workflows.tables import Cycle, Paper, Rating, Referral, ScoreEvent

SUPERVISION, AIR, AIR_OFFICER, REFORM = "chaoyang-supervision-01", "110000-HBJ", "air-unit-01", "110000-FGW"


@pytest.fixture
def review(sessions, hashed_password, tmp_path) -> Review:
    """An item of 朝阳区, reported in time in May and a day late in June, on the evening of 07-05."""
    found = install(sessions, tmp_path, hashed_password)
    found.put("sample_percent", 0)  # no report is drawn for a desk check
    item = found.signed_item(co_units=[REFORM])
    found.go_to("2013-05-27 10:00")
    item.tell(2600)
    found.go_to("2013-06-25 10:00")
    item.tell(5200)
    found.go_to("2013-07-05 18:00")
    return found


def test_each_quarter_starts_by_itself_and_is_assessed_once(review):
    (case,) = review.cases
    assert (case.title, review.assessment(case.id).period) == (
        "生态文明和城乡环境建设专项督查2013年第二季度绩效考核", "2013-Q2",
    )  # fmt: skip
    by_hand = review.start()
    assert {one.id: one.ended_element for one in review.cases}[by_hand] == "nothing_to_do"
    (cycle,) = review.rows(Cycle, Cycle.kind == "assessment")
    assert (cycle.period, cycle.status) == ("2013-Q2", "running")
    review.go_to("2013-10-14 18:00")
    assert [review.assessment(one.id).period for one in review.cases if one.id != by_hand] == ["2013-Q2", "2013-Q3"]


@pytest.mark.clause("S4.7b")
def test_every_point_of_a_district_leads_to_the_event_behind_it(review):
    assert review.score(CHAOYANG).total == Decimal("88.46")
    assert review.component(CHAOYANG, "ledger")["points"] == pytest.approx(76.9231)
    late, on_time = sorted(review.events(CHAOYANG, "timeliness"), key=lambda one: one.points)
    assert (late.rule, late.facts["due"], late.facts["done"]) == ("report_late", "2013-06-24", "2013-06-25")
    assert (late.points, on_time.points, on_time.possible) == (0, Decimal("11.5385"), Decimal("11.5385"))
    assert late.item_id == on_time.item_id
    every = review.rows(ScoreEvent, ScoreEvent.score_id == review.score(CHAOYANG).id)
    assert abs(sum(one.points for one in every) - review.score(CHAOYANG).total) < Decimal("0.01")


@pytest.mark.clause("S4.7a", "S4.7b", "S4.7c", "S4.7d")
def test_units_check_lead_units_rate_leaders_are_judged_and_the_group_leader_approves(review):
    case = review.cases[0].id
    assert review.open(case) == ["confirm_score", "evaluate_team", "rate_co_unit"]
    review.accept(case, CHAOYANG, SUPERVISION)
    review.accept(case, AIR, AIR_OFFICER)
    review.rate(case, AIR, AIR_OFFICER, REFORM, 80)
    differing = {"unit": CHAOYANG, "capability": "fair", "work_style": "good", "basis": "推进偏慢。"}
    review.judge_teams(case, differing)
    review.go_to("2013-07-15 09:00")  # who has not answered within five working days is not waited for
    assert review.open(case) == ["consolidate_scores"]
    shown = review.seen(case, "consolidate_scores", "performance-01")
    assert [row["unit"] for row in shown["scores"] if row["answer"] == "accepted"] == [CHAOYANG, AIR]
    assert "朝阳区" in shown["text"]
    assert "88.46" in shown["text"]
    review.consolidate(case, 12.5)
    review.decide(case, "approve")
    assert review.incidents() == []
    found = review.score(CHAOYANG)
    assert (found.answer, found.capability, found.work_style) == ("accepted", "fair", "good")
    assert (review.score("110101").answer, review.score("110101").capability) == ("no_reply", "good")
    assert review.score(REFORM).total == Decimal("80.00")
    assert review.component(REFORM, "rating")["possible"] == 100
    (rating,) = review.rows(Rating)
    assert (rating.lead_unit, rating.service, rating.rater) == (AIR, "approval", AIR_OFFICER)
    assessment = review.assessment(case)
    assert (assessment.status, assessment.campaign_weight) == ("published", Decimal("12.5"))
    assert len(assessment.content_hash) == 64
    (paper,) = review.rows(Paper, Paper.kind == "assessment_result")
    assert paper.number == assessment.number
    (cycle,) = review.rows(Cycle, Cycle.kind == "assessment")
    assert cycle.status == "done"


@pytest.mark.clause("S4.7a")
def test_scores_are_sent_out_unit_by_unit_and_only_three_are_not_ranked(review):
    case = review.cases[0].id
    finish(review, case)
    sent = {one.payload["org"]: one.payload for one in review.messages("msg_score_published")}
    assert len(sent) == 25
    assert (sent[CHAOYANG]["unit_period"], sent[CHAOYANG]["total"]) == (f"{CHAOYANG}:2013-Q2", 88.46)
    assert {one.status for one in review.messages("msg_score_published")} == {"handed_out"}
    assert sent[CHAOYANG]["rank"] is None, "one district with a score is no ranking"
    assert review.messages("msg_accountability_referral") == []
    assert review.cases[0].ended_element == "published"


@pytest.mark.clause("S4.7b")
def test_an_appeal_that_is_upheld_gives_points_with_the_reason(review):
    case = review.cases[0].id
    review.appeal(case, CHAOYANG, SUPERVISION, "六月进展报告逾期", "系统维护，当日无法报送。")
    assert review.seen(case, "handle_appeal", "performance-01")["appeal"][0]["event"] == "六月进展报告逾期"
    review.judge(case, "adjust", 11.54, "系统维护属实。")
    found = review.score(CHAOYANG)
    assert (found.total, found.version, found.reason, found.answer) == (Decimal("100.00"), 2, "appeal", "appealed")
    (given,) = review.events(CHAOYANG, "adjusted")
    assert (given.points, given.text) == (Decimal("11.54"), "系统维护属实。")
    first = [one for one in review.versions(CHAOYANG) if not one.is_current]
    assert [one.total for one in first] == [Decimal("88.46")]


def test_an_appeal_that_is_not_upheld_changes_nothing_and_says_why(review):
    case = review.cases[0].id
    review.appeal(case, CHAOYANG, SUPERVISION, "六月进展报告逾期", "忙。")
    with pytest.raises(AnswersRefused):
        review.do(case, "handle_appeal", "performance-01", verdict="uphold")
    review.judge(case, "uphold", reason="没有依据。")
    assert (review.score(CHAOYANG).version, review.score(CHAOYANG).answer) == (1, "appealed")


def test_who_does_not_accept_says_what_is_wrong(review):
    with pytest.raises(AnswersRefused):
        review.do(review.cases[0].id, "confirm_score", SUPERVISION, CHAOYANG, accepted=False)


@pytest.mark.clause("S4.7d")
def test_departments_of_the_party_are_not_urged_and_silence_is_no_judgement(review):
    case = review.cases[0].id
    finish(review, case)
    assert review.score(CHAOYANG).capability is None
    assert review.notices("organization-01") == []


def test_the_group_leader_returns_and_the_circular_is_mended(review):
    case = review.cases[0].id
    review.go_to("2013-07-22 09:00")
    review.consolidate(case, 10)
    review.decide(case, "return", opinion="请说明未答复单位。")
    assert review.seen(case, "consolidate_scores", "performance-01")["returned"] == "请说明未答复单位。"
    text = "<p>未答复单位视同未核对。</p>"
    review.consolidate(case, 15, text=text)
    review.decide(case, "approve")
    (paper,) = review.rows(Paper, Paper.kind == "assessment_result")
    assert (paper.body, review.assessment(case).campaign_weight) == (text, Decimal(15))


@pytest.mark.clause("S4.7e")
def test_a_poor_score_is_referred_but_people_decide(review):
    with review.stage.sessions.begin() as session:
        deploy.deploy_file(session, deploy.PROCESSES / "accountability.bpmn", review.stage.moment)
    review.signed_item(item_name="燃煤锅炉改造")  # nothing of it is verified
    second = review.signed_item(item_name="油气回收")
    second.found_on_site("false")
    review.go_to("2013-10-14 18:00")
    case = next(one.id for one in review.cases if review.assessment(one.id).period == "2013-Q3")
    found = review.score(CHAOYANG, case)
    assert found.grade == "poor"
    finish(review, case, "2013-11-04 09:00")
    sent = [one.payload for one in review.messages("msg_accountability_referral")]
    every = {one["subject_unit"]: one for one in sent if one.get("source") == "performance_assessment"}
    assert set(every) == {CHAOYANG, AIR}, "the lead unit of the task is as far behind"
    assert {one["conduct"] for one in every.values()} == {"inadequate"}
    received = review.rows(Referral, Referral.source == "performance_assessment")
    assert {one.subject_unit for one in received} == {CHAOYANG, AIR}
    assert {one.measure for one in received} == {None}, "nothing follows by itself"
    assert str(float(found.total)) in every[CHAOYANG]["facts"]
    assert {one.id: one.ended_element for one in review.cases}[case] == "published_and_referred"


def test_a_campaign_that_is_called_off_ends_its_assessment(review):
    case = review.cases[0].id
    review.cancel_campaign("机构改革")
    assert (review.assessment(case).status, review.assessment(case).reason) == ("cancelled", "机构改革")
    assert review.cases[0].ended_element == "cancelled"
    assert review.open(case) == []
    (cycle,) = review.rows(Cycle, Cycle.kind == "assessment")
    assert (cycle.status, cycle.reason) == ("skipped", "机构改革")
    assert review.rows(Message, Message.name == "msg_score_published") == []


def finish(review, case, day="2013-07-22 09:00"):
    """Nobody answers; the performance office and the leader go on."""
    review.go_to(day)
    review.consolidate(case)
    review.decide(case, "approve")


@pytest.mark.clause("S4.7b", "S4.2d")
def test_an_order_that_is_revoked_later_no_longer_costs_points(sessions, hashed_password, tmp_path):
    pool = problems.install(sessions, tmp_path, hashed_password)
    with sessions.begin() as session:
        path = deploy.PROCESSES / "performance_assessment.bpmn"
        deploy.deploy_file(session, path, pool.stage.moment)
    review = Review(pool.stage, pool.open_campaign(), "")
    pool.go_to("2013-06-20 09:00")
    order = pool.issued_order()  # due on 06-25, and nothing is reported
    pool.live_until("2013-07-08 09:00")
    (case,) = review.cases
    before = review.score(CHAOYANG)
    assert (before.total, before.grade) == (Decimal("0.00"), "poor")
    assert {one.rule for one in review.events(CHAOYANG, "rectification")} == {"order_late"}
    assert {one.rule for one in review.events(CHAOYANG, "urged")} == {"order_level"}
    finish(review, case.id, "2013-07-23 09:00")
    published = review.assessment(case.id).content_hash
    objection = pool.object_to(order, received="2013-06-28", filed="2013-07-23", source_instance_id=order)
    pool.take_up(objection)
    pool.review(objection, "revoke")
    pool.rule(objection, "revoke")
    after = review.score(CHAOYANG)
    assert (after.total, after.version, after.reason) == (None, 2, "revoked")
    assert review.assessment(case.id).content_hash != published
    corrected = [one for one in pool.sent("msg_score_published") if one.payload["corrected"]]
    assert [(one.payload["org"], one.status) for one in corrected] == [(CHAOYANG, "handed_out")]
    assert "notice" in pool.notices("supervision-110105")
