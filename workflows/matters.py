"""The register of matters submitted for a municipal decision (提请决策事项), which `municipal_escalation` writes.

S2.2 S3.3 S4.1c.  Each function below `register` is a service: ``(session, instance, inputs, moment) -> result``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import notices
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import organisation, parameters, serials
from workflows.instructions import campaign_of, refuse_secrets
from workflows.recipients import of_roles
from workflows.tables import Campaign, Ledger, LedgerItem, Matter, Problem
from workflows.tables.base import Base

ADDRESSEE = "110000"  # 市政府: one request, one addressee
STEPS = ("public_comment", "expert", "risk", "legality", "collective")


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Enter the matter that ``message`` asks to have decided.

    Returns {"matter_id", "number", "campaign_id", "profile", "lead_unit", "units", "timely"}: the campaign's legal
    profile (None without a campaign), who is to countersign, and whether it was submitted in time (S3.3).
    Raises ServiceFault: duplicate, classification.
    """
    message = inputs["message"]
    refuse_secrets([message.get("classification")], [message.get("matter"), message.get("background")])
    if session.get(Matter, str(message.get("matter_id"))) is not None:
        raise ServiceFault("duplicate", N_("This matter is being handled already."))
    row = _new(session, instance, message, moment)
    session.add(row)
    session.flush()
    campaign = session.get(Campaign, row.campaign_id) if row.campaign_id else None
    lead_units = _lead_units(instance.task_code)
    return {
        "matter_id": row.id,
        "number": row.number,
        "campaign_id": row.campaign_id,
        "profile": campaign.profile if campaign else None,
        "lead_unit": lead_units[0] if lead_units else None,
        "units": _countersigners([*lead_units, *(message.get("units") or [])]) or _countersigners([row.unit or ""]),
        "timely": _is_timely(session, row.first_needed_on, moment),
    }


