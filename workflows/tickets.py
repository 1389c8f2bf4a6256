"""Tickets for photos: what a page must have got from the server before it can say that it took a photo itself.

A page on which photos can be taken asks for some tickets while there is a network; each is a nonce, good for one file
of that account within `LIFE`.  So a photo that comes with one was handed in by a page of ours, after the ticket was
given and before it ran out, and no flag in a request can claim that.  A ticket also makes sending repeatable: a phone
that did not hear the answer sends the photo again and gets the same file.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import attachments
from engine.access import Actor
from engine.attachments import Taken
from engine.tables import Attachment
from workflows import pictures
from workflows.tables import Ticket

# A day on the mountain, and the weekend until there is a network again.
LIFE = timedelta(hours=72)
MOST_AT_ONCE = 40
MOST_OPEN = 200  # tickets an account may hold unused


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket that came with a file. ``attachment_id``: what was handed in with it before, None if it is unused."""

    id: str
    issued_at: datetime
    attachment_id: str | None


def issue(session: Session, actor: Actor, count: int, moment: Moment) -> tuple[str, ...]:
    """New nonces, at most `MOST_AT_ONCE`, and no more than leave the account `MOST_OPEN` unused ones."""
    stale = delete(Ticket).where(
        Ticket.account_id == actor.id, Ticket.used_at.is_(None), Ticket.issued_at < moment.now - LIFE
    )
    session.execute(stale, execution_options={"synchronize_session": False})
    unused = select(func.count()).where(Ticket.account_id == actor.id, Ticket.used_at.is_(None))
    room = MOST_OPEN - (session.scalar(unused) or 0)
    nonces = tuple(secrets.token_urlsafe(24) for _ in range(max(0, min(count, MOST_AT_ONCE, room))))
    if nonces:
        rows = [{"id": _digest(one), "account_id": actor.id, "issued_at": moment.now} for one in nonces]
        session.execute(insert(Ticket), rows)
    return nonces


def read(session: Session, actor: Actor, nonce: str, moment: Moment) -> Shown | None:
    """The ticket of that nonce; None if it was never given to this account, or has run out unused."""
    if not nonce:
        return None
    found = session.get(Ticket, _digest(nonce))
    if found is None or found.account_id != actor.id:
        return None
    if found.used_at is None and found.issued_at < moment.now - LIFE:
        return None
    if found.used_at is not None and found.attachment_id is None:
        return None  # what was handed in was not needed and is gone
    return Shown(found.id, found.issued_at, found.attachment_id)


def hand_in(session: Session, actor: Actor, taken: Taken, ticket: Shown | None, moment: Moment) -> Attachment:
    """Note a file as the actor's, using up its ticket; a picture is made findable by its looks.

    If the ticket was used in the meantime, that file is the answer.  Raises TooManyFiles.
    """
    if ticket is not None and not _use(session, ticket.id, moment):
        used = session.scalar(
            select(Attachment).join(Ticket, Ticket.attachment_id == Attachment.id).where(Ticket.id == ticket.id)
        )
        if used is not None:
            return used
    found = attachments.store(session, actor, taken, moment)
    pictures.note(session, found)
    if ticket is not None:
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(attachment_id=found.id))
    return found


def _use(session: Session, ticket_id: str, moment: Moment) -> bool:
    """One statement, so that of two requests with the same ticket the second waits for the first and then loses."""
    used = session.execute(
        update(Ticket).where(Ticket.id == ticket_id, Ticket.used_at.is_(None)).values(used_at=moment.now),
        execution_options={"synchronize_session": False},
    )
    return cast("CursorResult[Any]", used).rowcount == 1


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
