"""Tickets for photos: given, used once, repeated, out of time, of somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import attachments
from engine.attachments import Captured, Taken
from engine.tables import Attachment
from workflows import tickets
from workflows.tables import Ticket

PDF = b"%PDF-1.7\nrest"


def later(moment: Moment, **time: float) -> Moment:
    return replace(moment, now=moment.now + timedelta(**time))


def taken(folder: Path, moment: Moment) -> Taken:
    return attachments.take(folder, PDF, "a.pdf", Captured(), moment)


def test_a_ticket_is_good_for_one_file(office: Any, tmp_path: Path) -> None:
    officer, session, moment = office.actor("air-officer-01"), office.session, office.moment
    (nonce,) = tickets.issue(session, officer, 1, moment)
    assert session.scalars(select(Ticket.id)).one() != nonce, "the table does not know the nonce itself"
    ticket = tickets.read(session, officer, nonce, later(moment, hours=20))
    assert ticket is not None
    assert (ticket.issued_at, ticket.attachment_id) == (moment.now, None)
    found = tickets.hand_in(session, officer, taken(tmp_path, moment), ticket, moment)
    session.expire_all()
    again = tickets.read(session, officer, nonce, later(moment, days=30))
    assert again is not None
    assert again.attachment_id == found.id, "whoever sends it again gets the same file, however late"


def test_two_requests_with_one_ticket_leave_one_file(office: Any, tmp_path: Path) -> None:
    officer, session, moment = office.actor("air-officer-01"), office.session, office.moment
    (nonce,) = tickets.issue(session, officer, 1, moment)
    ticket = tickets.read(session, officer, nonce, moment)
    first, second = (tickets.hand_in(session, officer, taken(tmp_path, moment), ticket, moment) for _ in range(2))
    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(Attachment)) == 1


def test_tickets_run_out(office: Any) -> None:
    officer, session, moment = office.actor("air-officer-01"), office.session, office.moment
    (nonce,) = tickets.issue(session, officer, 1, moment)
    assert tickets.read(session, officer, nonce, later(moment, hours=71)) is not None
    assert tickets.read(session, officer, nonce, later(moment, hours=73)) is None
    tickets.issue(session, officer, 1, later(moment, hours=73))
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1, "the stale one is gone"


def test_nobody_uses_the_ticket_of_another(office: Any) -> None:
    session, moment = office.session, office.moment
    (nonce,) = tickets.issue(session, office.actor("air-officer-01"), 1, moment)
    assert tickets.read(session, office.actor("chaoyang-supervision-01"), nonce, moment) is None
    assert tickets.read(session, office.actor("air-officer-01"), nonce + "x", moment) is None
    assert tickets.read(session, office.actor("air-officer-01"), "", moment) is None


def test_nobody_hoards_tickets(office: Any) -> None:
    officer, session, moment = office.actor("air-officer-01"), office.session, office.moment
    given = [len(tickets.issue(session, officer, 1000, moment)) for _ in range(7)]
    assert given == [40, 40, 40, 40, 40, 0, 0]
    assert tickets.issue(session, officer, -5, moment) == ()


def test_the_ticket_of_a_file_that_nobody_needed_is_good_for_nothing(office: Any, tmp_path: Path) -> None:
    officer, session, moment = office.actor("air-officer-01"), office.session, office.moment
    (nonce,) = tickets.issue(session, officer, 1, moment)
    ticket = tickets.read(session, officer, nonce, moment)
    found = tickets.hand_in(session, officer, taken(tmp_path, moment), ticket, moment)
    assert attachments.forget_unused(session, later(moment, days=31)) == [found.stored_name]
    session.flush()
    session.expire_all()
    assert tickets.read(session, officer, nonce, later(moment, days=31)) is None
    assert _count(session) == 0


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Attachment)) or 0
