"""The quarterly report to the municipal government. S4.6f"""

from __future__ import annotations

import pytest

from tests.scenarios import rounds
from tests.scenarios.rounds import LEAD, OFFICER
from workflows.tables import Matter

GROUP_LEADER = "group-leader-01"
REQUEST = {"contains_request": True, "request_matter": "配套管线用地", "request_background": "三个区县手续办理慢。"}


@pytest.fixture
def desk(sessions, hashed_password, tmp_path):
    return rounds.install(sessions, tmp_path / "attachments", hashed_password)


def in_july(desk) -> tuple[str, str]:
    """Five working days after the second quarter: the campaign and the case of its report."""
    campaign = desk.open_campaign()
    desk.item(campaign, "air")
    desk.go_to("2013-07-05 17:30")
    (case,) = desk.cases("quarterly_report")
    return campaign, case


@pytest.mark.clause("S4.6f", "S2.8", "S1.1")
def test_five_working_days_after_the_quarter_the_report_is_begun(desk):
    campaign = desk.open_campaign()
    desk.go_to("2013-07-05 17:29")
    assert desk.cases("quarterly_report") == []
    desk.go_to("2013-07-05 17:30")
    (case,) = desk.cases("quarterly_report")
    assert desk.instance(case).title == "季度综合报告 2013年第二季度 生态环境专项督查"
    desk.write_chapters(case)
    assert "进展总体符合计划。" in desk.form(case, "edit_quarterly", LEAD)["body"]
    desk.edit_quarterly(case)
    desk.do(case, "group_leader_approve", GROUP_LEADER, verdict="submit")
    paper = desk.papers(case)["quarterly_report"]
    assert paper.title == "关于2013年第二季度四项重点工作督查进展情况的报告"
    assert paper.addressees == ["市政府"]
    (round_,) = desk.cycles(campaign, "quarterly")
    assert (round_.period, round_.status) == ("2013-Q2", "done")
    desk.do(case, "record_receipt", OFFICER, received_on="2013-07-05", comment="已阅。")
    assert desk.ended(case) == "reported"


@pytest.mark.clause("S4.6f", "S2.2", "S4.1c")
def test_a_report_that_carries_a_request_comes_back_and_the_request_goes_its_own_way(desk):
    campaign, case = in_july(desk)
    desk.write_chapters(case)
    desk.edit_quarterly(case, **REQUEST)
    assert desk.open(case) == ["edit_quarterly"], "back at the desk"
    (matter,) = desk.rows(Matter)
    assert (matter.title, matter.campaign_id, matter.source) == ("配套管线用地", campaign, "quarterly_report")
    (escalated,) = desk.cases("municipal_escalation")
    assert desk.open(escalated) == ["draft_request"]
    desk.edit_quarterly(case, **REQUEST | {"request_matter": "另一件事"})
    assert len(desk.rows(Matter)) == 2, "one matter each"
    desk.edit_quarterly(case)
    assert desk.open(case) == ["group_leader_approve"]


@pytest.mark.clause("S4.6f", "S1.1")
def test_the_leader_of_the_group_returns_it(desk):
    _, case = in_july(desk)
    desk.write_chapters(case, confirmed=False)
    assert "对自动章节有保留" in desk.form(case, "edit_quarterly", LEAD)["body"]
    desk.edit_quarterly(case, body="<p>改过的正文。</p>")
    desk.do(case, "group_leader_approve", GROUP_LEADER, verdict="return")
    assert "改过的正文。" in desk.form(case, "edit_quarterly", LEAD)["body"]
    assert desk.papers(case) == {}


@pytest.mark.clause("S4.6f")
def test_the_last_quarter_is_reported_after_the_campaign_has_ended(desk):
    desk.go_to("2013-10-10 09:00")
    campaign = desk.open_campaign()
    desk.end_campaign(campaign)
    desk.go_to("2014-01-07 17:30")
    assert [one.period for one in desk.cycles(campaign, "quarterly")] == ["2013-Q4"]
    desk.go_to("2014-04-08 17:30")
    assert len(desk.cases("quarterly_report")) == 1, "and no more"


@pytest.mark.clause("S4.6f")
def test_a_report_that_is_late_is_flagged(desk):
    campaign, _ = in_july(desk)
    (round_,) = desk.cycles(campaign, "quarterly")
    assert round_.due_on.isoformat() == "2013-07-19", "fifteen working days after the quarter"
    desk.go_to("2013-07-22 09:00")
    assert [one.state for one in desk.flagged(campaign) if one.kind == "quarterly"] == ["late"]


@pytest.mark.clause("S0.3")
def test_with_its_campaign_the_report_ends(desk):
    campaign, case = in_july(desk)
    desk.cancel(campaign, "市政府决定停止本次督查。")
    assert desk.ended(case) == "cancelled"
    assert desk.cycles(campaign, "quarterly")[0].status == "skipped"


@pytest.mark.clause("S4.6f")
def test_it_can_be_begun_by_hand(desk):
    campaign = desk.open_campaign()
    desk.go_to("2013-07-01 09:00")
    case = desk.stage.start(LEAD, "quarterly_report", "提前编报", "110000", None)
    assert desk.open(case) == ["group_chapter"] * 4
    desk.go_to("2013-07-05 17:30")
    assert len(desk.cycles(campaign, "quarterly")) == 1
