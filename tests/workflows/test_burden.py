"""The burden meter: what was asked of whom in a month, and how much of it was there already."""

from datetime import datetime
from uuid import uuid4

import pytest

from bpmn.moment import Moment
from engine.access import NotYours
from engine.tables import Task
from engine.tables.base import NO_DUE
from tests.workflows.conftest import an_instance
from workflows import burden, periods
from workflows.burden import Load
from workflows.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)


JULY = Moment(at("2013-07-05T18:00"), CALENDAR)
JUNE = periods.read("2013-06")


@pytest.fixture
def asked(office):
    """Three tasks of 朝阳区 in June (one of them open), one in May, one of 丰台区, and one that only some may see."""
    case = an_instance(office.session, "item_progress")
    hidden = an_instance(office.session, "accountability")
    hidden.restricted_to = "|discipline_officer|"
    rows = (
        (case, "110105-HB", "2013-06-01T00:00", (8, 5, 4)),
        (case, "110105-DC", "2013-06-30T23:59", (2, 1, 1)),
        (case, "110105-DC", "2013-06-03T09:00", None),
        (case, "110105-HB", "2013-05-31T23:59", (10, 0, 0)),
        (case, "110106-HB", "2013-06-03T09:00", (4, 0, 0)),
        (hidden, "110105-DC", "2013-06-03T09:00", (50, 0, 0)),
    )
    for instance, org, opened, effort in rows:
        done, filled, kept = effort or (None, None, None)
        office.session.add(Task(
            id=uuid4().hex, instance_id=instance.id, element="x", name="x", roles=[], org=org, barred="",
            due_order=NO_DUE, status="completed" if effort else "open", urged=0, opened_at=at(opened),
            asked=done, prefilled=filled, kept=kept,
        ))  # fmt: skip
    office.session.flush()
    return office


def test_each_unit_with_the_organisations_of_a_district(asked):
    found = burden.by_unit(asked.session, asked.actor("synthesis-lead-01"), JUNE, JULY)
    assert [(unit.code, unit.load) for unit in found] == [
        ("110105", Load(3, 2, 10, 6, 5)),
        ("110106", Load(1, 1, 4, 0, 0)),
    ]
    assert [(code, load.asked) for code, load in found[0].parts] == [("110105-DC", 2), ("110105-HB", 8)]
    assert (found[0].load.prefilled_percent, found[1].load.kept_percent) == (60.0, None)


def test_months_begin_and_end_in_the_time_of_the_office(asked):
    months = burden.months(JULY, JUNE, 3)
    assert [month.key for month in months] == ["2013-04", "2013-05", "2013-06"]
    found = burden.by_month(asked.session, asked.actor("synthesis-lead-01"), "110105", months, JULY)
    assert [load for _, load in found] == [Load(0, 0, 0, 0, 0), Load(1, 1, 10, 0, 0), Load(3, 2, 10, 6, 5)]


def test_a_district_sees_its_own_burden_only(asked):
    officer = asked.actor("fengtai-supervision-01")
    assert [unit.code for unit in burden.by_unit(asked.session, officer, JUNE, JULY)] == ["110106"]
    ((_, load),) = burden.by_month(asked.session, officer, None, [JUNE], JULY)
    assert load.asked == 4
    ((_, other),) = burden.by_month(asked.session, officer, "110105", [JUNE], JULY)
    assert other.tasks == 0


def test_who_sees_nothing_of_a_campaign_sees_no_burden(asked):
    nobody = type(asked.actor("admin-01"))(id="x", name="x", grants=())
    with pytest.raises(NotYours):
        burden.by_unit(asked.session, nobody, JUNE, JULY)


def test_one_statement_each(asked, database, count):
    actor = asked.actor("synthesis-lead-01")
    with count(database) as made:
        burden.by_unit(asked.session, actor, JUNE, JULY)
        burden.by_month(asked.session, actor, None, burden.months(JULY, JUNE, 6), JULY)
    assert len(made) == 2
