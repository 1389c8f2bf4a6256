"""Who is signed in, and throwing somebody out: for administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from engine.access import ADMIN, require
from web import sessions
from web.sessions import actor
from web.transaction import database, now
from web.wiring import wiring
from web.words import gettext

routes = Blueprint("sittings", __name__)


@routes.get("/admin/sessions")
@login_required
def all_sittings() -> str:
    require(actor(), ADMIN)
    found = sessions.sittings(database(), wiring().settings, now())
    return render_template("sittings.html", sittings=found, own=current_user.session_id, place="desks")


@routes.post("/admin/sessions/<session_id>/end")
@login_required
def throw_out(session_id: str) -> AnyResponse:
    require(actor(), ADMIN)
    sessions.throw_out(database(), session_id)
    flash(gettext("The session has ended; its next request leads to the sign-in page."), "success")
    return redirect(url_for("sittings.all_sittings"))
