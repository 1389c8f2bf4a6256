"""Stories of the whole campaign, in which one process hands on to the next. On both databases.

What happens within one process is told where that process is; here is what goes from hand to hand between them.
"""

from __future__ import annotations

import pytest

from engine.record import verify
from engine.tables import Incident, Instance, Record
from tests.scenarios.campaigns import CHAOYANG, YANQING
from tests.scenarios.year import NOTHING_ASKED, PROCESSES, Year, install

FENGTAI = "110106"
REASON = "市政府另有部署，专项督查提前结束。"


@pytest.fixture
def year(sessions, hashed_password, tmp_path) -> Year:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S0.3", "S2.1", "S2.8", "S3.1")
def test_the_year_of_one_district_from_the_notice_to_the_file(year):
    campaign = year.set_up([CHAOYANG], **NOTHING_ASKED)
    ledgers = year.ledger_case(campaign)
    year.go_to("2013-04-26 10:00")
    year.establish_some(ledgers, CHAOYANG, {"A3": 26000, "B2": 42})
    assert year.instance(ledgers).ended_element == "established"
    cars, pipes = year.tracked(CHAOYANG, "A3"), year.tracked(CHAOYANG, "B2")
    for case in (cars, pipes):
        year.sign_item(case)
    assert {item.status for item in year.items(CHAOYANG).values()} == {"in_progress", "exempt"}

    for day, share in (("05-21", 10), ("06-19", 24), ("07-22", 35), ("08-21", 48), ("09-18", 61), ("10-23", 82)):
        year.live_until(f"2013-{day} 10:00")
        year.tell(cars, 260 * share, share)
        year.tell(pipes, round(0.42 * share, 2), share)
        assert {year.item(case).light for case in (cars, pipes)} == {"green"}, day
    year.live_until("2013-11-20 10:00")
    for case, target in ((cars, 26000), (pipes, 42)):
        year.tell(case, target, 100, claim_completion=True)
        year.close(case)
        item = year.item(case)
        assert (item.status, item.light) == ("closed", "grey")
    assert year.notices("leader-110105").count("supervision_order") == 0, "nobody was late"

    assert year.open(campaign) == []
    year.live_until("2014-01-02 10:00")
    assert year.open(campaign) == ["close_out"]
    year.do(
        campaign,
        "close_out",
        "synthesis-lead-01",
        summary="两项任务均已完成。",
        open_items_disposition="没有未结事项。",
    )
    assert year.campaign(campaign).status == "closed"
    assert {one.status for one in year.rows(Instance)} == {"completed"}
    assert year.rows(Incident) == []
    with year.stage.sessions.read() as session:
        for case in (campaign, ledgers, cars, pipes):
            assert verify(session, case).broken_at is None


@pytest.mark.clause("S2.2", "S3.2", "S3.3", "S4.1b", "S4.1c", "S4.2c")
def test_what_three_districts_report_is_decided_by_the_government_and_comes_back_as_orders(year):
    districts = (CHAOYANG, FENGTAI, YANQING)
    campaign = year.set_up(districts, **NOTHING_ASKED)
    ledgers = year.ledger_case(campaign)
    year.go_to("2013-04-26 10:00")
    for district in districts:
        year.establish_some(ledgers, district, {"A3": 5000})
    items = {district: year.tracked(district, "A3") for district in districts}
    for case in items.values():
        year.sign_item(case)
    year.live_until("2013-05-21 10:00")
    for case in items.values():
        year.tell(case, 500, 10, has_blocker=True, blocker="补贴资金没有着落。", needs_decision=True)

    cases = {district: year.problem_of(case) for district, case in items.items()}
    *local, common = (cases[district] for district in districts)
    for case in local:
        year.triage(case, "local")
    year.triage(common, "common", affected_units=[f"{district}-HB" for district in districts])
    year.do(
        common, "study_problem", "air-lead-01",
        analysis="三个区县都缺补贴。", options=[{"option": "市区各半", "merits": "快"}], opinion_units=["110000-HBJ"],
    )  # fmt: skip
    year.do(common, "unit_opinion", "air-unit-01", position="agree")
    year.propose(common, within_authority=False)
    assert year.open(common) == [], "the pool waits for the government"

    (matter,) = year.cases("municipal_escalation")
    year.draft_request(matter)
    year.countersign(matter)
    year.do(matter, "office_review", "office-director-01", verdict="submit")
    year.do(matter, "leader_decide", "leader-01", verdict="return", opinion="资金来源不清。")
    year.draft_request(matter, opinion="补充资金来源。")
    year.countersign(matter)
    year.do(matter, "office_review", "office-director-01", verdict="submit")
    year.do(matter, "leader_decide", "leader-01", verdict="approve", opinion="同意。")
    year.do(
        matter, "record_decision", "synthesis-officer-01",
        decision_text="补贴由市区两级各担一半。", handling_units=["110000-HBJ"], deadline="2013-07-31",
    )  # fmt: skip

    (instruction,) = year.cases("leader_instruction")
    assert year.open(instruction) == ["register_instruction"], "what was decided is handed out as an instruction"
    (task,) = year.open_tasks(common)
    seen = year.seen(task, "air-lead-01")
    assert (task.element, seen["decision"]) == ("propose_solution", "补贴由市区两级各担一半。")
    year.propose(common, within_authority=True)
    year.do(common, "issue_solution", "office-deputy-01", verdict="issue")
    orders = {one.variables["unit"] for one in year.rows(Instance, Instance.process_key == "rectification")}
    assert orders == {f"{district}-HB" for district in districts}
    assert year.rows(Incident) == []


@pytest.mark.clause("S0.3", "S1.3")
def test_a_campaign_called_off_ends_all_nine_processes_with_its_reason(year):
    campaign = year.set_up([CHAOYANG, YANQING], **NOTHING_ASKED)
    ledgers = year.ledger_case(campaign)
    year.go_to("2013-04-26 10:00")
    year.establish_some(ledgers, CHAOYANG, {"A3": 26000})
    year.sign(ledgers, YANQING)
    item = year.tracked(CHAOYANG, "A3")
    year.sign_item(item)
    year.live_until("2013-05-21 10:00")
    year.tell(item, 2600, 10, has_blocker=True, blocker="补贴资金没有着落。", needs_decision=True)
    year.triage(year.problem_of(item), "decision", beyond_authority=True)
    year.ask_for_change(item)
    order = year.order(CHAOYANG, objection=True)
    year.instruction()
    running = {one.process_key for one in year.rows(Instance, Instance.status == "active")}
    assert running == set(PROCESSES), "something is going on in each of the nine"

    year.cancel(campaign, REASON)
    assert year.rows(Instance, Instance.status == "active") == []
    assert year.campaign(campaign).status == "cancelled"
    assert year.instance(order).ended_element == "cancelled"
    assert year.ledger(YANQING).status == "cancelled"
    assert year.item(item).status == "cancelled"
    for one in year.rows(Instance):
        record = [entry.data for entry in year.rows(Record, Record.instance_id == one.id)]
        assert REASON in str([one.variables, record]), one.process_key
    assert year.rows(Incident) == []
    year.live_until("2013-06-05 10:00")
    assert year.rows(Instance, Instance.status == "active") == [], "and nothing comes to life again"
