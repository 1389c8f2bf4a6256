"""Lights and the time left, in words, on both sides of every border."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask_babel import Babel

from bpmn.moment import Moment
from web.due import time_left
from web.language import FOLDER, compile_stale
from workflows.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)


@pytest.mark.parametrize(
    ("now", "due", "light", "words"),
    [
        # 2013-04-29 to 05-01 are holidays, 04-27 and 04-28 (a weekend) are worked
        ("2013-04-26 09:00", "2013-04-26 17:30", "yellow", "今天17:30到期"),
        ("2013-04-26 17:30", "2013-04-26 17:30", "yellow", "今天17:30到期"),
        ("2013-04-26 17:31", "2013-04-26 17:30", "red", "今天17:30已逾期"),
        ("2013-04-27 00:10", "2013-04-26 17:30", "red", "已逾期1天"),
        ("2013-05-02 09:00", "2013-04-26 17:30", "red", "已逾期6天"),
        ("2013-04-26 09:00", "2013-04-28 17:30", "yellow", "还剩2个工作日"),
        ("2013-04-26 09:00", "2013-05-02 17:30", "yellow", "还剩3个工作日"),
        ("2013-04-26 09:00", "2013-05-03 17:30", "green", "还剩4个工作日"),
        ("2013-04-28 18:00", "2013-04-30 12:00", "yellow", "还剩2天"),
        ("2013-04-26 09:00", "2013-12-31 17:30", "green", "还剩249天"),
    ],
)
def test_words(now: str, due: str, light: str, words: str) -> None:
    compile_stale()
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(FOLDER), default_locale="zh_CN")
    with app.test_request_context():
        left = time_left(at(due), Moment(at(now), CALENDAR))
    assert (left.light, left.words) == (light, words)
