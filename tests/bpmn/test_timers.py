from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.expressions import ExpressionFault
from bpmn.moment import Moment
from bpmn.timers import TimerFault, compile_due, compile_timer
from faults import Fault

NAMES = {"order": {"deadline": "2013-05-06", "at": "2013-05-06T10:00", "days": 3, "none": None, "pause": "P2D"}}


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("date", "2013-05-06", "2013-05-06T17:30:00+08:00"),
        ("date", " 2013-05-06T09:00 ", "2013-05-06T09:00:00+08:00"),
        ("date", "2013-05-06T09:00:00Z", "2013-05-06T09:00:00+00:00"),
        ("date", "'2013-05-06'", "2013-05-06T17:30:00+08:00"),
        ("date", "2013-01-01", "2013-01-01T17:30:00+08:00"),
        ("date", "wd(10)", "2013-05-06T17:30:00+08:00"),
        ("date", "cd(5)", "2013-04-24T17:30:00+08:00"),
        ("date", "=order.deadline", "2013-05-06T17:30:00+08:00"),
        ("date", "order.deadline", "2013-05-06T17:30:00+08:00"),
        ("date", "${order.at}", "2013-05-06T10:00:00+08:00"),
        ("date", "=wd(-3, order.deadline)", "2013-04-28T17:30:00+08:00"),
        ("date", "=order.deadline + duration('P1M')", "2013-06-06T17:30:00+08:00"),
        ("date", "=order.pause", "2013-04-21T09:00:00+08:00"),
        ("duration", "P3D", "2013-04-22T09:00:00+08:00"),
        ("duration", '"P3D"', "2013-04-22T09:00:00+08:00"),
        ("duration", "PT10M", "2013-04-19T09:10:00+08:00"),
        ("duration", "P1M", "2013-05-19T09:00:00+08:00"),
        ("duration", "PT0S", "2013-04-19T09:00:00+08:00"),
        ("duration", "wd(3)", "2013-04-24T17:30:00+08:00"),
        ("duration", "=duration('P1D') * order.days", "2013-04-22T09:00:00+08:00"),
        ("duration", "=order.pause", "2013-04-21T09:00:00+08:00"),
        ("cycle", "R3/PT10M", "2013-04-19T09:10:00+08:00"),
        ("cycle", "R/P7D", "2013-04-26T09:00:00+08:00"),
        ("cycle", "R/2013-05-31T17:30/P1M", "2013-05-31T17:30:00+08:00"),
        ("cycle", "R/wd(1)", "2013-04-22T17:30:00+08:00"),
        ("cycle", "R/wd_of_month(-5)", "2013-04-24T17:30:00+08:00"),
        ("cycle", "=f'R3/{order.pause}'", "2013-04-21T09:00:00+08:00"),
        ("cycle", "R/order.pause", "2013-04-21T09:00:00+08:00"),
    ],
)
def test_due(kind, text, due, moment):
    assert compile_timer(kind, text).due(NAMES, moment).isoformat() == due


@pytest.mark.parametrize(
    ("start", "text", "due"),
    [
        ("2013-04-19T09:00", "wd(10)", "2013-05-06"),
        ("2013-04-26T09:00", "wd(3)", "2013-05-02"),
        ("2013-06-07T09:00", "wd(3)", "2013-06-13"),
        ("2013-09-18T09:00", "wd(3)", "2013-09-24"),
        ("2013-04-02T09:00", "wd_of_month(-1)", "2013-04-28"),
        ("2013-04-02T09:00", "wd_of_month(-5)", "2013-04-24"),
    ],
)
def test_working_days_of_2013(at, start, text, due):
    assert compile_timer("date", text).due({}, at(start)).isoformat() == f"{due}T17:30:00+08:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R3/PT10M", ["04-19T09:10", "04-19T09:20", "04-19T09:30"]),
        ("R/P7D", ["04-26T09:00", "05-03T09:00", "05-10T09:00", "05-17T09:00", "05-24T09:00"]),
        ("R/2013-01-31T17:30/P1M", ["01-31T17:30", "02-28T17:30", "03-31T17:30", "04-30T17:30", "05-31T17:30"]),
        ("R2/2013-01-31/P1M", ["01-31T17:30", "02-28T17:30"]),
        ("R/P7D/2013-05-05", ["04-26T09:00", "05-03T09:00"]),
        ("R/wd(1)", ["04-22T17:30", "04-23T17:30", "04-24T17:30", "04-25T17:30", "04-26T17:30"]),
        ("R/wd_of_month(-5)", ["04-24T17:30", "05-27T17:30", "06-24T17:30", "07-25T17:30", "08-26T17:30"]),
        ("R2/max(wd(1), wd(-3, order.deadline))", ["04-28T17:30", "05-02T17:30"]),
        ("=f'R2/{order.pause}'", ["04-21T09:00", "04-23T09:00"]),
        ("R2/order.pause", ["04-21T09:00", "04-23T09:00"]),
    ],
)
def test_cycles(text, expected, moment):
    timer = compile_timer("cycle", text)
    found = [timer.due(NAMES, moment)]
    while len(found) < 5 and (following := timer.next(found[-1], moment, len(found), NAMES)):
        found.append(following)
    assert [due.strftime("%m-%dT%H:%M") for due in found] == expected


