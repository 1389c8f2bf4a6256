"""One transaction a request: opened at its first statement, committed here and nowhere else.

Requests that only show something (GET) use a read session, which neither waits for writers nor can change anything.
Whatever answers with an error (status 400 and above) changes nothing either, unless the route said `keep_in_spite`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, make_response, request
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from web.wiring import wiring

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Session:
    """The session of this request."""
    session: Session | None = g.get("database")
    if session is None:
        sessions = wiring().sessions
        session = g.database = sessions() if _writes() else sessions.read()
    return session


def moment() -> Moment:
    """The time of this request, one for all of it."""
    if "moment" not in g:
        g.moment = Moment(wiring().clock(), wiring().calendar)
    found: Moment = g.moment
    return found


def now() -> datetime:
    return moment().now


def write_although_safe() -> None:
    """For a GET that must note that the person is still there. Before the first statement only."""
    assert "database" not in g, "the transaction has begun"
    g.writes = True


def keep_in_spite() -> None:
    """Commit although the answer is an error: a failed login counts."""
    g.keep = True


def end() -> None:
    """Roll back what is open; the next statement begins a new transaction."""
    session: Session | None = g.pop("database", None)
    if session is not None:
        session.close()


class TransactionalFlask(Flask):
    """Commits inside the dispatch, so that an error of the commit is answered like any other."""

    def dispatch_request(self) -> Any:
        response = make_response(super().dispatch_request())
        _finish(response)
        return response


def close_at_the_end(app: Flask) -> None:
    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        if has_request_context():
            end()


def _writes() -> bool:
    return request.method not in SAFE_METHODS or bool(g.get("writes"))


def _finish(response: Response) -> None:
    session: Session | None = g.get("database")
    if session is None or not _writes():
        return
    if response.status_code < 400 or g.get("keep"):
        session.commit()
    else:
        session.rollback()
