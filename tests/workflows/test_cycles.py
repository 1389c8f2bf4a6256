"""Rounds of what recurs, and the material that they report on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bpmn.moment import Moment
from engine.services import ServiceFault
from tests.workflows.conftest import an_instance
from workflows import cycle_lists, cycle_starts, material
from workflows.calendar import WorkingCalendar
from workflows.cycles import RHYTHM, due_day
from workflows.parameters import PARAMETERS
from workflows.periods import month, quarter, week
from workflows.services import SERVICES, bulletins, cycles
from workflows.tables import Campaign, Cycle, LedgerItem, Problem, Urging

CALENDAR = WorkingCalendar()
DEFAULTS = {name: PARAMETERS[name].default for name in RHYTHM}
MONDAY = Moment(datetime(2013, 6, 24, 2, 0, tzinfo=UTC), CALENDAR)


@pytest.mark.parametrize(
    ("kind", "period", "due"),
    [
        ("flash", week(date(2013, 4, 15)), date(2013, 4, 19)),
        ("flash", week(date(2013, 9, 16)), date(2013, 9, 18)),
        ("flash", week(date(2013, 2, 11)), None),
        ("monthly", month(date(2013, 4, 1)), date(2013, 4, 28)),
        ("meeting", month(date(2013, 9, 1)), date(2013, 9, 30)),
        ("quarterly", quarter(date(2013, 6, 1)), date(2013, 7, 19)),
        ("joint", quarter(date(2013, 6, 1)), date(2013, 6, 30)),
    ],
)
def test_when_a_round_is_due(kind, period, due):
    """In the week from 2013-02-11 only the weekend is worked, in exchange for Spring Festival."""
    assert due_day(kind, period, DEFAULTS, CALENDAR) == due


@pytest.fixture
def began(office):
    """The campaign of the office goes on."""
    return office.session.get_one(Campaign, office.opened())


def run(office, service, at=MONDAY, **inputs):
    return SERVICES[service].run(office.session, office.instance, inputs, at)


def test_every_service_returns_what_its_row_promises(office, began):
    groups = run(office, "begin_cycle", kind="monthly", campaign_id=None, period=None)["groups"]
    run(office, "begin_cycle", kind="meeting", campaign_id=began.id, period="2013-06")
    span = {"since": "2013-06-01T00:00:00+08:00", "until": "2013-06-24T10:00:00+08:00"}
    inputs = {
        "begin_cycle": {"kind": "flash", "campaign_id": began.id, "period": "2013-W26"},
        "finish_cycle": {"kind": "monthly"},
        "skip_cycle": {"kind": "meeting", "reason": "r"},
        "drop_cycles": {"reason": "r"},
        "postpone_cycle": {"kind": "meeting", "reason": "r"},
        "collect_material": {"campaign_id": began.id, "groups": groups, **span},
        "bulletin_recipients": {"circulation": ["municipal_leader", "units"]},
        "rank_districts": {"campaign_id": began.id},
        "meeting_topics": {"campaign_id": began.id, "period": "2013-06", "groups": groups},
        "reschedule_meeting": {"reason": "r", "meeting_date": "2013-06-25T09:30:00+08:00"},
        "skip_meeting": {"campaign_id": began.id, "period": "2013-06", "reason": "r"},
    }
    for service in (*cycles.TABLE, *bulletins.TABLE):
        given = inputs.get(service.name, {})
        assert set(given) == set(service.inputs), service.name
        assert set(run(office, service.name, **given)) == set(service.outputs), service.name
        if service.at_start is not None:
            assert set(service.at_start(office.session, MONDAY)) == set(service.outputs)


def test_a_round_begins_once(office, began):
    run(office, "begin_cycle", kind="quarterly", campaign_id=began.id, period="2013-Q2")
    with pytest.raises(ServiceFault) as caught:
        run(office, "begin_cycle", kind="quarterly", campaign_id=began.id, period="2013-Q2")
    assert caught.value.code == "already_begun"


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"campaign_id": "nowhere", "period": None}, "no_campaign"),
        ({"campaign_id": None, "period": "soon"}, "bad_period"),
    ],
)
def test_what_can_not_begin_is_a_fault(office, began, inputs, code):
    with pytest.raises(ServiceFault) as caught:
        run(office, "begin_cycle", kind="monthly", **inputs)
    assert caught.value.code == code


def test_by_hand_it_must_be_clear_which_campaign_is_meant(office, began):
    began.status = "closed"
    with pytest.raises(ServiceFault) as caught:
        run(office, "begin_cycle", kind="monthly", campaign_id=None, period=None)
    assert caught.value.code == "no_campaign"


def test_a_case_without_round_has_nothing_to_finish(office, began):
    with pytest.raises(ServiceFault) as caught:
        run(office, "finish_cycle", kind="flash")
    assert caught.value.code == "no_cycle"


def test_campaigns_in_force_today(office, began):
    found = cycle_starts.campaigns_in_force(office.session, MONDAY)
    (item,) = found["items"]
    assert (item["campaign_id"], item["period"], item["quarter"]) == (began.id, "2013-06", "2013-Q2")
    assert (item["last_quarter"], item["week"], item["campaign_end"]) == ("2013-Q1", "2013-W26", "2013-12-31")
    assert found["timing"]["flash_day"] == 5
    for day in ("2013-04-14", "2014-01-01"):
        at = Moment(datetime.fromisoformat(f"{day}T02:00:00+00:00"), CALENDAR)
        assert cycle_starts.campaigns_in_force(office.session, at)["items"] == [], "before its begin, after its end"
    began.status = "draft"
    assert cycle_starts.campaigns_in_force(office.session, MONDAY)["items"] == []


def test_the_quarter_before_is_accounted_for_also_of_campaigns_that_have_ended(office, began):
    began.status = "closed"
    january = Moment(datetime(2014, 1, 7, 2, 0, tzinfo=UTC), CALENDAR)
    (item,) = cycle_starts.campaigns_of_quarter(office.session, january)["items"]
    assert (item["period"], item["label"]) == ("2013-Q4", "2013年第四季度")
    april = Moment(datetime(2013, 4, 8, 2, 0, tzinfo=UTC), CALENDAR)
    assert cycle_starts.campaigns_of_quarter(office.session, april)["items"] == [], "it had not begun"


def test_what_one_round_told_the_next_does_not_tell_again(office, began):
    first = run(office, "begin_cycle", kind="flash", campaign_id=began.id, period="2013-W25")
    assert first["since"].startswith("2013-04-15T00:00"), "the first one tells of all that happened until then"
    later = Moment(MONDAY.now + timedelta(days=4), CALENDAR)
    second = run(office, "begin_cycle", later, kind="flash", campaign_id=began.id, period="2013-W26")
    assert second["since"] == first["until"] == "2013-06-24T00:00:00+08:00"
    assert datetime.fromisoformat(second["until"]) == later.now


def test_a_meeting_is_put_off_within_its_month_only(office, began):
    run(office, "begin_cycle", kind="meeting", campaign_id=began.id, period="2013-06")
    found = run(office, "postpone_cycle", kind="meeting", reason="r")
    assert found == {"due_on": "2013-06-26", "postponed": 1, "within": True}
    thursday = Moment(datetime(2013, 6, 27, 2, 0, tzinfo=UTC), CALENDAR)
    assert run(office, "postpone_cycle", thursday, kind="meeting", reason="r")["due_on"] == "2013-06-28", "sooner, then"
    friday = Moment(datetime(2013, 6, 28, 2, 0, tzinfo=UTC), CALENDAR)
    assert run(office, "postpone_cycle", friday, kind="meeting", reason="r")["within"] is False


def test_what_is_dropped_stays_done_where_it_was_done(office, began):
    run(office, "begin_cycle", kind="monthly", campaign_id=began.id, period="2013-06")
    run(office, "begin_cycle", kind="meeting", campaign_id=began.id, period="2013-06")
    run(office, "finish_cycle", kind="monthly")
    run(office, "drop_cycles", reason="专项督查撤销。")
    rows = {row.kind: row.status for row in office.session.query(Cycle)}
    assert rows == {"monthly": "done", "meeting": "skipped"}


def test_no_round_is_missed_of_a_campaign_that_was_called_off(office, began):
    assert cycle_lists.missed(office.session, began.id, MONDAY) != ()
    began.status = "cancelled"
    assert cycle_lists.missed(office.session, began.id, MONDAY) == ()


def test_material_is_told_by_task_and_what_is_restricted_is_not(office, began):
    session = office.session
    hidden = an_instance(session, "campaign_setup")
    hidden.restricted_to = "|discipline_officer|"
    for ident, source in (("p1", None), ("p2", hidden.id)):
        session.add(
            Problem(id=ident, number=ident, title=f"问题{ident}", campaign_id=began.id, districts=[], affected_units=[],
                status="open", source="external", source_instance_id=source, reported_at=MONDAY.now, task_code="water")
        )  # fmt: skip
    order = {"unit": "110105-HB", "rung": 4, "kind": "order", "at": MONDAY.now, "instance_id": office.instance.id}
    session.add(Urging(campaign_id=began.id, **order))
    session.flush()
    until = MONDAY.now + timedelta(seconds=1)
    found = material.by_task(session, began.id, MONDAY.now, until)
    assert [row["id"] for row in found["water"]["problems"]["rows"]] == ["p1"]
    assert found["air"]["orders"]["count"] == 1, "what belongs to no task is told under the first"
    assert found["env"]["is_new"] is False
    assert "问题p1" in material.text(found["water"])
    earlier = material.by_task(session, began.id, MONDAY.now - timedelta(days=1), MONDAY.now)
    assert not any(one["is_new"] for one in earlier.values())


def test_equal_districts_share_a_place_and_few_are_not_ranked(office, began):
    for district, verified in (("110105", 10), ("110106", 20), ("110107", 20), ("110108", 30)):
        _tracked(office, began, district, verified)
    assert run(office, "rank_districts", campaign_id=began.id) == {"units": 4, "allowed": False, "rows": []}
    _tracked(office, began, "110109", 0)
    found = run(office, "rank_districts", campaign_id=began.id)
    assert [(row["unit"], row["rank"], row["rate"]) for row in found["rows"]] == [
        ("110106", 1, 100.0),
        ("110107", 1, 100.0),
        ("110108", 1, 100.0),
        ("110105", 4, 50.0),
        ("110109", 5, 0.0),
    ], "nothing counts more than its plan"
    _tracked(office, began, "110112", 0, status="suspended")
    assert run(office, "rank_districts", campaign_id=began.id)["units"] == 5


def _tracked(office, campaign, district, verified, status="in_progress"):
    """An item of which a fifth should be done by now."""
    office.session.add(
        LedgerItem(
            id=f"item-{district}", campaign_id=campaign.id, ledger_id=office.ledger(district), district=district,
            position=1, sub_item="A3", task_code="air", applicable=True, co_units=[], milestones=[],
            evidence_standard=[], status=status, planned_percent=20, verified_percent=verified, changed_at=MONDAY.now,
        )
    )  # fmt: skip
    office.session.flush()
