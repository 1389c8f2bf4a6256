"""D11: who approves a change, each row of the table; what a change does to the plan of an item."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bpmn.decisions import check_decision, read_decision
from bpmn.moment import Moment
from engine.services import ServiceFault
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS
from workflows.rebaselining import share
from workflows.services import SERVICES, changes, items
from workflows.tables import Change

CALENDAR = WorkingCalendar()
TABLE = Path("bpmn/decisions/D11_change_approval.dmn")
NUMBERS = {
    name: PARAMETERS[name].default
    for name in ("extension_lead_days", "extension_deputy_days", "extension_meeting_count")
}
NOW = Moment(datetime(2013, 7, 1, 9, tzinfo=CALENDAR.zone), CALENDAR)


def decide(kind, numbers=NUMBERS, **facts):
    names = {"change_type": kind, "leader_set": False, "between_districts": False, "target_cut": False, "count": 1,
             "days": 0, **facts, "parameters": numbers}  # fmt: skip
    found = read_decision(TABLE.read_bytes()).decide(names, NOW)
    return found["role"], found["level"]


def test_the_table_is_sound():
    assert check_decision(TABLE.read_bytes()) == ()


@pytest.mark.parametrize(
    ("kind", "facts", "role", "level"),
    [
        ("extension", {"leader_set": True, "days": 2}, "municipal_leader", "leader"),
        ("suspend", {"leader_set": True}, "municipal_leader", "leader"),
        ("cancel", {"leader_set": True}, "group_leader", "meeting"),
        ("reassign", {"between_districts": True}, "synthesis_lead", "synthesis"),
        ("reassign", {}, "task_group_lead", "task_group"),
        ("cancel", {}, "group_leader", "meeting"),
        ("target", {"target_cut": True}, "group_leader", "meeting"),
        ("target", {}, "task_group_lead", "task_group"),
        ("merge", {}, "office_deputy", "office"),
        ("split", {}, "office_deputy", "office"),
        ("extension", {"count": 3, "days": 1}, "group_leader", "meeting"),
        ("extension", {"days": 31}, "group_leader", "meeting"),
        ("suspend", {"days": 60}, "group_leader", "meeting"),
        ("extension", {"count": 2, "days": 5}, "office_deputy", "office"),
        ("extension", {"days": 30}, "office_deputy", "office"),
        ("extension", {"days": 11}, "office_deputy", "office"),
        ("extension", {"days": 10}, "task_group_lead", "task_group"),
        ("suspend", {"days": 10}, "task_group_lead", "task_group"),
    ],
)
def test_every_row(kind, facts, role, level):
    assert decide(kind, **facts) == (role, level)


@pytest.mark.parametrize(
    ("name", "value", "facts", "role"),
    [
        ("extension_lead_days", 15, {"days": 15}, "task_group_lead"),
        ("extension_deputy_days", 40, {"days": 40}, "office_deputy"),
        ("extension_meeting_count", 2, {"count": 2}, "group_leader"),
    ],
)
def test_the_numbers_are_parameters(name, value, facts, role):
    assert decide("extension", NUMBERS | {name: value}, **facts)[0] == role


@pytest.mark.parametrize(
    ("value", "target", "percent"),
    [(None, 200, 0), (50, 200, 25), (300, 200, 100), (1, 3, Decimal("33.33")), (50, None, None), (50, 0, None)],
)
def test_the_share_of_a_target_that_is_reached(value, target, percent):
    exact = [None if one is None else Decimal(one) for one in (value, target)]
    assert share(*exact) == percent


APPLICATION = {"change_type": "extension", "reason_code": "land", "reason": "r", "new_deadline": "2014-01-10",
               "new_unit": None, "new_target": None, "progress_so_far": "p"}  # fmt: skip


def _file(office, item_id, **changed):
    given = {"item_id": item_id, "application": APPLICATION | changed, "unit": "110105-HB", "deadline": "2013-12-20",
             "leader": None, "campaign_id": None}  # fmt: skip
    return office.run("file_change", **given)


def test_services_return_what_their_rows_promise(office):
    office.opened()
    item = office.add(office.ledger())
    item.status = "established"
    given = {
        "begin_item": {"item_id": item.id},
        "plan_report": {"item_id": item.id, "early": False},
        "record_report": {
            "item_id": item.id, "period": "2013-05", "due": "2013-05-27T17:30:00+08:00", "reporter": None,
            "report": {"no_change": False, "actual_value": 10, "progress_percent": 1, "has_blocker": False},
        },
        "record_return": {"item_id": item.id, "period": "2013-05", "due": "2013-05-27T17:30:00+08:00",
                          "reasons": ["other"], "verifier": None},
        "record_verification": {"item_id": item.id, "period": "2013-05", "verified_value": 9, "verifier": None},
        "set_light": {"item_id": item.id, "light": "yellow", "rule": "behind"},
        "sample_report": {"item_id": item.id, "period": "2013-05"},
        "finish_report": {"item_id": item.id, "period": "2013-05", "due": "2013-05-27T17:30:00+08:00",
                          "was_checked": True, "verdict": "pass", "checker": None},
        "record_onsite": {"item_id": item.id, "verdict": "consistent", "measured_value": 12},
        "urging_facts": {"item_id": item.id},
        "issue_urging": {"item_id": item.id, "subject": "deadline", "rung": 1, "at_once": False, "days_late": 0,
                         "paused_days": 0},
        "hasten_report": {"item_id": item.id},
        "adopt_change": {"item_id": item.id, "unit": "110105-HB"},
        "resume_item": {"item_id": item.id},
        "continue_item": {"item_id": item.id, "reason": "partial"},
        "close_item": {"item_id": item.id, "method": ["desk"]},
        "end_item": {"item_id": item.id, "status": "cancelled", "reason": "r"},
        "apply_change": {"elements": [], "deadline": "2013-06-03", "unit": "110105-HB"},
        "file_change": {"item_id": item.id, "application": APPLICATION, "unit": "110105-HB", "deadline": None,
                        "leader": None, "campaign_id": None},
        "rebaseline": {"item_id": item.id, "verdict": "approve", "granted_deadline": "2014-01-10", "decider": None},
        "close_change": {"status": "rejected", "decider": None},
    }  # fmt: skip
    assert set(given) == {service.name for service in (*items.TABLE, *changes.TABLE)}
    for name, inputs in given.items():
        assert set(inputs) == set(SERVICES[name].inputs), name
        assert set(office.run(name, **inputs)) == set(SERVICES[name].outputs), name


def test_the_size_of_a_change_is_what_d11_looks_at(office):
    office.opened()
    item = office.add(office.ledger())
    found = _file(office, item.id, new_deadline="2014-01-06")
    assert (found["days"], found["count"], found["in_time"]) == (10, 1, True)
    assert (found["leader_set"], found["between_districts"], found["target_cut"]) == (False, False, False)
    assert found["district"] == "110105"
    office.session.delete(office.session.get_one(Change, office.instance.id))
    moved = _file(office, item.id, change_type="reassign", new_unit="110106-HB")
    assert moved["between_districts"] is True
    office.session.delete(office.session.get_one(Change, office.instance.id))
    assert _file(office, item.id, change_type="target", new_target=25000)["target_cut"] is True


def test_a_change_of_a_case_that_is_no_item_is_kept_and_its_caller_carries_it_out(office):
    found = _file(office, office.instance.id)
    assert found["days"] == 14
    given = {"item_id": office.instance.id, "verdict": "partial", "granted_deadline": "2013-12-31", "decider": None}
    assert office.run("rebaseline", **given) == {
        "verdict": "partial", "granted_deadline": "2013-12-31", "new_unit": None, "new_target": None, "version": None,
    }  # fmt: skip
    change = office.session.get_one(Change, office.instance.id)
    assert (change.item_id, change.subject_instance_id, change.status) == (None, office.instance.id, "partial")
    assert change.granted_deadline == date(2013, 12, 31)


@pytest.mark.parametrize(
    ("changed", "granted", "code"),
    [({}, "soon", "bad_deadline"), ({}, None, "bad_deadline"),
     ({"change_type": "reassign", "new_unit": "nowhere"}, None, "unknown_unit")],
)  # fmt: skip
def test_what_can_not_be_carried_out_is_refused(office, changed, granted, code):
    office.opened()
    item = office.add(office.ledger())
    _file(office, item.id, **changed)
    with pytest.raises(ServiceFault) as caught:
        office.run("rebaseline", item_id=item.id, verdict="approve", granted_deadline=granted, decider=None)
    assert caught.value.code == code


def test_closing_what_was_never_filed_is_a_withdrawal(office):
    assert office.run("close_change", status="withdrawn", decider=None) == {"verdict": "withdrawn"}
