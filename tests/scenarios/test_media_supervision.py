"""Stories of M5, supervision by the media, as the people concerned would tell them. Each runs on both databases.

Monday 2013-05-13 is the day on which clues come in.
"""

import pytest

from engine import messages
from engine.access import NotYours
from engine.record import verify
from forms.answers import AnswersRefused
from tests.scenarios.media import OFFICER, PROPAGANDA, REPORTER, UNIT, Press, install
from tests.scenarios.problems import CHAOYANG, FENGTAI
from workflows import media
from workflows.media import ClueRefused, NothingToCorrect


@pytest.fixture
def press(sessions, hashed_password, tmp_path) -> Press:
    return install(sessions, tmp_path / "attachments", hashed_password)


def solve(press: Press, case: str, outcome: str = "solved") -> None:
    """The pool of problems settles what the case has reported."""
    problem = press.problem(press.clue(case).problem_id)
    if outcome == "unfounded":
        press.triage(problem.instance_id, "unfounded")
        return
    press.triage(problem.instance_id, "local")
    (order,) = press.orders(problem.instance_id).values()
    press.rectify(order)
    press.live_until("2013-06-13 09:00")
    press.look_back(order)


@pytest.mark.clause("S4.5c", "S4.5d", "S4.5b")
def test_what_a_journalist_saw_is_exposed_solved_and_followed_up(press):
    case = press.hand_in_clue()
    assert press.clue(case).number == "督媒字〔2013〕1号"
    (task,) = press.open_tasks(case)
    seen = press.seen(task, OFFICER)
    assert (seen["clue_source"], seen["unit"]) == ("reporter", CHAOYANG)
    press.verify(case)
    assert press.problem(press.clue(case).problem_id).source == "media_supervision", "it is solved in any case"
    press.state(case)
    (task,) = press.open_tasks(case, "release_review")
    assert "夜间仍在卸油" in press.seen(task, "synthesis-lead-01")["text"], "compiled, not typed"
    press.release(case)
    press.approve(case)
    press.publish(case)
    (exposure,) = press.exposures()
    assert (exposure.unit, exposure.outlet, exposure.status) == (CHAOYANG, "北京日报", "exposed")
    paper = press.papers(case)["exposure_draft"]
    assert (paper.number, paper.classification) == (exposure.number, "public")
    assert press.open(case) == []
    solve(press, case)
    press.follow_up(case)
    assert press.ended(case) == ("completed", "followed")
    (exposure,) = press.exposures()
    assert (exposure.status, exposure.resolved_on.isoformat()) == ("resolved", "2013-06-13")
    assert press.incidents() == []
    with press.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.5c")
def test_a_second_failed_recheck_is_exposed_and_brought_before_the_leaders(press):
    order = press.issued_order()
    press.fail(order)
    assert press.cases() == []
    press.fail(order)
    (case,) = (one.id for one in press.cases())
    assert (press.clue(case).order_id, press.clue(case).fail_count) == (order, 2)
    press.verify(case)
    assert press.sent("msg_problem_reported") == [], "it is being dealt with: there is an order"
    press.state(case)
    assert press.open(case) == ["draft_internal_reference", "release_review"], "both ways at once"
    press.release(case)
    press.approve(case)
    press.publish(case)
    press.refer(case)
    press.comment(case)
    assert press.open(case) == []
    assert press.papers(case)["internal_reference"].number == "第1期"

    press.close_order(order)
    press.follow_up(case)
    assert press.ended(case) == ("completed", "followed")


def test_an_order_that_is_closed_before_it_is_published_is_followed_up_all_the_same(press):
    order = press.issued_order()
    press.fail(order)
    press.fail(order)
    (case,) = (one.id for one in press.cases())
    press.verify(case)
    press.state(case)
    press.release(case)
    press.close_order(order)
    press.approve(case)
    press.publish(case)
    press.refer(case)
    press.comment(case)
    assert press.open(case) == ["follow_up_report"]


def test_a_third_failure_goes_into_the_case_that_is_under_way(press):
    order = press.issued_order()
    for _ in range(3):
        press.fail(order)
    first, second = sorted(press.cases(), key=lambda one: one.status)
    assert (first.status, second.status, second.ended_element) == ("active", "completed", "joined")
    assert press.clue(first.id).fail_count == 3


@pytest.mark.clause("S4.5d")
def test_a_clue_that_is_not_clear_is_looked_at_on_the_spot(press):
    case = press.hand_in_clue()
    press.verify(case, "pending")
    asked = press.told("msg_onsite_request")
    assert (asked["source"], asked["org"]) == ("media_supervision", CHAOYANG)
    press.stage.send("msg_onsite_result", asked["request_id"], {"verdict": "lagging"})
    (task,) = press.open_tasks(case, "verify_clue")
    assert press.seen(task, OFFICER)["onsite_verdict"] == "lagging"
    press.verify(case)
    assert press.open(case) == ["subject_statement"]


