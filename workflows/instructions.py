"""The register of leaders' instructions (批示件), which the process `leader_instruction` writes. S3.2

Each function below `register` is a service: ``(session, instance, inputs, moment) -> result``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import notices, organisations
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_
from workflows import campaigns, changes, serials
from workflows.recipients import of_roles, of_task
from workflows.tables import Campaign, Instruction

CLASSIFICATIONS = ("public", "internal", "work_secret")
ANSWERED = ("report_handling", "head_sign_off")  # tasks that the deadline is for
# The mark of a state secret on a document: 机密★20年. Non-secrets must not bear it (domain guide R15).
SECRET_MARK = re.compile(r"(绝密|机密|秘密)\s*[★☆]|[【\[(（]\s*(绝密|机密|秘密)\s*[】\])）]")


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Enter an instruction: ``answers`` of the registering officer, ``message`` that began the case (or None).

    Returns {"instruction_id", "number", "campaign_id"}. Raises ServiceFault: classification.
    """
    answers, message = inputs["answers"], inputs.get("message") or {}
    refuse_secrets([answers["classification"], message.get("classification")], [answers["instruction_text"]])
    row = session.get(Instruction, _id_of(message, instance))
    if row is None:
        row = Instruction(
            id=_id_of(message, instance),
            number=message.get("number") or serials.next_number(session, "instruction", moment),
            campaign_id=campaign_of(session, message),
            parent_id=_known(session, message.get("parent_id")),
            source_instance_id=_case(session, message.get("source_instance_id")),
            registered_at=moment.now,
            co_units=[],
            linked_items=[],
        )
        session.add(row)
    row.title, row.task_code, row.instance_id, row.status = (
        instance.title,
        instance.task_code,
        instance.id,
        "registered",
    )
    for name in ("source_kind", "leader_post", "instruction_text", "action_required", "urgency", "classification"):
        setattr(row, name, answers[name])
    row.instruction_date = to_date(answers["instruction_date"], moment)
    session.flush()
    return {"instruction_id": row.id, "number": row.number, "campaign_id": row.campaign_id}


