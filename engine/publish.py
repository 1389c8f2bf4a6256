"""Publishes a diagram with its forms and decision tables as an immutable version of its process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bpmn.check import Interface, Known, check_diagram
from bpmn.decisions import Decision, check_decision, read_decision
from bpmn.diagram import Diagram, Process, read_diagram
from bpmn.expressions import compile_expression
from bpmn.moment import Moment
from engine import definitions, process_changes, runtime, timers
from engine.access import ADMIN, Actor, require
from engine.database import insert_missing
from engine.form_steps import form_step_problems
from engine.process_changes import Waiver
from engine.services import Service, Services
from engine.tables import Process as ProcessRow
from engine.tables import RoleGrant, StartEvent, Version, canonical
from engine.tables.base import NAME, TITLE
from faults import N_, Fault, Problem, Refused
from forms.document import check_form, read_form
from forms.field import Form
from forms.prefilled import expressions


class PublishRefused(Refused):
    """The process can't be published yet. Mend the problems that are listed and publish it again."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is published together: the diagram (BPMN XML), forms by name, decision tables (DMN XML) by id."""

    diagram: bytes
    forms: Mapping[str, Mapping[str, Any]]
    decisions: Mapping[str, bytes]


def check(session: Session, bundle: Bundle, services: Services) -> tuple[Problem, ...]:
    """All problems of a bundle at once, errors and warnings, each with its element.

    The element of a problem in a form is ``<form name>#<path of the field>``, in a decision ``<decision id>#...``.
    """
    try:
        process = _the_process(read_diagram(bundle.diagram))
    except Refused:
        process = None
    return check_beside(bundle, Known() if process is None else _known(session, process, bundle, services))


def check_beside(bundle: Bundle, known: Known) -> tuple[Problem, ...]:
    """The same for who knows without a database what else there is (`surroundings`)."""
    problems = [*_form_problems(bundle.forms), *_decision_problems(bundle.decisions)]
    try:
        diagram = read_diagram(bundle.diagram)
    except Refused as refused:
        return (*refused.problems, *problems)
    process = _the_process(diagram)
    if process is None:  # how many there are is one of the checks
        return (*check_diagram(diagram, Known()), *problems)
    problems += check_diagram(diagram, known)
    problems += _length_problems(process)
    problems += form_step_problems(process, _readable(bundle.forms))
    if not any(problem.severity == "error" for problem in problems):
        problems += _runtime_problems(bundle, process)
    return tuple(problems)


def surroundings(
    bundle: Bundle,
    services: Services,
    processes: Mapping[str, Interface | None],
    calls: Mapping[str, Iterable[str]],
    roles: Iterable[str],
) -> Known:
    """What exists beside a diagram; documents with faults of their own are known by name only."""
    return Known(
        forms={name: _fields(document) for name, document in bundle.forms.items()},
        decisions={name: _decision(data) for name, data in bundle.decisions.items()},
        services={one.name: _service(one) for one in services.values()},
        processes=processes,
        roles=frozenset(roles),
        calls={key: frozenset(called) for key, called in calls.items()},
    )


def publish(
    session: Session,
    actor: Actor,
    bundle: Bundle,
    comment: str,
    services: Services,
    moment: Moment,
    waiver: Waiver | None = None,
) -> Version:
    """Make the bundle the current version of its process; for administrators. `engine.trials` gives the waiver.

    Content that was published before gives that version, which becomes the current one again.  Running instances stay
    on theirs.  Raises NotYours, and PublishRefused with all problems if one of them is an error.
    """
    require(actor, ADMIN)
    problems = check(session, bundle, services)
    if any(problem.severity == "error" for problem in problems):
        raise PublishRefused(problems)
    process = _the_process(read_diagram(bundle.diagram))
    assert process is not None
    version = _version(session, actor, bundle, process, comment, moment)
    row = session.get(ProcessRow, process.key, with_for_update=True, populate_existing=True)
    if row is not None and row.current_version_id == version.id and row.retired_at is None:
        return version
    if row is None:
        insert_missing(
            session, ProcessRow, [{"key": process.key, "name": version.name, "current_version_id": version.id}]
        )
        row = session.get_one(ProcessRow, process.key, with_for_update=True, populate_existing=True)
    row.current_version_id = version.id
    row.name = version.name
    row.retired_at = None
    process_changes.note(session, actor, "current", version, comment, waiver, moment)
    _replace_start_events(session, version, services, moment)
    session.flush()
    return version


