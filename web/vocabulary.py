"""What a modeler can offer an author to choose from: roles, forms, services, decisions, processes, messages, functions.

So that he need not remember names, and no formula where a choice will do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.decisions import read_decision
from bpmn.diagram import Diagram, Element, Process, read_diagram
from bpmn.functions import FUNCTIONS
from engine import definitions
from engine.definitions import Published
from engine.publish import Bundle
from engine.services import Services
from engine.tables import Account
from faults import Refused
from forms import formulas
from forms.document import read_form
from forms.field import Field
from web.function_words import WORDS
from web.language import language
from web.words import content, gettext
from workflows.clauses import clauses
from workflows.parameters import PARAMETERS
from workflows.roles import ROLES, TASK_CODES

MOST_PEOPLE = 500  # that are offered by name; in a larger office an account is written as a formula
THROWING = ("intermediateThrowEvent", "endEvent", "sendTask")


def of(session: Session, bundle: Bundle, services: Services) -> dict[str, Any]:
    """Plain JSON. Names are what the diagram holds, titles what is shown, in the language of the page."""
    current = [definitions.published(session, version.id) for version in definitions.all_current(session)]
    diagrams = [one.diagram for one in current]
    own = read_diagram(bundle.diagram)
    given = _given(diagrams)
    return {
        "roles": [{"name": role.name, "title": content(role.title)} for role in ROLES.values()],
        "people": _people(session),
        "task_codes": [[code, content(title)] for code, title in TASK_CODES.items()],
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
            {
                "name": process.key,
                "title": content(process.name),
                "inputs": sorted(given[process.key]),
                "outputs": [name for name, _ in process.outputs],
            }
            for diagram in diagrams
            for process in diagram.processes
            if process.executable
        ],
        "messages": _names([*diagrams, own], "messages"),
        "signals": _names([*diagrams, own], "signals"),
        "errors": _names([own], "errors"),
        "escalations": _names([own], "escalations"),
        "talk": _talk([*diagrams, own]),
        "functions": [{"usage": function.usage, "says": gettext(WORDS[name])} for name, function in FUNCTIONS.items()],
        "parameters": [
            {"name": one.name, "title": content(one.title), "type": one.type} for one in PARAMETERS.values()
        ],
        "clauses": [
            {"name": clause.id, "title": clause.quote if language() == "zh_CN" else clause.says}
            for clause in clauses().values()
        ],
        "words": _words(bundle, current),
    }


def _people(session: Session) -> list[dict[str, str]]:
    query = select(Account.id, Account.name).where(Account.active).order_by(Account.id).limit(MOST_PEOPLE)
    return [{"name": ident, "title": f"{content(name)} ({ident})"} for ident, name in session.execute(query)]


def _form(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
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
            for one in _fields(document.get("fields"))
        ],
        "columns": _columns(document),
    }


def _columns(document: Mapping[str, Any]) -> list[list[str]]:
    """[formula with {step} for the step that answers, words] of all columns of tables; a form with faults has none."""
    try:
        form = read_form(document)
    except Refused:
        return []
    found = formulas.of_columns(form, "{step}")
    return [[formula, " · ".join(content(label) for label in labels)] for formula, labels in found]


def _fields(listed: Any) -> Iterator[Mapping[str, Any]]:
    """The fields of a form, or the columns of a table, that are written as such; a draft may hold anything."""
    yield from (one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict))


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
        "labels": {output.name: content(output.label) for output in decision.outputs if output.label},
        "values": {
            output.name: [[value, content(value)] for value in output.values]
            for output in decision.outputs
            if output.values and all(isinstance(value, str) for value in output.values)
        },
    }


def _names(diagrams: Iterable[Diagram], kind: str) -> list[str]:
    return sorted({name for diagram in diagrams for name in getattr(diagram, kind).values() if name})


def _given(diagrams: Iterable[Diagram]) -> Mapping[str, set[str]]:
    """Key of a process -> names of what those who call it give it."""
    found: dict[str, set[str]] = defaultdict(set)
    for process in (process for diagram in diagrams for process in diagram.processes):
        for element in process.elements.values():
            if element.called:
                found[element.called].update(name for name, _ in element.inputs)
    return found


def _talk(diagrams: Iterable[Diagram]) -> dict[str, dict[str, list[str]]]:
    """Message or signal -> titles of the processes that send it and that wait for it, and names of what it carries."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"sent": set(), "awaited": set(), "carries": set()})
    for process, element, name in _said(diagrams):
        throws = element.kind in THROWING
        found[name]["sent" if throws else "awaited"].add(content(process.name))
        if throws:
            found[name]["carries"].update(given for given, _ in element.inputs)
    return {name: {key: sorted(values) for key, values in one.items()} for name, one in sorted(found.items())}


def _said(diagrams: Iterable[Diagram]) -> Iterator[tuple[Process, Element, str]]:
    for process in (process for diagram in diagrams for process in diagram.processes):
        for element in process.elements.values():
            named = [event.name for event in element.events if event.kind in ("message", "signal")]
            yield from ((process, element, name) for name in (*named, element.message) if name)


def _words(bundle: Bundle, current: Iterable[Published]) -> dict[str, str]:
    """What names of inputs and answers mean: as parameters and as fields of forms they have words already."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for document in bundle.forms.values():
        for one in _fields(document.get("fields")):
            columns = list(_fields(one.get("columns")))
            inner = [field for column in columns for field in _fields(column.get("columns"))]
            for field in (one, *columns, *inner):
                found[str(field.get("name"))][str(field.get("label", ""))] += 1
    for form in (form for one in current for form in one.forms.values()):
        for name, label in _labels(form.fields):
            found[name][label] += 1
    words = {name: label for name, labels in found.items() if (label := _usual(labels))}
    words |= {name: one.title for name, one in PARAMETERS.items()}
    return {name: content(label) for name, label in sorted(words.items())}


def _usual(labels: Counter[str]) -> str:
    """The label that at least half of them are; a name that means something else everywhere is better left alone."""
    label, count = labels.most_common(1)[0]
    return label if 2 * count >= labels.total() else ""


def _labels(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        yield field.name, field.label
        yield from _labels(field.columns)
