"""Stories of P01, setting up a special supervision, as the people concerned would tell them. On both databases."""

import pytest

from engine.access import NotFound, NotYours
from engine.record import verify
from engine.tables import Incident, Task
from forms.answers import AnswersRefused
from tests.scenarios.campaigns import DISTRICTS, LIAISON_BODIES, City, install
from workflows.calling_off import CallingOffRefused, CampaignOver
from workflows.tables import CatalogueEntry


@pytest.fixture
def city(sessions, hashed_password, tmp_path) -> City:
    return install(sessions, tmp_path / "attachments", hashed_password, ["campaign_setup"])


@pytest.mark.clause("S0.1", "S0.2", "S0.3", "S1.3", "S1.5", "S1.6", "S1.7", "S1.8", "S2.3")
def test_from_the_plan_to_the_summary(city):
    case = city.start()
    city.draft(case)
    assert city.open(case) == ["approve_campaign"], "a decision of the government is basis enough"
    assert city.campaign(case).status == "draft"
    city.issue(case)

    opened = city.open(case)
    assert opened.count("nominate_liaison") == 9
    assert opened.count("form_task_group") == 4
    assert opened.count("define_catalogue") == 26, "four task groups, and each its own sub-items"
    assert {city.due(task) for task in city.open_tasks(case, "nominate_liaison")} == {"2013-04-24 17:30"}
    assert city.campaign(case).profile == "profile_2013"

    city.name_liaisons(case)
    city.form_groups(case)
    assert city.campaign(case).status == "draft", "without the catalogue nothing begins"
    assert city.signals("sig_campaign_issued") == []
    city.define_catalogue(case)

    campaign = city.campaign(case)
    assert (campaign.status, campaign.doc_number) == ("active", "京政办函〔2013〕31号")
    assert (campaign.notice_date.isoformat(), len(campaign.objects)) == ("2013-04-19", 17)
    assert len(city.rows(CatalogueEntry)) == 26
    (issued,) = city.signals("sig_campaign_issued")
    assert (issued.payload["campaign_id"], issued.payload["notice_date"]) == (case, "2013-04-19")
    assert city.open(case) == []

    city.go_to("2013-12-31 17:30")
    assert city.open(case) == ["close_out"]
    city.do(case, "close_out", "synthesis-lead-01", summary="四项任务基本完成。", open_items_disposition="无")
    assert (city.instance(case).status, city.instance(case).ended_element) == ("completed", "closed")
    assert city.campaign(case).status == "closed"
    assert city.rows(Incident) == []
    with city.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S1.8", "S2.4", "S2.5", "S2.6", "S2.7")
def test_what_each_group_is_asked_is_filled_in_already(city):
    case = city.start()
    city.draft(case)
    city.issue(case)
    (water,) = [task for task in city.open_tasks(case, "form_task_group") if task.task_code == "water"]
    assert "污水处理" in city.seen(water, "water-head-01")["colocated_body"]
    (cars,) = [task for task in city.open_tasks(case, "define_catalogue") if task.item["code"] == "A3"]
    seen = city.seen(cars, "air-lead-01")
    assert (seen["sub_item"], seen["municipal_target"], seen["unit_of_measure"]) == ("A3", 180000, "辆")
    assert len(seen["applicable_units"]) == 17
    assert [one["planned_percent"] for one in seen["milestones"]] == [40, 70, 100]
    with pytest.raises(NotYours):
        city.complete(cars, "water-lead-01", sub_item="A3", municipal_target=1, unit_of_measure="辆")


@pytest.mark.clause("S0.1", "S1.1")
def test_without_authority_it_is_proposed_first(city):
    case = city.start()
    city.draft(case, authority_basis="none")
    assert city.open(case) == ["propose_campaign"]
    city.do(case, "propose_campaign", "synthesis-lead-01", reason="大气污染反弹。", head_decision="approve")
    assert city.open(case) == ["approve_campaign"]


@pytest.mark.clause("S0.1")
def test_what_the_head_of_government_does_not_want_is_not_set_up(city):
    case = city.start()
    city.draft(case, authority_basis="none")
    answers = {"reason": "大气污染反弹。", "head_decision": "reject", "opinion": "先由市环保局研究。"}
    city.do(case, "propose_campaign", "synthesis-lead-01", **answers)
    assert (city.instance(case).status, city.instance(case).ended_element) == ("completed", "rejected")
    assert (city.campaign(case).status, city.campaign(case).reason) == ("rejected", "先由市环保局研究。")