@pytest.mark.clause("S4.5c")
def test_what_is_not_true_is_neither_published_nor_reported(press):
    case = press.hand_in_clue()
    press.verify(case, "false")
    assert press.ended(case) == ("completed", "held")
    assert press.sent("msg_problem_reported") == []
    assert press.clue(case).reason == "没有完全查实的，不公开"


@pytest.mark.clause("S4.5c")
def test_what_was_put_right_at_once_is_not_published_the_first_time(press):
    case = press.hand_in_clue()
    press.verify(case)
    press.state(case, rectified=True)
    assert press.ended(case) == ("completed", "held")
    assert len(press.sent("msg_problem_reported")) == 1, "it is seen to all the same"
    again = press.hand_in_clue()
    press.verify(again)
    press.state(again, rectified=True)
    assert press.open(again) == ["release_review"], "the second time it is"


@pytest.mark.clause("S4.5c")
def test_a_unit_that_says_nothing_is_not_waited_for(press):
    case = press.hand_in_clue()
    press.verify(case)
    press.go_to("2013-05-15 17:29")
    assert press.open(case) == ["subject_statement"]
    press.go_to("2013-05-15 17:30")
    (task,) = press.open_tasks(case, "release_review")
    assert "没有作出说明" in press.seen(task, "synthesis-lead-01")["text"]


@pytest.mark.clause("S4.5c")
def test_what_the_review_does_not_let_pass_is_not_published(press):
    case = press.hand_in_clue()
    press.verify(case)
    press.state(case)
    press.release(case, privacy_ok=False)
    assert press.ended(case) == ("completed", "not_exposed")
    assert press.exposures() == []
    assert press.clue(case).reason == "法律、保密或者隐私审查没有通过的，不公开"


@pytest.mark.clause("S4.5c")
def test_a_mark_of_secrecy_is_refused_at_the_entry_and_the_gate_hides_personal_data(press):
    case = press.hand_in_clue()
    press.verify(case)
    press.state(case)
    with pytest.raises(AnswersRefused):
        press.release(case, text="机密★\n加油站没有改造。")
    assert press.open(case) == ["release_review"]
    press.release(case, text="加油站站长电话13800138000。")
    (task,) = press.open_tasks(case, "approve_exposure")
    assert "13800138000" not in press.seen(task, PROPAGANDA)["text"]


def test_the_propaganda_department_may_ask_for_another_text_or_refuse(press):
    case = press.hand_in_clue()
    press.verify(case)
    press.state(case)
    press.release(case)
    press.approve(case, "amend", opinion="标题要准确。")
    (task,) = press.open_tasks(case, "release_review")
    assert press.seen(task, "synthesis-lead-01")["returned"] == "标题要准确。"
    press.release(case)
    press.approve(case, "refuse", opinion="时机不合适。")
    assert press.ended(case) == ("completed", "not_exposed")
    assert (press.clue(case).status, press.clue(case).reason) == ("refused", "时机不合适。")


@pytest.mark.clause("S4.5c")
def test_what_is_internal_goes_to_the_leaders_only_and_a_comment_becomes_an_instruction(press):
    case = press.hand_in_clue()
    press.verify(case, classification="internal")
    press.state(case)
    assert press.open(case) == ["draft_internal_reference"]
    press.refer(case)
    paper = press.papers(case)["internal_reference"]
    assert (paper.addressees, paper.classification) == (["市领导", "协调小组组长"], "internal")
    press.comment(case, "请市环保局限期解决。")
    told = press.told("msg_instruction_registered")
    assert (told["source_kind"], told["leader_post"]) == ("bulletin_note", "常务副市长")
    assert told["instruction_text"] == "请市环保局限期解决。"
    assert press.ended(case) == ("completed", "not_exposed")
    assert press.clue(case).status == "referred"


@pytest.mark.clause("S4.5d")
def test_what_was_published_and_turns_out_to_be_unfounded_is_corrected_in_public(press):
    case = press.exposed()
    solve(press, case, "unfounded")
    (task,) = press.open_tasks(case, "publish_correction")
    assert "北京日报" in press.seen(task, PROPAGANDA)["published"]
    press.do(case, "publish_correction", PROPAGANDA, text="其中一处已经停业。")
    assert press.ended(case)[0] == "completed"
    (exposure,) = press.exposures()
    assert (exposure.status, exposure.correction) == ("corrected", "其中一处已经停业。")
    assert press.papers(case)["correction"].classification == "public"
    assert press.clue(case).status == "corrected"
    assert press.incidents() == []


