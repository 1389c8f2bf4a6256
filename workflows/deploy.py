"""From document files to published versions: a diagram with the forms and decision tables that it names.

The forms of process ``key`` lie in ``forms/documents/<key>/``, decision tables in ``bpmn/decisions/<id>.dmn``; for a
diagram elsewhere they are looked for in ``forms/`` and ``decisions/`` beside it first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bpmn.check import Known, check_diagram
from bpmn.decisions import check_decision
from bpmn.diagram import Diagram, read_diagram
from bpmn.foreign import Adopted, adopt
from bpmn.foreign.ids import subject
from bpmn.moment import Moment
from engine import accounts
from engine.access import ADMIN
from engine.publish import Bundle, publish
from engine.tables import Version
from faults import Fault, Problem, Refused
from forms.document import check_form
from workflows.documents import DECISIONS, FORMS, PROCESSES
from workflows.roles import ROLES
from workflows.services import SERVICES

# What is called must be published before its caller.
SHIPPED = (
    "change_request",
    "item_progress",
    "rectification",
    "objection_review",
    "common_problem",
    "campaign_setup",
    "ledger_establishment",
    "leader_instruction",
    "municipal_escalation",
    "onsite_supervision",
    "performance_assessment",
    "joint_supervision",
    "public_opinion",
    "disclosure_cycle",
    "democratic_supervision",
    "flash_bulletin",
    "monthly_cycle",
    "quarterly_report",
    "media_supervision",
    "accountability",
)


class NoAdministrator(Fault):
    """There is no account with the role admin, in whose name to publish. Create one first."""


class NotADocument(Fault):
    """{path} is neither a diagram (.bpmn), a decision table (.dmn) nor a form (.json)."""


class AlreadyThere(Fault):
    """{path} exists already and was left as it is. Choose another folder, or move the file away."""


def shipped() -> tuple[Path, ...]:
    """The diagrams that come with the program, those that are called first."""
    return tuple(PROCESSES / f"{key}.bpmn" for key in SHIPPED)


def bundle_of(path: Path) -> Bundle:
    """The diagram in the file with its forms and tables. Raises Refused for a diagram that can't be read, OSError."""
    data = path.read_bytes()
    diagram = read_diagram(data)
    return Bundle(diagram=data, forms=_forms(diagram, path), decisions=_decisions(diagram, path))


def deploy_file(session: Session, path: Path, moment: Moment) -> Version:
    """Publish a diagram file for the first administrator. Raises Refused, PublishRefused, NoAdministrator."""
    administrators = accounts.holders(session, ADMIN)
    if not administrators:
        raise NoAdministrator
    actor = accounts.actor(session, administrators[0].id)
    return publish(session, actor, bundle_of(path), path.name, SERVICES, moment)


def deploy_shipped(session: Session, moment: Moment) -> tuple[Version, ...]:
    """Publish the shipped processes; what is published already stays as it is."""
    return tuple(deploy_file(session, path, moment) for path in shipped())


def import_file(path: Path, folder: Path) -> Adopted:
    """Write the diagram of another engine, in our words, and its forms into a folder that `deploy_file` can read.

    Raises Refused for what is no diagram, AlreadyThere, OSError.
    """
    adopted = adopt(path.read_bytes())
    key, _ = subject(read_diagram(adopted.diagram))
    diagram = folder / f"{key}.bpmn"
    if diagram.exists():
        raise AlreadyThere(path=diagram)
    (folder / "forms" / key).mkdir(parents=True, exist_ok=True)
    diagram.write_bytes(adopted.diagram)
    for name, document in adopted.forms.items():
        text = json.dumps(document, ensure_ascii=False, indent=2)
        (folder / "forms" / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return adopted


def check_file(path: Path) -> tuple[Problem, ...]:
    """All problems of one document, without a database. Raises NotADocument, OSError."""
    if path.suffix == ".dmn":
        return check_decision(path.read_bytes())
    if path.suffix == ".json":
        return check_form(path.read_bytes())
    if path.suffix != ".bpmn":
        raise NotADocument(path=path)
    try:
        diagram = read_diagram(path.read_bytes())
    except Refused as refused:
        return refused.problems
    return check_diagram(diagram, _known(diagram, path))


def _known(diagram: Diagram, path: Path) -> Known:
    called = {file.stem: _calls(read_diagram(file.read_bytes())) for file in PROCESSES.glob("*.bpmn")}
    called |= {process.key: _calls(diagram) for process in diagram.processes}
    return Known(
        forms=frozenset(_forms(diagram, path)),
        decisions=frozenset(_decisions(diagram, path)),
        services=frozenset(SERVICES),
        processes=frozenset(called),
        roles=frozenset(ROLES),
        calls=called,
    )


def _calls(diagram: Diagram) -> frozenset[str]:
    elements = (element for process in diagram.processes for element in process.elements.values())
    return frozenset(element.called for element in elements if element.called)


def _forms(diagram: Diagram, path: Path) -> Mapping[str, Mapping[str, Any]]:
    """The forms of the user tasks, as far as they exist, by name."""
    found = {}
    for process in diagram.processes:
        for element in process.elements.values():
            if element.kind == "userTask":
                name = process.form_of(element)
                file = _first(path.parent / "forms" / f"{name}.json", FORMS / f"{name}.json")
                if file is not None:
                    found[name] = json.loads(file.read_text("utf-8"))
    return found


def _decisions(diagram: Diagram, path: Path) -> Mapping[str, bytes]:
    found = {}
    for process in diagram.processes:
        for element in process.elements.values():
            name = element.attributes.get("decision")
            file = _first(path.parent / "decisions" / f"{name}.dmn", DECISIONS / f"{name}.dmn") if name else None
            if name and file is not None:
                found[name] = file.read_bytes()
    return found


def _first(*files: Path) -> Path | None:
    """The first that is there. A name that climbs out of its folder leads nowhere."""
    return next((file for file in files if ".." not in file.parts and file.is_file()), None)