def dispatch(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Hand an instruction out as ``proposal`` says, to its lead unit and to further ``units`` that the decision named.

    Returns {"units": [{"unit", "co_units"}]}: the lead unit asks the co-units for their opinions, the others don't.
    """
    proposal = inputs["proposal"]
    handlers = list(dict.fromkeys([proposal["lead_unit"], *(inputs.get("units") or [])]))
    co_units = [unit for unit in dict.fromkeys(proposal.get("co_units") or []) if unit not in handlers]
    row = of(session, instance)
    row.lead_unit, row.co_units, row.linked_items = handlers[0], co_units, list(proposal.get("linked_items") or [])
    row.deadline, row.status, row.dispatched_at = to_date(proposal["deadline"], moment), "dispatched", moment.now
    return {
        "units": [{"unit": unit, "co_units": co_units if place == 0 else []} for place, unit in enumerate(handlers)]
    }


def pass_on(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """A unit declined, or was replaced: ``after`` takes the place of ``before``. Returns {"unit", "name"}.

    Raises ServiceFault: unknown_unit.
    """
    before, after = str(inputs["before"]), str(inputs["after"])
    name = organisations.names(session, [after]).get(after)
    if name is None:
        raise ServiceFault("unknown_unit", N_("There is no organisation with the code {org}."), org=after)
    row = of(session, instance)
    row.declines += 1 if inputs.get("declined") else 0
    if row.lead_unit == before:
        row.lead_unit = after
    row.co_units = [unit for unit in row.co_units if unit != after]
    return {"unit": after, "name": name}


def change(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """A granted change takes effect on the row and on open tasks: ``deadline``, and ``after`` in place of ``before``.

    Returns {"deadline", "unit", "moved": count of tasks}. Raises ServiceFault: bad_deadline, unknown_unit.
    """
    deadline = changes.as_deadline(inputs["deadline"], moment)
    before, after = str(inputs["before"]), str(inputs["after"])
    row = of(session, instance)
    row.deadline = deadline
    if row.lead_unit == before:
        row.lead_unit = after
    moved = changes.move(session, instance, ANSWERED, deadline, (before, after), moment)
    return {"deadline": deadline.isoformat(), "unit": after, "moved": moved}


def note_stage(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """A unit reported a stage: tell the synthesis group. Returns {"told"}."""
    unit = str(inputs["unit"])
    row = of(session, instance)
    row.status = "handling"
    params = {"title": instance.title, "unit": organisations.names(session, [unit]).get(unit, unit)}
    message = N_("“{title}”: {unit} has reported how far it has come.")
    people = of_roles(session, ["synthesis_officer"], None, None)
    return {"told": notices.post(session, people, "notice", message, params, instance, moment)}


def mark(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Note the ``status``, and the ``quality`` or the leader's ``verdict`` where given. Returns {"status"}."""
    row = of(session, instance)
    row.status = str(inputs["status"])
    row.quality = inputs.get("quality") or row.quality
    row.verdict = inputs.get("verdict") or row.verdict
    if row.status == "reported":
        row.reported_at = moment.now
    return {"status": row.status}


def archive(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Put an instruction on file under ``file_no``, to be kept for ``retention``. Returns {"status"}."""
    row = of(session, instance)
    row.file_no, row.retention = str(inputs["file_no"]), str(inputs["retention"])
    row.status, row.ended_at = "archived", moment.now
    return {"status": row.status}


def cancel(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """An instruction was withdrawn for a ``reason``: tell who was at work on it. Returns {"status", "told"}."""
    row = session.scalar(select(Instruction).where(Instruction.instance_id == instance.id))
    if row is not None:  # else it had not been registered yet
        row.status, row.reason, row.ended_at = "cancelled", str(inputs["reason"]), moment.now
    params = {"title": instance.title, "reason": str(inputs["reason"])}
    message = N_("“{title}” was cancelled: {reason} Nothing more is to be done.")
    told = notices.post(session, _at_work(session, instance), "notice", message, params, instance, moment)
    return {"status": "cancelled", "told": told}


def of(session: Session, instance: Instance) -> Instruction:
    """The row of the case. Raises ServiceFault: not_registered."""
    row = session.scalar(select(Instruction).where(Instruction.instance_id == instance.id))
    if row is None:
        raise ServiceFault("not_registered", N_("This instruction is not in the register."))
    return row


def refuse_secrets(classes: Iterable[str | None], texts: Iterable[str | None]) -> None:
    """Raises ServiceFault: classification, for a class above work secrets and for texts that bear the mark of one.

    State secrets must not be processed on a system that is not classified for them (domain guide R15, D8).
    """
    is_above = any(name is not None and name not in CLASSIFICATIONS for name in classes)
    if is_above or any(SECRET_MARK.search(text or "") for text in texts):
        raise ServiceFault("classification", N_("State secrets must not be entered into this system."))


def campaign_of(session: Session, message: Mapping[str, Any]) -> str | None:
    """The campaign that a message names, if it exists; else the one that is active, if there is just one."""
    named = message.get("campaign_id")
    campaign = session.get(Campaign, str(named)) if named else campaigns.only_active(session)
    return campaign.id if campaign else None


def _id_of(message: Mapping[str, Any], instance: Instance) -> str:
    return str(message.get("instruction_id") or instance.id)


def _known(session: Session, instruction_id: str | None) -> str | None:
    return instruction_id if instruction_id and session.get(Instruction, instruction_id) else None


def _case(session: Session, instance_id: str | None) -> str | None:
    return instance_id if instance_id and session.get(Instance, instance_id) else None


def _at_work(session: Session, instance: Instance) -> list[str]:
    """Who has done a task of the case, or had one that was taken away."""
    tasks = session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status != "open")).all()
    stopped = [account for task in tasks if task.status == "cancelled" for account in of_task(session, task)]
    return [*(task.performer for task in tasks if task.performer), *stopped]
