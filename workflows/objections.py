"""Objections to conclusions (异议复核): filed, taken up in time, reviewed by others than the authors, decided; P08.

Under the rules of 2021 this is a right (decree 733, article 17: thirty days to object, thirty days to decide, authors
recuse); under those of 2013 it is a rule of the house with the same flow, whose days are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import messages, notices
from engine.access import Actor, NotFound, NotYours, grant_for
from engine.organisations import paths
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_, Fault
from workflows import assessments, campaigns, media, parameters, profiles, serials
from workflows.recipients import of_roles
from workflows.tables import Campaign, Objection, Urging
from workflows.tables.base import TITLE

FILED = "msg_objection_filed"
# Whom a conclusion is addressed to does not write it.
OBJECTORS = ("district_supervision_officer", "district_unit_officer", "lead_unit_officer", "co_unit_officer")
ADDRESSED = ("district_leader", *OBJECTORS)
TOLD_OF_LIMITS = ("group_leader", "office_director")
OUTCOMES = ("decided", "rejected_late", "inadmissible", "cancelled")


class NotRunning(Fault):
    """There is no order to object to any more: the case has ended."""


# ---- services


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the objection under a number. ``filed`` is the payload of msg_objection_filed.

    Returns {"objection_id", "number", "unit", "campaign_id", "received_on", "filed_on", "grounds"}; days that the
    message doesn't name are today.
    """
    filed = inputs["filed"]
    source = filed.get("source_instance_id") or filed["conclusion_id"]
    received = to_date(filed.get("received_on") or moment.today, moment)
    filed_on = to_date(filed.get("filed_on") or moment.today, moment)
    objection = Objection(
        id=instance.id,
        number=serials.next_number(session, "objection", moment),
        title=str(filed.get("title") or instance.title)[:TITLE],
        conclusion_id=str(filed["conclusion_id"]),
        campaign_id=campaigns.of_case(session, filed.get("campaign_id")),
        task_code=filed.get("task_code") or instance.task_code,
        unit=filed.get("org") or instance.org,
        authors=[],
        grounds=str(filed.get("grounds") or ""),
        received_on=received,
        filed_on=filed_on,
        status="filed",
        source=str(filed.get("source") or "external"),
        source_instance_id=source if session.get(Instance, source) is not None else None,
        instance_id=instance.id,
        filed_at=moment.now,
    )
    session.add(objection)
    session.flush()
    return {
        "objection_id": objection.id,
        "number": objection.number,
        "unit": objection.unit,
        "campaign_id": objection.campaign_id,
        "received_on": received.isoformat(),
        "filed_on": filed_on.isoformat(),
        "grounds": objection.grounds,
    }