@pytest.mark.clause("S0.1", "S1.1", "S1.2")
def test_a_plan_is_returned_mended_and_then_turned_down(city):
    case = city.start()
    city.draft(case)
    city.do(case, "approve_campaign", "group-leader-01", verdict="return", opinion="补充督查对象。")
    (plan,) = city.open_tasks(case, "draft_plan")
    assert city.seen(plan, "synthesis-officer-01")["scope"].startswith("大气"), "nothing is typed twice"
    city.draft(case, objects=DISTRICTS[:3], title="2013年专项督查（修改稿）")
    assert (city.campaign(case).title, len(city.campaign(case).objects)) == ("2013年专项督查（修改稿）", 3)
    city.do(case, "approve_campaign", "group-leader-01", verdict="reject", opinion="与市政府督查重复。")
    assert city.instance(case).ended_element == "rejected"
    assert city.campaign(case).reason == "与市政府督查重复。"


@pytest.mark.parametrize("secret", ["secret", "机密", "top_secret", None])
def test_state_secrets_are_refused_at_the_door(city, secret):
    case = city.start()
    with pytest.raises(AnswersRefused) as refused:
        city.draft(case, classification=secret)
    assert [problem.element for problem in refused.value.problems] == ["classification"]
    assert city.open(case) == ["draft_plan"]


@pytest.mark.clause("S1.7")
def test_a_body_that_names_nobody_is_reminded_once_and_not_urged(city):
    case = city.start()
    city.draft(case)
    city.issue(case)
    prompt, late = LIAISON_BODIES[:7], LIAISON_BODIES[7:]
    city.name_liaisons(case, prompt)
    city.go_to("2013-04-24 17:30")
    city.go_to("2013-04-27 10:00")
    assert [city.notices(f"liaison-{body}") for body in late] == [["reminder"], ["reminder"]]
    assert [city.notices(f"liaison-{body}") for body in prompt] == [[]] * 7
    waiting = city.open_tasks(case, "nominate_liaison")
    assert sorted(task.org for task in waiting) == sorted(late), "it goes on waiting for them"
    assert {task.urged for task in waiting} == {0}


@pytest.mark.clause("S0.1")
def test_cancelled_while_the_groups_are_being_set_up(city):
    case = city.start()
    city.draft(case)
    city.issue(case)
    city.name_liaisons(case)
    city.cancel(case, "并入国务院督查。")
    assert (city.instance(case).status, city.instance(case).ended_element) == ("completed", "cancelled")
    assert city.open(case) == []
    assert {task.status for task in city.rows(Task, Task.element == "define_catalogue")} == {"cancelled"}
    assert (city.campaign(case).status, city.campaign(case).reason) == ("cancelled", "并入国务院督查。")
    (told,) = city.signals("sig_campaign_cancelled")
    assert (told.key, told.payload["reason"]) == (case, "并入国务院督查。")


@pytest.mark.clause("S1.1", "S1.3")
def test_who_may_call_a_campaign_off_and_when(city):
    case = city.start()
    with pytest.raises(NotFound):
        city.cancel(case, "还没有方案。")
    city.draft(case)
    with pytest.raises(NotYours):
        city.cancel(case, "不想干了。", "synthesis-officer-01")
    with pytest.raises(CallingOffRefused):
        city.cancel(case, " ")
    city.cancel(case, "并入国务院督查。", "group-leader-01")
    with pytest.raises(CampaignOver):
        city.cancel(case, "再撤一次。")
    assert len(city.signals("sig_campaign_cancelled")) == 1


@pytest.mark.clause("S0.1")
def test_cancelled_in_mid_course(city):
    case = city.set_up()
    city.go_to("2013-09-16 10:00")
    city.cancel(case, "任务调整。")
    assert city.instance(case).ended_element == "cancelled"
    city.go_to("2013-12-31 17:30")
    assert city.open(case) == [], "nobody sums up what was cancelled"


@pytest.mark.clause("S0.1")
def test_a_plan_that_ends_before_it_begins_comes_back(city):
    case = city.start()
    city.draft(case, start_date="2013-12-31", end_date="2013-06-30")
    (plan,) = city.open_tasks(case)
    assert plan.element == "draft_plan"
    assert "早于" in city.seen(plan, "synthesis-officer-01")["returned"]
    city.draft(case)
    assert city.open(case) == ["approve_campaign"]
    assert city.rows(Incident) == []
