"""Inspections of deputies and their opinions as rows: stops, like visits, limits in months, how they end."""

from datetime import date

import pytest

from engine.services import ServiceFault
from tests.workflows.conftest import an_instance
from workflows import deputy_opinions
from workflows.services import democratic as group
from workflows.tables import Activity, DeputyOpinion, Engagement

REGISTERED = {
    "inspecting_body": "congress",
    "form": "forum",
    "theme": "垃圾处理",
    "date_from": "2013-05-22",
    "date_to": "2013-05-23",
    "task_codes": ["env"],
}
ROUTE = [{"day": "2013-05-22", "unit": "110106", "place": None}, {"day": "2013-05-23", "unit": "110115", "place": None}]
OPINION = {"content": "多设收集点。", "route": "formal", "task_code": "env"}


@pytest.fixture
def hall(office):
    """`office` with an inspection that is entered."""
    office.instance = an_instance(office.session, "democratic_supervision")
    office.run("enter_activity", answers=REGISTERED, notice_id="a1", campaign_id=None)
    office.schedule = lambda **more: office.run(
        "schedule_activity", **{"route": ROUTE, "hosts": ["110106"], "choice": None, "clashes": []} | more
    )
    office.say = lambda *opinions: office.run("enter_deputy_opinions", opinions=opinions, formal_no=None)["opinions"]
    return office


def booked(office):
    rows = office.session.query(Engagement).filter_by(instance_id=office.instance.id)
    return [(one.unit, one.day.isoformat()) for one in rows.order_by(Engagement.day)]


def test_every_service_returns_what_its_row_promises(hall):
    inputs = {
        "enter_activity": {"answers": REGISTERED, "notice_id": None, "campaign_id": None},
        "compare_route": {"route": ROUTE},
        "schedule_activity": {"route": ROUTE, "hosts": ["110106"], "choice": None, "clashes": [], "seen": []},
        "activity_pack": {"task_code": "env"},
        "note_support": {"held": "held", "attendees": 3, "reason": None},
        "enter_deputy_opinions": {"opinions": [OPINION], "formal_no": None},
        "await_deputy_reply": {"due": "2013-08-01", "extended": False, "rework": 0},
        "reply_to_deputy": {"result": "adopted", "text": "好。"},
        "settle_deputy_opinion": {"outcome": "settled", "satisfaction": "satisfied", "text": None},
        "cancel_deputy_opinions": {},
        "end_activity": {"status": "closed", "reason": None},
    }
    assert [service.name for service in group.TABLE if service.name not in inputs] == []
    opinion_id = None
    for name, given in inputs.items():
        (service,) = (one for one in group.TABLE if one.name == name)
        asked = {"opinion_id": opinion_id} | given if "opinion_id" in service.inputs else given
        assert set(service.inputs) == set(asked), name
        result = hall.run(name, **asked)
        assert set(result) == set(service.outputs), name
        opinion_id = result["opinions"][0]["opinion_id"] if "opinions" in result else opinion_id


def test_entered_again_it_keeps_its_number(hall):
    again = hall.run("enter_activity", answers=REGISTERED | {"theme": "餐厨垃圾"}, notice_id="a1", campaign_id=None)
    assert again["number"] == "督视字〔2013〕1号"
    assert hall.session.get_one(Activity, hall.instance.id).theme == "餐厨垃圾"


def test_it_can_not_end_before_it_begins(hall):
    with pytest.raises(ServiceFault) as refused:
        hall.run("enter_activity", answers=REGISTERED | {"date_to": "2013-05-21"}, notice_id=None, campaign_id=None)
    assert refused.value.code == "bad_dates"


def test_each_stop_is_booked_on_its_own_day_only(hall):
    hall.schedule()
    assert booked(hall) == [("110106", "2013-05-22"), ("110115", "2013-05-23")]
    hall.schedule(route=ROUTE[:1])
    assert booked(hall) == [("110106", "2013-05-22")], "a new route takes the place of the old one"


