"""The page on which a diagram is drawn: the island gets the draft, what may be chosen, and its words from here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify, render_template, request
from flask_login import login_required
from sqlalchemy import select

from bpmn.checks.case import RESERVED
from bpmn.expressions import compile_expression, compile_script
from bpmn.picture import redrawn
from bpmn.timers import Kind, compile_due, compile_timer
from engine import definitions, process_drafts
from engine.process_drafts import NotOpen
from engine.tables import ProcessDraft, Version
from engine.tables.base import TITLE
from faults import N_, Fault
from web import element_ids, side_by_side, vocabulary
from web.difference_words import PICTURES
from web.modeler_words import TEXTS
from web.security import island_page
from web.sessions import actor
from web.transaction import database
from web.wiring import wiring
from web.words import gettext, say

routes = Blueprint("modeler", __name__)


def _expression(text: str) -> frozenset[str]:
    return compile_expression(text).names


def _timer(kind: Kind) -> Callable[[str], frozenset[str]]:
    return lambda text: compile_timer(kind, text).names


# Where somebody else has saved meanwhile, with the words of the two pictures.
CONFLICT = (N_("Look at both pictures"),)

# What the island calls a kind of text -> the names such a text needs; raises a Fault for what can't be read.
READERS: Mapping[str, Callable[[str], frozenset[str]]] = {
    "expression": _expression,
    "script": lambda text: compile_script(text).names,
    "due": lambda text: compile_due(text).names,
    "date": _timer("date"),
    "duration": _timer("duration"),
    "cycle": _timer("cycle"),
}


_IDS = re.compile(r'\bid="([A-Za-z_]\w*)"')


@routes.get("/admin/drafts/<draft_id>/model")
@login_required
def page(draft_id: str) -> str:
    draft = process_drafts.get(database(), actor(), draft_id)
    if draft.status not in ("open", "scheduled"):
        raise NotOpen
    island_page()
    return render_template(
        "modeler.html",
        draft=draft,
        texts={text: gettext(text) for text in (*TEXTS, *CONFLICT, *PICTURES)},
        taken=sorted(_used_before(draft)),
        place="desks",
    )


@routes.post("/admin/drafts/<draft_id>/formula")
@login_required
def formula(draft_id: str) -> Response:
    """Whether a text ("kind", "text") can be read: {"problem": a sentence or null, "names": what it needs}."""
    process_drafts.get(database(), actor(), draft_id)
    body = request.get_json(silent=True)
    asked = body if isinstance(body, dict) else {}
    kind, text = (str(asked.get(name, "")) for name in ("kind", "text"))
    try:
        names = READERS.get(kind, _expression)(text)
    except Fault as fault:
        return jsonify({"problem": say(fault), "names": []})
    return jsonify({"problem": None, "names": sorted(names)})


@routes.post("/admin/drafts/<draft_id>/suggest")
@login_required
def suggest(draft_id: str) -> Response:
    """An id that says what an element ("name", "type", in the XML "diagram") is: {"id"}."""
    draft = process_drafts.get(database(), actor(), draft_id)
    body = request.get_json(silent=True)
    asked = body if isinstance(body, dict) else {}
    name, kind, text = (str(asked.get(key, "")) for key in ("name", "type", "diagram"))
    taken = _used_before(draft) | set(_IDS.findall(text)) | RESERVED
    versions = definitions.all_current(database())
    known = element_ids.known_names(definitions.published(database(), one.id).diagram for one in versions)
    return jsonify({"id": element_ids.suggested(name[:TITLE], kind.rpartition(":")[2], known, taken)})


@routes.post("/admin/drafts/<draft_id>/arrange")
@login_required
def arrange(draft_id: str) -> Response:
    """A diagram (XML in "diagram"), saved or not, with a new place for everything: {"diagram"}."""
    process_drafts.get(database(), actor(), draft_id)
    body = request.get_json(silent=True)
    text = str(body.get("diagram", "") if isinstance(body, dict) else "")
    return jsonify({"diagram": redrawn(text.encode("utf-8", "replace")).decode()})


@routes.post("/admin/drafts/<draft_id>/compare")
@login_required
def compare(draft_id: str) -> Response:
    """How a diagram (XML in "diagram") differs from the draft as it is saved: [{"element", "name", "kind", ...}]."""
    draft = process_drafts.get(database(), actor(), draft_id)
    body = request.get_json(silent=True)
    mine = str(body.get("diagram", "") if isinstance(body, dict) else "").encode()
    return jsonify(
        [
            {
                "element": place.id,
                "name": place.name,
                "kind": place.kind,
                "facet": facet.words if facet else "",
                "before": "".join(piece.text for piece in facet.before) if facet else "",
                "after": "".join(piece.text for piece in facet.after) if facet else "",
            }
            for place in side_by_side.of_diagrams(draft.diagram, mine)
            for facet in place.facets or (None,)
        ]
    )


@routes.get("/admin/drafts/<draft_id>/vocabulary.json")
@login_required
def words(draft_id: str) -> Response:
    draft = process_drafts.get(database(), actor(), draft_id)
    return jsonify(vocabulary.of(database(), process_drafts.bundle_of(draft), wiring().services))


def _used_before(draft: ProcessDraft) -> set[str]:
    """The ids that published versions of the process have had: none of them is given to something else."""
    published = select(Version.diagram).where(Version.process_key == draft.process_key)
    return {ident for diagram in database().scalars(published) for ident in _IDS.findall(diagram.decode())}
