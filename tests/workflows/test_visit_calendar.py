"""Who goes and how often: each row of the two tables of M2, and the calendar behind them."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, read_decision
from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from tests.workflows.conftest import MOMENT, an_instance, furnished
from workflows import visit_calendar
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS
from workflows.services import visits as group
from workflows.tables import Engagement

CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone), CALENDAR)
DEFAULTS = {name: parameter.default for name, parameter in PARAMETERS.items()}
AIR, WATER = "110105-HB", "110105-SW"
FREE = {"purpose": "monthly", "same_day": 0, "near": 0, "recent": 0, "parameters": DEFAULTS}
ORDINARY = {"reason": "red_light", "severity": None, "in_district": True, "by_office": False}
ASKED = {"campaign_id": None, "purpose": "monthly"}


def read(name):
    return read_decision(Path(f"bpmn/decisions/{name}.dmn").read_bytes())


# ---- the tables


@pytest.mark.parametrize(
    ("facts", "advice"),
    [
        ({}, "pass"),
        ({"same_day": 1}, "merge"),
        ({"near": 1}, "merge"),
        ({"recent": 1}, "pass"),
        ({"recent": 2}, "space_out"),
        ({"same_day": 1, "recent": 5}, "merge"),
        ({"purpose": "suspect_false", "same_day": 1, "near": 1, "recent": 9}, "pass"),
        ({"recent": 2, "parameters": DEFAULTS | {"visit_frequency": 3}}, "pass"),
    ],
)
def test_every_row_of_the_table_of_conflicts(facts, advice):
    found = read("M2_visit_conflict").decide(FREE | facts, FRIDAY)
    assert found["advice"] == advice
    assert found["basis"]


@pytest.mark.parametrize(
    ("facts", "executor"),
    [
        ({}, "district"),
        ({"severity": "serious"}, "district"),
        ({"severity": "major"}, "office"),
        ({"reason": "suspect_false"}, "cross_district"),
        ({"reason": "suspect_false", "severity": "major"}, "cross_district"),
        ({"reason": "objection"}, "office"),
        ({"by_office": True}, "office"),
        ({"in_district": False}, "office"),
        ({"in_district": False, "reason": "suspect_false"}, "office"),
    ],
)
def test_every_row_of_the_table_of_executors(facts, executor):
    found = read("M2_visit_executor").decide(ORDINARY | facts, FRIDAY)
    assert found["executor"] == executor
    assert found["basis"]


def test_a_table_without_its_facts_says_so():
    with pytest.raises(DecisionFault):
        read("M2_visit_conflict").decide({"purpose": "monthly"}, FRIDAY)


# ---- the calendar


@pytest.fixture
def diary(office):
    """`office` of this folder; ``others`` books for another case, ``ask`` asks for this one."""

    def others(day, unit=AIR, kind="visit", status="planned", secret=False, case=None):
        case = case or an_instance(office.session, "onsite_supervision").id
        row = Engagement(kind=kind, unit=unit, day=date.fromisoformat(day), title="另一项督查", instance_id=case)
        row.status, row.secret = status, secret
        office.session.add(row)
        office.session.flush()
        return case

    def ask(day, *units, **changed):
        return office.run("visit_conflict", **ASKED | {"objects": list(units or [AIR]), "date": day} | changed)

    office.others, office.ask = others, ask
    return office


def test_an_empty_calendar_speaks_against_nothing(diary):
    assert diary.ask("2013-05-07") == {
        "conflict": False, "advice": "pass", "basis": "与其他安排不冲突", "clashes": [], "merge_with": None,
        "same_day": 0, "near": 0, "recent": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "advice"),
    [
        ("2013-05-07", "merge"),  # the same Tuesday
        ("2013-05-10", "merge"),  # three working days on
        ("2013-05-11", "merge"),  # the Saturday after them
        ("2013-05-13", "pass"),  # four working days on
        ("2013-05-02", "merge"),  # three before, over a weekend
        ("2013-04-28", "pass"),  # a worked Sunday before Labour Day
    ],
)
def test_nearness_is_counted_in_working_days(diary, day, advice):
    other = diary.others("2013-05-07")
    found = diary.ask(day)
    assert found["advice"] == advice
    assert found["merge_with"] == (other if advice == "merge" else None)


def test_all_three_kinds_count_and_the_page_says_which(diary):
    diary.others("2013-05-07", kind="joint")
    diary.others("2013-05-07", kind="activity")
    found = diary.ask("2013-05-07")
    assert {one["kind"] for one in found["clashes"]} == {"joint", "activity"}
    assert {one["unit_name"] for one in found["clashes"]} == {"朝阳区环保局"}
    assert found["same_day"] == 2


def test_a_district_is_visited_in_its_units_but_a_unit_not_in_its_neighbour(diary):
    diary.others("2013-05-07", unit="110105")
    assert diary.ask("2013-05-07", AIR)["same_day"] == 1
    diary.others("2013-06-07", unit=WATER)
    assert diary.ask("2013-06-07", "110105")["same_day"] == 1
    assert diary.ask("2013-06-07", AIR)["same_day"] == 0
    assert diary.ask("2013-06-07", "110106-HB")["conflict"] is False


def test_the_frequency_counts_cases_of_one_unit_not_days(diary):
    case = diary.others("2013-05-07")
    diary.others("2013-05-08", case=case)
    assert diary.ask("2013-05-24")["recent"] == 1
    diary.others("2013-05-24", unit=WATER)
    assert diary.ask("2013-05-30", AIR, WATER)["advice"] == "pass", "one each"
    diary.others("2013-05-14", status="held")
    found = diary.ask("2013-05-30")
    assert (found["advice"], found["recent"], found["merge_with"]) == ("space_out", 2, None)
    assert diary.ask("2013-07-30")["conflict"] is False, "out of the window"


def test_what_has_taken_place_can_not_be_joined(diary):
    diary.others("2013-05-07", status="held")
    found = diary.ask("2013-05-07")
    assert (found["advice"], found["merge_with"]) == ("merge", None)


def test_several_days_are_asked_about_at_once(diary):
    diary.others("2013-05-09")
    assert diary.ask(["2013-05-20", "2013-05-09"])["same_day"] == 1


def test_surprise_visits_are_shown_to_the_office_only(diary):
    diary.others("2013-05-07", secret=True)
    assert diary.ask("2013-05-07")["conflict"] is False
    assert diary.ask("2013-05-07", purpose="activity")["conflict"] is False
    assert diary.ask("2013-05-07", purpose="joint")["same_day"] == 1
    diary.others("2013-05-07", secret=True, status="held")
    assert diary.ask("2013-05-07")["same_day"] == 1, "it is no secret any more"


def test_a_case_is_not_in_its_own_way_and_booking_again_moves_it(diary):
    days = [date(2013, 5, 7), date(2013, 5, 8), date(2013, 5, 7)]
    book = (diary.session, "visit", [AIR, WATER], days, "督查", diary.instance, None)
    visit_calendar.book(*book)
    assert len(booked(diary)) == 4
    assert diary.ask("2013-05-07")["conflict"] is False
    visit_calendar.book(*book[:3], [date(2013, 5, 9)], *book[4:])
    assert booked(diary) == [(AIR, "2013-05-09", "planned"), (WATER, "2013-05-09", "planned")]
    visit_calendar.hold(diary.session, diary.instance.id)
    visit_calendar.release(diary.session, diary.instance.id)
    assert len(booked(diary)) == 2, "what has taken place stays"


def test_of_two_who_book_at_the_same_instant_one_is_told(sessions):
    """The second one waits until the first has committed, and only then looks."""
    with sessions.begin() as session:
        furnished(session)
        cases = [an_instance(session, "onsite_supervision").id for _ in range(2)]

    def book(session, case, unit):
        instance = session.get_one(Instance, case)
        asked = {"objects": [unit], "date": "2013-05-07", "purpose": "monthly"}
        visit_calendar.require_free(session, instance, asked, [], MOMENT)
        visit_calendar.book(session, "visit", [unit], [date(2013, 5, 7)], "督查", instance, None)

    def second():
        with sessions.begin() as session:
            book(session, cases[1], "110105")  # the district of the unit

    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as session:
            book(session, cases[0], AIR)
            waiting = pool.submit(second)
            wait([waiting], timeout=0.5)
            assert not waiting.done()
        with pytest.raises(ServiceFault) as fault:
            waiting.result()
    assert fault.value.code == "day_taken"
    with sessions.read() as session:
        assert [row.instance_id for row in session.query(Engagement)] == [cases[0]]


def test_who_has_seen_the_others_may_book_beside_them(diary):
    other = diary.others("2013-05-07")
    asked = {"objects": [AIR], "date": "2013-05-07", "purpose": "monthly"}
    seen = diary.ask("2013-05-07")["clashes"]
    visit_calendar.require_free(diary.session, diary.instance, asked, seen, MOMENT)
    diary.others("2013-05-08")
    with pytest.raises(ServiceFault):
        visit_calendar.require_free(diary.session, diary.instance, asked, seen, MOMENT)
    assert [one["instance_id"] for one in seen] == [other]


def test_a_question_takes_as_many_statements_on_a_full_calendar_as_on_an_empty_one(diary, count):
    def statements():
        diary.session.expire_all()
        with count(diary.session.get_bind()) as counted:
            diary.ask("2013-05-15")
        return len(counted.statements)

    before = statements()
    for day in range(1, 29):
        diary.others(f"2013-05-{day:02}")
    assert statements() == before


def test_what_is_no_day_is_refused(diary):
    with pytest.raises(ServiceFault) as fault:
        diary.ask("morgen")
    assert fault.value.code == "bad_date"


def test_every_service_of_the_group_is_in_the_table_once():
    assert len({service.name for service in group.TABLE}) == len(group.TABLE)


def booked(diary):
    diary.session.expire_all()
    rows = diary.session.query(Engagement).filter_by(instance_id=diary.instance.id)
    return sorted((row.unit, row.day.isoformat(), row.status) for row in rows)
