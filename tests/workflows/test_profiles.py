"""Legal profiles: which one is in force, and what diagrams are told of it."""

from datetime import UTC, date, datetime

import pytest

from bpmn.moment import Moment
from workflows import profiles
from workflows.profiles import PROFILES


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2012, 1, 1), "profile_2013"),
        (date(2013, 4, 19), "profile_2013"),
        (date(2021, 1, 31), "profile_2013"),
        (date(2021, 2, 1), "profile_2021"),
    ],
)
def test_the_profile_in_force(day, name):
    assert profiles.on(day).name == name


def test_the_right_to_object_came_with_the_decree():
    assert PROFILES["profile_2013"].objection_basis == "house"
    assert PROFILES["profile_2021"].objection_basis == "statutory"
    assert not PROFILES["profile_2013"].major_decision


def test_the_service_falls_back_on_the_day():
    moment = Moment(datetime(2013, 5, 6, tzinfo=UTC))
    assert profiles.read(None, None, {"profile": None}, moment)["profile"] == "profile_2013"
    assert profiles.read(None, None, {"profile": "profile_2021"}, moment)["major_decision"] is True
