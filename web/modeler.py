"""The page on which a diagram is drawn: the island gets the draft, what may be chosen, and its words from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify, render_template, request
from flask_login import login_required

from bpmn.expressions import compile_expression, compile_script
from bpmn.timers import Kind, compile_due, compile_timer
from engine import process_drafts
from engine.process_drafts import NotOpen
from faults import N_, Fault
from web import side_by_side, vocabulary
from web.difference_words import PICTURES
from web.security import island_page
from web.sessions import actor
from web.transaction import database
from web.wiring import wiring
from web.words import gettext, say

routes = Blueprint("modeler", __name__)

# The words of the island. Those of the drawing tool itself come translated from its own package.
TEXTS = (
    N_("The program can’t draw a choreography. It is kept as it is, and exported so."),
    N_("{count} things of the picture can’t be shown here ({names}). They stay in the file."),
    N_("The file has {count} more pages, which are not shown here. They stay in the file."),
    N_("Saved"), N_("Not saved yet"), N_("Saving…"), N_("It could not be saved; it is tried again."),
    N_("No problems"), N_("{count} problems"), N_("Show it"), N_("Somebody else has saved this draft"), N_("Load it"),
    N_("Load theirs and lose mine"), N_("Keep mine over theirs"), N_("Keep mine as a file"),
    N_("Also open at: {names}"), N_("The two diagrams say the same."),
    N_("Where"), N_("What"), N_("Theirs"), N_("Mine"), N_("added"), N_("removed"),
    N_("changed"), N_("moved"), N_("Lay it out anew"), N_("Put it back as it was"),
    N_("A diagram with pools, lanes or notes is not laid out by the program: they would be lost from the picture."),
    N_("Process"), N_("Step"), N_("Gateway"), N_("Event"), N_("Flow"), N_("Lane"), N_("On the picture only"),
    N_("Several things are selected"), N_("Name"), N_("Key of the process"), N_("Id"),
    N_("Formulas call it so: {id}"), N_("What it is for"), N_("Clauses of the notice"), N_("For example S4.2d S4.6a"),
    N_("Who may start it"), N_("Classification"), N_("Not said"), N_("Public"), N_("Internal"), N_("Work secret"),
    N_("What a caller gets back"), N_("Add one called"), N_("Letters, digits and _"), N_("What it does"),
    N_("A person does it"), N_("A service does it"), N_("A decision table answers"), N_("A script reckons"),
    N_("Another process does it"), N_("A message is sent"), N_("A message is waited for"), N_("Nothing happens"),
    N_("One way is taken"), N_("Every way that applies is taken"), N_("All ways are taken"),
    N_("The way whose event comes first"), N_("Who does it"), N_("Which people"),
    N_("People with one of these roles"), N_("Roles by a formula"), N_("Roles"), N_("In which organisation"),
    N_("That of the case"), N_("That of who started it"), N_("The organisation in the field “{name}”"),
    N_("For which task"), N_("A certain person"), N_("Nobody in particular"), N_("Who started the case"),
    N_("Who did the step “{name}”"), N_("The person in the field “{name}”"), N_("Any"), N_("By a formula"),
    N_("Formula"), N_("Not the same person as in"), N_("People who may not do it (a list)"), N_("Form"),
    N_("A form of its own"), N_("Make its form"), N_("Open the form"), N_("Open the decision table"),
    N_("It has none yet. Every form has an opinion and attachments; fields are added in the form designer."),
    N_("It asks for: {names}"), N_("It asks for an opinion and attachments only."), N_("Due"), N_("No date"),
    N_("Working days after it opens"), N_("Days after it opens"), N_("Days after it opens, to the minute"),
    N_("How many days"), N_("On the day in the field “{name}”"), N_("What tells it from others in lists"),
    N_("Service"), N_("Choose one"), N_("What it is given"), N_("What it answers with"), N_("Decision table"),
    N_("Process that is called"), N_("Script"), N_("Lines of “name = formula”"), N_("Message"), N_("Signal"),
    N_("Error"), N_("Escalation"), N_("Or a new one called"), N_("By which key it is found"),
    N_("Only who waits with the same key gets it, for example instance_id"), N_("Who gets it"),
    N_("The oldest that waits for it; it is kept until one does"), N_("All that wait for it"), N_("Another system"),
    N_("What it carries"), N_("None"), N_("The service that is asked what to begin with"),
    N_("The name that both ends of the link have"), N_("One case for each item of this list"),
    N_("A list in what is received; empty: one case"), N_("It ends the step"), N_("It ends what goes on around it"),
    N_("Time"), N_("When"), N_("After a while"), N_("At a date"), N_("Again and again"), N_("Counted in"),
    N_("Working days"), N_("Days"), N_("Hours"), N_("How many"), N_("The time as text"), N_("Which"),
    N_("On a certain day"), N_("Day, and time if wanted"), N_("In another rhythm"),
    N_("At the end of every working day"), N_("Every seven days"), N_("On the first working day of every month"),
    N_("On the fifth last working day of every month"), N_("On the fifth last working day of every quarter"),
    N_("How often"), N_("Once"), N_("Several times, all at once"), N_("Several times, one after the other"),
    N_("By what"), N_("For each item of a list"), N_("A number of times"), N_("As many times as"), N_("The list"),
    N_("The item is called"), N_("It is done when"), N_("all have done it"), N_("one has done it"),
    N_("at least this share has done it"), N_("Share in per cent"), N_("What is kept of each round"),
    N_("When it is taken"), N_("Always"), N_("Under a condition"), N_("When nothing else applies"), N_("Field"),
    N_("How"), N_("Value"), N_("is"), N_("is not"), N_("is more than"), N_("is at least"), N_("is less than"),
    N_("is at most"), N_("yes"), N_("no"), N_("After this gateway every way is taken; a condition has no effect."),
    N_("What happens"), N_("Nothing in particular"), N_("A signal is waited for"), N_("A signal is sent"),
    N_("A time is waited for"), N_("An error is caught"), N_("An error is thrown"), N_("An escalation is caught"),
    N_("An escalation is thrown"), N_("Everything is ended"),
    N_("There is no “{name}” in this process; only a caller could bring it."),
    N_("The one above that of the case"), N_("The one above that of who started it"),
    N_("The item “{name}” of the list"), N_("The lead unit of the item “{name}”"), N_("The lead unit from “{name}”"),
    N_("The one above that in the field “{name}”"), N_("If several may do it"), N_("Which of them gets it"),
    N_("Whoever takes it first"), N_("Who has the fewest open tasks"), N_("Everybody in turn"),
    N_("The same person as in"), N_("Does not matter"), N_("If nobody may do it"), N_("What happens then"),
    N_("It waits until somebody gets the role"), N_("The deputy gets it, or else an administrator decides"),
    N_("An administrator decides"), N_("The case goes on without it, with a record"),
    N_("If the same person has approved already"), N_("It is asked again"), N_("It is not asked again, with a record"),
    N_("It repeats"), N_("None chosen: the steps with the same form"), N_("What stands there if it is not asked"),
    N_("Nothing"), N_("Deciding together"), N_("How they agree"), N_("They decide nothing together"),
    N_("All must agree"), N_("One is enough"), N_("A share must agree"), N_("A share must agree, by weight"),
    N_("All must agree, one after the other"), N_("half of them"), N_("two thirds"), N_("three quarters"),
    N_("all of them"), N_("Nobody’s"), N_("Everybody’s"), N_("Who agrees"), N_("Whoever has done it"),
    N_("At least this share"), N_("How much an answer weighs"), N_("Whose refusal decides alone"),
    N_("They are called off"), N_("They finish first"), N_("The others, when it is refused or sent back"),
    N_("Afterwards {name} says whether it was agreed; draw the ways on with a gateway."), N_("All agree"),
    N_("{share} must agree"), N_("{share} by weight"), N_("All in order"), N_("veto"),
)  # fmt: skip


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


@routes.get("/admin/drafts/<draft_id>/model")
@login_required
def page(draft_id: str) -> str:
    draft = process_drafts.get(database(), actor(), draft_id)
    if draft.status not in ("open", "scheduled"):
        raise NotOpen
    island_page()
    return render_template("modeler.html", draft=draft, texts={text: gettext(text) for text in (*TEXTS, *CONFLICT, *PICTURES)}, place="desks")


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
