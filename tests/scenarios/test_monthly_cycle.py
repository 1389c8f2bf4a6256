"""The monthly special report and the meeting of the coordination group. S4.6c S4.6d S4.6e"""

from __future__ import annotations

import pytest

from tests.scenarios import rounds
from tests.scenarios.rounds import DIRECTOR, FENGTAI, LEAD, OFFICER
from workflows.tables import Matter, Problem

GROUP_LEADER = "group-leader-01"
TAKEN = {
    "content": "加快燃煤锅炉改造手续办理。",
    "handling": "instruction",
    "unit": "110000-HBJ",
    "deadline": "2013-06-28",
}
REQUESTED = {"content": "提请市政府研究配套管线用地。", "handling": "decision", "unit": "110000-SWJ", "deadline": None}
NOTED = {"content": "下月听取环境组专题汇报。", "handling": "note", "unit": None, "deadline": None}


@pytest.fixture
def desk(sessions, hashed_password, tmp_path):
    return rounds.install(sessions, tmp_path / "attachments", hashed_password)


def in_april(desk) -> tuple[str, str, str]:
    """The fifth-last working day of April: the campaign, a common problem on the agenda, the case of the month."""
    campaign = desk.open_campaign()
    problem = desk.problem(campaign, "配套管线占地手续办理慢", route="common", agenda_month="2013-04")
    desk.item(campaign, "air")
    desk.go_to("2013-04-24 17:30")
    (case,) = desk.cases("monthly_cycle")
    return campaign, problem, case


def reported(desk, case: str, problem: str) -> None:
    """The report is before the director."""
    desk.summarise(case)
    desk.do(case, "select_problems", LEAD, problems=[problem])
    desk.edit_report(case)


def invited(desk, case: str) -> None:
    desk.set_agenda(case)
    desk.answer_invitations(case)


@pytest.mark.clause("S4.6c", "S4.6d", "S2.8")
def test_the_report_of_april_begins_on_wednesday_and_goes_out_on_a_sunday(desk):
    """The last working day of April 2013 is Sunday 04-28; the fifth-last is Wednesday 04-24."""
    campaign = desk.open_campaign()
    problem = desk.problem(campaign, "配套管线占地手续办理慢", route="common", agenda_month="2013-04")
    desk.go_to("2013-04-24 17:29")
    assert desk.cases("monthly_cycle") == []
    desk.go_to("2013-04-24 17:30")
    (case,) = desk.cases("monthly_cycle")
    assert desk.instance(case).title == "督查与反馈（专报） 2013年4月 生态环境专项督查"
    (round_,) = desk.cycles(campaign, "monthly")
    assert round_.due_on.isoformat() == "2013-04-28"

    desk.summarise(case, air="本月淘汰老旧机动车两千辆。")
    assert desk.form(case, "select_problems", LEAD)["problems"] == [problem], "what is on the agenda is proposed"
    desk.do(case, "select_problems", LEAD, problems=[problem])
    body = desk.form(case, "edit_special_report", OFFICER)["body"]
    assert "配套管线占地手续办理慢" in body
    assert "本月淘汰老旧机动车两千辆。" in body
    desk.edit_report(case)
    assert desk.due(desk.task(case, "sign_special_report")) == "2013-04-28 17:30"

    desk.go_to("2013-04-28 16:00")
    desk.do(case, "sign_special_report", DIRECTOR, verdict="return")
    desk.edit_report(case)
    desk.do(case, "sign_special_report", DIRECTOR, verdict="issue")
    paper = desk.papers(case)["monthly_report"]
    assert (paper.number, paper.issued_on.isoformat()) == ("第1期", "2013-04-28")
    assert "区县进度排名" not in paper.body
    (round_,) = desk.cycles(campaign, "monthly")
    assert round_.status == "done"
    assert "notice" in desk.notices("leader-01")


@pytest.mark.clause("S4.6c")
def test_nine_months_nine_reports(desk):
    campaign = desk.open_campaign()
    desk.live_until("2014-02-01 09:00")
    months = [one.period for one in desk.cycles(campaign, "monthly")]
    assert months == [f"2013-{month:02}" for month in range(4, 13)]


@pytest.mark.clause("S4.6c")
def test_what_is_not_signed_on_its_day_is_called_for_and_told_as_late(desk):
    campaign, problem, case = in_april(desk)
    reported(desk, case, problem)
    before = len(desk.notices(DIRECTOR))
    desk.go_to("2013-04-28 17:30")
    assert len(desk.notices(DIRECTOR)) == before + 1
    assert "sign_special_report" in desk.open(case), "it is still to be signed"
    desk.go_to("2013-05-02 09:00")
    assert [(one.kind, one.state) for one in desk.flagged(campaign) if one.kind == "monthly"] == [("monthly", "late")]
    desk.do(case, "sign_special_report", DIRECTOR, verdict="issue")
    assert [one for one in desk.flagged(campaign) if one.kind == "monthly"] == []


