"""Working days of 2013 as the State Council published them (domain guide, section 7)."""

import logging
from datetime import date, datetime, time, timedelta

import pytest

from bpmn.expressions import compile_expression
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar, is_known

CALENDAR = WorkingCalendar()


def moment(month, day):
    return Moment(datetime(2013, month, day, 9, tzinfo=CALENDAR.zone), CALENDAR)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [((4, 19), 10, (5, 6)), ((4, 26), 3, (5, 2)), ((6, 7), 3, (6, 13)), ((9, 18), 3, (9, 24))],
    ids=["over Labour Day", "over adjusted Sunday", "over Dragon Boat", "over Mid-Autumn"],
)
def test_working_days_skip_holidays_and_count_adjusted_weekends(start, count, due):
    assert moment(*start).working_days(count) == datetime(2013, *due, 17, 30, tzinfo=CALENDAR.zone)


def test_the_last_working_day_of_april_is_a_sunday():
    first_of_may = moment(5, 1)
    assert first_of_may.working_days(-1).date() == date(2013, 4, 28)
    assert first_of_may.working_days(-1).weekday() == 6
    assert first_of_may.working_days(-5).date() == date(2013, 4, 24)


def test_the_monthly_report_finds_its_day():
    assert compile_expression("wd_of_month(-5)").evaluate({}, moment(4, 10)).date() == date(2013, 4, 24)


def test_2013_has_250_working_days():
    days = (date(2013, 1, 1) + timedelta(n) for n in range(365))
    assert sum(map(CALENDAR.is_working_day, days)) == 250


def test_a_year_without_data_counts_weekends_and_warns_once(caplog):
    is_known.cache_clear()
    with caplog.at_level(logging.WARNING):
        week = [CALENDAR.is_working_day(date(2199, 1, 7) + timedelta(n)) for n in range(7)]
    assert week == [True, True, True, True, True, False, False]
    assert len(caplog.records) == 1
    assert "2199" in caplog.text


def test_the_working_day_may_end_at_another_time():
    early = WorkingCalendar(day_end=time(16))
    assert Moment(datetime(2013, 4, 19, 9, tzinfo=early.zone), early).working_days(1).hour == 16
