"""Disclosures as rows: which units have something to disclose, what the text says, what the public reads."""

from datetime import date
from decimal import Decimal

import pytest

from engine.access import NotFound
from engine.services import ServiceFault
from tests.workflows.conftest import MOMENT, an_instance
from workflows import disclosure_cases, disclosures, registers
from workflows.disclosure_cases import due_now, plain
from workflows.papers.collected.disclosure import label
from workflows.services import public
from workflows.tables import Campaign, Cycle, Disclosure, LedgerItem

AIR, WATER = "110000-HBJ", "110000-SWJ"


@pytest.fixture
def press(office):
    """An office whose campaign has two items of air in its ledgers, one of them closed."""
    office.opened()
    ledger = office.ledger()
    first = office.add(ledger)
    second = office.add(ledger, sub_item="A2", item_name="煤改清洁能源", target_value=900, unit_of_measure="户")
    for item, status, verified in ((first, "in_progress", 2600), (second, "closed", 900)):
        item.status, item.verified_value = status, Decimal(verified)
    office.session.flush()
    return office


def begun(press, **changed):
    (campaign,) = press.session.query(Campaign)
    given = {"campaign_id": campaign.id, "kind": "progress", "period": None}
    return press.run("open_disclosures", **given | changed)


def published(press, **changed):
    """In a round of its own."""
    press.instance = an_instance(press.session, "disclosure_cycle")
    (unit,) = begun(press)["units"]
    drafted = press.run("draft_disclosure", disclosure_id=unit["disclosure_id"])
    given = {"disclosure_id": unit["disclosure_id"], "kind": drafted["kind"], "period": drafted["period"],
             "items": drafted["items"], "text": drafted["text"]}  # fmt: skip
    return press.run("publish_disclosure", **given | changed)


def test_only_units_with_something_to_disclose_are_asked(press):
    assert [(unit["unit"], unit["task_code"]) for unit in begun(press)["units"]] == [(AIR, "air")]


def test_the_text_says_what_was_verified(press):
    (unit,) = begun(press)["units"]
    found = press.run("draft_disclosure", disclosure_id=unit["disclosure_id"])
    assert (found["kind"], found["period"]) == ("progress", "2013-04")
    assert "共2项，其中已完成1项" in found["text"]
    assert "计划26000辆，已完成2600辆" in found["text"]
    assert "<" not in found["text"], "a plain field knows no markup"


def test_items_of_other_units_and_drafts_are_left_out(press):
    (unit,) = begun(press)["units"]
    stray = press.add(press.ledger("110106"), "fengtai-supervision-01", sub_item="B2", responsible_unit="110106-SW")
    given = {"disclosure_id": unit["disclosure_id"], "items": [stray.id], "text": "t", "secrecy_reviewed": True}
    assert press.run("screen_disclosure", **given)["held"] == ""
    published(press, items=[stray.id])
    (row,) = (one for one in press.session.query(Disclosure) if one.status == "published")
    assert row.items == []


def test_names_that_people_typed_are_masked_too(press):
    item = press.session.query(LedgerItem).filter_by(sub_item="A3").one()
    item.item_name = "淘汰王建国先生（13812345678）的车"
    published(press)
    (shown,), _ = disclosures.published(press.session, "", None, None, 10, 0)
    assert {one["name"] for one in shown.items} == {"淘汰王**先生（138******78）的车", "煤改清洁能源"}


def test_a_diagram_that_forgets_the_gate_does_not_publish_all_the_same(press):
    for text in ("机密★\n正文", "绝密\n正文"):
        with pytest.raises(ServiceFault) as caught:
            published(press, text=text)
        assert caught.value.code == "not_open"
    assert disclosures.published(press.session, "", None, None, 10, 0) == ([], 0)


