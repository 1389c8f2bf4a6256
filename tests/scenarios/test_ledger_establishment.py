"""Stories of P02, the ledgers of the districts, as the people concerned would tell them. On both databases.

The notice is of 2013-04-19: ledgers are due on 05-06, the city checks the gap on 05-09.
"""

import pytest

from engine import accounts
from engine.access import NotYours
from engine.record import verify
from engine.tables import Incident, Instance, Message, Task
from tests.scenarios.campaigns import CHAOYANG, DISTRICTS, YANQING, City, install
from workflows import ledger_items
from workflows.ledger_items import LedgerClosed
from workflows.sub_items import sub_items
from workflows.tables import Baseline, LedgerItem, Urging

NOTHING_ASKED = dict.fromkeys(sub_items(), 1)  # targets of the city that any ledger reaches
BOTH = (CHAOYANG, YANQING)


@pytest.fixture
def city(sessions, hashed_password, tmp_path) -> City:
    return install(sessions, tmp_path / "attachments", hashed_password, ["campaign_setup", "ledger_establishment"])


@pytest.mark.clause("S3.1", "S0.2", "S2.8")
def test_seventeen_districts_fill_their_ledgers_at_once(city):
    campaign = city.set_up(DISTRICTS, **NOTHING_ASKED)
    case = city.ledger_case(campaign)
    receipts = city.open_tasks(case, "sign_receipt")
    assert len(receipts) == 17, "fourteen districts, two counties and the development area"
    assert {city.due(task) for task in receipts} == {"2013-04-22 17:30"}
    for district in DISTRICTS:
        city.sign(case, district)
    compiling = city.open_tasks(case, "compile_ledger")
    assert {city.due(task) for task in compiling} == {"2013-05-06 17:30"}, "ten working days after the notice"
    with pytest.raises(NotYours):
        city.do(case, "compile_ledger", f"supervision-{CHAOYANG}", lambda task: task.org == YANQING)

    for district in DISTRICTS:
        city.fill(district, {})
        city.submit(case, district)
        assert city.ledger(district).status == "submitted"
    assert len(city.open_tasks(case, "group_review")) == 17 * 4
    for task in city.open_tasks(case, "group_review"):
        city.complete(task, f"{task.task_code}-officer-01", verdict="pass")

    assert {(row.version, row.item_count) for row in city.rows(Baseline)} == {(1, 26)}
    assert city.rows(LedgerItem, LedgerItem.status != "established") == []
    assert len(city.rows(LedgerItem)) == 442
    effective = city.signals("sig_ledger_effective")
    assert [len(one.payload["items"]) for one in effective] == [26] * 17, "one item, one case to track it"
    (closed,) = city.signals("sig_ledger_round_closed")
    assert closed.payload == {"campaign_id": campaign, "title": city.campaign(campaign).title, "gaps": 0}
    ended = city.instance(case)
    assert (ended.status, ended.ended_element) == ("completed", "established")
    assert city.rows(Incident) == []
    with city.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None


@pytest.mark.clause("S3.1", "S2.1")
def test_an_incomplete_ledger_is_returned_twice_with_every_reason(city):
    case = city.ledger_case(city.set_up([YANQING], **NOTHING_ASKED))
    city.sign(case, YANQING)
    city.fill(YANQING, {}, without=["A2", "B5"])
    city.submit(case, YANQING)
    (task,) = city.open_tasks(case)
    assert (task.element, city.ledger(YANQING).status) == ("compile_ledger", "returned"), "no group is troubled with it"
    reasons = city.seen(task, f"supervision-{YANQING}")["reasons"]
    assert "（2）" in reasons
    assert city.ledger(YANQING).rounds == 0, "returns by the rules don't count"

    city.submit(case, YANQING)
    assert city.open(case) == ["compile_ledger"], "nothing was mended, so it comes back"
    city.fill(YANQING, {}, without=set(sub_items()) - {"A2", "B5"})
    city.submit(case, YANQING)
    assert city.open(case) == ["group_review"] * 4
    city.review(case, YANQING)
    assert city.ledger(YANQING).status == "established"
    assert len(city.items(YANQING)) == 26


@pytest.mark.clause("S3.1")
def test_the_leader_of_the_district_sends_it_back(city):
    case = city.ledger_case(city.set_up([YANQING], **NOTHING_ASKED))
    city.sign(case, YANQING)
    city.fill(YANQING, {})
    city.of_district(case, "compile_ledger", f"supervision-{YANQING}", YANQING)
    assert city.ledger(YANQING).status == "signing"
    with pytest.raises(LedgerClosed):
        city.fill(YANQING, {})
    city.of_district(
        case, "district_approve", f"leader-{YANQING}", YANQING, verdict="return", opinion="责任单位再核对。"
    )
    (task,) = city.open_tasks(case)
    assert task.element == "compile_ledger"
    assert city.seen(task, f"supervision-{YANQING}")["reasons"] == "区县审签：责任单位再核对。"
    assert city.ledger(YANQING).status == "returned"
    city.submit(case, YANQING)
    assert city.open(case) == ["group_review"] * 4


@pytest.mark.clause("S2.4", "S2.5", "S2.6", "S2.7", "S2.8")
def test_only_the_group_that_objected_looks_again(city):
    case = city.ledger_case(city.set_up([YANQING], **NOTHING_ASKED))
    city.sign(case, YANQING)
    city.fill(YANQING, {})
    city.submit(case, YANQING)
    with pytest.raises(LedgerClosed):
        city.fill(YANQING, {})
    city.review(case, YANQING, air="return")
    (task,) = city.open_tasks(case)
    assert (task.element, city.ledger(YANQING).rounds) == ("compile_ledger", 1)
    reasons = city.seen(task, f"supervision-{YANQING}")["reasons"]
    assert "数据不一致" in reasons
    assert "目标偏低" in reasons
    city.submit(case, YANQING)
    assert [task.task_code for task in city.open_tasks(case, "group_review")] == ["air"]
    city.review(case, YANQING)
    assert city.ledger(YANQING).status == "established"


@pytest.mark.clause("S2.1", "S2.8")
def test_the_third_return_is_mediated_and_the_agreed_target_entered(city):
    case = city.ledger_case(city.set_up([YANQING], **NOTHING_ASKED))
    city.sign(case, YANQING)
    city.fill(YANQING, {})
    for number in (1, 2, 3):
        city.submit(case, YANQING)
        city.review(case, YANQING, water="return")
        assert city.ledger(YANQING).rounds == number
    assert city.open(case) == ["mediate_target"], "the third return is one too many"
    (task,) = city.open_tasks(case)
    assert "污水治理" in city.seen(task, "synthesis-lead-01")["cause"]

    city.mediate(case, YANQING, agreed=True)
    (task,) = city.open_tasks(case)
    assert "12000" in city.seen(task, f"supervision-{YANQING}")["settlement"]
    city.submit(case, YANQING)
    assert city.ledger(YANQING).status == "established", "what was agreed is not reviewed again"
    assert city.instance(case).ended_element == "established"


@pytest.mark.clause("S2.2", "S4.1c")
def test_a_dispute_that_nobody_can_settle_is_decided_by_the_government(city):
    campaign = city.set_up([YANQING], **NOTHING_ASKED)
    case = city.ledger_case(campaign)
    city.sign(case, YANQING)
    city.fill(YANQING, {})
    city.submit(case, YANQING)
    city.review(case, YANQING, illegal="dispute", air="return")
    assert city.open(case) == ["mediate_target"], "a dispute outweighs a return"
    city.mediate(case, YANQING, agreed=False)
    assert city.open(case) == []
    (request,) = city.rows(Message, Message.name == "msg_decision_request")
    assert request.payload["campaign_id"] == campaign
    assert (request.payload["org"], request.key) == (YANQING, request.payload["matter_id"])
    assert "违" in request.payload["background"]

    decided = {"matter_id": request.key, "verdict": "approve", "decision_text": "按十二处下达，年底前拆除。"}
    city.stage.send("msg_decision_issued", request.key, decided)
    (task,) = city.open_tasks(case)
    assert "按十二处下达" in city.seen(task, f"supervision-{YANQING}")["settlement"]
    city.submit(case, YANQING)
    assert city.ledger(YANQING).status == "established"