@pytest.mark.clause("S4.6c")
def test_no_ranking_below_five_districts(desk):
    campaign, problem, case = in_april(desk)
    for district in (FENGTAI, "110107", "110108"):
        desk.item(campaign, "air", district)
    desk.summarise(case)
    desk.do(case, "select_problems", LEAD, problems=[problem])
    assert desk.form(case, "edit_special_report", OFFICER)["rankable"] == 4
    desk.edit_report(case, ranking=True)
    assert "edit_special_report" in desk.open(case)
    assert "sign_special_report" not in desk.open(case)
    desk.edit_report(case, ranking=False)
    assert "sign_special_report" in desk.open(case)


@pytest.mark.clause("S4.6c")
def test_five_districts_can_be_ranked(desk):
    campaign, problem, case = in_april(desk)
    for verified, district in enumerate((FENGTAI, "110107", "110108", "110109"), start=1):
        desk.item(campaign, "air", district, verified=verified)
    desk.summarise(case)
    desk.do(case, "select_problems", LEAD, problems=[problem])
    desk.edit_report(case, ranking=True)
    desk.do(case, "sign_special_report", DIRECTOR, verdict="issue")
    body = desk.papers(case)["monthly_report"].body
    assert body.index("朝阳区</td><td>50") < body.index("门头沟区</td><td>20") < body.index("丰台区</td><td>5")


@pytest.mark.clause("S4.6d", "S4.6e")
def test_open_problems_that_wait_are_on_the_agenda(desk):
    campaign, problem, case = in_april(desk)
    desk.problem(campaign, "下月再议的问题", agenda_month="2013-05")
    found = desk.form(case, "set_agenda", LEAD)
    assert [one.get("problem") for one in found["topics"]] == [None] * 4 + [problem]
    assert found["meeting_date"].startswith("2013-04-28T09:30")
    desk.set_agenda(case)
    agenda = desk.papers(case)["meeting_agenda"]
    assert "配套管线占地手续办理慢" in agenda.body
    assert "下月再议" not in agenda.body


@pytest.mark.clause("S4.6e", "S3.2", "S2.2", "S4.1c")
def test_what_the_meeting_resolves_becomes_instructions_and_requests(desk):
    campaign, _, case = in_april(desk)
    invited(desk, case)
    desk.go_to("2013-04-28 12:00")
    desk.meeting(case, "held")
    desk.record(case, TAKEN)
    assert "加快燃煤锅炉改造" in desk.form(case, "approve_minutes", GROUP_LEADER)["minutes"]
    desk.do(case, "approve_minutes", GROUP_LEADER, verdict="return")
    assert desk.form(case, "hold_meeting", OFFICER)["resolutions"][0]["content"] == TAKEN["content"]
    desk.record(case, TAKEN, REQUESTED, NOTED)
    desk.do(case, "approve_minutes", GROUP_LEADER, verdict="approve")

    minutes = desk.papers(case)["meeting_minutes"]
    assert (minutes.number, minutes.signer) == ("第1期", "协调小组组长")
    assert "按程序提请市政府决策" in minutes.body
    (instruction,) = desk.cases("leader_instruction")
    entered = desk.form(instruction, "register_instruction", OFFICER)
    assert (entered["source_kind"], entered["instruction_text"]) == ("meeting", TAKEN["content"])
    (matter,) = desk.rows(Matter)
    assert (matter.title, matter.campaign_id, matter.source) == (REQUESTED["content"], campaign, "monthly_cycle")
    (meeting,) = desk.cycles(campaign, "meeting")
    assert meeting.status == "done"
    assert desk.incidents() == []


@pytest.mark.clause("S4.6e")
def test_who_does_not_answer_the_invitation_has_not_accepted_it(desk):
    _, _, case = in_april(desk)
    desk.set_agenda(case)
    assert len(desk.open_tasks(case, "confirm_attendance")) == 4
    (task, *_) = desk.open_tasks(case, "confirm_attendance")
    desk.complete(task, "air-head-01", attend="absent", absence_reason="出差。")
    desk.live_until("2013-04-26 18:00")
    desk.meeting(case, "held")
    present = {one["unit"]: one["present"] for one in desk.form(case, "hold_meeting", OFFICER)["attendance"]}
    assert present == {"110000-HBJ": False, "110000-SWJ": False, "110000-SRW": False, "110000-GHW": False}


@pytest.mark.clause("S4.6e")
def test_a_meeting_is_postponed_and_held_within_its_month(desk):
    campaign, _, case = in_april(desk)
    desk.set_agenda(case, meeting_date="2013-04-25T09:30:00+08:00")
    desk.answer_invitations(case)
    desk.go_to("2013-04-25 09:00")
    desk.meeting(case, "postponed", reason="组长另有公务。")
    (meeting,) = desk.cycles(campaign, "meeting")
    assert (meeting.postponed, meeting.due_on.isoformat()) == (1, "2013-04-27"), "two working days: a Saturday"
    assert meeting.reason == "组长另有公务。"
    assert desk.due(desk.task(case, "confirm_meeting")) == "2013-04-27 09:30"
    desk.meeting(case, "postponed", reason="再推一天。")
    assert desk.due(desk.task(case, "confirm_meeting")) == "2013-04-27 09:30"
    desk.go_to("2013-04-27 12:00")
    desk.meeting(case, "held")
    desk.record(case, NOTED)
    desk.do(case, "approve_minutes", GROUP_LEADER, verdict="approve")
    (meeting,) = desk.cycles(campaign, "meeting")
    assert meeting.status == "done"
    assert "2013年4月27日" in desk.papers(case)["meeting_minutes"].body


@pytest.mark.clause("S4.6e", "S4.6d")
def test_a_month_without_meeting_is_flagged_and_its_topics_wait(desk):
    campaign, problem, case = in_april(desk)
    invited(desk, case)
    desk.go_to("2013-04-28 17:00")
    desk.meeting(case, "postponed", reason="组长另有公务。")
    assert [one.state for one in desk.flagged(campaign) if one.kind == "meeting"] == ["skipped"], "no day is left"
    assert desk.cycles(campaign, "meeting")[0].reason == "组长另有公务。"
    (row,) = desk.rows(Problem, Problem.id == problem)
    assert row.agenda_month == "2013-05"
    assert "approve_minutes" not in desk.open(case)
    desk.go_to("2013-05-27 17:30")
    _, following = desk.cases("monthly_cycle")
    assert problem in [one.get("problem") for one in desk.form(following, "set_agenda", LEAD)["topics"]]


@pytest.mark.clause("S4.6e")
def test_a_meeting_that_is_called_off_is_flagged(desk):
    campaign, _, case = in_april(desk)
    invited(desk, case)
    desk.meeting(case, "skipped", reason="与全市动员会合并。")
    assert [(one.state, one.reason) for one in desk.flagged(campaign) if one.kind == "meeting"] == [
        ("skipped", "与全市动员会合并。")
    ]


@pytest.mark.clause("S4.6c", "S4.6e")
def test_a_month_that_nobody_began_is_flagged(desk):
    campaign = desk.open_campaign()
    desk.go_to("2013-06-24 17:30")  # the system had stood still
    found = {(one.kind, one.period, one.state) for one in desk.flagged(campaign)}
    assert {
        ("monthly", "2013-04", "missed"),
        ("monthly", "2013-05", "missed"),
        ("meeting", "2013-05", "missed"),
    } <= found
    assert [one.period for one in desk.cycles(campaign, "monthly")] == ["2013-06"]


@pytest.mark.clause("S4.6c")
def test_it_can_be_begun_by_hand_but_not_twice(desk):
    campaign = desk.open_campaign()
    case = desk.stage.start(LEAD, "monthly_cycle", "提前编专报", "110000", None)
    assert desk.open(case) == ["group_summary"] * 4 + ["set_agenda"]
    again = desk.stage.start(LEAD, "monthly_cycle", "提前编专报", "110000", None)
    assert desk.ended(again) == "not_begun"
    desk.go_to("2013-04-24 17:30")
    assert len(desk.cycles(campaign, "monthly")) == 1
    assert len(desk.cases("monthly_cycle")) == 2


@pytest.mark.clause("S0.3")
def test_with_its_campaign_the_month_ends(desk):
    campaign, _, case = in_april(desk)
    desk.cancel(campaign, "市政府决定停止本次督查。")
    assert desk.ended(case) == "cancelled"
    assert desk.open(case) == []
    states = {one.kind: one.status for kind in ("monthly", "meeting") for one in desk.cycles(campaign, kind)}
    assert states == {"monthly": "skipped", "meeting": "skipped"}
    assert desk.incidents() == []
