"""Incidents: what can't go on by itself, and trying it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from engine import incidents
from engine.incidents import Open
from engine.tables import Account
from web import paging
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext, template

routes = Blueprint("incidents", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    instance_id: str | None
    title: str
    place: str
    code: str
    words: str
    noted_at: datetime
    task: str | None


@routes.get("/admin/incidents")
@login_required
def all_incidents() -> str:
    found, total = incidents.unresolved(database(), actor(), paging.SIZE, paging.offset())
    lines = [_line(one) for one in found]
    people = _people() if any(one.task for one in lines) else ()
    return render_template("incidents.html", lines=lines, people=people, page=paging.page(total), place="desks")


@routes.post("/admin/incidents/<int(max=2147483647):incident_id>/retry")
@login_required
def retry(incident_id: int) -> AnyResponse:
    incidents.retry(database(), actor(), incident_id, moment())
    flash(gettext("It is tried again. If it fails again, a new incident appears here."), "success")
    return redirect(url_for("incidents.all_incidents"))


@routes.post("/admin/incidents/<int(max=2147483647):incident_id>/assign")
@login_required
def assign(incident_id: int) -> AnyResponse:
    account = request.form.get("account_id", "").replace("\0", "").strip()[:100]
    incidents.assign(database(), actor(), incident_id, account, moment())
    flash(gettext("The task is given to that account."), "success")
    return redirect(url_for("incidents.all_incidents"))


def _people() -> list[tuple[str, str]]:
    people = database().execute(select(Account.id, Account.name).where(Account.active).order_by(Account.id))
    return [(ident, f"{content(name)} ({ident})") for ident, name in people]


def _line(one: Open) -> Line:
    return Line(
        one.id,
        one.instance_id,
        one.title or "",
        " · ".join(part for part in (one.process_key, one.element) if part),
        one.code,
        template(one.message, one.params),
        one.noted_at,
        one.task,
    )
