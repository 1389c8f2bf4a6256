"""A clock that begins on another day, and pages that say so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from web.app import create_app
from web.settings import BadSetting, Settings, read_settings
from web.wiring import clock_from
from workflows.calendar import WorkingCalendar
from workflows.services import SERVICES

DAY = datetime(2013, 9, 17, 1, tzinfo=UTC)


def test_it_runs_on_from_where_it_begins():
    clock = clock_from(DAY)
    first, second = clock(), clock()
    assert timedelta() <= first - DAY < timedelta(minutes=1)
    assert first <= second


def test_it_is_read_as_beijing_time_and_strictly():
    assert read_settings({"DUCHA_CLOCK": "2013-09-17T09:00"}).clock == DAY
    assert read_settings({"DUCHA_CLOCK": "now"}).clock is None
    for text in ("", "2013-09-17", "2013-09-17T09:00:00", "2013-09-17T09:00Z", "tomorrow"):
        with pytest.raises(BadSetting):
            read_settings({"DUCHA_CLOCK": text})


@pytest.mark.parametrize(("clock", "says"), [(DAY, True), (None, False)])
def test_every_page_names_the_day_of_a_demonstration(sessions, tmp_path, clock, says):
    settings = replace(Settings(), secret_file=tmp_path / "secret", attachments=tmp_path, clock=clock)
    app = create_app(settings, sessions, WorkingCalendar(), SERVICES, lambda: DAY + timedelta(days=1))
    for address in ("/login", "/no-such-page"):
        page = app.test_client().get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert ("2013-09-18" in page) is says, address