def content_hash(bundle: Bundle) -> str:
    """SHA-256 in hex over the whole content: equal bundles have equal hashes."""
    content = {
        "diagram": hashlib.sha256(bundle.diagram).hexdigest(),
        "forms": bundle.forms,
        "decisions": {name: hashlib.sha256(data).hexdigest() for name, data in bundle.decisions.items()},
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _the_process(diagram: Diagram) -> Process | None:
    """The one process that a bundle is about; pools that aren't executable are only drawn."""
    executable = [process for process in diagram.processes if process.executable]
    return executable[0] if len(executable) == 1 else None


def _form_problems(forms: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, document in forms.items():
        found = check_form(document)
        yield from (replace(one, element=f"{name}#{one.element}") for one in found)
        if any(one.severity == "error" for one in found):
            continue
        form = read_form(document)
        if form.name != name:
            message = N_("The form is called {name} inside, but stands under {key}.")
            yield Problem(name, "form_name", message, {"name": form.name, "key": name})
        for field, text in expressions(form).items():
            try:
                compile_expression(text)
            except Fault as fault:
                yield Problem(f"{name}#{field}", "prefill", fault.message, fault.params)


def _decision_problems(decisions: Mapping[str, bytes]) -> Iterator[Problem]:
    for name, data in decisions.items():
        try:
            data.decode()
        except UnicodeDecodeError:
            yield Problem(name, "encoding", N_("The decision table is not written in UTF-8. Save it as UTF-8."))
            continue
        found = check_decision(data)
        yield from (replace(one, element=f"{name}#{one.element}") for one in found)
        if not any(one.severity == "error" for one in found) and read_decision(data).id != name:
            message = N_("The decision table has another id inside than {key}, under which it stands.")
            yield Problem(name, "decision_id", message, {"key": name})


def _known(session: Session, process: Process, bundle: Bundle, services: Services) -> Known:
    current = {version.process_key: version for version in definitions.all_current(session)}
    called = set(_calls(process)) & current.keys()
    return surroundings(
        bundle,
        services,
        {key: _interface(session, current[key]) if key in called else None for key in current},
        {key: version.calls for key, version in current.items()},
        session.scalars(select(RoleGrant.role).distinct()),
    )


def _service(service: Service) -> Interface:
    return Interface(frozenset(service.inputs), frozenset(service.outputs), service.at_start is not None)


def _readable(forms: Mapping[str, Mapping[str, Any]]) -> dict[str, Form]:
    """Those without faults of their own."""
    sound = (name for name, document in forms.items() if _fields(document) is not None)
    return {name: read_form(forms[name]) for name in sound}


def _fields(document: Mapping[str, Any]) -> frozenset[str] | None:
    if any(one.severity == "error" for one in check_form(document)):
        return None
    return frozenset(field.name for field in read_form(document).fields)


def _decision(data: bytes) -> Decision | None:
    if any(one.severity == "error" for one in check_decision(data)):
        return None
    return read_decision(data)


def _interface(session: Session, version: Version) -> Interface:
    process = definitions.published(session, version.id).process
    return Interface(outputs=frozenset(name for name, _ in process.outputs))


def _calls(process: Process) -> list[str]:
    return sorted({element.called for element in process.elements.values() if element.called})


def _length_problems(process: Process) -> Iterator[Problem]:
    """Names that no column would hold."""
    message = N_("This name is too long: at most {limit} characters.")
    if len(process.key) > NAME:
        yield Problem(process.key[:NAME], "too_long", message, {"limit": NAME}, line=process.line)
    if len(process.name) > TITLE:
        yield Problem(process.key[:NAME], "too_long", message, {"limit": TITLE}, line=process.line)
    for element in process.elements.values():
        texts = [element.id, element.name, element.message or "", *(event.name or "" for event in element.events)]
        if any(len(text) > TITLE for text in texts):
            yield Problem(element.id[:NAME], "too_long", message, {"limit": TITLE}, line=element.line)
        if any(len(role) > NAME for role in element.attributes.get("candidateGroups", "").split(",")):
            yield Problem(element.id[:NAME], "too_long", message, {"limit": NAME}, line=element.line)


def _runtime_problems(bundle: Bundle, process: Process) -> tuple[Problem, ...]:
    """What the runtime itself refuses; with a good check before it, this stays empty."""
    try:
        decisions = {name: read_decision(data) for name, data in bundle.decisions.items()}
        runtime.compile_definition(bundle.diagram, process.key, decisions)
    except Refused as refused:
        return refused.problems
    return ()


def _version(session: Session, actor: Actor, bundle: Bundle, process: Process, comment: str, moment: Moment) -> Version:
    digest = content_hash(bundle)
    same = select(Version).where(Version.process_key == process.key, Version.content_hash == digest)
    starts = [element for element in process.within(None) if element.kind == "startEvent"]
    # Another administrator may publish at the same time: then the number is taken, and the next one is tried.
    while (version := session.scalars(same).one_or_none()) is None:
        last = session.scalar(select(func.max(Version.number)).where(Version.process_key == process.key)) or 0
        row = {
            "process_key": process.key,
            "number": last + 1,
            "name": process.name or process.key,
            "content_hash": digest,
            "diagram": bundle.diagram,
            "forms": {name: dict(document) for name, document in bundle.forms.items()},
            "decisions": {name: data.decode() for name, data in bundle.decisions.items()},
            "starter_groups": list(process.starter_groups),
            "by_hand": not starts or any(start.event == "none" for start in starts),
            "calls": _calls(process),
            "comment": comment.replace("\0", ""),
            "published_by": actor.id,
            "published_at": moment.now,
        }
        insert_missing(session, Version, [row])
    return version


def _replace_start_events(session: Session, version: Version, services: Services, moment: Moment) -> None:
    """From now on it is this version's start events that messages, signals and timers trigger.

    An event for messages or signals that was there before keeps its row: what is on its way to it must arrive.
    """
    rows = session.scalars(select(StartEvent).where(StartEvent.process_key == version.process_key))
    before = {(row.element, row.kind, row.name): row for row in rows}
    for start in definitions.of(session, version.id).starts:
        kept = before.pop((start.element, start.kind, start.name), None) if start.timer is None else None
        if kept is not None:
            kept.version_id = version.id
        if kept is not None or start.kind == "none":
            continue
        timer = start.timer
        session.add(
            StartEvent(
                process_key=version.process_key,
                version_id=version.id,
                element=start.element,
                kind=start.kind,
                name=start.name,
                timer_kind=timer.kind if timer else "",
                timer_text=timer.text if timer else "",
                due=timers.first_due(session, start, services, moment),
            )
        )
    session.execute(delete(StartEvent).where(StartEvent.id.in_([row.id for row in before.values()])))
