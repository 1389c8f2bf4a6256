"""Stories of M4b, opinions of the public, as the people concerned would tell them. Each runs on both databases.

Opinions come in on Monday 2013-05-13: the answer is due fifteen working days later, on Monday 06-03.
"""

import pytest

from engine.record import verify
from tests.scenarios.opinions import BUSES, SMOKE, Counter, install
from tests.scenarios.problems import CHAOYANG
from workflows import opinions
from workflows.opinions import NoSuchOpinion, NotRatable
from workflows.tables import Opinion, Urging


@pytest.fixture
def counter(sessions, hashed_password, tmp_path) -> Counter:
    return install(sessions, tmp_path / "attachments", hashed_password)


def answered(counter: Counter, search: str = ""):
    with counter.stage.sessions.read() as session:
        return opinions.answered(session, search, 10, 0)[0]


@pytest.mark.clause("S4.4b", "S4.4c", "S4.2d")
def test_what_a_citizen_reports_is_rectified_and_answered_twice(counter):
    code = counter.say()
    case = counter.case(code)
    assert counter.follow(code).status == "received"
    (task,) = counter.open_tasks(case)
    assert (task.element, counter.due(task)) == ("accept_opinion", "2013-05-14 17:30")
    counter.accept(case, "problem", about_unit=CHAOYANG)
    seen = counter.follow(code)
    assert (seen.status, seen.route, seen.unit) == ("handling", "problem", "市环保局")

    pooled = counter.pooled(code)
    problem = counter.problem_of(pooled)
    assert problem.source == "public_opinion"
    assert (problem.affected_units, problem.task_code) == ([CHAOYANG], "air")
    assert "13812345678" not in problem.title + problem.facts, "the pool need not know who he is"
    counter.triage(pooled, "local", category="enforcement_weak", cause="execution")
    (order,) = counter.orders(pooled).values()
    counter.rectify(order)
    assert counter.open(case) == [], "the problem is not solved yet"

    counter.live_until("2013-05-29 17:30")
    (task,) = counter.open_tasks(case)
    assert (task.element, counter.due(task)) == ("reply_interim", "2013-06-03 17:30")
    counter.do(case, "reply_interim", "air-unit-01", reply_text="现场已清理，三十天后复查。", publish=False)
    seen = counter.follow(code)
    assert (seen.reply, seen.is_late, seen.may_rate) == ("现场已清理，三十天后复查。", False, False)

    counter.live_until("2013-06-13 09:00")
    counter.look_back(order)
    (task,) = counter.open_tasks(case)
    seen = counter.seen(task, "air-unit-01")
    assert (task.element, seen["result"], seen["content"]) == ("reply_public", "solved", SMOKE)
    counter.reply(case)
    counter.ring_up(case, "satisfied")
    assert counter.ended(case) == ("completed", "closed")
    seen = counter.follow(code)
    assert (seen.status, seen.resolved, seen.satisfaction) == ("closed", True, "satisfied")
    assert counter.incidents() == []
    with counter.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.4c")
def test_a_problem_may_be_settled_while_the_interim_answer_is_written(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "problem", about_unit=CHAOYANG)
    counter.go_to("2013-05-29 17:30")
    assert counter.open(case) == ["reply_interim"]
    counter.triage(counter.pooled(code), "unfounded")
    counter.do(case, "reply_interim", "air-unit-01", reply_text="正在核实。", publish=False)
    (task,) = counter.open_tasks(case)
    assert (task.element, counter.seen(task, "air-unit-01")["result"]) == ("reply_public", "unfounded")


@pytest.mark.clause("S4.4c")
def test_a_suggestion_is_considered_and_the_reasons_are_told(counter):
    code = counter.say(BUSES, contact=None, anonymous=True)
    case = counter.case(code)
    counter.accept(case, "suggestion")
    (task,) = counter.open_tasks(case)
    assert (task.element, task.org) == ("assess_suggestion", "110000-HBJ")
    counter.do(case, "assess_suggestion", "air-unit-01", adopt="part", reason="先在市属单位试行。")
    (task,) = counter.open_tasks(case)
    assert counter.seen(task, "air-unit-01")["handled"] == "先在市属单位试行。"
    counter.reply(case, "部分采纳：先在市属单位试行。")
    assert counter.open(case) == [], "nobody can ring up who left no contact"
    assert counter.follow(code).may_rate
    counter.rate(code, "basically")
    assert counter.ended(case) == ("completed", "closed")
    with counter.stage.sessions.begin() as session, pytest.raises(NotRatable):
        opinions.rate(session, code, True, "satisfied", "", counter.stage.moment)