@pytest.mark.clause("S4.2a", "S2.8")
def test_a_district_that_declines_is_talked_to_and_reviewed_like_the_others(city):
    case = city.ledger_case(city.set_up([YANQING], **NOTHING_ASKED))
    city.sign(case, YANQING, accepted=False)
    (task,) = city.open_tasks(case)
    assert task.element == "mediate_target"
    assert city.seen(task, "synthesis-lead-01")["cause"] == "通知主送单位没有我区。"
    city.mediate(case, YANQING, agreed=True)
    city.fill(YANQING, {})
    city.submit(case, YANQING)
    assert city.open(case) == ["group_review"] * 4
    city.review(case, YANQING, env="return")
    city.submit(case, YANQING)
    assert [task.task_code for task in city.open_tasks(case, "group_review")] == ["env"]


@pytest.mark.clause("S2.1", "S3.1")
def test_reminded_urged_and_escalated_but_not_who_has_handed_in(city):
    case = city.ledger_case(city.set_up(BOTH, **NOTHING_ASKED))
    city.go_to("2013-04-22 17:30")
    assert city.notices(f"supervision-{YANQING}") == ["ledger_receipt"]
    for district in BOTH:
        city.sign(case, district)
    city.fill(CHAOYANG, {})
    city.submit(case, CHAOYANG)
    for day in ("2013-05-02 17:30", "2013-05-06 17:30", "2013-05-09 17:30"):
        city.go_to(day)
    told = city.notices(f"supervision-{YANQING}")
    assert sorted(told) == ["ledger_due", "ledger_escalate", "ledger_receipt", "ledger_remind"]
    assert sorted(city.notices(f"leader-{YANQING}")) == ["ledger_due", "ledger_escalate"]
    assert city.notices("synthesis-lead-01") == ["ledger_escalate"]
    assert city.notices(f"supervision-{CHAOYANG}") == ["ledger_receipt"]
    assert [row.kind for row in city.rows(Urging, Urging.district == YANQING)][-2:] == ["slip", "order"]


@pytest.mark.clause("S3.1")
def test_a_late_district_holds_up_nobody_and_joins_later(city):
    case = city.ledger_case(city.set_up(BOTH, **NOTHING_ASKED))
    city.establish(case, CHAOYANG, {})
    assert city.ledger(CHAOYANG).status == "established", "in force at once"
    assert len(city.signals("sig_ledger_effective")) == 1
    assert city.signals("sig_ledger_round_closed") == []

    city.go_to("2013-05-09 17:30")
    assert len(city.signals("sig_ledger_round_closed")) == 1, "the city does not wait for one county"
    assert city.instance(case).status == "active"

    city.go_to("2013-05-20 10:00")
    city.establish(case, YANQING, {})
    assert city.ledger(YANQING).status == "established"
    assert (city.instance(case).status, city.instance(case).ended_element) == ("completed", "late_joined")
    assert len(city.signals("sig_ledger_round_closed")) == 1, "the round is closed once"


@pytest.mark.clause("S2.8", "S3.1")
def test_a_gap_is_spread_over_the_districts_as_a_second_baseline(city):
    campaign = city.set_up(BOTH, **NOTHING_ASKED | {"A3": 60000, "B2": 3})
    case = city.ledger_case(campaign)
    city.establish(case, CHAOYANG, {"A3": 26000, "B2": 3})
    city.establish(case, YANQING, {"A3": 4000})
    (task,) = city.open_tasks(case)
    assert (task.element, task.task_code) == ("allocate_gap", "air"), "the water target is reached"
    seen = city.seen(task, "air-lead-01")
    assert seen["gap"] == 30000
    assert "A3" in seen["sub_item"]

    spread = [{"district": CHAOYANG, "amount": 20000}, {"district": YANQING, "amount": 10000}]
    city.complete(task, "air-lead-01", gap=30000, allocation=spread)
    assert [float(city.items(one)["A3"].target_value) for one in BOTH] == [46000, 14000]
    assert {city.ledger(one).version for one in BOTH} == {2}
    (closed,) = city.signals("sig_ledger_round_closed")
    assert closed.payload["gaps"] == 1
    assert city.instance(case).ended_element == "established"


