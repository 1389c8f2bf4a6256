"""Who is signed in: a row per session, an idle and an absolute end, and the way to throw a session out.

The browser holds a random secret in its signed cookie; the table knows only its hash.  `seen_at` is written at most
once a minute, so that looking at pages does not mean writing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import accounts
from engine.access import Actor
from engine.tables import Account, WebSession
from web.settings import Settings
from web.transaction import SAFE_METHODS, database, now, write_although_safe
from web.wiring import wiring

TOUCH = timedelta(seconds=60)


class Person(UserMixin):
    """Flask-Login's view of who is signed in."""

    def __init__(self, secret: str, actor: Actor) -> None:
        self.secret = secret
        self.actor = actor

    def get_id(self) -> str:
        return self.secret

    @property
    def session_id(self) -> str:
        return digest(self.secret)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as an administrator sees it."""

    id: str
    account_id: str
    account_name: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def actor() -> Actor:
    """Who sent this request; only behind `login_required`."""
    return cast(Person, current_user).actor


def signed_in() -> bool:
    return bool(current_user.is_authenticated)


def begin(who: Actor) -> None:
    """Sign in: a new row, a new cookie, nothing of the old one but the language."""
    secret = secrets.token_urlsafe(32)
    kept = {"language": session["language"]} if "language" in session else {}
    session.clear()
    session.update(kept)
    settings = wiring().settings
    database().execute(delete(WebSession).where(WebSession.expires_at < now() - settings.absolute))
    database().add(
        WebSession(
            id=digest(secret),
            account_id=who.id,
            created_at=now(),
            seen_at=now(),
            expires_at=now() + settings.absolute,
        )
    )
    session["seen"] = int(now().timestamp())
    # Whose typed answers a page holds that outlives the session (`web.carried`).
    session["account"] = who.id
    login_user(Person(secret, who))


def finish() -> None:
    """Sign out: the row goes, so a copy of the cookie opens nothing any more."""
    database().execute(delete(WebSession).where(WebSession.id == cast(Person, current_user).session_id))
    logout_user()
    session.clear()


def sittings(db: Session, settings: Settings, when: datetime) -> list[Sitting]:
    """Sessions that are alive, the latest seen first."""
    rows = db.execute(
        select(WebSession, Account.name)
        .join(Account, Account.id == WebSession.account_id)
        .where(WebSession.expires_at > when, WebSession.seen_at > when - settings.idle)
        .order_by(WebSession.seen_at.desc(), WebSession.id)
    )
    return [Sitting(row.id, row.account_id, name, row.created_at, row.seen_at, row.expires_at) for row, name in rows]


def throw_out(db: Session, session_id: str) -> None:
    db.execute(delete(WebSession).where(WebSession.id == session_id))


def recognise(app: Flask) -> LoginManager:
    manager = LoginManager(app)
    # The table is the protection; phones change their address all day.
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(_note_presence)
    return manager


def _note_presence() -> None:
    """A reading request writes only when the minute since the last note is over; the cookie tells without a query."""
    seen: Any = session.get("seen")
    if request.method in SAFE_METHODS and isinstance(seen, int) and _stale(seen):
        write_although_safe()


def _stale(seen: int) -> bool:
    return abs(now().timestamp() - seen) > min(TOUCH, wiring().settings.idle / 10).total_seconds()


def _load(secret: str) -> Person | None:
    settings = wiring().settings
    found = accounts.logged_in(database(), digest(secret))
    if found is None:
        return None
    row, who = found
    if row.expires_at <= now() or row.seen_at <= now() - settings.idle:
        return None
    if request.method not in SAFE_METHODS or g.get("writes"):
        _touch(row)
    return Person(secret, who)


def _touch(row: WebSession) -> None:
    if _stale(int(row.seen_at.timestamp())):
        row.seen_at = now()
        session["seen"] = int(now().timestamp())
