"""A draft of a process: what is in it and wrong with it, what differs from its version; saving and publishing it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from bpmn.foreign import adopt
from engine import comparison, differences, draft_notes, process_drafts, publish
from engine.process_drafts import Changes, EditedMeanwhile, NotOpen, PastStart
from engine.publish import PublishRefused
from engine.trials import TrialsFail
from faults import Fault, Problem, Refused
from web import bundles, side_by_side, transaction
from web.errors import status_of
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.wiring import wiring
from web.words import gettext, say, say_problem
from workflows import decision_reports

routes = Blueprint("drafts", __name__)


class BadRevision(Fault):
    """It is not said which state of the draft was changed. Load the page again and repeat what you did."""


class BadDocument(Fault):
    """The file is no form document: it can't be read as JSON. Export the form anew and change that."""


@routes.get("/admin/drafts/<draft_id>")
@login_required
def page(draft_id: str) -> Response:
    return _page(draft_id, {}, [], 200)


@routes.get("/admin/drafts/<draft_id>/diagram.bpmn")
@login_required
def drawing(draft_id: str) -> Response:
    answer = make_response(comparison.draft(database(), actor(), draft_id).diagram)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


@routes.get("/admin/drafts/<draft_id>/export.zip")
@login_required
def export(draft_id: str) -> Response:
    draft = process_drafts.get(database(), actor(), draft_id)
    answer = make_response(bundles.packed([bundles.package(database(), actor(), process_drafts.bundle_of(draft))]))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{draft.process_key}-draft.zip"'
    return answer


@routes.get("/admin/drafts/<draft_id>/problems")
@login_required
def problems(draft_id: str) -> Response:
    """What is wrong with the draft as it is saved, as JSON: [{"element", "code", "severity", "message"}]."""
    draft = process_drafts.get(database(), actor(), draft_id)
    return jsonify(_listed(publish.check(database(), process_drafts.bundle_of(draft), wiring().services)))


@routes.post("/admin/drafts/<draft_id>/check")
@login_required
def check(draft_id: str) -> Response:
    """The same for a diagram (XML in "diagram") that is not saved yet."""
    draft = process_drafts.get(database(), actor(), draft_id)
    bundle = process_drafts.bundle_of(draft)
    text = str(_json().get("diagram", ""))
    unsaved = publish.Bundle(text.encode(), bundle.forms, bundle.decisions)
    checked = publish.check(database(), unsaved, wiring().services)
    return jsonify(_listed(checked))


@routes.post("/admin/drafts/<draft_id>/save")
@login_required
def save(draft_id: str) -> AnyResponse:
    """Replace parts of the draft: JSON {"revision", "diagram"?, "forms"?: {name: document or null}, "decisions"?}.

    Answers {"revision", "problems"}; 409 with {"message", "revision", "differences"} if somebody saved in between.
    """
    body = _json()
    changes = _changes(body)
    try:
        revision = revision_of(body.get("revision"))
        draft = process_drafts.save(database(), actor(), draft_id, revision, changes, moment())
    except EditedMeanwhile as fault:
        transaction.end()
        found = process_drafts.get(database(), actor(), draft_id)
        listed = differences.of_diagrams(found.diagram, changes.diagram) if changes.diagram is not None else ()
        answer = {
            "message": say(fault),
            "revision": fault.revision,
            "differences": [{"element": one.element, "kind": one.kind, "facet": one.facet} for one in listed],
        }
        return make_response(jsonify(answer), 409)
    checked = publish.check(database(), process_drafts.bundle_of(draft), wiring().services)
    return jsonify({"revision": draft.revision, "problems": _listed(checked)})


@routes.post("/admin/drafts/<draft_id>/upload")
@login_required
def upload(draft_id: str) -> AnyResponse:
    """Replace the diagram, a form or a decision table by a file."""
    uploaded = request.files.get("file")
    try:
        changes = _uploaded(uploaded.filename or "", uploaded.read()) if uploaded else Changes()
        process_drafts.save(database(), actor(), draft_id, revision_of(request.form.get("revision")), changes, moment())
    except (Refused, BadDocument, BadRevision, EditedMeanwhile) as fault:
        return _again(draft_id, fault)
    flash(gettext("The file was taken over into the draft."), "success")
    return redirect(url_for("drafts.page", draft_id=draft_id))