def test_the_public_reads_what_is_published_only(press):
    for period in ("2013-05", "2013-06"):
        published(press, period=period, text=f"{period} 的进展")
    found, total = disclosures.published(press.session, "", None, None, 1, 0)
    assert (len(found), total) == (1, 2)
    assert disclosures.published(press.session, "", None, None, 10, 2)[0] == []
    (one,), _ = disclosures.published(press.session, "2013-05 的", "progress", AIR, 10, 0)
    assert disclosures.get(press.session, one.id) == one
    for nothing in (("%", None, None), ("", "plan", None), ("", None, WATER), ("", "x", "y")):
        assert disclosures.published(press.session, *nothing, 10, 0) == ([], 0)
    press.instance = an_instance(press.session, "disclosure_cycle")
    (unit,) = begun(press)["units"]
    with pytest.raises(NotFound):
        disclosures.get(press.session, unit["disclosure_id"])
    with pytest.raises(NotFound):
        disclosures.get(press.session, "nowhere")


def test_reading_takes_the_same_statements_for_one_and_for_many(press, database, count):
    def statements(number):
        for _ in range(number):
            published(press)
        press.session.flush()
        with count(database) as counted:
            disclosures.published(press.session, "进展", None, None, 20, 0)
        return len(counted)

    assert statements(1) == statements(3) == 3


def test_a_round_comes_once_a_month_where_there_is_a_ledger(press):
    (item,) = due_now(press.session, MOMENT)["items"]
    assert (item["campaign_id"], item["period"], item["kind"]) == (press.instance.id, "2013-04", "progress")
    begun(press, period="2013-04")
    (cycle,) = press.session.query(Cycle)
    assert (cycle.kind, cycle.period, cycle.status) == ("disclosure", "2013-04", "running")
    assert due_now(press.session, MOMENT)["items"] == []
    press.run("close_disclosures")
    assert cycle.status == "done"


def test_there_is_nothing_to_disclose_before_the_ledgers_stand(office):
    office.opened()
    office.add(office.ledger())
    assert due_now(office.session, MOMENT)["items"] == []


def test_a_round_that_is_cancelled_says_why(press):
    begun(press, period="2013-04")
    assert press.run("cancel_disclosures", reason="市政府另有部署") == {"cancelled": 1}
    (cycle,) = press.session.query(Cycle)
    assert (cycle.status, cycle.reason) == ("skipped", "市政府另有部署")


def test_items_are_offered_also_when_they_are_done(press):
    offered = [name for _, name in registers.offer(press.session, "disclosed_items")]
    assert offered == ["朝阳区 A3 淘汰老旧机动车", "朝阳区 A2 煤改清洁能源"]


@pytest.mark.parametrize(
    ("period", "words"),
    [("2013-05", "2013年5月"), ("2013-Q2", "2013年第二季度"), ("2013", "2013年"), ("上半年", "上半年"), (None, "")],
)
def test_a_period_is_worded(period, words):
    assert label(period) == words


def test_markup_becomes_lines():
    assert plain("<p>一、&lt;总&gt;</p>\n<p>二、<b>分</b><br>三</p>") == "一、<总>\n二、分\n三"


def test_every_service_about_disclosures_returns_what_its_row_promises(press):
    table = {service.name: service for service in public.TABLE}
    opened = begun(press)
    assert set(opened) == set(table["open_disclosures"].outputs)
    one = {"disclosure_id": opened["units"][0]["disclosure_id"]}
    drafted = press.run("draft_disclosure", **one)
    given = {
        "disclosures_due": {},
        "draft_disclosure": one,
        "screen_disclosure": one | {"items": drafted["items"], "text": "t", "secrecy_reviewed": True},
        "hide_personal_data": {"text": "请打13812345678"},
        "publish_disclosure": one | {name: drafted[name] for name in ("kind", "period", "items", "text")},
        "withhold_disclosure": one | {"ground": "依规定"},
        "disclosure_overdue": one,
        "close_disclosures": {},
        "cancel_disclosures": {"reason": "x"},
    }
    for name, inputs in given.items():
        assert set(inputs) == set(table[name].inputs), name
        assert set(press.run(name, **inputs)) == set(table[name].outputs), name
    for unknown in ("nowhere", None, 7):
        with pytest.raises(ServiceFault):
            disclosure_cases.draft(press.session, press.instance, {"disclosure_id": unknown}, MOMENT)


def test_a_campaign_that_is_over_has_no_round(press):
    press.session.get_one(Campaign, press.instance.id).end_date = date(2013, 4, 18)
    press.session.flush()
    assert due_now(press.session, MOMENT)["items"] == []
