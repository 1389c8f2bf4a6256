"""Referrals for accountability (责任追究): registered, verified, weighed, approved, handed over; M7b.

The system proposes, people decide.  A clue of corruption is seen by nobody but those who deal with it, and neither are
the cases that brought it up.  Source: domain guide, M7b and D7; clauses S4.7e, S4.7f.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import messages, restriction
from engine.access import Actor, NotFound, is_let_in, require
from engine.services import ServiceFault
from engine.tables import Instance, Message
from faults import N_, Fault, Problem, Refused
from workflows import campaigns, serials
from workflows.organisation import units
from workflows.tables import LedgerItem, Referral
from workflows.tables import Problem as PoolProblem
from workflows.tables.base import TITLE

REFERRED, RESULT = "msg_accountability_referral", "msg_authority_result"
CONDUCTS = ("inaction", "wrongful", "absence", "inadequate", "false", "obstruct", "corruption")
CORRUPTION = "corruption"
MEASURES = ("none", "remind", "talk", "circulate", "refer")
# What counts when a unit comes before the office again.
HELD_AGAINST = ("remind", "talk", "circulate", "refer")
OUTCOMES = ("closed", "no_measure", "unfounded", "rejected", "cancelled")
# Cases that consist of the clue itself; others, such as the tracking of an item, have work of their own to do.
CLUE_CARRIERS = ("common_problem", "media_supervision", "public_opinion")
OFFICERS = ("discipline_officer",)
LONGEST_RESULT = 4000


class NotAwaited(Fault):
    """No result is awaited in this case now. Reload the page to see how far it is."""


class ResultRefused(Refused):
    """The result can't be entered like this. Correct the marked fields and try again."""


# ---- services