@pytest.mark.clause("S2.8", "S3.1")
def test_a_gap_may_bring_a_district_an_item_of_its_own(city):
    case = city.ledger_case(city.set_up(BOTH, **NOTHING_ASKED | {"B1": 2}))
    city.sign(case, CHAOYANG)
    city.fill(CHAOYANG, {"B1": 1})
    city.submit(case, CHAOYANG)
    city.review(case, CHAOYANG)
    city.sign(case, YANQING)
    city.fill(YANQING, {}, without=["B1"])
    with city.stage.sessions.begin() as session:
        exempt = {"sub_item": "B1", "applicable": False, "na_reason": "县内没有污水处理厂。"}
        actor = accounts.actor(session, f"supervision-{YANQING}")
        ledger_items.add(session, actor, city.ledger(YANQING).id, exempt, city.stage.moment)
    city.submit(case, YANQING)
    city.review(case, YANQING)
    (task,) = city.open_tasks(case, "allocate_gap")
    city.complete(task, "water-lead-01", gap=1, allocation=[{"district": YANQING, "amount": 1}])
    added = [one for one in city.rows(LedgerItem, LedgerItem.district == YANQING) if one.sub_item == "B1"]
    assert sorted(one.status for one in added) == ["established", "exempt"]
    fresh = [one.payload["items"] for one in city.signals("sig_ledger_effective") if len(one.payload["items"]) == 1]
    assert [item["task_code"] for (item,) in fresh] == ["water"]


def test_the_campaign_is_cancelled_while_ledgers_are_compiled(city):
    campaign, other = city.set_up(BOTH, **NOTHING_ASKED), city.start()
    case = city.ledger_case(campaign)
    city.sign(case, CHAOYANG)
    city.fill(CHAOYANG, {})
    city.cancel(campaign, "并入国务院督查。")
    assert (city.instance(case).status, city.instance(case).ended_element) == ("completed", "cancelled")
    assert city.open(case) == []
    assert {city.ledger(one).status for one in BOTH} == {"cancelled"}
    assert city.ledger(YANQING).return_reasons == ["并入国务院督查。"]
    assert city.instance(other).status == "active", "another campaign goes on"
    assert city.rows(Incident) == []


def test_what_is_kept_in_the_case_stays_small(city):
    """Rows are in tables: seventeen districts with 26 items each must not make every step slow."""
    case = city.ledger_case(city.set_up(DISTRICTS, **NOTHING_ASKED))
    for district in DISTRICTS[:-1]:
        city.sign(case, district)
        city.fill(district, {})
        city.submit(case, district)
    for task in city.open_tasks(case, "group_review"):
        city.complete(task, f"{task.task_code}-officer-01", verdict="pass")
    (kept,) = city.rows(Instance, Instance.id == case)
    assert len(kept.state) < 20_000, "bytes"
    assert city.rows(Task, Task.instance_id == case, Task.status == "open")[0].element == "sign_receipt"


def test_a_gap_can_only_be_given_to_those_who_keep_a_ledger(city):
    case = city.ledger_case(city.set_up(BOTH, **NOTHING_ASKED | {"A3": 30001}))
    city.establish(case, CHAOYANG, {"A3": 26000})
    city.establish(case, YANQING, {"A3": 4000})
    (task,) = city.open_tasks(case, "allocate_gap")
    city.complete(task, "air-lead-01", gap=1, allocation=[{"district": "110106", "amount": 1}])
    (task,) = city.open_tasks(case, "allocate_gap")
    assert "不建台账" in city.seen(task, "air-lead-01")["returned"]
    city.complete(task, "air-lead-01", gap=1, allocation=[{"district": CHAOYANG, "amount": 1}])
    assert city.instance(case).ended_element == "established"
    assert city.rows(Incident) == []
