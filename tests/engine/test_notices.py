"""Notices reach those they are for, once each, and only they can put them away."""

from datetime import UTC, datetime, timedelta

from bpmn.moment import Moment
from engine import notices

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)


def post(sessions, *account_ids, at=NOW):
    with sessions.begin() as session:
        return notices.post(session, account_ids, "urged", "{unit} is urged.", {"unit": "朝阳区"}, None, Moment(at))


def test_unread_ones_come_first_then_the_newest(sessions, cast):
    for minute in range(3):
        post(sessions, "officer", at=NOW + timedelta(minutes=minute))
    with sessions.begin() as session:
        found, count = notices.of(session, cast.officer, 10)
        notices.mark_read(session, cast.officer, [found[0].id], Moment(NOW))
    with sessions.read() as session:
        again, count = notices.of(session, cast.officer, 10)
        assert [row.id for row in again] == [found[1].id, found[2].id, found[0].id]
        assert (count, notices.unread(session, cast.officer)) == (3, 2)
        assert notices.of(session, cast.outsider, 10) == ([], 0)


def test_each_is_told_once(sessions, cast):
    assert post(sessions, "officer", "officer", "colleague") == 2


def test_a_role_is_told(sessions, cast):
    with sessions.begin() as session:
        count = notices.post_to_role(session, "officer", "north", "urged", "x", {}, None, Moment(NOW))
        assert count == 2
        assert notices.unread(session, cast.outsider) == 0


def test_nobody_puts_away_what_others_are_told(sessions, cast):
    post(sessions, "officer")
    with sessions.begin() as session:
        found, _ = notices.of(session, cast.officer, 10)
        notices.mark_read(session, cast.outsider, [found[0].id], Moment(NOW))
        assert notices.unread(session, cast.officer) == 1
