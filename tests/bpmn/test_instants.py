from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.instants import (
    Duration,
    Unfit,
    format_duration,
    parse_date,
    parse_duration,
    parse_instant,
    shift_date,
    shift_instant,
    to_date,
    to_instant,
)


@pytest.mark.parametrize(
    ("text", "months", "time"),
    [
        ("P3D", 0, timedelta(days=3)),
        ("PT10M", 0, timedelta(minutes=10)),
        ("P1Y2M", 14, timedelta()),
        ("P2W", 0, timedelta(days=14)),
        ("P1DT2H3M4.5S", 0, timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("-P1M", -1, timedelta()),
        ("PT0S", 0, timedelta()),
    ],
)
def test_durations_are_read(text, months, time):
    assert parse_duration(text) == Duration(months, time)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "3D", "P1H", "PT1D", "P1.5D", "P-1D", "p3d", "P3D ", "P999999Y"]
)
def test_what_is_no_duration(text):
    with pytest.raises(Unfit):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P" + "9" * 400 + "D", "P99999999999W", "PT" + "9" * 40 + "H"])
def test_absurd_durations(text):
    with pytest.raises(Unfit):
        parse_duration(text)


@given(
    st.integers(0, 1200),
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=36000)),
    st.booleans(),
)
def test_a_duration_survives_being_written(months, time, negative):
    duration = Duration(months, time)
    if negative:
        duration = -duration
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("day", "duration", "expected"),
    [
        ("2013-01-31", "P1M", "2013-02-28"),
        ("2012-01-31", "P1M", "2012-02-29"),
        ("2013-03-31", "-P1M", "2013-02-28"),
        ("2012-02-29", "P1Y", "2013-02-28"),
        ("2013-12-15", "P1M", "2014-01-15"),
        ("2013-12-15", "-P12M", "2012-12-15"),
        ("2013-04-19", "P1M3D", "2013-05-22"),
    ],
)
def test_months_keep_the_day_where_they_can(day, duration, expected):
    assert shift_date(parse_date(day), parse_duration(duration)).isoformat() == expected


def test_hours_do_not_go_with_a_bare_date():
    with pytest.raises(Unfit):
        shift_date(date(2013, 4, 19), parse_duration("PT1H"))


def test_days_are_counted_on_the_wall_clock_of_the_zone(moment):
    late = datetime(2013, 4, 19, 17, 0, tzinfo=UTC)  # the 20th in Beijing
    assert shift_instant(late, parse_duration("P1M"), moment).isoformat() == "2013-05-20T01:00:00+08:00"
    assert shift_instant(late, parse_duration("-P1DT1H"), moment).isoformat() == "2013-04-19T00:00:00+08:00"


@pytest.mark.parametrize("duration", ["P100Y", "-P100Y", "P36600D"])
def test_years_out_of_range_are_refused(moment, duration):
    edge = "2150-01-01T00:00" if not duration.startswith("-") else "1950-01-01T00:00"
    with pytest.raises(Unfit):
        shift_instant(parse_instant(edge, moment), parse_duration(duration), moment)


@pytest.mark.parametrize("text", ["2013-4-1", "20130401", "2013-02-30", "1799-01-01", "9999-12-31", "2013-W10-1", "١٢"])
def test_what_is_no_date(text):
    with pytest.raises(Unfit):
        parse_date(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2013-05-06", "2013-05-06T17:30:00+08:00"),
        (date(2013, 5, 6), "2013-05-06T17:30:00+08:00"),
        ("2013-05-06T09:00", "2013-05-06T09:00:00+08:00"),
        ("2013-05-06 09:00:30", "2013-05-06T09:00:30+08:00"),
        ("2013-05-06T09:00Z", "2013-05-06T09:00:00+00:00"),
        ("2013-05-06T09:00-05:00", "2013-05-06T09:00:00-05:00"),
    ],
)
def test_instants(moment, value, expected):
    assert to_instant(value, moment).isoformat() == expected


def test_the_day_of_an_instant_is_that_of_the_zone(moment):
    assert to_date("2013-05-06T20:00Z", moment) == date(2013, 5, 7)
