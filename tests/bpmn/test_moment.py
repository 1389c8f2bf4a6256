from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2013-04-19T09:00", 10, "2013-05-06"),
        ("2013-04-26T09:00", 3, "2013-05-02"),
        ("2013-06-07T09:00", 3, "2013-06-13"),
        ("2013-09-18T09:00", 3, "2013-09-24"),
        ("2013-04-19T23:59", 1, "2013-04-22"),
        ("2013-05-06T00:00", -10, "2013-04-19"),
        ("2013-04-20T12:00", 0, "2013-04-20"),
    ],
)
def test_working_days_end_at_half_past_five(at, start, count, end):
    assert at(start).working_days(count).isoformat() == f"{end}T17:30:00+08:00"


def test_calendar_days(at):
    assert at("2013-01-30T09:00").calendar_days(30).isoformat() == "2013-03-01T17:30:00+08:00"


def test_the_day_is_that_of_beijing(at):
    moment = at("2013-04-20T00:30")
    assert moment.now.utcoffset().total_seconds() == 8 * 3600
    assert moment.today.isoformat() == "2013-04-20"


def test_2013_has_250_working_days(at):
    assert at("2012-12-31T09:00").working_days(250).date().isoformat() == "2013-12-31"
