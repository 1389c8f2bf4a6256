"""The page on which a form of a draft is designed, with a preview and a trial by the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_login import login_required

from bpmn.diagram import Process
from engine import process_drafts, publish
from engine.access import NotFound
from engine.process_drafts import NotOpen
from engine.publish import Bundle
from engine.tables import ProcessDraft
from faults import Fault
from forms import compare, formulas
from forms.compare import Difference
from forms.document import read_form
from forms.fields import TYPES
from forms.permissions import PERMISSIONS
from web import difference_words, form_trial, form_words, side_by_side
from web.draft_forms import is_sound, main_process, user_tasks
from web.security import island_page
from web.sessions import actor
from web.transaction import database
from web.wiring import wiring
from web.words import content, gettext, say_problem
from workflows.registers import REGISTERS

routes = Blueprint("designer", __name__)


class BadForm(Fault):
    """What was sent is no form. Load the page again and repeat what you did."""


@routes.get("/admin/drafts/<draft_id>/forms/<path:name>")
@login_required
def page(draft_id: str, name: str) -> str:
    draft = process_drafts.get(database(), actor(), draft_id)
    if draft.status not in ("open", "scheduled"):
        raise NotOpen
    if name not in draft.forms:
        raise NotFound
    island_page()
    title = draft.forms[name].get("title")
    return render_template(
        "designer.html",
        draft=draft,
        name=name,
        title=content(title) if isinstance(title, str) else name,
        given=_given(draft, name),
        place="desks",
    )


@routes.get("/admin/drafts/<draft_id>/form/saved")
@login_required
def saved(draft_id: str) -> Response:
    """The form ``name`` as it is saved: {"revision", "document" (null if it is gone)}."""
    draft = process_drafts.get(database(), actor(), draft_id)
    return jsonify(revision=draft.revision, document=draft.forms.get(request.args.get("name", "")))


@routes.post("/admin/drafts/<draft_id>/form/preview")
@login_required
def preview(draft_id: str) -> Response:
    """A form (JSON in "document") that need not be saved, as "step" shows it.

    "carried" are answers to begin with.  Answers {"html" (null while the form has faults), "problems", "differences"}.
    """
    draft, document, body = _sent(draft_id)
    name = str(document.get("name"))
    bundle = process_drafts.bundle_of(draft)
    unsaved = replace(bundle, forms={**bundle.forms, name: document})
    island_page()
    html = None
    if is_sound(document):
        html = form_trial.drawn(read_form(document).at(_step(body)), _mapping(body, "carried"))
    return jsonify(html=html, problems=_problems(unsaved), differences=_differences(draft, name, document))


@routes.post("/admin/drafts/<draft_id>/form/try")
@login_required
def attempt(draft_id: str) -> Response:
    """Validate what was filled in ("items": [[name, value]...]) as if it were a task.

    Answers {"html", "accepted", "answers"}; nothing is kept.  Raises Refused for a form that has faults.
    """
    _, document, body = _sent(draft_id)
    island_page()
    form = read_form(document).at(_step(body))
    tried = form_trial.attempt(form, _items(body), _mapping(body, "carried"))
    return jsonify(html=tried.html, accepted=tried.answers is not None, answers=tried.answers)


@routes.post("/admin/drafts/<draft_id>/form/compare")
@login_required
def differing(draft_id: str) -> Response:
    """What differs between the form as it is saved and this one: {"revision", "differences"}."""
    draft, document, _ = _sent(draft_id)
    before = draft.forms.get(str(document.get("name")))
    return jsonify(revision=draft.revision, differences=_compared(draft, before, document))


def _given(draft: ProcessDraft, name: str) -> dict[str, Any]:
    """What the island begins with."""
    bundle = process_drafts.bundle_of(draft)
    process = main_process(draft)
    words = (*form_words.TEXTS, *form_words.FACETS.values(), *form_words.PERMISSIONS.values())
    return {
        "name": name,
        "document": draft.forms[name],
        "revision": draft.revision,
        # in pairs, which keep their order
        "types": [(kind, _type(kind, title)) for kind, title in form_words.TYPES.items()],
        "permissions": [(rule, gettext(form_words.PERMISSIONS[rule])) for rule in PERMISSIONS],
        "registers": sorted(REGISTERS),
        "steps": [
            {"id": one.id, "name": content(one.name) or one.id, "form": process.form_of(one)}
            for one in user_tasks(process)
            if process
        ],
        "names": _names(bundle, process),
        "texts": {text: gettext(text) for text in words},
    }


def _type(kind: str, title: str) -> dict[str, Any]:
    found = TYPES[kind]
    return {
        "title": gettext(title),
        "takes": sorted(found.takes),
        "deepest": found.deepest,
        "counts": gettext(form_words.COUNTS[kind]) if kind in form_words.COUNTS else "",
        "fixed": found.fixed,
    }


def _names(bundle: Bundle, process: Process | None) -> list[str]:
    """What a formula may begin from: what every case has, and the fields of the steps with the columns of tables."""
    found = ["title", "task_code", "org", "starter", "starter_org"]
    for task in user_tasks(process) if process else ():
        document = bundle.forms.get(process.form_of(task), {}) if process else {}
        fields = document.get("fields")
        names = [one.get("name") for one in (fields if isinstance(fields, list) else []) if isinstance(one, dict)]
        found += [f"{task.id}.{name}" for name in names]
        if is_sound(document):
            found += [formula for formula, _ in formulas.of_columns(read_form(document), task.id)]
    return found


def _sent(draft_id: str) -> tuple[ProcessDraft, dict[str, Any], dict[str, Any]]:
    """The draft, the form that was sent, and all that was sent. Raises BadForm."""
    draft = process_drafts.get(database(), actor(), draft_id)
    body = request.get_json(silent=True)
    document = body.get("document") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(document, dict):
        raise BadForm
    return draft, document, body


def _step(body: Mapping[str, Any]) -> str:
    step = body.get("step")
    return step if isinstance(step, str) else ""


def _mapping(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def _items(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Pairs of texts as a browser would post them; anything else was not typed into a form."""
    found: dict[str, list[str]] = {}
    pairs = body.get("items")
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
            found.setdefault(pair[0], []).append(pair[1].replace("\0", ""))
    return found