def receive(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what was referred, under the number that it came with or the next one.

    ``report`` is the payload of msg_accountability_referral.  Returns what the form of registration shows.
    """
    report = inputs["report"]
    conduct = report.get("conduct")
    unit = report.get("subject_unit") or report.get("org")
    source = _source(session, instance)
    referral = Referral(
        id=instance.id,
        referral_id=str(report.get("referral_id") or instance.id)[:TITLE],
        number=_number(session, report.get("number"), moment),
        title=str(report.get("title") or instance.title)[:TITLE],
        campaign_id=campaigns.of_case(session, report.get("campaign_id")),
        subject_unit=unit if unit in units() else None,
        task_code=report.get("task_code") or instance.task_code,
        item_id=_known_item(session, report.get("item_id")),
        conduct=conduct if conduct in CONDUCTS else "inadequate",
        facts=str(report.get("facts") or ""),
        source=source.process_key if source is not None else "external",
        source_ref=str(report["source_ref"])[:TITLE] if report.get("source_ref") else None,
        source_instance_id=source.id if source is not None else None,
        status="received",
        hidden=conduct == CORRUPTION,
        instance_id=instance.id,
        received_at=moment.now,
    )
    session.add(referral)
    session.flush()
    return {
        "referral_id": referral.referral_id,
        "number": referral.number,
        "subject_unit": referral.subject_unit,
        "conduct": referral.conduct,
        "facts": referral.facts,
        "source": referral.source,
        "source_ref": referral.source_ref or referral.referral_id,
        "campaign_id": referral.campaign_id,
    }


def restrict(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Let only ``roles`` see the case from now on, and with it the cases that consist of the same clue.

    Returns {"roles", "cases": how many besides this one}.
    """
    roles = tuple(inputs["roles"])
    referral = _get(session, instance)
    referral.hidden = True
    restriction.restrict(session, instance, roles, moment)
    others = restriction.restrict_others(session, _carriers(session, referral), roles)
    return {"roles": list(roles), "cases": len(others)}


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the head of the synthesis group has established. Returns {"number", "subject_unit", "conduct"}.

    What came as a clue of corruption and turns out to be something else is open again.  Raises ServiceFault:
    bad_conduct.
    """
    referral = _get(session, instance)
    referral.subject_unit, referral.conduct = inputs["subject_unit"], _conduct(inputs["conduct"])
    referral.facts, referral.source_ref = inputs["facts"], str(inputs["source_ref"])[:TITLE]
    referral.status = "registered"
    if referral.hidden and referral.conduct != CORRUPTION:
        referral.hidden = False
        restriction.lift(session, instance, moment)
        restriction.lift_others(session, _carriers(session, referral))
    return {"number": referral.number, "subject_unit": referral.subject_unit, "conduct": referral.conduct}


def weigh(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what was verified, and count for D7 which measures there were against the unit in this campaign.

    Returns {"conduct", "talks", "earlier"}; referrals that are hidden count for nothing.  Raises ServiceFault:
    bad_conduct.
    """
    referral = _get(session, instance)
    referral.verified, referral.consequence = inputs["verified"], inputs["consequence"]
    referral.good_faith, referral.conduct = inputs["good_faith"], _conduct(inputs["conduct"])
    referral.status = "verified"
    session.flush()
    same = (
        Referral.subject_unit == referral.subject_unit,
        Referral.campaign_id.is_not_distinct_from(referral.campaign_id),
        Referral.id != referral.id,
        Referral.hidden.is_(False),
        Referral.measure.in_(HELD_AGAINST),
        Referral.status.in_(("awaiting", "closed")),
    )
    counted: dict[str | None, int] = dict(
        session.execute(select(Referral.measure, func.count()).where(*same).group_by(Referral.measure)).all()
    )
    return {"conduct": referral.conduct, "talks": counted.get("talk", 0), "earlier": sum(counted.values())}


def decide(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the measure that was approved; ``proposed`` is what D7 said. Returns {"measure", "number"}.

    Raises ServiceFault: bad_measure.
    """
    measure = inputs["measure"]
    if measure not in MEASURES:
        raise ServiceFault("bad_measure", N_("There is no measure called “{measure}”."), measure=measure)
    referral = _get(session, instance)
    referral.proposed, referral.measure = inputs["proposed"], measure
    referral.measure_on = moment.today
    referral.status = "awaiting"
    return {"measure": measure, "number": referral.number}


def transfer(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep to whom the clue was handed over, and when. Returns {"number", "authority", "transferred_on"}."""
    referral = _get(session, instance)
    referral.proposed = referral.measure = "transfer"
    referral.authority = str(inputs["authority"])[:TITLE]
    referral.transferred_on = campaigns.day(inputs["transferred_on"], moment)
    referral.status = "transferred"
    return {
        "number": referral.number,
        "authority": referral.authority,
        "transferred_on": referral.transferred_on.isoformat(),
    }


def settle(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the referral with its ``outcome``, the ``result`` in words and whether it is circulated (``publish``).

    Returns {"outcome", "measure"}.  Raises ServiceFault: bad_outcome.
    """
    outcome = inputs["outcome"]
    if outcome not in OUTCOMES:
        raise ServiceFault("bad_outcome", N_("A referral can't end as “{outcome}”."), outcome=outcome)
    referral = session.get(Referral, instance.id)
    if referral is None:
        return {"outcome": outcome, "measure": None}  # called off before anything was kept
    referral.status, referral.ended_at = outcome, moment.now
    referral.outcome, referral.publish = inputs.get("result"), inputs.get("publish")
    return {"outcome": outcome, "measure": referral.measure}


# ---- operations


def awaited(session: Session, actor: Actor, instance_id: str) -> Referral | None:
    """The referral whose result the actor may enter now; None where there is nothing to enter for him."""
    instance = session.get(Instance, instance_id)
    if instance is None or not actor.holds(*OFFICERS) or not is_let_in(actor, instance.restricted_to):
        return None
    referral = session.get(Referral, instance_id)
    is_awaited = referral is not None and referral.status in ("awaiting", "transferred")
    return referral if is_awaited and instance.status == "active" else None


def enter_result(session: Session, actor: Actor, instance_id: str, result: str, moment: Moment) -> str:
    """Enter what the authority has answered, as by the message from outside; returns the id of the message.

    Raises NotYours, NotFound, NotAwaited, ResultRefused.
    """
    require(actor, *OFFICERS)
    instance = session.get(Instance, instance_id)
    if instance is None or not is_let_in(actor, instance.restricted_to) or session.get(Referral, instance_id) is None:
        raise NotFound()
    referral = awaited(session, actor, instance_id)
    if referral is None:
        raise NotAwaited()
    words = result.strip()
    if not words:
        raise ResultRefused([Problem("result", "required", N_("Please say what the result is."))])
    if len(words) > LONGEST_RESULT:
        message = N_("The result is too long: at most {limit} characters.")
        raise ResultRefused([Problem("result", "too_long", message, {"limit": LONGEST_RESULT})])
    payload = {"referral_id": referral.referral_id, "result": words, "entered_by": actor.id}
    return messages.send(session, RESULT, referral.referral_id, payload, moment)


# ---- within


def _get(session: Session, instance: Instance) -> Referral:
    referral = session.get(Referral, instance.id)
    if referral is None:
        raise ServiceFault("no_referral", N_("There is no referral in this case."))
    return referral


def _conduct(conduct: Any) -> str:
    if conduct not in CONDUCTS:
        raise ServiceFault("bad_conduct", N_("There is no conduct called “{conduct}”."), conduct=conduct)
    return str(conduct)


def _number(session: Session, given: Any, moment: Moment) -> str:
    """The number that it came with, if nothing else has it."""
    if isinstance(given, str) and given:
        taken = session.scalar(select(Referral.id).where(Referral.number == given))
        if taken is None:
            return given
    return serials.next_number(session, "referral", moment)


def _known_item(session: Session, item_id: Any) -> str | None:
    return item_id if isinstance(item_id, str) and session.get(LedgerItem, item_id) is not None else None


def _source(session: Session, instance: Instance) -> Instance | None:
    """The case that threw the message which started this one."""
    thrown = select(Message.instance_id).where(Message.delivered_to == instance.id, Message.name == REFERRED)
    source_id = session.scalars(thrown.limit(1)).first()
    return session.get(Instance, source_id) if source_id is not None else None


def _carriers(session: Session, referral: Referral) -> list[str]:
    """The ids of the cases that consist of the clue: the pool's, and where it came into the pool from."""
    wanted = {referral.source_instance_id}
    named = [PoolProblem.id == referral.source_ref]
    if referral.source_instance_id is not None:
        named.append(PoolProblem.instance_id == referral.source_instance_id)
    problems = select(PoolProblem.instance_id, PoolProblem.source_instance_id).where(or_(*named))
    for handled_in, came_from in session.execute(problems):
        wanted |= {handled_in, came_from}
    ids = [one for one in wanted if one is not None and one != referral.instance_id]
    carrying = select(Instance.id).where(Instance.id.in_(ids), Instance.process_key.in_(CLUE_CARRIERS))
    return list(session.scalars(carrying.order_by(Instance.id)))
