"""Reminding and urging districts whose ledger, or whose receipt for it, is missing (P02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import notices
from engine.light import days_left
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import ledgers, serials
from workflows.organisation import units
from workflows.recipients import of_roles
from workflows.tables import Ledger, Urging


@dataclass(frozen=True, slots=True)
class Step:
    """``serial``: the series of the document that goes out; "" for a mere reminder."""

    rung: int
    kind: str
    message: str
    district: tuple[str, ...]
    city: tuple[str, ...] = ()
    serial: str = ""


STEPS: Mapping[str, Step] = {
    "receipt": Step(
        1, "reminder", N_("Please sign for the notice on the ledger of {district}."), ("district_supervision_officer",)
    ),
    "remind": Step(1, "reminder", N_("The ledger of {district} is due on {due}."), ("district_supervision_officer",)),
    "due": Step(
        2,
        "slip",
        N_("The ledger of {district} was due on {due}. Please submit it now."),
        ("district_supervision_officer", "district_leader"),
        serial="urging_slip",
    ),
    "escalate": Step(
        4,
        "order",
        N_("Supervision order: the ledger of {district}, due on {due}, is still missing."),
        ("district_supervision_officer", "district_leader"),
        ("synthesis_lead",),
        serial="supervision_order",
    ),
}
# A ledger that has been handed in troubles nobody any more.
_OWED = frozenset({"compiling", "signing", "returned"})


def urge(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Climb the ``step`` for the ledger: receipt, remind, due or escalate. Returns {"told", "number"}.

    Nobody is told of a ledger that is not owed any more. Raises ServiceFault: bad_step.
    """
    step = STEPS.get(inputs["step"])
    if step is None:
        raise ServiceFault("bad_step", N_("There is no step “{step}” of urging."), step=inputs["step"])
    ledger = ledgers.locked(session, inputs["ledger_id"])
    if ledger.status not in _OWED:
        return {"told": 0, "number": None}
    row = _row(session, ledger, step, instance, moment)
    zone = moment.calendar.zone
    params = {
        "district": units()[ledger.district].name,
        "due": ledger.due.astimezone(zone).date().isoformat() if ledger.due else "",
        "number": row.number or "",
    }
    people = (*of_roles(session, step.district, ledger.district, None), *of_roles(session, step.city, None, None))
    told = notices.post(session, people, f"ledger_{inputs['step']}", step.message, params, instance, moment)
    return {"told": told, "number": row.number}


def _row(session: Session, ledger: Ledger, step: Step, instance: Instance, moment: Moment) -> Urging:
    row = Urging(
        campaign_id=ledger.campaign_id,
        instance_id=instance.id,
        unit=ledger.district,
        district=ledger.district,
        rung=step.rung,
        kind=step.kind,
        number=serials.next_number(session, step.serial, moment) if step.serial else None,
        reason="ledger",
        due=ledger.due,
        at=moment.now,
        days_late=max(0, -days_left(ledger.due, moment)) if ledger.due else 0,
    )
    session.add(row)
    session.flush()
    return row