@pytest.mark.clause("S4.4c")
@pytest.mark.parametrize(
    ("route", "more", "shown"),
    [
        ("redirect", {"redirect_to": "市交通委"}, "市交通委"),
        ("no_action", {"no_action_reason": "该处已经列入拆迁范围。"}, "该处已经列入拆迁范围。"),
    ],
)
def test_whatever_becomes_of_it_is_answered(counter, route, more, shown):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, route, **more)
    (task,) = counter.open_tasks(case)
    assert (task.element, counter.due(task)) == ("reply_public", "2013-06-03 17:30")
    assert counter.seen(task, "air-unit-01")["handled"] == shown
    assert counter.sent("msg_problem_reported") == []
    counter.reply(case)
    assert counter.follow(code).status == "replied"


@pytest.mark.clause("S4.4c")
def test_what_was_said_before_gets_the_answer_that_was_given(counter):
    first = counter.say()
    counter.accept(counter.case(first), "no_action", no_action_reason="不在本专项范围。")
    counter.reply(counter.case(first), "已转城管部门。")
    again = counter.say(SMOKE.replace("每天", "每晚"))
    case = counter.case(again)
    (task,) = counter.open_tasks(case)
    seen = counter.seen(task, "synthesis-officer-01")
    assert seen["similar"][0]["number"] == counter.opinion(first).number
    assert "13812345678" not in str(seen["similar"])
    counter.accept(case, "duplicate", duplicate_of=seen["duplicate_of"])
    assert counter.opinion(again).duplicate_of == counter.opinion(first).id
    (task,) = counter.open_tasks(case, "reply_public")
    assert counter.seen(task, "air-unit-01")["reply_text"] == "已转城管部门。"


@pytest.mark.clause("S4.4c")
def test_who_is_discontent_has_it_opened_again_but_once(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "no_action", no_action_reason="未发现焚烧。")
    counter.reply(case, "未发现焚烧。")
    counter.ring_up(case, "dissatisfied", comment="晚上十点以后才烧。")
    (task,) = counter.open_tasks(case)
    assert (task.element, counter.seen(task, "synthesis-officer-01")["comment"]) == (
        "accept_opinion",
        "晚上十点以后才烧。",
    )
    counter.go_to("2013-05-16 09:00")
    counter.accept(case, "problem", about_unit=CHAOYANG)
    pooled = counter.pooled(code)
    assert "晚上十点以后才烧" in counter.problem_of(pooled).facts
    counter.triage(pooled, "unfounded")
    (task,) = counter.open_tasks(case)
    assert counter.due(task) == "2013-06-06 17:30", "counted anew"
    assert counter.seen(task, "air-unit-01")["result"] == "unfounded"
    counter.reply(case, "夜间两次检查，未发现焚烧。")
    counter.rate(code, "dissatisfied", "还是有味。")
    assert counter.ended(case) == ("completed", "closed"), "not a second time"
    assert (counter.opinion(code).reopened, counter.opinion(code).satisfaction) == (1, "dissatisfied")
    assert counter.incidents() == []


@pytest.mark.clause("S4.4c")
def test_a_problem_that_is_reported_again_goes_on_under_its_number(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "problem", about_unit=CHAOYANG)
    first = counter.pooled(code)
    number = counter.problem_of(first).number
    counter.triage(first, "unfounded")
    counter.reply(case, "未发现焚烧。")
    counter.rate(code, "dissatisfied", "晚上才烧。")
    counter.accept(case, "problem", about_unit=CHAOYANG)
    again = counter.pooled(code)
    assert again != first
    assert (counter.problem_of(again).number, counter.problem_of(again).reopened) == (number, 1)
    assert counter.open(case) == [], "waiting for it once more"
    counter.triage(again, "unfounded")
    assert counter.open(case) == ["reply_public"]
    assert counter.incidents() == []


@pytest.mark.clause("S4.4c")
def test_who_says_nothing_is_neither_content_nor_discontent(counter):
    code = counter.say(contact=None)
    case = counter.case(code)
    counter.accept(case, "no_action", no_action_reason="不属本专项。")
    counter.reply(case)
    counter.live_until("2013-05-20 17:29")
    assert counter.follow(code).may_rate
    counter.go_to("2013-05-20 17:30")
    assert counter.ended(case) == ("completed", "closed")
    assert counter.opinion(code).satisfaction is None
    moment = counter.stage.moment
    with counter.stage.sessions.read() as session:
        found = opinions.rates(session, None, "110000-HBJ", moment.working_days(0), moment.working_days(30))
    assert (found.response, found.resolution, found.satisfaction) == (1, None, None)


