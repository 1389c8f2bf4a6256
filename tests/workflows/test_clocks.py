"""Every date says how it was counted. The days are those of the guide: 2013 with its holidays and worked weekends."""

from datetime import date, datetime

import pytest

from bpmn.moment import Moment
from workflows import clocks
from workflows.calendar import WorkingCalendar
from workflows.clocks import ARRIVAL, DAY, NOTICE, SET

CALENDAR = WorkingCalendar()
NAMES = {
    "parameters": {"order_sign_days": 1, "review_days": 3},
    "accept_objection": {"filed_on": "2013-06-03"},
    "started_by": "campaign_issued",
    "campaign_issued": {"notice_date": "2013-04-19"},
    "open_ledgers": {"due": "2013-05-06T17:30:00+08:00", "illegal_due": "2013-05-31T17:30:00+08:00"},
}


def instant(day, hour=10):
    return datetime.fromisoformat(f"{day} {hour:02}:00").replace(tzinfo=CALENDAR.zone)


def end(day):
    return Moment(instant(day), CALENDAR).end_of(date.fromisoformat(day))


def said(clock):
    return ", ".join(template.format_map(params) for template, params in clocks.words(clock))


def test_ten_working_days_after_the_notice():
    clock = clocks.counted(NOTICE, "wd", date(2013, 4, 19), date(2013, 5, 6), CALENDAR)
    assert clock.count == 10
    assert said(clock) == ("notice of 2013-04-19 + 10 working days, 04-29–05-01 off (Labour Day), 04-27/28 worked")


@pytest.mark.parametrize(
    ("start", "due", "expected"),
    [
        ("2013-04-22", "2013-04-25", "2013-04-22 + 3 working days"),
        (
            "2013-06-07",
            "2013-06-13",
            "2013-06-07 + 3 working days, 06-10–06-12 off (Dragon Boat Festival), 06-08/09 worked",
        ),
        ("2013-09-18", "2013-09-23", "2013-09-18 + 2 working days, 09-19/20 off (Mid-autumn Festival), 09-22 worked"),
        ("2013-09-27", "2013-10-09", "2013-09-27 + 4 working days, 10-01–10-04 10-07 off (National Day), 09-29 worked"),
        ("2013-05-06", "2013-04-26", "5 working days before 2013-05-06, 04-29–05-01 off (Labour Day), 04-27/28 worked"),
    ],
)
def test_holidays_and_worked_weekends_between(start, due, expected):
    clock = clocks.counted(DAY, "wd", date.fromisoformat(start), date.fromisoformat(due), CALENDAR)
    assert said(clock) == expected
    moment = Moment(instant(start), CALENDAR)
    assert moment.working_days(clock.count).date() == date.fromisoformat(due), "the words lead to the day"


def test_calendar_days_name_no_holidays():
    clock = clocks.counted(DAY, "cd", date(2013, 4, 19), date(2013, 5, 19), CALENDAR)
    assert said(clock) == "2013-04-19 + 30 calendar days"


@pytest.mark.parametrize(
    ("rule", "since", "due", "expected"),
    [
        ("wd(parameters.order_sign_days)", "2013-04-26", "2013-04-27", (ARRIVAL, "wd", 1)),
        ("=wd(parameters.review_days)", "2013-06-03", "2013-06-06", (ARRIVAL, "wd", 3)),
        ("cd(30, accept_objection.filed_on)", "2013-06-05", "2013-07-03", (DAY, "cd", 30)),
        ("=max(wd(1), datetime(open_ledgers.due))", "2013-04-22", "2013-05-06", (NOTICE, "wd", 10)),
        ("=max(wd(1), datetime(open_ledgers.due))", "2013-05-08", "2013-05-09", (ARRIVAL, "wd", 1)),
        ("open_ledgers.illegal_due", "2013-05-08", "2013-05-31", (NOTICE, "cd", 42)),
        ("wd(2) if parameters.review_days > 2 else wd(9)", "2013-06-03", "2013-06-05", (ARRIVAL, "wd", 2)),
        ("deadline", "2013-05-06", "2013-05-20", (SET, "wd", 10)),
        ("wd(", "2013-05-06", "2013-05-20", (SET, "wd", 10)),
        ("cd(3, nowhere.day)", "2013-05-06", "2013-05-20", (SET, "wd", 10)),
        (None, "2013-05-06", "2013-05-20", (SET, "wd", 10)),
    ],
)  # fmt: skip
def test_the_rule_of_the_diagram_says_from_where_it_counts(rule, since, due, expected):
    clock = clocks.of_rule(rule, NAMES, instant(since), end(due), CALENDAR)
    assert (clock.origin, clock.unit, clock.count) == expected


def test_what_is_unknown_is_not_explained():
    assert clocks.of_rule("wd(3)", {}, None, end("2013-05-06"), CALENDAR) is None
    assert clocks.of_rule(None, {}, instant("2013-05-06"), end("2023-05-06"), CALENDAR) is None


def test_the_fifth_last_working_day_of_a_month():
    template, params = clocks.of_day_of_month(end("2013-05-27"), CALENDAR)
    assert params == {"count": 5}
    assert "{count}" in template


def test_a_year_without_known_holidays_names_none():
    clock = clocks.counted(DAY, "wd", date(2090, 1, 2), date(2090, 1, 9), CALENDAR)
    assert clock.off == ()
