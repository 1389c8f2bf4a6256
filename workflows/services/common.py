"""What any process of the supervision may need: numbers, parameters, urging, notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import notices
from engine.services import Service, ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import parameters, profiles, publication, publicity, reminders, serials, urging
from workflows.papers.urged import with_papers
from workflows.parameters import PARAMETERS
from workflows.recipients import of_roles


def notify(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Tell all who hold one of ``roles`` in ``unit`` or above it. Returns {"told": count}."""
    people = of_roles(session, inputs["roles"], inputs.get("unit"), instance.task_code)
    params = {"text": inputs["text"], "title": instance.title}
    told = notices.post(session, people, "notice", N_("“{title}”: {text}"), params, instance, moment)
    if not told:
        raise ServiceFault("nobody", N_("Nobody holds the roles that the notice is meant for."))
    return {"told": told}


TABLE = (
    Service("assign_number", N_("Give a document or a case its number"), ("kind",), ("number", "id"), serials.assign),
    Service(
        "parameters",
        N_("Read the parameters as they are today"),
        (),
        tuple(PARAMETERS),
        parameters.read,
        premises=parameters.premises,
    ),
    Service(
        "legal_profile",
        N_("Read the legal profile"),
        ("profile",),
        ("profile", "objection_basis", "major_decision", "authority_required", "approval_of_criticism"),
        profiles.read,
    ),
    Service(
        "urge",
        N_("Remind or urge whoever has a task"),
        ("element", "unit"),
        ("rung", "told", "unit"),
        with_papers(urging.urge),
    ),
    Service(
        "publicity",
        N_("Announce a result to the public"),
        ("subject", "unit", "text", "until"),
        ("subject", "unit", "text", "since", "until", "shown", "verdict", "basis"),
        publicity.publish,
    ),
    Service(
        "publication_gate",
        N_("Judge whether something may be published, and hide personal data in it"),
        ("text", "classification", "draft", "publishable", "ground"),
        ("verdict", "passed", "basis", "text", "masked"),
        publication.gate,
    ),
    Service("remind", N_("Remind whoever still has a task"), ("element", "text"), ("told",), reminders.remind),
    Service("notify", N_("Tell the holders of roles"), ("roles", "unit", "text"), ("told",), notify),
)
