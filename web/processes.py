"""The library of processes: versions, drafts, what runs; new ones, copies, files in and out, earlier versions."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy.orm import undefer
from werkzeug.wrappers import Response as AnyResponse

from engine import library, process_drafts
from engine.access import ADMIN, AUDITOR, NotFound, require
from engine.publish import PublishRefused
from engine.tables import Version
from faults import Fault, Refused
from web import bundles, transaction
from web.errors import status_of
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.wiring import wiring
from web.words import gettext, say, say_problem

routes = Blueprint("processes", __name__)


@routes.get("/admin/processes")
@login_required
def all_processes() -> Response:
    return _page({}, [], 200)


@routes.post("/admin/processes")
@login_required
def begin() -> AnyResponse:
    """A new process."""
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("key", "name")}
    try:
        draft = process_drafts.begin_new(database(), actor(), typed["key"], typed["name"], moment())
    except (process_drafts.BadKey, process_drafts.KeyTaken) as fault:
        transaction.end()
        return _page(typed, [say(fault)], status_of(fault))
    return redirect(url_for("drafts.page", draft_id=draft.id))


@routes.post("/admin/processes/import")
@login_required
def bring_in() -> AnyResponse:
    """Diagrams from a file: one .bpmn, or a .zip as the export gives it."""
    require(actor(), ADMIN)
    uploaded = request.files.get("file")
    try:
        found = bundles.unpack(uploaded.filename or "", uploaded.read()) if uploaded else []
        brought = [process_drafts.bring_in(database(), actor(), bundle, moment()) for bundle in found]
        if not brought:
            raise bundles.NothingInIt
    except Fault as fault:
        transaction.end()
        problems = [say_problem(one) for one in fault.problems] if isinstance(fault, Refused) else []
        return _page({}, problems or [say(fault)], status_of(fault))
    draft, adopted = brought[0]
    if len(brought) > 1:
        flash(gettext("%(count)s drafts were begun from the file.", count=len(brought)), "success")
        return redirect(url_for("processes.all_processes"))
    for note in adopted.notes:
        flash(say_problem(note), "warning")
    return redirect(url_for("drafts.page", draft_id=draft.id))


@routes.get("/admin/processes/export.zip")
@login_required
def export_all() -> Response:
    require(actor(), ADMIN, AUDITOR)
    versions = [entry.current_id for entry in library.entries(database(), actor(), "") if entry.current_id]
    return _zipped([process_drafts.bundle_of_version(database(), one) for one in versions], "processes")


@routes.post("/admin/processes/<key>/drafts")
@login_required
def edit(key: str) -> AnyResponse:
    """Go on with the draft of a process, or begin one."""
    draft = process_drafts.begin(database(), actor(), key, moment())
    return redirect(url_for("drafts.page", draft_id=draft.id))


@routes.post("/admin/processes/<key>/retire")
@login_required
def retire(key: str) -> AnyResponse:
    library.retire(database(), actor(), key, moment())
    flash(gettext("Nothing starts this process any more; what runs goes on."), "success")
    return redirect(url_for("processes.all_processes"))


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>")
@login_required
def version(version_id: int) -> Response:
    return _version_page(version_id, {}, [], 200)


@routes.post("/admin/processes/versions/<int(max=2147483647):version_id>/copy")
@login_required
def copy(version_id: int) -> AnyResponse:
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("key", "name")}
    try:
        draft = process_drafts.copy(database(), actor(), version_id, typed["key"], typed["name"], moment())
    except (process_drafts.BadKey, process_drafts.KeyTaken) as fault:
        transaction.end()
        return _version_page(version_id, typed, [say(fault)], status_of(fault))
    return redirect(url_for("drafts.page", draft_id=draft.id))


@routes.post("/admin/processes/versions/<int(max=2147483647):version_id>/current")
@login_required
def roll_back(version_id: int) -> AnyResponse:
    """Make an earlier version the current one again."""
    comment = request.form.get("comment", "").strip()[:2000]
    try:
        found = library.roll_back(database(), actor(), version_id, comment, wiring().services, moment())
    except PublishRefused as refused:
        transaction.end()
        return _version_page(version_id, {}, [say_problem(one) for one in refused.problems], status_of(refused))
    flash(gettext("Version %(number)s is the current one again.", number=found.number), "success")
    return redirect(url_for("processes.all_processes"))


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/diagram.bpmn")
@login_required
def drawing(version_id: int) -> Response:
    require(actor(), ADMIN, AUDITOR)
    found = _version(version_id)
    answer = make_response(found.diagram)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/export.zip")
@login_required
def export(version_id: int) -> Response:
    require(actor(), ADMIN, AUDITOR)
    found = _version(version_id)
    return _zipped([process_drafts.bundle_of_version(database(), version_id)], f"{found.process_key}-{found.number}")


def _page(typed: dict[str, str], errors: list[str], status: int) -> Response:
    search = request.args.get("q", "").replace("\0", "")[:100]
    html = render_template(
        "processes.html",
        entries=library.entries(database(), actor(), search),
        search=search,
        typed=typed,
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _version_page(version_id: int, typed: dict[str, str], errors: list[str], status: int) -> Response:
    require(actor(), ADMIN, AUDITOR)
    island_page()
    found = _version(version_id)
    entry = next(one for one in library.entries(database(), actor(), found.process_key) if one.key == found.process_key)
    html = render_template(
        "version.html",
        version=found,
        entry=entry,
        edition=next(one for one in entry.editions if one.version.id == version_id),
        typed=typed,
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _version(version_id: int) -> Version:
    found = database().get(Version, version_id, options=[undefer(Version.diagram)])
    if found is None:
        raise NotFound
    return found


def _zipped(found: list[bundles.Bundle], name: str) -> Response:
    answer = make_response(bundles.packed(found))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer
