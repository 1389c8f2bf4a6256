"""The flash bulletin 《督查与反馈》, as the people of the office live it. S4.6a S4.6b"""

from __future__ import annotations

import pytest

from engine.access import NotYours
from tests.scenarios import rounds
from tests.scenarios.rounds import OFFICER
from workflows.tables import Instruction


@pytest.fixture
def desk(sessions, hashed_password, tmp_path):
    return rounds.install(sessions, tmp_path / "attachments", hashed_password)


def with_news(desk, *tasks: str) -> str:
    """A campaign in which items of these tasks turned red; returns its id."""
    campaign = desk.open_campaign()
    for task in tasks:
        desk.turn_red(desk.item(campaign, task, name=f"{task}滞后事项"))
    return campaign


@pytest.mark.clause("S4.6a", "S4.6b", "S2.8", "S2.3")
def test_every_friday_a_bulletin_is_made_of_what_the_groups_confirm(desk):
    campaign = with_news(desk, "air", "water")
    desk.go_to("2013-04-19 15:59")
    assert desk.cases("flash_bulletin") == []
    desk.go_to("2013-04-19 16:00")
    (case,) = desk.cases("flash_bulletin")
    assert desk.instance(case).title == "督查与反馈（快报） 2013年第16周（4月15日至4月21日） 生态环境专项督查"
    assert desk.open(case) == ["confirm_material", "confirm_material"], "only the groups that have something new"
    (asked,) = [task for task in desk.open_tasks(case) if task.task_code == "air"]
    assert "air滞后事项" in desk.seen(asked, "air-officer-01")["material"]

    desk.confirm(case, "air", confirmed=False, correction="该事项已于昨日复工。")
    desk.go_to("2013-04-22 17:30")  # one working day is over: silence is no confirmation
    draft = desk.form(case, "edit_bulletin", OFFICER)
    assert "污水治理（未确认）" in draft["body"]
    assert "大气污染治理（有更正）" in draft["body"]
    assert "该事项已于昨日复工。" in draft["body"]
    assert draft["sections"] == ["lagging"]

    desk.edit(case, title="四项重点工作一周进展")
    desk.proofread(case)
    desk.sign_issue(case, circulation=["municipal_leader", "group_members"])
    paper = desk.papers(case)["flash_bulletin"]
    assert (paper.number, paper.title) == ("第1期", "四项重点工作一周进展")
    assert "未确认" in paper.body
    assert "notice" in desk.notices("leader-01")
    assert "notice" not in desk.notices("air-head-01"), "the units were not on the list"
    (round_,) = desk.cycles(campaign, "flash")
    assert (round_.period, round_.status) == ("2013-W16", "done")


@pytest.mark.clause("S4.6b")
def test_nothing_new_no_bulletin_but_an_entry(desk):
    campaign = desk.open_campaign()
    desk.go_to("2013-04-19 16:00")
    (case,) = desk.cases("flash_bulletin")
    assert desk.ended(case) == "skipped"
    assert desk.papers(case) == {}
    (round_,) = desk.flagged(campaign)
    assert (round_.state, round_.period) == ("skipped", "2013-W16")
    assert "不出刊" in round_.reason


@pytest.mark.clause("S4.6b", "S0.1")
def test_a_campaign_that_began_before_its_notice_gets_the_bulletins_of_the_weeks_before(desk):
    """From mid-April: the campaign begins on 04-15, but is opened on 04-22 only."""
    desk.go_to("2013-04-22 09:00")
    campaign = with_news(desk, "air")
    desk.go_to("2013-04-26 16:00")
    first, second = desk.cases("flash_bulletin")
    assert [one.period for one in desk.cycles(campaign, "flash")] == ["2013-W16", "2013-W17"]
    assert desk.ended(first) == "skipped", "in the first week nothing had happened yet"
    desk.issue_flash(second, ["air"])
    assert desk.papers(second)["flash_bulletin"].number == "第1期"
    late, *_ = [one for one in desk.cycles(campaign, "flash") if one.period == "2013-W16"]
    assert late.due_on.isoformat() == "2013-04-19"
    desk.go_to("2013-05-03 16:00")
    assert len(desk.cases("flash_bulletin")) == 3, "from then on one a week"


@pytest.mark.clause("S4.6b")
def test_before_a_holiday_the_bulletin_comes_earlier_and_in_a_free_week_not_at_all(desk):
    campaign = desk.open_campaign()
    desk.live_until("2013-10-12 18:00")
    weeks = {one.period: one.due_on.isoformat() for one in desk.cycles(campaign, "flash")}
    assert weeks["2013-W38"] == "2013-09-18", "Friday 09-20 is Mid-Autumn"
    assert weeks["2013-W40"] == "2013-09-30", "all other days of that week are National Day"
    flashes = [one for one in desk.flagged(campaign) if one.kind == "flash"]
    assert {one.state for one in flashes} == {"skipped"}, "none was forgotten"


@pytest.mark.clause("S4.6b")
def test_who_edits_does_not_proofread(desk):
    with_news(desk, "air")
    desk.go_to("2013-04-19 16:00")
    (case,) = desk.cases("flash_bulletin")
    desk.confirm(case, "air")
    desk.edit(case)
    with pytest.raises(NotYours):
        desk.proofread(case, who=OFFICER)
    desk.proofread(case, "return")
    assert desk.open(case) == ["edit_bulletin"]


