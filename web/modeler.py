"""The page on which a diagram is drawn: the island gets the draft, what may be chosen, and its words from here."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask_login import login_required

from engine import process_drafts
from engine.process_drafts import NotOpen
from faults import N_
from web import vocabulary
from web.security import island_page
from web.sessions import actor
from web.transaction import database
from web.wiring import wiring
from web.words import gettext

routes = Blueprint("modeler", __name__)

# The words of the island. Those of the drawing tool itself come translated from its own package.
TEXTS = (
    N_("Saved"), N_("Not saved yet"), N_("Saving…"), N_("It could not be saved; it is tried again."),
    N_("No problems"), N_("{count} problems"), N_("Show it"), N_("Somebody else has saved this draft"),
    N_("Load theirs and lose mine"), N_("Keep mine over theirs"), N_("Also open at: {names}"), N_("Process"),
    N_("Step"), N_("Gateway"), N_("Event"), N_("Flow"), N_("Lane"), N_("Several things are selected"), N_("Name"),
    N_("Id"), N_("Key"), N_("What it is for"), N_("Clauses of the notice"), N_("Who may start it"), N_("Who does it"),
    N_("Roles"), N_("In which organisation"), N_("For which task"), N_("A certain person"),
    N_("Nobody in particular"), N_("Who started the case"), N_("Who did the step “{name}”"),
    N_("The person in the field “{name}”"), N_("The organisation in the field “{name}”"), N_("That of the case"),
    N_("That of who started it"), N_("Any"), N_("By a formula"), N_("Not the same person as in"), N_("Form"),
    N_("A form of its own"), N_("Due"), N_("No date"), N_("Working days after it opens"), N_("Days after it opens"),
    N_("On the day in the field “{name}”"), N_("What tells it from others in lists"), N_("Service"), N_("Choose one"),
    N_("What it is given"), N_("What it answers with"), N_("Decision table"), N_("Process that is called"),
    N_("Message"), N_("Signal"), N_("Error"), N_("A new one"), N_("By which key it is found"), N_("What it carries"),
    N_("Time"), N_("A date"), N_("A duration"), N_("Again and again"), N_("Several times"), N_("For each item of"),
    N_("As many times as"), N_("The item is called"), N_("It is done when"), N_("all have done it"),
    N_("one has done it"), N_("at least this share has done it"), N_("Condition"), N_("Always"),
    N_("When nothing else applies"), N_("is"), N_("is not"), N_("Field"), N_("Value"), N_("Script"),
    N_("Lines of “name = formula”"), N_("What a caller gets back"), N_("Formula"), N_("yes"), N_("no"),
    N_("Lay it out anew"),
)  # fmt: skip


@routes.get("/admin/drafts/<draft_id>/model")
@login_required
def page(draft_id: str) -> str:
    draft = process_drafts.get(database(), actor(), draft_id)
    if draft.status not in ("open", "scheduled"):
        raise NotOpen
    island_page()
    return render_template("modeler.html", draft=draft, texts={text: gettext(text) for text in TEXTS}, place="desks")


@routes.get("/admin/drafts/<draft_id>/vocabulary.json")
@login_required
def words(draft_id: str) -> Response:
    draft = process_drafts.get(database(), actor(), draft_id)
    return jsonify(vocabulary.of(database(), process_drafts.bundle_of(draft), wiring().services))
