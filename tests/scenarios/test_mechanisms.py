"""One matter that goes through the hands of all mechanisms, as those concerned would tell it. On both databases.

What happens within one process is told where that process is; here is what the mechanisms hand to each other.
"""

from __future__ import annotations

import pytest

from engine.record import verify
from engine.tables import Incident, Instance
from tests.scenarios import campaigns
from tests.scenarios.accountability import Committee
from tests.scenarios.media import UNIT, Press
from tests.scenarios.opinions import SMOKE, Counter
from tests.scenarios.problems import CHAOYANG
from tests.scenarios.rounds import Desk
from tests.scenarios.visits import Field
from workflows import deploy
from workflows.tables import Referral, Visit

TEAM = ["supervision-110105", "supervision-110106"]


@pytest.fixture
def city(sessions, hashed_password, tmp_path):
    return campaigns.install(sessions, tmp_path / "attachments", hashed_password, deploy.SHIPPED)


@pytest.mark.clause("S4.1b", "S4.2a", "S4.2d", "S4.4b", "S4.4c", "S4.5c", "S4.5d", "S4.6a", "S4.6b", "S4.7e")
def test_what_a_citizen_smells_at_night_goes_through_seven_hands_and_comes_back_to_him(city):
    desk, counter, press, committee = (one(city.stage) for one in (Desk, Counter, Press, Committee))
    campaign = desk.open_campaign()
    field = Field(city.stage, campaign, "")
    desk.go_to("2013-05-10 17:00")
    desk.go_to("2013-05-13 09:00")

    # The public (M4b) says it, the pool (P05) does not know whether it is true, the district looks (M2).
    code = counter.say(SMOKE)
    opinion = counter.case(code)
    counter.accept(opinion, "problem", about_unit=CHAOYANG)
    pooled = counter.pooled(code)
    assert counter.problem_of(pooled).campaign_id == campaign
    counter.triage(pooled, "verify", verified=False, category="enforcement_weak", cause="execution")
    visit = field.visit(Visit.source == "common_problem")
    visit.plan("2013-05-14", TEAM[0], team_leader=TEAM[0], team=TEAM[1:])
    desk.go_to("2013-05-14 20:00")
    visit.see("bad", TEAM[0])
    visit.sign(who=UNIT)
    visit.report("lagging", TEAM[0])
    for _ in visit.findings:
        visit.improve("observe", text="当晚起安排专人值守。")
    assert visit.ended_at == "done"

    # It is true: the unit is ordered to put it right (P06), and twice does not.
    counter.triage(pooled, "local", category="enforcement_weak", cause="execution")
    (order,) = counter.orders(pooled).values()
    counter.order(order)
    press.fail(order)
    press.fail(order)

    # So the media (M5) bring it up, and the discipline inspection (M7b) looks at who is to answer for it.
    (exposed,) = press.cases()
    press.verify(exposed.id)
    press.state(exposed.id)
    press.release(exposed.id)
    press.approve(exposed.id)
    press.publish(exposed.id)
    (referred,) = field.rows(Referral)
    committee.register(referred.instance_id)
    committee.verify(referred.instance_id)
    committee.state(referred.instance_id)
    committee.propose(referred.instance_id)
    committee.approve(referred.instance_id)
    committee.answer(referred.instance_id)
    committee.record(referred.instance_id)
    assert committee.instance(referred.instance_id).status == "completed"

    # The leaders read of it on Friday (M6a).
    desk.go_to("2013-05-17 16:00")
    flash = desk.cases("flash_bulletin")[-1]
    desk.issue_flash(flash, {task.task_code for task in desk.open_tasks(flash, "confirm_material")})
    assert counter.problem_of(pooled).title in desk.papers(flash)["flash_bulletin"].body

    # At last it is put right, and who had said it is told.
    pictures = [city.stage.photo(UNIT, "clean"), city.stage.photo(UNIT, "guard")]
    answers = {"result": "已清理并设专人值守。", "similar_check": "全乡已排查。"}
    city.do(order, "report_rectification", UNIT, before_after=pictures, **answers)
    evidence = [city.stage.photo("air-officer-01", "good")]
    checkers = ["air-officer-01", "air-officer-02"]
    city.do(order, "recheck", "air-officer-01", verdict="pass", checkers=checkers, evidence=evidence)
    city.do(order, "close_order", "air-lead-01", verdict="close")
    desk.live_until("2013-06-17 09:00")
    counter.look_back(order)
    assert counter.ended(pooled) == ("completed", "solved")
    assert press.open(exposed.id) == ["draft_internal_reference"], "still to be brought before the leaders"
    press.refer(exposed.id)
    press.comment(exposed.id)
    press.follow_up(exposed.id)
    assert press.instance(exposed.id).status == "completed"
    assert press.exposures()[0].status == "resolved"
    counter.do(opinion, "reply_interim", "air-unit-01", reply_text="已责成整改，正在复查。", publish=False)
    counter.reply(opinion)
    counter.ring_up(opinion, "satisfied")
    assert counter.follow(code).satisfaction == "satisfied"

    assert city.rows(Incident) == []
    with city.stage.sessions.read() as session:
        for one in city.rows(Instance):
            assert verify(session, one.id).broken_at is None