def _problems(bundle: Bundle) -> list[dict[str, str]]:
    """Of the whole draft: a field that goes is missed elsewhere."""
    found = publish.check(database(), bundle, wiring().services)
    return [{"element": one.element, "severity": one.severity, "message": say_problem(one)} for one in found]


def _differences(draft: ProcessDraft, name: str, document: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """From the version that the draft comes from; None if that has no such form."""
    if draft.base_version_id is None:
        return None
    before = process_drafts.bundle_of_version(database(), draft.base_version_id).forms.get(name)
    return None if before is None else _compared(draft, before, document)


def _compared(
    draft: ProcessDraft, before: Mapping[str, Any] | None, document: Mapping[str, Any]
) -> list[dict[str, str]]:
    """In words. Empty as well where one of the two has faults: then there is nothing that could be compared."""
    if before is None or not is_sound(before) or not is_sound(document):
        return []
    old, new = read_form(before), read_form(document)
    labels = side_by_side.labels(old, new)
    steps = {one.id: one.name for one in user_tasks(main_process(draft))}
    return [_told(one, labels, steps) for one in compare.compare(old, new)]


def _told(one: Difference, labels: Mapping[str, str], steps: Mapping[str, str]) -> dict[str, str]:
    """``labels`` by path, ``steps`` by id. A condition names a field of the level on which it stands."""
    level = one.path.rpartition(".")[0]
    beside = {path.removeprefix(f"{level}."): label for path, label in labels.items() if path.startswith(f"{level}.")}
    names = {**labels, **beside} if level else labels
    return {
        "path": one.path,
        "kind": difference_words.kind(one.kind),
        "facet": difference_words.facet("form", one.facet, {**names, **steps}),
        "before": difference_words.value("form", one.facet, one.before, names),
        "after": difference_words.value("form", one.facet, one.after, names),
    }
