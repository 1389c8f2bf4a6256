"""The forms of a draft: which there are, which steps show them; a new one, and one taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from bpmn.diagram import Element, Process, read_diagram
from engine import process_drafts
from engine.access import NotFound
from engine.process_drafts import Changes
from engine.tables import ProcessDraft
from faults import Fault, Refused
from forms.document import check_form
from forms.grammar import FORM_NAME
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext

routes = Blueprint("draft_forms", __name__)


class BadFormName(Fault):
    """“{name}” can't be the name of a form. Write it as process/step in lower-case letters, digits and _."""


class FormExists(Fault):
    """There is a form “{name}” already. Open that one, or choose another name."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A form of the draft. ``steps``: the user tasks that show it, as (id, name)."""

    name: str
    title: str
    fields: int
    steps: tuple[tuple[str, str], ...]
    sound: bool


@routes.get("/admin/drafts/<draft_id>/forms")
@login_required
def all_forms(draft_id: str) -> str:
    draft = process_drafts.get(database(), actor(), draft_id)
    process = main_process(draft)
    tasks = user_tasks(process)
    wanting = [one for one in tasks if process and process.form_of(one) not in draft.forms]
    return render_template(
        "draft_forms.html",
        draft=draft,
        forms=[_listed(name, document, process) for name, document in sorted(draft.forms.items())],
        wanting=[(process.form_of(one), content(one.name) or one.id) for one in wanting] if process else [],
        place="desks",
    )


@routes.post("/admin/drafts/<draft_id>/forms")
@login_required
def add(draft_id: str) -> AnyResponse:
    """A form without fields. Its title is the name of the step that wants it, unless one is given."""
    draft = process_drafts.get(database(), actor(), draft_id)
    name, title = (request.form.get(key, "").replace("\0", "").strip() for key in ("name", "title"))
    if len(name) > 120 or not FORM_NAME.fullmatch(name):
        raise BadFormName(name=name[:120])
    if name in draft.forms:
        raise FormExists(name=name)
    process = main_process(draft)
    wanted = [one.name for one in user_tasks(process) if process and process.form_of(one) == name]
    document = {"name": name, "title": (title or next(iter(wanted), "") or name)[:200], "fields": []}
    _save(draft_id, {name: document})
    return redirect(url_for("designer.page", draft_id=draft_id, name=name))


@routes.post("/admin/drafts/<draft_id>/form/remove")
@login_required
def remove(draft_id: str) -> AnyResponse:
    draft = process_drafts.get(database(), actor(), draft_id)
    name = request.form.get("name", "")
    if name not in draft.forms:
        raise NotFound
    _save(draft_id, {name: None})
    flash(gettext("The form was taken out of the draft."), "success")
    return redirect(url_for("draft_forms.all_forms", draft_id=draft_id))


def main_process(draft: ProcessDraft) -> Process | None:
    """The one that the draft is about; None as long as there is none."""
    try:
        processes = read_diagram(draft.diagram).processes
    except Refused:
        return None
    return next((one for one in processes if one.executable), None)


def user_tasks(process: Process | None) -> list[Element]:
    return [one for one in process.elements.values() if one.kind == "userTask"] if process else []


def is_sound(document: Mapping[str, Any]) -> bool:
    """Whether the form can be read and drawn."""
    return not any(one.severity == "error" for one in check_form(document))


def _listed(name: str, document: Mapping[str, Any], process: Process | None) -> Listed:
    fields, title = document.get("fields"), document.get("title")
    shown = [one for one in user_tasks(process) if process and process.form_of(one) == name]
    return Listed(
        name,
        content(title) if isinstance(title, str) else name,
        len(fields) if isinstance(fields, list) else 0,
        tuple((one.id, content(one.name)) for one in shown),
        is_sound(document),
    )


def _save(draft_id: str, forms: Mapping[str, Any]) -> None:
    """As of the revision that the page shows; raises EditedMeanwhile."""
    given = request.form.get("revision", "")
    revision = int(given) if given.isdecimal() and len(given) < 10 else -1
    process_drafts.save(database(), actor(), draft_id, revision, Changes(forms=forms), moment())
