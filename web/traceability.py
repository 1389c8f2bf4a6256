"""The notice clause by clause: its words, what carries each clause out, what proves it, and the diagrams."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import login_required

from engine import definitions
from engine.access import NotFound
from faults import N_
from web.security import island_page
from web.sessions import actor
from web.transaction import database
from web.words import gettext
from workflows import traceability
from workflows.clauses import SECTIONS, clauses
from workflows.sight import sight
from workflows.traceability import Traced

routes = Blueprint("traceability", __name__)

FILTERS = {
    "": N_("All clauses"),
    "covered": N_("Carried out and proven"),
    "unproven": N_("Without a story"),
    "uncovered": N_("Without an element"),
}
KINDS = {
    "process": N_("process"),
    "userTask": N_("task"),
    "serviceTask": N_("service"),
    "businessRuleTask": N_("rule"),
    "callActivity": N_("called process"),
    "subProcess": N_("part of the process"),
    "startEvent": N_("start"),
    "endEvent": N_("end"),
    "boundaryEvent": N_("event"),
    "intermediateCatchEvent": N_("event"),
    "intermediateThrowEvent": N_("event"),
    "sendTask": N_("message"),
    "receiveTask": N_("message"),
    "exclusiveGateway": N_("decision"),
    "inclusiveGateway": N_("decision"),
    "parallelGateway": N_("decision"),
    "eventBasedGateway": N_("decision"),
}


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    rows: tuple[Traced, ...]


@routes.get("/traceability")
@login_required
def notice() -> str:
    every = traceability.overview(database(), actor())
    chosen = request.args.get("state", "")
    chosen = chosen if chosen in FILTERS else ""
    process_key = request.args.get("process", "")[:100]
    rows = [one for one in every if chosen in ("", _state(one)) and (not process_key or process_key in one.processes)]
    sections = [
        Section(key, gettext(title), tuple(one for one in rows if one.clause.section == key))
        for key, title in SECTIONS.items()
    ]
    processes: dict[str, str] = {}
    for one in every:
        processes |= one.processes
    return render_template(
        "traceability.html",
        sections=[section for section in sections if section.rows],
        state=chosen,
        process_key=process_key,
        processes=processes,
        filters={key: gettext(words) for key, words in FILTERS.items()},
        counts={key: sum(key in ("", _state(one)) for one in every) for key in FILTERS},
        state_of=_state,
        place="notice",
    )


@routes.get("/traceability/<clause_id>")
@login_required
def clause(clause_id: str) -> str:
    if clause_id not in clauses():
        raise NotFound
    island_page()
    every = traceability.overview(database(), actor())
    place = next(number for number, one in enumerate(every) if one.clause.id == clause_id)
    chosen = every[place]
    key = request.args.get("process", "")
    if key not in chosen.processes:
        key = chosen.main_process
    marks = {step.element: {"state": "active", "times": 0} for step in chosen.elements if step.process_key == key}
    return render_template(
        "clause.html",
        one=chosen,
        section=gettext(SECTIONS[chosen.clause.section]),
        before=every[place - 1].clause if place else None,
        after=every[place + 1].clause if place + 1 < len(every) else None,
        process_key=key,
        marks={"elements": marks, "flows": [], "here": None},
        kinds={kind: gettext(words) for kind, words in KINDS.items()},
        state=_state(chosen),
        place="notice",
    )


@routes.get("/traceability/diagrams/<process_key>.bpmn")
@login_required
def drawing(process_key: str) -> Response:
    """The diagram of the current version. Raises NotYours, NotFound."""
    sight(actor())
    version = definitions.current(database(), process_key)
    if version is None:
        raise NotFound
    answer = make_response(definitions.published(database(), version.id).diagram.xml)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


def _state(one: Traced) -> str:
    """The filter under which the clause is found."""
    if not one.elements:
        return "uncovered"
    return "covered" if one.tests else "unproven"
