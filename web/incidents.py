"""Incidents: what can't go on by itself, and trying it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import incidents
from engine.incidents import Open
from web import paging
from web.sessions import actor
from web.transaction import database, moment
from web.words import gettext, template

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


@routes.get("/admin/incidents")
@login_required
def all_incidents() -> str:
    found, total = incidents.unresolved(database(), actor(), paging.SIZE, paging.offset())
    return render_template(
        "incidents.html", lines=[_line(one) for one in found], page=paging.page(total), place="desks"
    )


@routes.post("/admin/incidents/<int(max=2147483647):incident_id>/retry")
@login_required
def retry(incident_id: int) -> AnyResponse:
    incidents.retry(database(), actor(), incident_id, moment())
    flash(gettext("It is tried again. If it fails again, a new incident appears here."), "success")
    return redirect(url_for("incidents.all_incidents"))


def _line(one: Open) -> Line:
    return Line(
        one.id,
        one.instance_id,
        one.title or "",
        " · ".join(part for part in (one.process_key, one.element) if part),
        one.code,
        template(one.message, one.params),
        one.noted_at,
    )
