"""Stories of M3, democratic supervision, as the people concerned would tell them. Each runs on both databases."""

from datetime import date

import pytest

from engine.record import verify
from tests.scenarios.activities import ANSWERED, ENV, FORMAL, Activities, install


@pytest.fixture
def hall(sessions, hashed_password, tmp_path) -> Activities:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.mark.clause("S4.3a", "S4.3b", "S4.3c")
def test_deputies_come_say_what_they_think_and_get_answers(hall):
    campaign = hall.open_campaign()
    case = hall.announce()
    hall.register(case)
    assert hall.activity(case).campaign_id == campaign
    hall.coordinate(case)
    assert hall.booked(case) == [("110106", "2013-05-22", "planned"), ("110115", "2013-05-23", "planned")]
    materials = hall.open_tasks(case, "prepare_materials")
    assert ENV in [task.org for task in materials], "the lead unit prepares"
    hall.prepare(case)
    hall.live_until("2013-05-23 16:00")
    hall.support(case)
    assert hall.booked(case)[0] == ("110106", "2013-05-22", "held")
    hall.do(case, "record_opinions", "congress-01", opinions=[FORMAL, ANSWERED], formal_no="1047")

    formal, answered = hall.opinions(case)
    assert (formal.number, formal.unit, formal.formal_no) == ("督代字〔2013〕1号", ENV, "1047")
    assert formal.due == date(2013, 8, 23), "three months"
    assert (answered.status, answered.reply_text) == ("answered", "每月在首都之窗公布。")
    assert hall.due(hall.task(case, "handle_opinion")) == "2013-08-23 17:30"
    hall.answer(case, "satisfied")
    assert hall.ended(case) == ("completed", "closed")
    assert (hall.opinions(case)[0].status, hall.opinions(case)[0].satisfaction) == ("settled", "satisfied")
    assert [paper.kind for paper in hall.papers(case)] == ["inspection_plan", "opinion_digest", "deputy_reply"]
    assert "今年新增收集点二十处。" in hall.papers(case)[2].body
    assert hall.incidents() == []
    with hall.stage.sessions.read() as session:
        assert verify(session, case).broken_at is None