def draft(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Take over what the ``request`` says; it goes round for countersigning.

    Returns {"units"}: who is to countersign, ``units`` and those that the options concern.
    """
    request = inputs["request"]
    texts = (request["matter"], request["background"], request["tried"], request["recommended"])
    refuse_secrets([], texts)
    row = of(session, instance)
    row.title, row.background, row.urgency = request["matter"], request["background"], request["urgency"]
    row.fund_amount = Decimal(request["fund_amount"]) if request.get("fund_amount") else None
    row.status = "countersigning"
    concerned = [unit for option in request["options"] for unit in option.get("units") or []]
    return {"units": _countersigners([*inputs["units"], *concerned])}


def mark(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Note how far it is: ``status``, and the ``procedure`` of D10 where given. Returns {"status"}."""
    row = of(session, instance)
    row.status = str(inputs["status"])
    row.procedure = inputs.get("procedure") or row.procedure
    if row.status == "submitted":
        row.submitted_at = moment.now
    return {"status": row.status}


def check_procedure(
    session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment
) -> Mapping[str, Any]:
    """What the statutory procedure (R4) still lacks, by its ``steps``.

    ``public_comment_days`` are calendar days, ``legality_review_days`` working days.  Returns {"missing": steps that
    are not done, or were done in too short a time, "complete"}.
    """
    done = dict.fromkeys(STEPS, False)
    for row in inputs["steps"]:
        if row.get("finished_on"):
            started, finished = to_date(row["started_on"], moment), to_date(row["finished_on"], moment)
            done[row["step"]] = done[row["step"]] or _is_long_enough(row["step"], started, finished, inputs, moment)
    missing = [step for step, is_done in done.items() if not is_done]
    return {"missing": missing, "complete": not missing}


def decide(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Enter the ``decision`` (answers of `record_decision`) and its ``verdict``, approve or amend.

    Returns {"number", "instruction_id", "instruction_number"}: of the decision, and of the instruction that carries it
    out (S3.2).
    """
    decision = inputs["decision"]
    refuse_secrets([], [decision["decision_text"]])
    row = of(session, instance)
    row.status, row.verdict, row.decided_at = "decided", str(inputs["verdict"]), moment.now
    row.decision_text, row.handling_units = decision["decision_text"], list(decision["handling_units"])
    row.deadline = to_date(decision["deadline"], moment)
    return {
        "number": serials.next_number(session, "decision", moment),
        "instruction_id": uuid4().hex,
        "instruction_number": serials.next_number(session, "instruction", moment),
    }


def reject(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """The matter was decided with no, for a ``reason``. Returns {"status"}."""
    row = of(session, instance)
    row.status, row.verdict, row.decided_at = "decided", "reject", moment.now
    row.decision_text = str(inputs.get("reason") or "")
    return {"status": row.status}


def end(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """The matter is no longer to be decided: ``status`` withdrawn or cancelled, for a ``reason``.

    Tells the office and the synthesis group. Returns {"status", "told"}.
    """
    row = session.scalar(select(Matter).where(Matter.instance_id == instance.id))
    if row is not None:  # else it had not been registered yet
        row.status, row.reason = str(inputs["status"]), str(inputs["reason"])
    people = of_roles(session, ["office_director", "synthesis_officer"], None, None)
    params = {"title": instance.title, "reason": str(inputs["reason"])}
    message = N_("“{title}” is no longer to be decided: {reason}")
    told = notices.post(session, people, "notice", message, params, instance, moment)
    return {"status": str(inputs["status"]), "told": told}


def of(session: Session, instance: Instance) -> Matter:
    """The row of the case. Raises ServiceFault: not_registered."""
    row = session.scalar(select(Matter).where(Matter.instance_id == instance.id))
    if row is None:
        raise ServiceFault("not_registered", N_("This matter is not in the register."))
    return row


def _new(session: Session, instance: Instance, message: Mapping[str, Any], moment: Moment) -> Matter:
    needed = message.get("first_needed_on")
    return Matter(
        id=str(message.get("matter_id") or instance.id),
        number=message.get("number") or serials.next_number(session, "matter", moment),
        title=instance.title,
        background=str(message.get("background") or ""),
        campaign_id=campaign_of(session, message),
        ledger_id=_known(session, Ledger, message.get("ledger_id")),
        item_id=_known(session, LedgerItem, message.get("item_id")),
        problem_id=_known(session, Problem, message.get("problem_id")),
        task_code=instance.task_code,
        unit=message.get("unit"),
        addressee=ADDRESSEE,
        status="drafting",
        handling_units=[],
        first_needed_on=to_date(needed, moment) if needed else None,
        source=str(message.get("source") or "municipal_escalation"),
        source_instance_id=_known(session, Instance, message.get("source_instance_id")),
        instance_id=instance.id,
        requested_at=moment.now,
    )


def _lead_units(task_code: str | None) -> list[str]:
    leads = organisation.of_kind("lead_unit")
    return [unit.code for unit in leads if task_code is not None and unit.task_code == task_code]


def _countersigners(codes: Iterable[str]) -> list[str]:
    """Each known organisation once. Bodies of the Party are not asked: they are not subordinate (domain guide 2)."""
    known = organisation.units()
    return [code for code in dict.fromkeys(codes) if code in known and known[code].kind != "liaison_body"]


def _is_long_enough(step: str, started: date, finished: date, inputs: Mapping[str, Any], moment: Moment) -> bool:
    earliest = started
    if step == "public_comment":
        earliest = _day(moment.calendar_days(inputs["public_comment_days"], started), moment)
    if step == "legality":
        earliest = _day(moment.working_days(inputs["legality_review_days"], started), moment)
    return finished >= earliest


def _is_timely(session: Session, first_needed_on: date | None, moment: Moment) -> bool | None:
    """S3.3: whether the matter came in time after the first report that asked for a decision, if one did."""
    if first_needed_on is None:
        return None
    days = int(parameters.value(session, "decision_timely_days", moment.today))
    return moment.today <= _day(moment.working_days(days, first_needed_on), moment)


def _day(instant: datetime, moment: Moment) -> date:
    return instant.astimezone(moment.calendar.zone).date()


def _known(session: Session, table: type[Base], key: Any) -> str | None:
    """The key, if there is such a row: what a message says need not be true."""
    return key if isinstance(key, str) and session.get(table, key) is not None else None