@routes.post("/admin/drafts/<draft_id>/publish")
@login_required
def make_current(draft_id: str) -> AnyResponse:
    """Publish, now or from a time on."""
    comment, starts, reason = (request.form.get(name, "").strip() for name in ("comment", "starts_at", "reason"))
    typed = {"comment": comment[:2000], "starts_at": starts[:20], "reason": reason[:2000]}
    try:
        revision = revision_of(request.form.get("revision"))
        if starts:
            draft = process_drafts.schedule(
                database(),
                actor(),
                draft_id,
                revision,
                typed["comment"],
                _instant(starts),
                wiring().services,
                moment(),
                typed["reason"],
            )
            flash(gettext("It becomes the current version at the time you set."), "success")
            return redirect(url_for("drafts.page", draft_id=draft.id))
        version = process_drafts.publish_now(
            database(), actor(), draft_id, revision, typed["comment"], wiring().services, moment(), typed["reason"]
        )
    except (PublishRefused, TrialsFail, PastStart, EditedMeanwhile, BadRevision, NotOpen) as fault:
        return _again(draft_id, fault, typed)
    flash(gettext("Version %(number)s is published. Running cases stay on theirs.", number=version.number), "success")
    return redirect(url_for("processes.version", version_id=version.id))


@routes.post("/admin/drafts/<draft_id>/drop")
@login_required
def drop(draft_id: str) -> AnyResponse:
    process_drafts.drop(database(), actor(), draft_id)
    flash(gettext("The draft was given up."), "success")
    return redirect(url_for("processes.all_processes"))


@routes.post("/admin/drafts/<draft_id>/notes/away")
@login_required
def put_notes_away(draft_id: str) -> AnyResponse:
    """What was told when it was brought in has been read."""
    draft_notes.put_away(database(), actor(), draft_id)
    return redirect(url_for("drafts.page", draft_id=draft_id))


@routes.post("/admin/drafts/<draft_id>/seen")
@login_required
def seen(draft_id: str) -> Response:
    """Says that it is open in a browser; answers {"others": names, "revision"}."""
    draft = process_drafts.get(database(), actor(), draft_id)
    others = process_drafts.seen(database(), actor(), draft_id, moment())
    return jsonify({"others": others, "revision": draft.revision})


def _page(draft_id: str, typed: dict[str, str], errors: list[str], status: int) -> Response:
    draft = process_drafts.get(database(), actor(), draft_id)
    bundle = process_drafts.bundle_of(draft)
    before = process_drafts.bundle_of_version(database(), draft.base_version_id) if draft.base_version_id else None
    island_page()
    html = render_template(
        "draft.html",
        draft=draft,
        editor=process_drafts.editor(database(), draft),
        problems=[(one, say_problem(one)) for one in publish.check(database(), bundle, wiring().services)],
        found=side_by_side.compared(before, bundle) if before else None,
        names=differences.names(bundle),
        notes=_by_element(draft_notes.notes_of(draft)),
        others=process_drafts.present(database(), actor(), draft_id, moment()),
        tables=decision_reports.reports(database(), bundle, moment()),
        typed=typed,
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _by_element(notes: Iterable[Problem]) -> list[tuple[str, list[str]]]:
    """(element, sentences), in the order in which the elements were met."""
    found: dict[str, list[str]] = {}
    for one in notes:
        found.setdefault(one.element, []).append(say_problem(one))
    return list(found.items())


def _again(draft_id: str, fault: Fault, typed: dict[str, str] | None = None) -> Response:
    """The page once more, with what was typed and what was wrong."""
    transaction.end()
    listed = [say_problem(one) for one in fault.problems] if isinstance(fault, Refused) else []
    return _page(draft_id, typed or {}, listed or [say(fault)], status_of(fault))


def _json() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _changes(body: dict[str, Any]) -> Changes:
    diagram, forms, decisions = (body.get(name) for name in ("diagram", "forms", "decisions"))
    return Changes(
        diagram=diagram.encode() if isinstance(diagram, str) else None,
        forms=_documents(forms if isinstance(forms, dict) else {}),
        decisions={
            name: text.encode() if isinstance(text, str) else None
            for name, text in (decisions if isinstance(decisions, dict) else {}).items()
        },
    )


def _documents(forms: dict[str, Any]) -> dict[str, Any]:
    """Faults in a form are told and may be saved; what is no JSON object is no form. Raises BadDocument."""
    if not all(document is None or isinstance(document, dict) for document in forms.values()):
        raise BadDocument
    return forms


def _uploaded(filename: str, data: bytes) -> Changes:
    if filename.endswith(".json"):
        try:
            document = json.loads(data)
            return Changes(forms={str(document["name"]): document})
        except (ValueError, KeyError, TypeError):
            raise BadDocument from None
    if filename.endswith(".dmn"):
        return Changes(decisions={filename.rpartition("/")[2].removesuffix(".dmn"): data})
    adopted = adopt(data)
    return Changes(adopted.diagram, adopted.forms, notes=adopted.notes)


def revision_of(given: Any) -> int:
    try:
        return int(given)
    except (TypeError, ValueError):
        raise BadRevision from None


def _instant(typed: str) -> datetime:
    """A local time as the browser writes it. Raises PastStart for what is none: there is no other way to type it."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=wiring().calendar.zone)
    except ValueError:
        raise PastStart from None


def _listed(found: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {"element": one.element, "code": one.code, "severity": one.severity, "message": say_problem(one)}
        for one in found
    ]
