"""The processes and their versions."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from flask_login import login_required
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from engine.access import ADMIN, AUDITOR, NotFound, require
from engine.tables import Instance, Process, Version
from web.security import island_page
from web.sessions import actor
from web.transaction import database

routes = Blueprint("processes", __name__)


@routes.get("/admin/processes")
@login_required
def all_processes() -> str:
    require(actor(), ADMIN, AUDITOR)
    running = (
        select(Instance.version_id, func.count().label("count"))
        .where(Instance.status == "active")
        .group_by(Instance.version_id)
        .subquery()
    )
    rows = database().execute(
        select(Process, Version, func.coalesce(running.c.count, 0))
        .join(Version, Version.process_key == Process.key)
        .outerjoin(running, running.c.version_id == Version.id)
        .order_by(Process.key, Version.number.desc())
    )
    return render_template("processes.html", rows=[tuple(row) for row in rows], place="desks")


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>")
@login_required
def version(version_id: int) -> str:
    require(actor(), ADMIN, AUDITOR)
    island_page()
    return render_template("version.html", version=_version(version_id), place="desks")


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/diagram.bpmn")
@login_required
def drawing(version_id: int) -> Response:
    require(actor(), ADMIN, AUDITOR)
    found = _version(version_id)
    answer = make_response(found.diagram)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


def _version(version_id: int) -> Version:
    found = database().get(Version, version_id, options=[undefer(Version.diagram)])
    if found is None:
        raise NotFound
    return found
