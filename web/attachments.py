"""Files: sent one by one while a form is filled in, and looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request, send_file, url_for
from flask_login import login_required
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from engine import attachments
from engine.access import NotFound
from engine.attachments import Captured
from engine.tables import Attachment
from web import transaction
from web.behalf import principal_id, reader
from web.sessions import actor
from web.transaction import database, moment
from web.wiring import wiring
from workflows import tickets

routes = Blueprint("attachments", __name__)

# What a browser shows by itself without running anything in it; all else is downloaded.
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


@routes.post("/attachments")
@login_required
def send() -> AnyResponse:
    file = request.files.get("file")
    if file is None:
        raise BadRequest
    found = keep(file, _captured(request.form), request.form.get("ticket", "")[:100])
    answer = jsonify(about(found))
    answer.status_code = 201
    return answer


@routes.get("/attachments/<attachment_id>")
@login_required
def view(attachment_id: str) -> Response:
    found = attachments.read(database(), reader(), attachment_id)
    return send_file(
        attachments.path(wiring().settings.attachments.absolute(), found),
        mimetype=found.media_type,
        as_attachment=found.media_type not in SHOWN,
        download_name=found.filename,
    )


@routes.get("/attachments/<attachment_id>/small")
@login_required
def thumbnail(attachment_id: str) -> Response:
    found = attachments.read(database(), reader(), attachment_id)
    small = attachments.thumbnail_path(wiring().settings.attachments.absolute(), found)
    if small is None:
        raise NotFound
    return send_file(small, mimetype="image/jpeg")


@routes.post("/tickets")
@login_required
def give_tickets() -> AnyResponse:
    """For a page on which photos can be taken: nonces that it keeps for the way, and what time it is here."""
    given = tickets.issue(database(), actor(), request.form.get("count", 20, type=int), moment())
    return jsonify(tickets=list(given), now=moment().now.isoformat())


def keep(file: FileStorage, captured: Captured, nonce: str = "") -> Attachment:
    """Take and note a file that was posted. Its bytes are worked on while no transaction is open.

    A ticket that was used already answers with the file that was handed in with it: the answer had got lost.
    """
    who = actor()
    ticket = tickets.read(database(), who, nonce, moment())
    if ticket is not None and ticket.attachment_id is not None:
        return attachments.read(database(), who, ticket.attachment_id)
    transaction.end()
    data = file.stream.read(attachments.MAX_BYTES + 1)
    issued_at = ticket.issued_at if ticket and request.form.get("in_app") == "true" else None
    captured = replace(captured, issued_at=issued_at)
    taken = attachments.take(wiring().settings.attachments, data, file.filename or "", captured, moment())
    return tickets.hand_in(database(), who, taken, ticket, moment())


def about(found: Attachment) -> dict[str, Any]:
    """What pages and the script know of a file."""
    principal = principal_id()
    small = url_for("attachments.thumbnail", attachment_id=found.id, on_behalf_of=principal) if found.width else None
    return {
        "id": found.id,
        "name": found.filename,
        "url": url_for("attachments.view", attachment_id=found.id, on_behalf_of=principal),
        "thumb": small,
        "grade": found.grade if found.width else None,
        "size": found.size,
        "sha256": found.sha256,
    }


def _captured(form: Any) -> Captured:
    """What the page says of a photo; what can't be understood counts as not said."""
    return Captured(
        at=_instant(form.get("captured_at", "")),
        latitude=_number(form.get("lat", ""), 90),
        longitude=_number(form.get("lon", ""), 180),
        accuracy=_number(form.get("accuracy", ""), 1_000_000),
        device=form.get("device", "")[:200] or None,
        sha256=form.get("sha256", "")[:64] or None,
    )


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=wiring().calendar.zone)


def _number(text: str, bound: float) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) <= bound else None
