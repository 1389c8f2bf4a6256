"""What waits for something that is not there: messages nobody wants yet, calls of processes nobody has published."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import login_required

from engine import messages, requests
from engine.access import ADMIN, require
from web import paging
from web.sessions import actor
from web.transaction import database

routes = Blueprint("messages", __name__)

CALLS_SHOWN = 100


@routes.get("/admin/messages")
@login_required
def waiting() -> str:
    require(actor(), ADMIN)
    found, total = messages.waiting(database(), paging.SIZE, paging.offset())
    calls, calls_total = requests.waiting(database(), CALLS_SHOWN)
    return render_template(
        "messages.html",
        messages=found,
        page=paging.page(total),
        calls=calls,
        calls_total=calls_total,
        place="desks",
    )