def rules(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Which rules the objection is under: those of its campaign, else those in force today.

    Returns {"profile", "basis" statutory|house, "filing_days", "review_days", "warning_day", "accept_days"}.
    What a statute fixes no parameter changes.
    """
    campaign = session.get(Campaign, inputs["campaign_id"]) if inputs["campaign_id"] else None
    profile = profiles.PROFILES[campaign.profile] if campaign else profiles.on(moment.today)
    names = ("objection_days", "objection_review_days", "objection_warning_day", "objection_accept_days")
    house = parameters.values(session, moment.today, names)
    return {
        "profile": profile.name,
        "basis": profile.objection_basis,
        "filing_days": profile.objection_days or house["objection_days"],
        "review_days": profile.objection_days or house["objection_review_days"],
        "warning_day": house["objection_warning_day"],
        "accept_days": house["objection_accept_days"],
    }


def exclude_authors(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Find who wrote the conclusion, and so must not review it; keep the days that the officer established.

    Authors are the accounts that the message names and all who acted for the supervision in the case from which
    the conclusion comes.  Returns {"authors": [account ids], "due_on": last day for the decision}.
    """
    objection = _get(session, inputs["objection_id"])
    objection.received_on = to_date(inputs["received_on"], moment)
    objection.filed_on = to_date(inputs["filed_on"], moment)
    objection.due_on = objection.filed_on + timedelta(days=int(inputs["review_days"]))
    objection.grounds = inputs["grounds"]
    objection.status = "reviewing"
    done = session.execute(
        select(Task.performer, Task.roles).where(
            Task.instance_id == objection.source_instance_id, Task.performer.is_not(None)
        )
    )
    acted = {str(performer) for performer, roles in done if not set(roles) & set(ADDRESSED)}
    objection.authors = sorted(acted | {author for author in inputs["authors"] or () if isinstance(author, str)})
    return {"authors": objection.authors, "due_on": objection.due_on.isoformat()}


def mark_overdue(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The limit has passed without a decision: silence decides nothing, but it is on record, and is told.

    Returns {"status"}.
    """
    objection = _get(session, inputs["objection_id"])
    objection.status = "overdue"
    people = of_roles(session, TOLD_OF_LIMITS, None, None)
    message = N_("The review of “{title}” was due on {due} and is not decided yet.")
    params = {"title": objection.title, "due": objection.due_on.isoformat() if objection.due_on else ""}
    notices.post(session, people, "overdue", message, params, instance, moment)
    return {"status": objection.status}


def settle(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the objection: ``outcome``, and with a decision its ``verdict`` uphold, amend or revoke.

    Returns {"outcome", "decision": what holds for the conclusion, "on_time"}; what was not decided leaves it as it is.
    Raises ServiceFault: bad_outcome.
    """
    objection, outcome = _get(session, inputs["objection_id"]), inputs["outcome"]
    if outcome not in OUTCOMES:
        raise ServiceFault("bad_outcome", N_("An objection can't end as “{outcome}”."), outcome=outcome)
    objection.status = outcome
    objection.verdict = inputs["verdict"] if outcome == "decided" else None
    objection.decided_at = moment.now
    on_time = objection.due_on is None or moment.today <= objection.due_on
    return {"outcome": outcome, "decision": objection.verdict or "uphold", "on_time": on_time}


def correct(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Undo what a revoked conclusion has brought upon the unit: its urgings and its points no longer count, what was
    published because of it is to be corrected.

    Returns {"urgings": how many, "scores": how many were computed anew, "exposures": how many cases are told,
    "source_instance_id"}. The case itself ends by the message of the decision.
    """
    objection = _get(session, inputs["objection_id"])
    if objection.source_instance_id is None:
        return {"urgings": 0, "scores": 0, "exposures": 0, "source_instance_id": None}
    void = (
        update(Urging)
        .where(Urging.instance_id == objection.source_instance_id, Urging.void_since.is_(None))
        .values(void_since=moment.now)
    )
    changed = session.execute(void).rowcount  # type: ignore[attr-defined]
    rescored = assessments.undo(session, objection.source_instance_id, moment)
    told = media.correct_of_order(session, objection.source_instance_id, objection.number, moment)
    return {
        "urgings": changed,
        "scores": len(rescored),
        "exposures": told,
        "source_instance_id": objection.source_instance_id,
    }


# ---- operations


def file(session: Session, actor: Actor, instance_id: str, grounds: str, moment: Moment) -> None:
    """Object to an order after it was signed for; for the unit's supervision office and the unit itself.

    Whether it is in time is decided by whoever takes it up.  Raises NotYours, NotFound, NotRunning.
    """
    instance = session.get(Instance, instance_id)
    if instance is None:
        raise NotFound()
    unit = str(instance.variables.get("unit") or instance.org)
    if grant_for(actor, OBJECTORS, paths(session, [unit]).get(unit), instance.task_code) is None:
        raise NotYours()
    if instance.status != "active":
        raise NotRunning()
    signed = select(Task.closed_at).where(Task.instance_id == instance_id, Task.element == "sign_order")
    received = session.scalars(signed.where(Task.performer.is_not(None)).order_by(Task.closed_at)).first()
    payload = {
        "conclusion_id": instance_id,
        "title": instance.title,
        "org": unit,
        "task_code": instance.task_code,
        "campaign_id": instance.variables.get("campaign_id"),
        "received_on": received.astimezone(moment.calendar.zone).date().isoformat() if received else None,
        "filed_on": moment.today.isoformat(),
        "grounds": grounds,
        "source": instance.process_key,
        "source_instance_id": instance_id,
    }
    messages.send(session, FILED, instance_id, payload, moment)


def _get(session: Session, objection_id: Any) -> Objection:
    objection = session.get(Objection, objection_id) if isinstance(objection_id, str) else None
    if objection is None:
        raise ServiceFault("no_objection", N_("There is no objection with the id {id}."), id=objection_id)
    return objection
