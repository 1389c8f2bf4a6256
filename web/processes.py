"""The library of processes: versions, drafts, what runs; new ones, copies, files in and out, earlier versions."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy.orm import undefer
from werkzeug.wrappers import Response as AnyResponse

from engine import library, process_changes, process_drafts, scenarios
from engine.access import ADMIN, AUDITOR, NotFound, require
from engine.publish import PublishRefused
from engine.tables import ProcessDraft, Version
from engine.trials import TrialsFail
from faults import Fault, Refused
from web import bundles, transaction
from web.errors import status_of
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.wiring import wiring
from web.words import content, gettext, say, say_problem

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
        drafts = [_begun(one) for one in found]
        if not drafts:
            raise bundles.NothingInIt
    except Fault as fault:
        transaction.end()
        return _page({}, _said(fault), status_of(fault))
    if sum(added for _, added in drafts):
        flash(gettext("%(count)s scenarios were added.", count=sum(added for _, added in drafts)), "success")
    if len(drafts) > 1:
        flash(gettext("%(count)s drafts were begun from the file.", count=len(drafts)), "success")
        return redirect(url_for("processes.all_processes"))
    return redirect(url_for("drafts.page", draft_id=drafts[0][0].id))


def _begun(package: bundles.Package) -> tuple[ProcessDraft, int]:
    """A draft of what was brought in, and how many of its scenarios were not there yet."""
    draft, _ = process_drafts.bring_in(database(), actor(), package.bundle, moment())
    return draft, scenarios.take_over(database(), actor(), draft.process_key, package.plays, moment())


def _said(fault: Fault) -> list[str]:
    """Of files, each with its name."""
    if isinstance(fault, bundles.BadFiles):
        return [f"{one.element}: {say_problem(one)}" for one in fault.problems]
    return [say_problem(one) for one in fault.problems] if isinstance(fault, Refused) else [say(fault)]


@routes.get("/admin/processes/export.zip")
@login_required
def export_all() -> Response:
    require(actor(), ADMIN, AUDITOR)
    versions = [entry.current_id for entry in library.entries(database(), actor()) if entry.current_id]
    return _zipped([process_drafts.bundle_of_version(database(), one) for one in versions], "processes")


@routes.get("/admin/processes/<key>")
@login_required
def page(key: str) -> str:
    """One process: its picture, versions and drafts, what was done to it, by whom and why."""
    island_page()
    return render_template(
        "process.html",
        entry=library.entry(database(), actor(), key),
        history=process_changes.history(database(), actor(), key),
        typed={},
        place="desks",
    )


@routes.post("/admin/processes/<key>/drafts")
@login_required
def edit(key: str) -> AnyResponse:
    """Go on with the draft of a process, or begin one."""
    draft = process_drafts.begin(database(), actor(), key, moment())
    return redirect(url_for("drafts.page", draft_id=draft.id))


@routes.post("/admin/processes/<key>/retire")
@login_required
def retire(key: str) -> AnyResponse:
    comment = request.form.get("comment", "").strip()[:2000]
    library.retire(database(), actor(), key, comment, moment())
    flash(gettext("Nothing starts this process any more; what runs goes on."), "success")
    return redirect(url_for("processes.page", key=key))


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
    except (PublishRefused, TrialsFail) as refused:
        transaction.end()
        return _version_page(version_id, {}, _said(refused), status_of(refused))
    flash(gettext("Version %(number)s is the current one again.", number=found.number), "success")
    return redirect(url_for("processes.page", key=found.process_key))


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
    search = " ".join(request.args.get("q", "").replace("\0", "").split())[:100]
    found = library.entries(database(), actor())
    scheduled = [sketch for entry in found for sketch in entry.drafts if sketch.draft.status == "scheduled"]
    html = render_template(
        "processes.html",
        entries=[entry for entry in found if _matches(entry, search)],
        scheduled=sorted(scheduled, key=lambda one: (one.draft.starts_at or moment().now, one.draft.id)),
        search=search,
        typed=typed,
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _matches(entry: library.Entry, search: str) -> bool:
    """By key, by name as it was given and as the person reads it, or by who published it or works on a draft."""
    names = {entry.name, *(sketch.draft.name for sketch in entry.drafts)}
    texts = {entry.key, *names, *map(content, names), *entry.people, *map(content, entry.people)}
    return any(search.casefold() in text.casefold() for text in texts)


def _version_page(version_id: int, typed: dict[str, str], errors: list[str], status: int) -> Response:
    require(actor(), ADMIN, AUDITOR)
    island_page()
    found = _version(version_id)
    entry = library.entry(database(), actor(), found.process_key)
    html = render_template(
        "version.html",
        version=found,
        entry=entry,
        edition=next(one for one in entry.editions if one.version.id == version_id),
        waiver=process_changes.waiver_of(database(), version_id),
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
    """With the scenarios of each process, for who may see them."""
    packages = [bundles.package(database(), actor(), bundle) for bundle in found]
    answer = make_response(bundles.packed(packages))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer
