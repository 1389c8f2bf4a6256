"""The record: a chain that shows whatever was changed, left out or put in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from engine import record
from engine.record import Verdict
from engine.tables import Record


@pytest.fixture
def told(errand: Any) -> Any:
    """An errand whose instance has four entries."""
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "1.0 × 10²² “好”"})
    errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "pass"})
    return errand.sessions, started.instance_id


def tamper(sessions: Any, *statements: str) -> None:
    """As somebody would who owns the database."""
    with sessions.begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER TABLE record DISABLE TRIGGER ALL"))
        else:
            session.execute(text("DROP TRIGGER record_no_update"))
            session.execute(text("DROP TRIGGER record_no_delete"))
        for statement in statements:
            session.execute(text(statement))


def test_untouched(told: Any) -> None:
    sessions, instance_id = told
    with sessions.read() as session:
        assert record.verify(session, instance_id) == Verdict(4, None)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE record SET actor = 'chief' WHERE seq = 2", 2),
        ("UPDATE record SET data = replace(data, '好', '坏') WHERE seq = 3", 3),
        ("UPDATE record SET at = '2013-05-07 00:00:00+00:00' WHERE seq = 4", 4),
        ("DELETE FROM record WHERE seq = 2", 2),
        ("DELETE FROM record WHERE seq = 4", 4),
        ("UPDATE record SET seq = 9 WHERE seq = 1", 1),
    ],
)
def test_tampering_shows(told: Any, statement: str, broken_at: int) -> None:
    sessions, instance_id = told
    if sessions.engine.dialect.name == "sqlite":
        statement = statement.replace("00:00:00+00:00", "00:00:00.000000")
    tamper(sessions, statement)
    with sessions.read() as session:
        assert record.verify(session, instance_id) == Verdict(4, broken_at)


def test_entry_put_in_at_the_end_shows(told: Any) -> None:
    sessions, instance_id = told
    with sessions.begin() as session:
        last = session.get_one(Record, (instance_id, 4))
        session.add(
            Record(
                instance_id=instance_id, seq=5, at=last.at, what="forged", data={}, previous=last.hash, hash=last.hash
            )
        )
    with sessions.read() as session:
        assert record.verify(session, instance_id) == Verdict(4, 5)


def test_what_an_entry_tells(told: Any) -> None:
    sessions, instance_id = told
    with sessions.read() as session:
        first, issued = (session.get_one(Record, (instance_id, seq)) for seq in (1, 2))
        assert (first.what, first.actor, first.previous) == ("started", "officer", "")
        assert (issued.what, issued.element, issued.previous) == ("completed", "issue", first.hash)
        assert issued.data["answers"]["deadline"] == "2013-05-08"
        assert ["issue", "completed", {}] in issued.data["steps"]
        assert [one["element"] for one in issued.data["opened"]] == ["report"]
        assert record.answers(session, instance_id, "x") == {}