@pytest.mark.clause("S4.6b", "S1.3")
def test_the_director_returns_it_and_then_holds_it_and_nothing_is_lost(desk):
    campaign = with_news(desk, "air")
    desk.go_to("2013-04-19 16:00")
    (case,) = desk.cases("flash_bulletin")
    desk.confirm(case, "air")
    desk.edit(case)
    desk.proofread(case)
    desk.sign_issue(case, "return")
    desk.edit(case, title="改过的标题")
    desk.proofread(case)
    desk.sign_issue(case, "hold", opinion="等市领导会后再发。")
    assert desk.ended(case) == "held"
    assert desk.papers(case) == {}
    (round_,) = desk.cycles(campaign, "flash")
    assert (round_.status, round_.reason) == ("skipped", "等市领导会后再发。")

    desk.go_to("2013-04-26 16:00")
    _, following = desk.cases("flash_bulletin")
    desk.confirm(following, "air")
    assert "air滞后事项" in desk.form(following, "edit_bulletin", OFFICER)["body"], "what was held is told now"


@pytest.mark.clause("S3.2", "S4.6b")
def test_a_leaders_note_becomes_an_instruction(desk):
    campaign = with_news(desk, "air")
    desk.go_to("2013-04-19 16:00")
    (case,) = desk.cases("flash_bulletin")
    desk.issue_flash(case, ["air"])
    note = {"has_note": True, "leader_post": "常务副市长", "note_text": "请环保局抓紧，五月底前报结果。"}
    desk.do(case, "record_leader_note", OFFICER, **note)
    assert desk.ended(case) == "note_passed_on"
    (instruction,) = desk.cases("leader_instruction")
    entered = desk.form(instruction, "register_instruction", OFFICER)
    assert (entered["source_kind"], entered["leader_post"]) == ("bulletin_note", "常务副市长")
    assert entered["instruction_text"] == "请环保局抓紧，五月底前报结果。"
    answers = {name: entered[name] for name in entered if name not in ("source_doc", "opinion", "attachments")}
    desk.do(instruction, "register_instruction", OFFICER, **answers)
    (row,) = desk.rows(Instruction)
    assert (row.campaign_id, row.source_instance_id) == (campaign, case)


@pytest.mark.clause("S4.6b")
def test_without_a_note_the_case_ends_by_itself(desk):
    with_news(desk, "air")
    desk.go_to("2013-04-19 16:00")
    (case,) = desk.cases("flash_bulletin")
    desk.issue_flash(case, ["air"])
    desk.live_until("2013-04-26 18:00")
    assert desk.ended(case) == "no_note_in_time"
    desk.go_to("2013-05-03 16:00")
    assert desk.cases("leader_instruction") == []


@pytest.mark.clause("S4.6a")
def test_an_extra_issue_at_any_time(desk):
    campaign = with_news(desk, "air")
    desk.go_to("2013-04-19 10:00")
    extra = desk.stage.start(OFFICER, "flash_bulletin", "加刊", "110000", None)
    desk.issue_flash(extra, ["air"])
    assert desk.papers(extra)["flash_bulletin"].number == "第1期"
    again = desk.stage.start(OFFICER, "flash_bulletin", "再加刊", "110000", None)
    assert desk.ended(again) == "skipped", "what has been told is not told again"
    assert [one.period for one in desk.cycles(campaign, "flash")] == ["2013-04-19-1", "2013-04-19-2"]
    desk.go_to("2013-04-19 16:00")
    assert len(desk.cycles(campaign, "flash")) == 3, "the weekly one comes all the same"


def test_without_a_campaign_none_is_begun(desk):
    desk.go_to("2013-04-19 16:00")
    assert desk.cases("flash_bulletin") == []
    by_hand = desk.stage.start(OFFICER, "flash_bulletin", "加刊", "110000", None)
    assert desk.ended(by_hand) == "not_begun"


@pytest.mark.clause("S4.6b")
def test_each_campaign_has_its_own(desk):
    one, other = with_news(desk, "air"), with_news(desk, "water")
    desk.go_to("2013-04-19 16:00")
    assert len(desk.cases("flash_bulletin")) == 2
    assert [len(desk.cycles(campaign, "flash")) for campaign in (one, other)] == [1, 1]


@pytest.mark.clause("S0.3")
def test_with_its_campaign_the_bulletin_ends(desk):
    campaign, other = with_news(desk, "air"), with_news(desk, "water")
    desk.go_to("2013-04-19 16:00")
    desk.cancel(campaign, "市政府决定停止本次督查。")
    by_campaign = {desk.instance(case).variables["cycle"]["campaign_id"]: case for case in desk.cases("flash_bulletin")}
    assert desk.ended(by_campaign[campaign]) == "cancelled"
    assert desk.open(by_campaign[other]) == ["confirm_material"]
    (round_,) = desk.cycles(campaign, "flash")
    assert (round_.status, round_.reason) == ("skipped", "市政府决定停止本次督查。")
    assert desk.incidents() == []


@pytest.mark.clause("S4.6b")
def test_weeks_in_which_the_system_stood_still_are_flagged(desk):
    campaign = with_news(desk, "air")
    desk.go_to("2013-04-19 16:00")
    desk.go_to("2013-05-17 16:00")
    assert [one.period for one in desk.cycles(campaign, "flash")] == ["2013-W16", "2013-W20"]
    missed = [one.period for one in desk.flagged(campaign) if one.kind == "flash" and one.state == "missed"]
    assert missed == ["2013-W19", "2013-W18", "2013-W17"]