def test_nobody_answers_the_telephone(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "no_action", no_action_reason="不属本专项。")
    counter.reply(case)
    counter.ring_up(case, None)
    assert counter.ended(case) == ("completed", "closed")
    assert counter.opinion(code).rated_at is None


def test_who_rates_on_the_page_is_not_rung_up(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "no_action", no_action_reason="不属本专项。")
    counter.reply(case)
    assert counter.open(case) == ["phone_call_back"]
    counter.rate(code, "satisfied")
    assert counter.ended(case) == ("completed", "closed")
    assert counter.opinion(code).satisfaction == "satisfied"


@pytest.mark.clause("S4.4a", "S4.4c")
def test_what_is_published_shows_nobody_and_nothing_secret(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "no_action", no_action_reason="不属本专项。")
    counter.reply(case, "机密★\n据市里部署，张建国先生反映的地点已列入计划。")
    (task,) = counter.open_tasks(case)
    assert task.element == "reply_public", "the gate gives it back"
    assert "涉密" in counter.seen(task, "air-unit-01")["gate_says"]
    assert counter.follow(code).reply is None
    counter.reply(case, "张建国先生您好，王四营村口已清理，可以致电监督电话010-65190000。")
    (shown,) = answered(counter)
    assert (shown.content, shown.unit) == (
        "王四营村口每天晚上烧垃圾，我叫张**，电话138******78，请管一管。",
        "市环保局",
    )
    assert shown.reply == "张**先生您好，王四营村口已清理，可以致电监督电话010-65190000。"
    assert answered(counter, "王四营") == [shown]
    assert answered(counter, "13812345678") == []
    assert "13812345678" not in str(counter.follow(code))


def test_an_answer_that_is_not_to_be_published_is_seen_with_the_code_only(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "no_action", no_action_reason="不属本专项。")
    counter.reply(case, publish=False)
    assert answered(counter) == []
    assert counter.follow(code.lower()).reply == "已责成属地查处，现场已清理。"
    with pytest.raises(NoSuchOpinion):
        counter.follow("AAAA-BBBB-CCCC-DDDD")


@pytest.mark.clause("S2.1", "S4.4c")
def test_who_lets_the_public_wait_is_urged(counter):
    code = counter.say()
    case = counter.case(code)
    counter.accept(case, "redirect", redirect_to="市交通委")
    counter.live_until("2013-06-04 17:31")
    urged = counter.rows(Urging, Urging.instance_id == case)
    assert max(one.rung for one in urged) >= 2
    assert {one.unit for one in urged} == {"110000-HBJ"}
    counter.reply(case)
    assert counter.follow(code).is_late
    moment = counter.stage.moment
    with counter.stage.sessions.read() as session:
        found = opinions.rates(session, None, None, moment.working_days(-5), moment.working_days(5))
    assert (found.due, found.response) == (1, 0)


@pytest.mark.clause("S4.4b")
def test_a_call_is_entered_by_the_office_and_gets_a_code(counter):
    case = counter.stage.start("synthesis-officer-01", "public_opinion", "来电", "110000", None)
    (task,) = counter.open_tasks(case)
    seen = counter.seen(task, "synthesis-officer-01")
    assert "channel" not in seen or seen["channel"] is None
    counter.accept(case, "suggestion", channel="hotline", content=BUSES, contact="010-65190001", anonymous=False)
    found = counter.follow(seen["code"])
    assert (found.channel, found.content, found.status) == ("hotline", BUSES, "handling")


@pytest.mark.clause("S4.4b")
def test_another_system_hands_on_what_a_people_s_organisation_says(counter):
    counter.stage.send("msg_public_opinion", "k-7", {
        "opinion_id": "k-7", "title": "市总工会转来意见", "channel": "organisation", "content": BUSES,
        "anonymous": True, "contact": "不该保存",
    })  # fmt: skip
    (row,) = counter.rows(Opinion)
    assert (row.id, row.channel, row.contact) == ("k-7", "organisation", None)
    assert counter.open(str(row.instance_id)) == ["accept_opinion"]


@pytest.mark.clause("S2.1")
def test_what_was_said_ends_with_the_campaign_and_its_reason(counter):
    campaign = counter.open_campaign()
    code, other = counter.say(), counter.say(BUSES)
    assert counter.opinion(code).campaign_id == campaign
    counter.accept(counter.case(other), "problem", about_unit=CHAOYANG)
    counter.cancel_campaign(campaign, "市政府另有部署")
    for one in (code, other):
        assert counter.ended(counter.case(one)) == ("completed", "cancelled")
        seen = counter.follow(one)
        assert (seen.status, seen.reason) == ("cancelled", "市政府另有部署")
    assert counter.incidents() == []