def test_like_visits_are_found_stop_by_stop(hall):
    hall.schedule()
    hall.instance = an_instance(hall.session, "democratic_supervision")
    hall.run("enter_activity", answers=REGISTERED, notice_id=None, campaign_id=None)
    other = [{"day": "2013-05-22", "unit": "110105"}, {"day": "2013-05-23", "unit": "110106"}]
    found = hall.run("compare_route", route=other)
    assert found["conflict"] is True
    assert {(one["unit"], one["date"]) for one in found["clashes"]} == {("110106", "2013-05-22")}
    assert hall.run("compare_route", route=other[:1]) == {"conflict": False, "clashes": []}


def test_a_stop_joins_only_where_merging_was_chosen(hall):
    other = an_instance(hall.session, "onsite_supervision")
    clash = {"unit": "110106", "date": "2013-05-21", "instance_id": other.id}
    kept = hall.schedule(choice="keep", clashes=[clash])
    assert (kept["merged"], len(booked(hall))) == (0, 2)
    merged = hall.schedule(choice="merge", clashes=[clash])
    assert (merged["merged"], merged["route"][0]["day"]) == (1, "2013-05-21")
    assert booked(hall) == [("110115", "2013-05-23")]


def test_lead_units_of_the_tasks_and_those_that_host_prepare_material(hall):
    units = hall.schedule(hosts=["110106", "110000-SWJ"])["units"]
    assert [one["unit"] for one in units] == ["110000-SRW", "110000-CGB", "110000-SWJ"]


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [("2013-05-31", 1, "2013-06-30"), ("2013-11-30", 3, "2014-02-28"), ("2013-08-23", 6, "2014-02-23")],
)
def test_months_end_on_the_same_day_or_the_last_one(day, count, later):
    assert deputy_opinions._months_later(date.fromisoformat(day), count) == date.fromisoformat(later)


def test_the_lead_unit_that_is_named_handles_it_else_that_of_the_task(hall):
    named, district, nobody = hall.say(
        OPINION | {"unit": "110000-SWJ"}, OPINION | {"unit": "110106-SR", "route": "problem"}, OPINION
    )
    assert (named["unit"], district["unit"], nobody["unit"]) == ("110000-SWJ", "110000-SRW", "110000-SRW")
    assert (named["problem_id"], district["problem_number"]) == (None, "督问字〔2013〕1号")
    assert (nobody["due"], nobody["most_due"]) == ("2013-07-19", "2013-10-19")


def test_answers_are_kept_and_whether_they_came_in_time(hall):
    (opinion,) = hall.say(OPINION)
    told = {"opinion_id": opinion["opinion_id"]}
    hall.run("await_deputy_reply", **told, due="2013-04-18", extended=True, rework=1)
    assert hall.run("reply_to_deputy", **told, result="planned", text="已列入。")["on_time"] is False
    hall.run("settle_deputy_opinion", **told, outcome="mediated", satisfaction="dissatisfied", text="已说明。")
    row = hall.session.get_one(DeputyOpinion, opinion["opinion_id"])
    assert (row.status, row.extended, row.rework_count) == ("mediated", True, 1)
    assert row.reply_text == "已列入。\n已说明。"


def test_ends_that_do_not_exist_are_refused(hall):
    (opinion,) = hall.say(OPINION)
    ended = {"outcome": "lost", "satisfaction": None, "text": None}
    for run in (
        lambda: hall.run("settle_deputy_opinion", opinion_id=opinion["opinion_id"], **ended),
        lambda: hall.run("end_activity", status="lost", reason=None),
    ):
        with pytest.raises(ServiceFault) as refused:
            run()
        assert refused.value.code == "bad_outcome"
    with pytest.raises(ServiceFault) as refused:
        hall.run("settle_deputy_opinion", opinion_id="nothing", **ended)
    assert refused.value.code == "no_opinion"


def test_what_was_never_entered_can_be_called_off(office):
    assert office.run("end_activity", status="cancelled", reason="x") == {"status": "cancelled", "told": 0}
