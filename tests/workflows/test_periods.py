"""Weeks, months and quarters."""

from datetime import date

import pytest

from workflows import periods


@pytest.mark.parametrize(
    ("kind", "day", "key", "first", "last"),
    [
        (periods.week, date(2013, 4, 19), "2013-W16", "2013-04-15", "2013-04-21"),
        (periods.week, date(2013, 12, 30), "2014-W01", "2013-12-30", "2014-01-05"),
        (periods.month, date(2013, 12, 31), "2013-12", "2013-12-01", "2013-12-31"),
        (periods.month, date(2016, 2, 1), "2016-02", "2016-02-01", "2016-02-29"),
        (periods.quarter, date(2013, 4, 1), "2013-Q2", "2013-04-01", "2013-06-30"),
        (periods.quarter, date(2013, 12, 31), "2013-Q4", "2013-10-01", "2013-12-31"),
    ],
)
def test_a_period_and_back(kind, day, key, first, last):
    found = kind(day)
    assert (found.key, found.first.isoformat(), found.last.isoformat()) == (key, first, last)
    assert periods.read(key) == found


def test_periods_follow_each_other_and_their_keys_sort():
    days = [date(2013, 1, 1).replace(month=month, day=28) for month in range(1, 13)]
    for kind in (periods.week, periods.month, periods.quarter):
        keys = [kind(day).key for day in days]
        assert keys == sorted(keys)


def test_a_day_is_a_period_of_its_own():
    found = periods.read("2013-04-19-2")
    assert (found.first, found.last, found.label) == (date(2013, 4, 19), date(2013, 4, 19), "2013年4月19日")


@pytest.mark.parametrize("key", ["", "soon", "2013-W60", "2013-13", "2013-02-30"])
def test_nonsense_is_no_period(key):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the library says
        periods.read(key)
