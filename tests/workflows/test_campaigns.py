"""Campaigns: drafted, opened with their catalogue, ended in one of four ways."""

from decimal import Decimal

import pytest

from engine.services import ServiceFault
from workflows import campaigns, catalogue
from workflows.sub_items import find, of_task, sub_items
from workflows.tables import Campaign

PLAN = {
    "title": "专项督查", "supervision_type": "special", "authority_basis": "none", "scope": "x", "objects": [],
    "start_date": "2013-04-15", "end_date": "2013-12-31", "classification": "internal",
}  # fmt: skip


def test_there_are_26_sub_items_in_four_tasks():
    assert [len(of_task(code)) for code in ("air", "water", "env", "illegal")] == [7, 6, 11, 2]
    assert next(iter(sub_items())) == "A1"
    assert list(sub_items())[-1] == "D2"


@pytest.mark.parametrize("text", ["A3", " a3 ", "控制机动车排放污染", "A3 控制机动车排放污染"])
def test_a_sub_item_is_found_by_code_or_name(text):
    assert find(text).code == "A3"
    assert find("A33") is None


def test_a_draft_is_saved_and_brought_up_to_date(office):
    assert office.run("register_campaign", **PLAN) == {"campaign_id": office.instance.id, "profile": "profile_2013"}
    office.run("register_campaign", **{**PLAN, "title": "改名"})
    campaign = office.session.get_one(Campaign, office.instance.id)
    assert (campaign.title, campaign.status) == ("改名", "draft")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"classification": "secret"}, "bad_classification"),
        ({"end_date": "2013-04-14"}, "bad_dates"),
        ({"start_date": "soon"}, "bad_date"),
    ],
)
def test_what_may_not_be_kept_is_refused(office, changed, code):
    with pytest.raises(ServiceFault) as fault:
        office.run("register_campaign", **{**PLAN, **changed})
    assert fault.value.code == code


def test_who_takes_part_is_what_the_notice_says(office):
    office.run("register_campaign", **PLAN)
    found = office.run("campaign_bodies")
    assert len(found["liaison_bodies"]) == 9
    assert [len(one["sub_items"]) for one in found["task_groups"]] == [7, 6, 11, 2]
    assert [one["unit"] for one in found["task_groups"]] == ["110000-HBJ", "110000-SWJ", "110000-SRW", "110000-GHW"]
    assert len(found["objects"]) == 17


def test_opening_writes_number_date_and_catalogue(office):
    campaign_id = office.opened()
    campaign = office.session.get_one(Campaign, campaign_id)
    assert (campaign.status, campaign.doc_number) == ("active", "京政办发〔2013〕22号")
    assert campaign.notice_date.isoformat() == "2013-04-19"
    entries = catalogue.of(office.session, campaign_id)
    assert {code: (one.municipal_target, one.task_code) for code, one in entries.items()} == {
        "A3": (Decimal(180000), "air"),
        "B2": (Decimal(42), "water"),
    }
    assert campaigns.only_active(office.session) is campaign


def test_catalogues_are_understood_however_they_are_nested(office):
    office.run("register_campaign", **PLAN)
    entry = {"sub_item": "A1", "municipal_target": 2, "unit_of_measure": "%", "applicable_units": [], "milestones": []}
    nested = [
        {"define_catalogue": [entry, {**entry, "sub_item": "A2"}]},
        {"define_catalogue": {**entry, "sub_item": "B1"}},
    ]
    assert [one["sub_item"] for one in catalogue.entries_of(nested)] == ["A1", "A2", "B1"]
    for entries, code in (([entry, entry], "sub_item_twice"), ([{**entry, "sub_item": "Z9"}], "unknown_sub_item")):
        with pytest.raises(ServiceFault) as fault:
            catalogue.save(office.session, office.session.get_one(Campaign, office.instance.id), entries)
        assert fault.value.code == code


@pytest.mark.parametrize(
    ("service", "inputs", "status"),
    [
        ("close_campaign", {"summary": "s", "disposition": "d"}, "closed"),
        ("reject_campaign", {"reason": "r"}, "rejected"),
        ("cancel_campaign", {"reason": "r"}, "cancelled"),
    ],
)
def test_a_campaign_ends(office, service, inputs, status):
    campaign_id = office.opened()
    assert office.run(service, **inputs) == {"status": status}
    campaign = office.session.get_one(Campaign, campaign_id)
    assert campaign.ended_at == office.moment.now
    assert campaigns.only_active(office.session) is None


def test_cancelling_before_anything_was_drafted_is_no_fault(office):
    assert office.run("cancel_campaign", reason="r") == {"status": "cancelled"}