@pytest.mark.clause("S4.5d")
def test_a_revoked_order_takes_its_exposure_along(press):
    order = press.issued_order()
    press.fail(order)
    press.fail(order)
    (case,) = (one.id for one in press.cases())
    press.verify(case)
    press.state(case)
    press.release(case)
    press.approve(case)
    press.publish(case)
    review = press.object_to(order, "2013-05-10", "2013-05-13", source="rectification", source_instance_id=order)
    press.take_up(review)
    press.review(review)
    press.rule(review, "revoke")
    assert press.open(case) == ["publish_correction"], "also what was still on its way to the leaders stops"
    press.do(case, "publish_correction", PROPAGANDA, text="整改单已经撤销。")
    (exposure,) = press.exposures()
    assert exposure.status == "corrected"


def test_who_finds_a_mistake_may_have_it_corrected_while_the_case_goes_on(press):
    case = press.hand_in_clue()
    press.verify(case)
    press.state(case)
    with pytest.raises(NothingToCorrect):
        press.stage.do(media.ask_correction, PROPAGANDA, case, "数字有误")
    press.release(case)
    press.approve(case)
    press.publish(case)
    with pytest.raises(NotYours):
        press.stage.do(media.ask_correction, REPORTER, case, "数字有误")
    press.stage.do(media.ask_correction, PROPAGANDA, case, "数字有误")
    (task,) = press.open_tasks(case, "publish_correction")
    assert press.seen(task, PROPAGANDA)["reason"] == "数字有误"


@pytest.mark.clause("S4.5b")
def test_what_is_not_fixed_goes_back_into_the_pool(press):
    case = press.exposed()
    solve(press, case)
    press.follow_up(case, "partly")
    assert press.open(case) == []
    problem = press.problem(press.clue(case).problem_id)
    assert (problem.status, problem.reopened) == ("open", 1)
    (exposure,) = press.exposures()
    assert exposure.status == "exposed", "it counts until the problem is solved"


@pytest.mark.clause("S4.5a", "S4.5b")
def test_when_all_ledgers_stand_the_coverage_is_planned(press):
    campaign = press.open_campaign()
    with press.stage.sessions.begin() as session:
        payload = {"campaign_id": campaign, "title": "专项督查", "gaps": 0}
        messages.broadcast(session, "sig_ledger_round_closed", payload, press.stage.moment)
    press.stage.work()
    (case,) = (one.id for one in press.cases())
    plan = {"theme": "台账进展", "outlets": ["tv", "web"], "units": ["110105"], "period": "每周一期"}
    press.do(case, "coverage_plan", PROPAGANDA, **plan, has_clue=False)
    assert press.ended(case) == ("completed", "plan_issued")
    paper = press.papers(case)["media_plan"]
    assert (paper.campaign_id, paper.title) == (campaign, "关于“台账进展”的报道计划")


@pytest.mark.clause("S4.5a")
def test_a_plan_may_name_a_clue_at_once(press):
    case = press.stage.start(PROPAGANDA, "media_supervision", "加油站报道", "110000", "air")
    press.do(case, "coverage_plan", PROPAGANDA, theme="油气回收", outlets=["paper"], units=["110105"], period="五月",
        has_clue=True, clue="三处没有改造。", clue_unit=CHAOYANG)  # fmt: skip
    (task,) = press.open_tasks(case, "verify_clue")
    seen = press.seen(task, OFFICER)
    assert (seen["clue"], seen["unit"], seen["clue_source"]) == ("三处没有改造。", CHAOYANG, "supervision")


def test_an_exposure_of_another_unit_does_not_count(press):
    press.exposed()
    case = press.hand_in_clue(FENGTAI)
    press.verify(case)
    press.state(case, rectified=True, who=f"unit-{FENGTAI}")
    assert press.ended(case) == ("completed", "held")


def test_a_clue_has_to_say_what_and_whom(press):
    with pytest.raises(ClueRefused) as refused:
        press.stage.do(media.report, REPORTER, {"title": " ", "clue": "", "unit": "nowhere"})
    assert [problem.element for problem in refused.value.problems] == ["title", "clue", "unit"]
    with pytest.raises(NotYours):
        press.stage.do(media.report, UNIT, {"title": "x", "clue": "y", "unit": CHAOYANG})


def test_it_ends_with_its_campaign(press):
    campaign = press.open_campaign()
    case = press.hand_in_clue()
    assert press.clue(case).campaign_id == campaign
    press.cancel_campaign(campaign, "机构调整")
    assert press.ended(case)[0] == "completed"
    assert (press.clue(case).status, press.clue(case).reason) == ("cancelled", "机构调整")
