"""Ledgers as a whole: opened for 17 districts, reviewed, settled, frozen, compared with the city, cancelled."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from engine.access import NotFound
from engine.services import ServiceFault
from engine.tables import Notice
from workflows import baselines, gaps, ledger_items
from workflows.campaigns import districts_of, get
from workflows.services.ledgers import TABLE
from workflows.tables import Ledger, LedgerItem, Urging

PASS = {"verdict": "pass", "return_reason": None, "opinion": None}
RETURN = {"verdict": "return", "return_reason": ["wrong_unit", "other"], "opinion": "第2行单位应为公里"}
DISPUTE = {"verdict": "dispute", "return_reason": None, "opinion": "目标偏低"}
PLAN = {
    "title": "专项督查", "supervision_type": "special", "authority_basis": "none", "scope": "x", "objects": [],
    "start_date": "2013-04-15", "end_date": "2013-12-31", "classification": "internal",
}  # fmt: skip
CATALOGUE = [
    {"sub_item": "A3", "municipal_target": 5, "unit_of_measure": "辆", "applicable_units": [], "milestones": []}
]
CODES = ["air", "water", "env", "illegal"]


@pytest.fixture
def ledger(office):
    office.opened()
    return office.ledger()


def test_every_district_gets_a_ledger_with_its_clocks(office):
    office.opened()
    found = office.run("open_ledgers", campaign_id=office.instance.id)
    assert len(found["ledgers"]) == 17
    assert found["ledgers"][2] == {"ledger_id": office.ledger(), "district": "110105", "name": "朝阳区"}
    assert found["due"] == "2013-05-06T17:30:00+08:00"  # 04-19 + 10 working days; 04-27 and 04-28 were worked
    assert found["remind_at"] == "2013-04-28T17:30:00+08:00"
    assert found["escalate_at"] == found["round_at"] == "2013-05-09T17:30:00+08:00"
    assert found["illegal_due"] == "2013-05-31T17:30:00+08:00"
    assert (found["return_rounds"], found["task_codes"]) == (3, CODES)
    assert office.session.scalar(select(func.count()).select_from(Ledger)) == 17


def test_a_campaign_may_be_about_some_districts_only(office):
    campaign_id = office.opened()
    campaign = get(office.session, campaign_id)
    campaign.objects = ["110229", "110105", "110000-HBJ"]
    assert districts_of(campaign) == ("110105", "110229")


def test_submitting_closes_the_rows(office, ledger):
    item = office.add(ledger)
    office.run("ledger_facts", ledger_id=ledger)
    office.session.refresh(item)
    row = office.session.get_one(Ledger, ledger)
    assert (item.status, row.status, row.submitted_at) == ("submitted", "submitted", office.moment.now)


@pytest.mark.parametrize(
    ("reviews", "verdict", "pending", "status"),
    [
        ([PASS] * 4, "pass", [], "approved"),
        ([PASS, RETURN, PASS, PASS], "return", ["water"], "returned"),
        ([DISPUTE, RETURN, PASS, PASS], "dispute", ["air", "water"], "submitted"),
    ],
)
def test_reviews_are_summed_up(office, ledger, reviews, verdict, pending, status):
    found = office.run("tally_reviews", ledger_id=ledger, codes=CODES, reviews=reviews)
    assert (found["verdict"], found["pending"]) == (verdict, pending)
    assert found["rounds"] == (verdict == "return")
    assert office.session.get_one(Ledger, ledger).status == status
    if verdict == "return":
        assert found["reasons"] == "污水治理：单位不对、其他；第2行单位应为公里"
    if verdict == "dispute":
        assert "对目标有争议" in found["reasons"]


def test_rounds_add_up(office, ledger):
    for expected in (1, 2, 3):
        found = office.run("tally_reviews", ledger_id=ledger, codes=["water"], reviews=[RETURN])
        assert found["rounds"] == expected


def test_a_settled_target_is_kept_and_opens_the_ledger(office, ledger):
    found = office.run("settle_ledger", ledger_id=ledger, proposed_target=30000, agreed=True, decision=None)
    assert found == {"settlement": "协调目标：30000"}
    office.run("settle_ledger", ledger_id=ledger, proposed_target=30000, agreed=False, decision="按28000执行")
    row = office.session.get_one(Ledger, ledger)
    assert [one["agreed"] for one in row.mediations] == [True, False]
    assert (row.status, row.return_reasons) == ("returned", ["市政府决定：按28000执行"])
    office.add(ledger)


def test_freezing_makes_rows_binding_once(office, ledger):
    item = office.add(ledger)
    office.add(ledger, sub_item="C4", applicable=False, na_reason="无", item_name=None)
    first = office.run("freeze_baseline", ledger_id=ledger, reason="established")
    assert first["version"] == 1
    assert first["number"] == "督基字〔2013〕1号"
    assert first["items"] == [
        {
            "item_id": item.id,
            "title": "A3 淘汰老旧机动车",
            "org": "110105",
            "unit": "110105-HB",
            "task_code": "air",
            "campaign_id": office.instance.id,
            "ledger_id": ledger,
        }
    ]
    office.session.refresh(item)
    assert (item.status, item.original_deadline) == ("established", date(2013, 12, 20))
    item.deadline = date(2013, 12, 31)
    office.session.flush()
    frozen = baselines.freeze(
        office.session, office.session.get_one(Ledger, ledger), "change", "展期", office.instance, office.moment
    )
    assert (frozen.version, frozen.established) == (2, ())
    office.session.refresh(item)
    assert item.original_deadline == date(2013, 12, 20)


def test_the_history_keeps_every_version_and_notices_tampering(office, ledger):
    office.add(ledger)
    office.run("freeze_baseline", ledger_id=ledger, reason="established")
    item = office.session.scalars(select(LedgerItem)).one()
    item.target_value = Decimal(20000)
    office.session.flush()
    office.run("freeze_baseline", ledger_id=ledger, reason="减目标")
    history = baselines.history(office.session, ledger)
    assert [(one.version, one.reason, one.item_count) for one in history] == [(2, "减目标", 1), (1, "established", 1)]
    first, second = (baselines.read(office.session, ledger, version) for version in (1, 2))
    assert baselines.is_intact(first)
    assert baselines.changes(first.content, second.content) == [
        {"item_id": item.id, "item_name": "淘汰老旧机动车", "field": "target_value", "before": 26000, "after": 20000}
    ]
    with pytest.raises(NotFound):
        baselines.read(office.session, ledger, 3)
    first.content = {**first.content, "items": []}
    assert not baselines.is_intact(first)
    with pytest.raises(DBAPIError, match="append-only"):  # the database itself minds
        office.session.flush()
    office.session.rollback()


def established(office, district, person, **changed):
    ledger_id = office.ledger(district)
    office.add(ledger_id, person, **changed)
    office.run("freeze_baseline", ledger_id=ledger_id, reason="established")
    return ledger_id


def test_the_gap_is_what_established_targets_lack(office, ledger):
    established(office, "110105", "chaoyang-supervision-01")
    office.add(office.ledger("110106"), "fengtai-supervision-01", responsible_unit="110106-HB", target_value=9000)
    found = {one["sub_item"]: one for one in office.run("check_gap", campaign_id=office.instance.id)["gaps"]}
    assert found["A3"]["gap"] == 180000 - 26000  # 丰台's is not in force yet
    assert found["A3"]["district_total"] == 26000
    assert (found["B2"]["gap"], found["B2"]["name"]) == (42, "配套管线建设")


def test_only_like_units_are_added_up(office, ledger):
    established(office, "110105", "chaoyang-supervision-01", unit_of_measure="万辆", target_value=2.6)
    a3 = next(one for one in gaps.of_campaign(office.session, office.instance.id) if one["sub_item"] == "A3")
    assert a3["district_total"] == 0


def test_no_gap_is_no_row(office, ledger):
    established(office, "110105", "chaoyang-supervision-01", target_value=200000)
    assert [one["sub_item"] for one in office.run("check_gap", campaign_id=office.instance.id)["gaps"]] == ["B2"]


def test_a_gap_is_spread_and_makes_the_next_baseline(office, ledger):
    chaoyang = established(office, "110105", "chaoyang-supervision-01")
    office.add(office.ledger("110106"), "fengtai-supervision-01", responsible_unit="110106-HB", target_value=9000)
    found = office.run("check_gap", campaign_id=office.instance.id)["gaps"]
    answers = [
        {
            "gap": 154000,
            "allocation": [{"district": "110105", "amount": 100000}, {"district": "110106", "amount": 54000}],
        },
        {"gap": 42, "allocation": [{"district": "110105", "amount": 42}, {"district": "110229", "amount": 0}]},
    ]
    result = office.run("allocate_gap", campaign_id=office.instance.id, gaps=found, allocations=answers)
    assert result["districts"] == ["110105"]
    (new,) = result["items"]
    assert (new["title"], new["unit"], new["task_code"]) == ("B2 配套管线建设（缺口分配）", "110105-SW", "water")
    targets = {
        (one.district, one.sub_item): one.target_value for one in office.session.scalars(select(LedgerItem)).all()
    }
    assert targets == {("110105", "A3"): 126000, ("110106", "A3"): 63000, ("110105", "B2"): 42}
    assert [(one.version, one.kind) for one in baselines.history(office.session, chaoyang)] == [
        (2, "gap"),
        (1, "establishment"),
    ]
    assert baselines.history(office.session, office.ledger("110106")) == ()


def test_a_gap_can_only_go_to_districts_that_take_part(office, ledger):
    found = office.run("check_gap", campaign_id=office.instance.id)["gaps"]
    answers = [{"allocation": [{"district": "110000-HBJ", "amount": 1}]}, {"allocation": []}]
    with pytest.raises(ServiceFault, match="no ledger"):
        office.run("allocate_gap", campaign_id=office.instance.id, gaps=found, allocations=answers)


def test_districts_are_reminded_and_urged_with_numbered_slips(office, ledger):
    office.moment = replace(office.moment, now=datetime(2013, 5, 9, 10, 0, tzinfo=UTC))
    numbers = [
        office.run("urge_ledger", ledger_id=ledger, step=one)["number"] for one in ("receipt", "due", "escalate")
    ]
    assert numbers == [None, "督催字〔2013〕1号", "督字〔2013〕1号"]
    rows = office.session.scalars(select(Urging).order_by(Urging.id)).all()
    assert [(one.rung, one.kind, one.days_late) for one in rows] == [
        (1, "reminder", 3),
        (2, "slip", 3),
        (4, "order", 3),
    ]
    told = office.session.execute(select(Notice.account_id, Notice.kind).order_by(Notice.id)).all()
    assert ("chaoyang-leader-01", "ledger_due") in told
    assert ("synthesis-lead-01", "ledger_escalate") in told
    with pytest.raises(ServiceFault):
        office.run("urge_ledger", ledger_id=ledger, step="shout")


def test_nobody_is_urged_for_a_ledger_that_was_handed_in(office, ledger):
    office.run("ledger_facts", ledger_id=ledger)
    assert office.run("urge_ledger", ledger_id=ledger, step="due") == {"told": 0, "number": None}


def test_cancelling_takes_what_is_not_closed(office, ledger):
    item, other = office.add(ledger), office.add(ledger, item_name="又一项")
    office.run("freeze_baseline", ledger_id=ledger, reason="established")
    other.status = "closed"
    office.session.flush()
    assert office.run("cancel_ledgers", campaign_id=office.instance.id, reason="终止") == {"ledgers": 17, "items": 1}
    assert (item.status, other.status) == ("cancelled", "closed")
    assert office.session.get_one(Ledger, ledger).return_reasons == ["终止"]


def test_every_service_returns_what_its_row_promises(office):
    campaign_id = office.opened()
    ledger_id = office.ledger()
    inputs = {
        "register_campaign": PLAN,
        "campaign_bodies": {},
        "open_campaign": {
            "doc_number": "1", "addressees": [], "issue_date": "2013-04-19", "liaisons": [], "groups": [],
            "catalogue": CATALOGUE,
        },
        "open_ledgers": {"campaign_id": campaign_id},
        "hand_in_ledger": {"ledger_id": ledger_id},
        "reopen_ledger": {"ledger_id": ledger_id, "reason": "漏报"},
        "ledger_facts": {"ledger_id": ledger_id},
        "return_ledger": {"ledger_id": ledger_id, "failures": []},
        "tally_reviews": {"ledger_id": ledger_id, "codes": CODES, "reviews": [PASS] * 4},
        "settle_ledger": {"ledger_id": ledger_id, "proposed_target": 1, "agreed": True, "decision": None},
        "freeze_baseline": {"ledger_id": ledger_id, "reason": "x"},
        "check_gap": {"campaign_id": campaign_id},
        "allocate_gap": {"campaign_id": campaign_id, "gaps": [], "allocations": []},
        "urge_ledger": {"ledger_id": ledger_id, "step": "due"},
        "cancel_ledgers": {"campaign_id": campaign_id, "reason": "x"},
        "close_campaign": {"summary": "s", "disposition": "d"},
        "reject_campaign": {"reason": "x"},
        "cancel_campaign": {"reason": "x"},
    }  # fmt: skip
    assert set(inputs) == {service.name for service in TABLE}
    for service in sorted(TABLE, key=lambda one: list(inputs).index(one.name)):
        assert set(inputs[service.name]) == set(service.inputs)
        assert set(office.run(service.name, **inputs[service.name])) == set(service.outputs), service.name


def test_an_unknown_ledger_or_campaign_is_a_fault_of_the_service(office):
    for service, inputs in (("ledger_facts", {"ledger_id": "x"}), ("open_ledgers", {"campaign_id": "x"})):
        with pytest.raises(ServiceFault):
            office.run(service, **inputs)


def test_442_items_in_17_ledgers_are_frozen_quickly(office, count):
    """A constant number of statements a ledger, however many rows it has."""
    office.opened()
    ledger_id = office.ledger()
    answers = {"sub_item": "A3", "item_name": "x", "applicable": True, "deadline": "2013-12-01"}
    ledger_items.insert_rows(
        office.session, office.session.get_one(Ledger, ledger_id), [answers] * 500, "draft", office.moment
    )
    with count(office.session.get_bind()) as counted:
        found = office.run("freeze_baseline", ledger_id=ledger_id, reason="established")
    assert len(found["items"]) == 500
    assert len(counted) <= 8
