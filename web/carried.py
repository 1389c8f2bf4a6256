"""What somebody typed into a form when the session had ended: carried through the sign-in page, signed.

The typed values travel in a hidden field of the sign-in form, so this works without JavaScript and stores nothing for
people who are not signed in.  After signing in they become the draft of their task.  They are given back only to the
account that had typed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from engine import tasks
from engine.access import Actor
from faults import Fault
from forms.posted import parse
from web import desk
from web.transaction import database, moment

MAX_AGE = 12 * 3600
SKIPPED = frozenset({"csrf_token", "_key", "_action"})


@dataclass(frozen=True, slots=True)
class Carried:
    """``task_id`` of the task whose form was typed into; ``items`` as posted, every name with its values."""

    task_id: str
    account: str | None
    items: Mapping[str, list[str]]


def seal(task_id: str) -> str:
    items = {name: values for name, values in request.form.lists() if name not in SKIPPED}
    return _signer().dumps({"task": task_id, "account": session.get("account"), "items": items})


def unseal(text: str, account_id: str) -> Carried | None:
    """None for what is forged, too old or of another account."""
    try:
        value = _signer().loads(text, max_age=MAX_AGE)
    except BadData:
        return None
    if value["account"] not in (None, account_id):
        return None
    return Carried(value["task"], value["account"], value["items"])


def become_draft(typed: Carried, who: Actor) -> bool:
    """Keep what was typed as the draft of its task; false if the task is no longer one of theirs."""
    try:
        answers = parse(desk.form_of(typed.task_id), typed.items)
        tasks.save_draft(database(), who, typed.task_id, answers, moment())
    except Fault:
        return False
    return True


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt="carried")
