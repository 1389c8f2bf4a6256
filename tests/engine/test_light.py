"""Green, yellow, red, and the working days that are left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpmn.moment import Moment
from engine.light import days_left, light, limits

MONDAY = Moment(datetime(2013, 5, 6, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("due", "colour", "left"),
    [
        ("2013-05-03T17:30", "red", -1),
        ("2013-05-06T09:29", "red", 0),
        ("2013-05-06T09:30", "yellow", 0),
        ("2013-05-06T17:30", "yellow", 0),
        ("2013-05-09T17:30", "yellow", 3),
        ("2013-05-09T17:31", "green", 3),
        ("2013-05-13T17:30", "green", 5),
        ("2013-05-11T12:00", "green", 4),
    ],
)
def test_light_and_days_left(due: str, colour: str, left: int) -> None:
    instant = datetime.fromisoformat(due).replace(tzinfo=MONDAY.calendar.zone)
    assert light(instant, limits(MONDAY)) == colour
    assert days_left(instant, MONDAY) == left


def test_without_due_time() -> None:
    assert light(None, limits(MONDAY)) is None


def test_far_away_is_bounded() -> None:
    assert days_left(MONDAY.now + timedelta(days=200_000), MONDAY) == days_left(
        MONDAY.now + timedelta(days=400), MONDAY
    )
    assert days_left(MONDAY.now - timedelta(days=200_000), MONDAY) < -280
