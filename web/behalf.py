"""On whose behalf a request is made: the address says it (``on_behalf_of=<account>``), the engine whether it may."""

from __future__ import annotations

from flask import request

from engine import substitutes
from engine.access import Actor
from web.sessions import actor
from web.transaction import database, moment


def principal_id() -> str | None:
    """The account for whom a substitute acts; None for a request of one's own."""
    return request.args.get("on_behalf_of", "").replace("\0", "")[:100] or None


def reader() -> Actor:
    """With whose eyes a case is read: what a substitute enters is decided on what the principal sees of it.

    Raises NotYours without a substitution that is in force.
    """
    principal = principal_id()
    return substitutes.standing_in(database(), actor(), principal, moment()).principal if principal else actor()
