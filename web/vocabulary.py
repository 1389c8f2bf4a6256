"""What a modeler can offer an author to choose from: roles, forms, services, decisions, processes, messages, functions.

So that he need not remember names, and no formula where a choice will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.decisions import read_decision
from bpmn.diagram import Diagram, read_diagram
from bpmn.functions import FUNCTIONS
from engine import definitions
from engine.publish import Bundle
from engine.services import Services
from engine.tables import Account
from faults import Refused
from web.words import content, gettext
from workflows.roles import ROLES

MOST_PEOPLE = 500  # that are offered by name; in a larger office an account is written as a formula


def of(session: Session, bundle: Bundle, services: Services) -> dict[str, Any]:
    """Plain JSON. Names are what the diagram holds, titles what is shown, in the language of the page."""
    diagrams = [definitions.published(session, version.id).diagram for version in definitions.all_current(session)]
    own = read_diagram(bundle.diagram)
    return {
        "roles": [{"name": role.name, "title": content(role.title)} for role in ROLES.values()],
        "people": _people(session),
        "forms": [_form(name, document) for name, document in sorted(bundle.forms.items())],
        "services": [
            {
                "name": service.name,
                "title": gettext(service.title),
                "inputs": list(service.inputs),
                "outputs": list(service.outputs),
                "at_start": service.at_start is not None,
            }
            for service in sorted(services.values(), key=lambda one: one.name)
        ],
        "decisions": [_decision(name, data) for name, data in sorted(bundle.decisions.items())],
        "processes": [
            {"name": process.key, "title": content(process.name), "outputs": [name for name, _ in process.outputs]}
            for diagram in diagrams
            for process in diagram.processes
            if process.executable
        ],
        "messages": _names([*diagrams, own], "messages"),
        "signals": _names([*diagrams, own], "signals"),
        "errors": _names([own], "errors"),
        "escalations": _names([own], "escalations"),
        "functions": [function.usage for function in FUNCTIONS.values()],
    }


def _people(session: Session) -> list[dict[str, str]]:
    query = select(Account.id, Account.name).where(Account.active).order_by(Account.id).limit(MOST_PEOPLE)
    return [{"name": ident, "title": f"{content(name)} ({ident})"} for ident, name in session.execute(query)]


def _form(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    fields = document.get("fields")
    return {
        "name": name,
        "title": content(str(document.get("title", name))),
        "fields": [
            {
                "name": str(one.get("name")),
                "label": content(str(one.get("label", ""))),
                "type": str(one.get("type")),
                "options": [[str(key), content(str(words))] for key, words in one.get("options") or ()],
            }
            for one in (fields if isinstance(fields, list) else [])
            if isinstance(one, dict)
        ],
    }


def _decision(name: str, data: bytes) -> dict[str, Any]:
    try:
        decision = read_decision(data)
    except Refused:
        return {"name": name, "title": name, "inputs": [], "outputs": []}
    return {
        "name": name,
        "title": content(decision.name),
        "inputs": sorted(decision.names),
        "outputs": [output.name for output in decision.outputs],
    }


def _names(diagrams: Iterable[Diagram], kind: str) -> list[str]:
    return sorted({name for diagram in diagrams for name in getattr(diagram, kind).values() if name})
