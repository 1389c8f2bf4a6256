"""The demonstration is loaded once and gives everybody concerned something to do."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from bpmn.moment import Moment
from engine import accounts, inbox, record
from engine.tables import Account, Incident, Instance, Message, Organisation, Version
from workflows import demo
from workflows.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
# Who finds which tasks.
EXPECTED = {
    "chaoyang-supervision-01": {"look_back", "sign_order"},
    "yanqing-air-01": {"submit_plan"},
    "env-officer-01": {"approve_plan", "issue_order"},
    "yanqing-water-01": {"report_rectification"},
    "daxing-illegal-01": {"report_rectification"},
    "water-officer-02": {"recheck"},
    "daxing-air-01": {"report_rectification"},
    "illegal-lead-01": {"close_order"},
}
WEDNESDAY = Moment(datetime(2013, 9, 11, 10, tzinfo=CALENDAR.zone), CALENDAR)


@pytest.fixture
def played(sessions, tmp_path):
    with sessions.begin() as session:
        assert demo.is_empty(session)
        demo.install(session, WEDNESDAY)
    assert demo.play(sessions, tmp_path, WEDNESDAY) == 11
    return sessions


def test_cases_in_all_stages(played):
    with played.read() as session:
        for person, elements in EXPECTED.items():
            assert elements <= {row.element for row in _rows(session, person)}, person
        assert _rows(session, "fengtai-leader-01") == ()
        lights = {row.light for person in demo.ACCOUNTS for row in _rows(session, person.id)}
        assert lights >= {"yellow", "red", "green"}
        waiting = set(session.scalars(select(Message.name).where(Message.status == "waiting")))
        assert waiting == {"msg_accountability_referral", "msg_exposure_request"}
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
        for case in session.scalars(select(Instance)):
            assert case.title.startswith("（示例）"), "all is marked as illustrative"
            assert record.verify(session, case.id).broken_at is None


def test_loading_it_again_changes_nothing(played, tmp_path):
    with played.begin() as session:
        before = _counts(session)
        demo.install(session, WEDNESDAY)
        assert not demo.is_empty(session)
        assert accounts.authenticate(session, "air-officer-01", demo.PASSWORD, WEDNESDAY).name == "大气组督查员01"
    assert demo.play(played, tmp_path, WEDNESDAY) == 0
    with played.read() as session:
        assert _counts(session) == before


def _rows(session, person):
    return inbox.open_tasks(session, accounts.actor(session, person), WEDNESDAY).rows


def _counts(session):
    return [session.scalar(select(func.count()).select_from(row)) for row in (Account, Organisation, Version, Instance)]