def test_what_is_no_cycle_has_no_next(moment):
    timer = compile_timer("duration", "P3D")
    assert timer.next(timer.due({}, moment), moment, 1) is None


def test_a_missed_time_is_not_skipped(at):
    timer = compile_timer("cycle", "R/P7D")
    first = timer.due({}, at("2013-04-19T09:00"))
    assert timer.next(first, at("2013-06-01T09:00"), 1).isoformat() == "2013-05-03T09:00:00+08:00"


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("date", "", "empty"),
        ("duration", "  ", "empty"),
        ("duration", "''", "unreadable"),
        ("date", "tomorrow morning", "unreadable"),
        ("date", "3", "unreadable"),
        ("date", "=3", "unreadable"),
        ("date", "06.05.2013", "unreadable"),
        ("date", "P3D", "duration_as_date"),
        ("duration", "2013-05-06", "date_as_duration"),
        ("duration", "3 days", "unreadable"),
        ("duration", "P1H", "name"),
        ("duration", "R3/PT10M", "cycle_as_other"),
        ("date", "R/P1D", "cycle_as_other"),
        ("cycle", "P7D", "not_a_cycle"),
        ("cycle", "2013-05-06", "not_a_cycle"),
        ("cycle", "0 0 9 * * ?", "cron"),
        ("cycle", "0 9 * * MON-FRI", "cron"),
        ("cycle", "R/", "unreadable"),
        ("cycle", "R/2013-05-06", "unreadable"),
        ("cycle", "R/PT0S", "too_often"),
        ("cycle", "R/PT59S", "too_often"),
        ("cycle", "R/-P1D", "too_often"),
        ("cycle", "R0/P1D", "too_often"),
        ("cycle", "R10001/P1D", "too_often"),
        ("cycle", "R99999999999999999999/P1D", "too_often"),
        ("duration", "P999999Y", "absurd"),
        ("cycle", "R/P999999Y", "absurd"),
        ("duration", "-P3D", "absurd"),
        ("date", "2013-02-30", "absurd"),
        ("date", "2013-05-06T25:00", "absurd"),
        ("date", "9999-12-31", "absurd"),
        ("date", "x" * 5000, "too_long"),
    ],
)
def test_what_can_not_be_read_is_refused_when_it_is_checked(kind, text, code, moment):
    if code == "name":  # reads like the name of a variable, which nobody can bring
        with pytest.raises(ExpressionFault):
            compile_timer(kind, text).due({}, moment)
        return
    with pytest.raises(TimerFault) as caught:
        compile_timer(kind, text)
    assert caught.value.code == code
    assert "{" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "=order.none"),
        ("date", "=order.days"),
        ("date", "=order.missing"),
        ("date", "=order.days / 0"),
        ("duration", "=duration('-P3D')"),
        ("date", "=order"),
        ("date", "=order.deadline + duration('PT3H')"),
        ("cycle", "=order.none"),
        ("cycle", "=f'R3/PT{order.days}S'"),
        ("cycle", "R/duration('PT5S')"),
        ("duration", "P99Y"),
    ],
)
def test_what_data_make_absurd_is_a_fault_when_it_is_due(kind, text, at):
    moment = at("2190-01-01T09:00") if text == "P99Y" else at("2013-04-19T09:00")
    with pytest.raises(Fault):
        compile_timer(kind, text).due(NAMES, moment)


@pytest.mark.parametrize("text", ["R/wd(0)", "R/=order.deadline", "R/wd(-1)"])
def test_a_cycle_that_stands_still_is_a_fault(text, moment):
    timer = compile_timer("cycle", text)
    with pytest.raises(TimerFault) as caught:
        timer.next(timer.due(NAMES, moment), moment, 1, NAMES)
    assert caught.value.code == "standstill"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("wd(1)", "2013-04-22T17:30:00+08:00"),
        ("P1D", "2013-04-20T09:00:00+08:00"),
        ("2013-05-06", "2013-05-06T17:30:00+08:00"),
        ("=order.deadline", "2013-05-06T17:30:00+08:00"),
        ("order.deadline", "2013-05-06T17:30:00+08:00"),
        ("PT4H if order.days == 3 else wd(1)".replace("PT4H", "duration('PT4H')"), "2013-04-19T13:00:00+08:00"),
    ],
)
def test_a_due_time_needs_no_type(text, due, moment):
    assert compile_due(text).due(NAMES, moment).isoformat() == due


def test_the_names_that_a_timer_needs_are_known():
    assert compile_timer("date", "wd(-3, order.deadline)").names == {"order"}
    assert compile_timer("cycle", "R/max(wd(1), x)").names == {"x"}
    assert compile_timer("duration", "P3D").names == frozenset()


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["date", "duration", "cycle"]),
    st.one_of(
        st.text(max_size=30),
        st.from_regex(r"R?\d{0,6}/?-?P(\d{1,7}Y)?(\d{1,7}M)?(\d{1,9}D)?(T(\d{1,9}H)?(\d{1,9}S)?)?", fullmatch=True),
        st.from_regex(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", fullmatch=True),
    ),
)
def test_any_text_is_a_time_or_a_fault(kind, text):
    moment = Moment(datetime(2013, 4, 19, tzinfo=UTC))
    with suppress(Fault):
        timer = compile_timer(kind, text)
        due = timer.due({}, moment)
        assert due.tzinfo is not None
        following = timer.next(due, moment, 1)
        assert following is None or following > due
