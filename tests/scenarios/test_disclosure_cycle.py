"""Stories of M4a, disclosing plans and progress, as the people concerned would tell them. On both databases.

The plans begin on Friday 2013-04-26; fifteen working days later is Monday 05-20, twenty is Monday 05-27.  The fifth
working day of May is Wednesday the 8th.
"""

import pytest

from engine import accounts
from engine.record import verify
from engine.tables import Incident
from tests.scenarios.campaigns import CHAOYANG
from tests.scenarios.disclosures import AIR, WATER, Press, install
from workflows import parameters
from workflows.tables import Cycle, Disclosure, Paper, Urging


@pytest.fixture
def press(sessions, hashed_password, tmp_path) -> Press:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.4a", "S3.1")
def test_plans_are_disclosed_as_soon_as_the_ledgers_stand(press):
    case = press.begin()
    assert sorted(task.org for task in press.open_tasks(case)) == [AIR, WATER]
    task = press.task(case, "prepare_disclosure")
    assert press.due(task) == "2013-05-20 17:30"
    seen = press.seen(task, "air-unit-01")
    assert (seen["disclosure_kind"], seen["period"]) == ("plan", "2013")
    assert seen["items"] == [press.items(CHAOYANG)["A3"].id]
    assert "计划完成26000辆" in seen["text"]
    press.publish(case)
    (shown,) = press.read()
    assert (shown.unit, shown.kind, shown.number) == ("市环保局", "plan", "督公字〔2013〕1号")
    assert shown.title == "2013年生态文明和城乡环境建设专项督查工作计划（市环保局，2013年）"
    (item,) = shown.items
    assert (item["district"], item["name"], item["target"], item["done"]) == (
        "朝阳区",
        "朝阳区控制机动车排放污染",
        26000,
        False,
    )
    assert not {"light", "responsible_post"} & item.keys(), "that is nobody's business outside"
    (paper,) = press.rows(Paper, Paper.kind == "disclosure")
    assert (paper.kind, paper.number, paper.classification, paper.issuer) == (
        "disclosure",
        shown.number,
        "public",
        "市环保局",
    )
    assert press.instance(case).status == "active", "the other unit is still at it"
    press.publish(case, WATER)
    assert press.instance(case).ended_element == "all_done"
    assert [one.unit for one in press.read(unit=WATER)] == ["市水务局"]
    assert [one.unit for one in press.read("机动车")] == ["市环保局"]
    assert press.read(kind="result") == []
    assert press.rows(Incident) == []
    with press.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S4.4a")
def test_every_month_progress_is_disclosed_by_itself(press):
    press.begin()
    press.go_to("2013-05-08 17:29")
    assert len(press.rounds()) == 1
    press.go_to("2013-05-08 17:30")
    _, monthly = press.rounds()
    seen = press.seen(press.task(monthly, "prepare_disclosure"), "air-unit-01")
    assert (seen["disclosure_kind"], seen["period"]) == ("progress", "2013-05")
    assert "截至2013年5月8日" in seen["text"]
    for unit in (AIR, WATER):
        press.publish(monthly, unit)
    (cycle,) = press.rows(Cycle, Cycle.kind == "disclosure")
    assert (cycle.period, cycle.status) == ("2013-05", "done")
    press.go_to("2013-06-07 17:30")
    assert len(press.rounds()) == 3, "and again in June"
    assert {one.period for one in press.rows(Cycle, Cycle.kind == "disclosure")} == {"2013-05", "2013-06"}
    assert press.rows(Incident) == []


@pytest.mark.clause("S4.4a")
def test_an_administrator_may_choose_another_day(press):
    with press.stage.sessions.begin() as session:
        admin = accounts.actor(session, "admin-01")
        parameters.put(session, admin, "disclosure_day", 10, press.stage.moment.today, "推迟", press.stage.moment)
    press.begin()
    press.go_to("2013-05-08 17:30")
    assert len(press.rounds()) == 2, "the round that was set before the change still comes"
    for day in ("05-15 17:30", "06-07 18:00", "06-14 18:00"):
        press.go_to(f"2013-{day}")
        assert len(press.rounds()) == 2, "once a month, and not on the fifth working day"
    press.go_to("2013-06-17 17:30")
    assert len(press.rounds()) == 3, "the tenth working day of June"


@pytest.mark.clause("S4.4a")
def test_where_there_is_no_ledger_there_is_nothing_to_disclose(press):
    press.set_up([CHAOYANG])
    press.go_to("2013-05-10 09:00")
    assert press.rounds() == []


@pytest.mark.clause("S4.4a")
def test_what_the_ledger_keeps_back_is_not_published(press):
    campaign = press.set_up([CHAOYANG])
    press.go_to("2013-04-26 10:00")
    press.establish_some(press.ledger_case(campaign), CHAOYANG, {"A2": 900, "A3": 26000})
    kept_back = press.keep_back("A2")
    case = press.stage.start("synthesis-officer-01", "disclosure_cycle", "公布进展", "110000", None)
    seen = press.seen(press.task(case, "prepare_disclosure"), "air-unit-01")
    assert kept_back not in seen["items"]
    assert seen["held_back"] == "朝阳区清洁能源改造"

    press.publish(case, items=[*seen["items"], kept_back])
    task = press.task(case, "prepare_disclosure")
    assert "朝阳区清洁能源改造" in press.seen(task, "air-unit-01")["returned"]
    assert press.read() == []
    press.publish(case, items=seen["items"])
    (shown,) = press.read()
    assert [item["sub_item"] for item in shown.items] == ["A3"]


@pytest.mark.clause("S4.4a")
def test_the_gate_gives_back_what_may_not_go_out(press):
    case = press.begin()
    press.prepare(case)
    press.release(case, secrecy_reviewed=False)
    task = press.task(case, "prepare_disclosure")
    assert "保密审查" in press.seen(task, "air-unit-01")["returned"]
    press.publish(case, text="机密★十年\n淘汰计划")
    task = press.task(case, "prepare_disclosure")
    seen = press.seen(task, "air-unit-01")
    assert "涉密" in seen["returned"]
    assert seen["text"].startswith("机密★"), "what was written is kept"
    press.prepare(case, text="淘汰计划正在执行。")
    press.release(case, verdict="amend", opinion="补充数字。")
    assert press.seen(press.task(case, "prepare_disclosure"), "air-unit-01")["returned"] == "补充数字。"
    press.publish(case, text="淘汰计划正在执行，已淘汰两千辆。")
    assert press.read()[0].text == "淘汰计划正在执行，已淘汰两千辆。"
    assert press.rows(Incident) == []


@pytest.mark.clause("S4.4a", "S4.4c")
def test_personal_data_is_hidden_before_it_is_published(press):
    case = press.begin()
    press.publish(case, text="车主王建国（电话13812345678，京A·12345）已领取补贴。")
    (shown,) = press.read()
    assert shown.text == "车主王**（电话138******78，京A*****5）已领取补贴。"
    (paper,) = press.rows(Paper, Paper.kind == "disclosure")
    assert "13812345678" not in paper.body
    press.publish(case, WATER, text="监督电话：010-68556000。")
    assert press.read(unit=WATER)[0].text == "监督电话：010-68556000。", "an office wants to be rung up"


@pytest.mark.clause("S4.4a")
def test_who_publishes_nothing_says_on_what_ground(press):
    case = press.begin()
    press.prepare(case)
    press.release(case, verdict="withhold", withhold_ground="涉及正在招标的项目，依规定暂不公开。")
    found = press.disclosure(case)
    assert (found.status, found.ground) == ("withheld", "涉及正在招标的项目，依规定暂不公开。")
    press.publish(case, WATER)
    assert press.instance(case).ended_element == "all_done"
    assert [one.unit_code for one in press.read()] == [WATER]


@pytest.mark.clause("S4.4a", "S2.1")
def test_who_is_late_is_urged_and_the_legal_limit_is_marked(press):
    case = press.begin()
    press.publish(case, WATER)
    press.live_until("2013-05-21 17:31")
    urged = press.rows(Urging, Urging.instance_id == case)
    assert {one.unit for one in urged} == {AIR}
    assert max(one.rung for one in urged) >= 2
    press.live_until("2013-05-27 17:29")
    assert press.disclosure(case).late is False
    press.go_to("2013-05-27 17:30")
    assert press.disclosure(case).late is True
    assert "disclosure_late" in press.notices("air-head-01")
    assert "disclosure_late" in press.notices("synthesis-officer-01")
    press.publish(case)
    assert press.instance(case).status == "completed", "it is published all the same"
    assert press.rows(Incident) == []


@pytest.mark.clause("S4.4a")
def test_when_all_is_done_the_result_is_disclosed(press):
    press.begin()
    car = press.tracked(CHAOYANG, "A3")
    press.sign_item(car)
    press.go_to("2013-05-21 10:00")
    press.tell(car, 26000, 100, claim_completion=True)
    press.close(car)
    press.go_to("2013-06-07 18:00")
    seen = press.seen(press.task(press.rounds()[-1], "prepare_disclosure"), "air-unit-01")
    assert seen["disclosure_kind"] == "result"
    assert "已完成26000辆" in seen["text"]


@pytest.mark.clause("S2.1")
def test_what_is_not_published_yet_ends_with_the_campaign(press):
    case = press.begin()
    press.publish(case, WATER)
    (row,) = press.rows(Disclosure, Disclosure.unit == AIR)
    press.cancel(row.campaign_id, "市政府另有部署")
    assert press.instance(case).status == "completed"
    assert press.instance(case).ended_element == "cancelled"
    found = press.disclosure(case)
    assert (found.status, found.ground) == ("cancelled", "市政府另有部署")
    assert [one.unit_code for one in press.read()] == [WATER], "what is published stays"
