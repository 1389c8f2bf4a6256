"""Joint supervision (联合督查): proposed, checked against the calendar, prepared, held, concluded; M1.

The Office and the headquarters of the tasks find common difficult problems, pass them on to the pool and to the
government, and tell the lead units what they concluded.  Source: domain guide, M1; clauses S4.1a to S4.1d, S3.3.
The row is the register; every function is a service of the diagram `joint_supervision`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import notices
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_
from workflows import briefs, campaigns, objections, parameters, profiles, recipients, serials, visit_calendar
from workflows.organisation import of_kind
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Engagement, Joint, Matter
from workflows.tables.base import TITLE

ENDS = ("concluded", "cancelled", "postponed")
# Whoever is asked to prepare it, or to come.
TOLD = ("task_group_officer", "lead_unit_officer", "lead_unit_head")
PROPOSED = ("theme", "task_codes", "objects", "methods", "period")


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Open the row, for the campaign that is named, else for the only one that is active.

    Returns {"number", "campaign_id", "campaign_end", "before": the proposal that was put off last, else None}.
    """
    campaign_id = campaigns.of_case(session, inputs["campaign_id"])
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    row = Joint(
        id=instance.id,
        number=serials.next_number(session, "joint", moment),
        campaign_id=campaign_id,
        theme=instance.title[:TITLE],
        origin=str(inputs["origin"]),
        task_codes=[],
        objects=[],
        methods=[],
        participants=[],
        poor_units=[],
        findings=[],
        replies=[],
        status="proposed",
        proposed_at=moment.now,
    )
    before = session.scalars(
        select(Joint)
        .where(Joint.campaign_id == campaign_id, Joint.status == "postponed")
        .order_by(Joint.ended_at.desc(), Joint.id)
        .limit(1)
    ).first()
    session.add(row)
    session.flush()
    return {
        "number": row.number,
        "campaign_id": campaign_id,
        "campaign_end": campaign.end_date.isoformat() if campaign else None,
        "before": {name: getattr(before, name) for name in PROPOSED} if before else None,
    }


def plan(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the proposed theme (``plan``: answers of `propose_theme`).

    Returns {"day": of the session, "objects", "groups": [{task_code, name}], "units": [{unit, task_code}], the lead
    units of the tasks}.
    """
    answers, row = inputs["plan"], of(session, instance)
    row.theme, row.origin = answers["theme"], answers["origin"]
    row.task_codes, row.objects, row.methods = answers["task_codes"], answers["objects"], answers["methods"]
    row.period, row.planned_on = answers["period"], to_date(answers["planned_on"], moment)
    row.status = "proposed"
    return {
        "day": row.planned_on.isoformat(),
        "objects": row.objects,
        "groups": [{"task_code": code, "name": TASK_CODES[code]} for code in row.task_codes],
        "units": [{"unit": unit.code, "task_code": unit.task_code} for unit in lead_units(row.task_codes)],
    }


def book(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The theme is approved: enter the session into the calendar of visits.

    With ``verdict`` merge it is held together with the visit that it would have followed (``merge_with``, else the
    first of ``clashes``): on that day, without a second booking of the same unit, and whoever prepares the other one is
    told.  Returns {"day", "merged_with"}.
    """
    row = of(session, instance)
    partner = _partner(inputs) if inputs["verdict"] == "merge" else None
    visited: set[str] = set()
    if partner is not None:
        theirs = session.scalars(
            select(Engagement).where(Engagement.instance_id == partner, Engagement.status == "planned")
        ).all()
        named = {clash["unit"] for clash in inputs["clashes"] if clash["instance_id"] == partner}
        theirs = [one for one in theirs if one.unit in named]
        if theirs:
            row.planned_on = min(one.day for one in theirs)
            visited = {one.unit for one in theirs}
        row.merged_with = partner
        _tell_partner(session, instance, partner, row, moment)
    row.status = "preparing"
    units = [unit for unit in row.objects if unit not in visited]
    days = [row.planned_on] if row.planned_on else []
    visit_calendar.book(session, "joint", units, days, row.theme, instance, row.campaign_id)
    return {"day": row.planned_on.isoformat() if row.planned_on else None, "merged_with": row.merged_with}


def brief(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What the ledgers say about a ``task_code``: {"figures", "problems"} as `workflows.briefs` gives them."""
    row, tasks = of(session, instance), [inputs["task_code"]]
    return {
        "figures": briefs.figures(session, row.campaign_id, tasks, (), moment),
        "problems": briefs.open_problems(session, row.campaign_id, tasks),
    }


def hold(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the ``session`` was about, and gather what was brought to it.

    ``briefs`` are [{task_code, problems}] of the groups, ``checks`` [{unit, task_code, reply, exceptions, pending}] of
    the lead units.  Returns {"findings": a proposal for the list, "timely": whether matters were submitted in time, None where
    there were none, "silent": units that did not answer}.
    """
    answers, row = inputs["session"], of(session, instance)
    row.held_on = to_date(answers["held_on"], moment)
    row.participants, row.record = answers["participants"], answers["record"]
    row.status = "held"
    for booked in session.scalars(select(Engagement).where(Engagement.instance_id == instance.id)):
        booked.day = row.held_on
    session.flush()
    visit_calendar.hold(session, instance.id)
    return {
        "findings": [*_of_groups(inputs["briefs"]), *_of_units(inputs["checks"])],
        "timely": _submitted_timely(session, row, moment),
        "silent": [check["unit"] for check in inputs["checks"] if check["reply"] == "no_reply"],
    }


def enter_findings(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Give every finding the keys of its messages. ``answers`` are those of `consolidate_findings`.

    Returns {"findings": [{problem_id, number, title, facts, unit, units, task_code, category, needs_decision,
    first_needed_on, matter_id, matter_number}]}, the last two null where nothing is to be decided.
    """
    answers, row = inputs["answers"], of(session, instance)
    row.findings = [_finding(session, one, moment) for one in answers["findings"]]
    row.duty_efficiency, row.submitted_timely = answers["duty_efficiency"], answers["submitted_timely"]
    row.poor_units = answers.get("poor_units") or []
    return {"findings": row.findings}


def conclude(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the conclusion (``answers`` of `issue_conclusion`) under its number; amended, it keeps it.

    Returns {"number", "units": who is to acknowledge, all lead units or those whose objection was granted, "referrals":
    [{referral_id, number, unit}] for inadequate duty, "matter_id", "matter_number": of the request that the government
    approve praise or criticism, where the rules of the campaign ask for it (decree 733 article 21), "filing_days":
    in which a unit may object}.
    """
    answers, row = inputs["answers"], of(session, instance)
    is_first = row.conclusion_number is None
    row.facts, row.conclusion = answers["facts"], answers["conclusion"]
    row.proposal = answers["commend_or_criticise"] or "none"
    row.concluded_at = moment.now
    if is_first:
        row.conclusion_number = serials.next_number(session, "conclusion", moment)
    rules = objections.rules(session, instance, {"campaign_id": row.campaign_id}, moment)
    profile = profiles.PROFILES[rules["profile"]]
    asks = is_first and profile.approval_of_criticism and row.proposal != "none"
    told_before = [reply["unit"] for reply in row.replies if not _is_granted(reply)]
    return {
        "number": row.conclusion_number,
        "units": [unit.code for unit in lead_units(row.task_codes) if unit.code not in told_before],
        "referrals": [_referral(session, unit, moment) for unit in row.poor_units] if is_first else [],
        "matter_id": uuid4().hex if asks else None,
        "matter_number": serials.next_number(session, "matter", moment) if asks else None,
        "filing_days": rules["filing_days"],
    }


def settle(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the lead units answered to the conclusion: ``replies`` [{unit, reply, decision}].

    Silence is no consent, it stands there as no_reply.  Returns {"amend": the units whose objection was granted}.
    """
    row = of(session, instance)
    answered = {reply["unit"] for reply in inputs["replies"]}
    row.replies = [*(one for one in row.replies if one["unit"] not in answered), *inputs["replies"]]
    return {"amend": [reply["unit"] for reply in inputs["replies"] if _is_granted(reply)]}


def end(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the row with its ``status`` (concluded, cancelled, postponed) and the ``reason``; its days are free again.

    Who was asked to prepare it, or would have been, is told why it does not take place.  Returns {"status", "told"}.
    Raises ServiceFault: bad_outcome.
    """
    status = inputs["status"]
    if status not in ENDS:
        raise ServiceFault("bad_outcome", N_("A joint supervision can't end as “{outcome}”."), outcome=status)
    row = session.get(Joint, instance.id)
    if row is None:  # called off before it was entered
        return {"status": status, "told": 0}
    was_announced = row.status == "preparing"
    row.status, row.ended_at = status, moment.now
    row.reason = str(inputs["reason"]) if inputs["reason"] else None
    visit_calendar.release(session, instance.id)
    if status == "concluded" or not was_announced:
        return {"status": status, "told": 0}
    message = N_("The joint supervision “{title}” does not take place on {day}: {reason}")
    params = {"title": row.theme, "day": str(row.planned_on or ""), "reason": row.reason or ""}
    people = [person for code in row.task_codes for person in recipients.of_roles(session, TOLD, None, code)]
    return {"status": status, "told": notices.post(session, people, "notice", message, params, instance, moment)}


# ---- within


def of(session: Session, instance: Instance) -> Joint:
    """The row of the case. Raises ServiceFault: no_joint."""
    row = session.get(Joint, instance.id)
    if row is None:
        raise ServiceFault("no_joint", N_("This joint supervision is not in the register."))
    return row


def lead_units(task_codes: Iterable[str]) -> list[Any]:
    """The lead units of the tasks, in the order of the tree of organisations; S4.1d: each on its own duty."""
    wanted = set(task_codes)
    return [unit for unit in of_kind("lead_unit") if unit.task_code in wanted]


def _partner(inputs: Mapping[str, Any]) -> str | None:
    first = next((clash["instance_id"] for clash in inputs["clashes"]), None)
    found = inputs["merge_with"] or first
    return str(found) if found else None


def _tell_partner(session: Session, instance: Instance, partner: str, row: Joint, moment: Moment) -> None:
    """Whoever has the other case in hand hears that the session joins it."""
    open_tasks = session.scalars(select(Task).where(Task.instance_id == partner, Task.status == "open"))
    people = [person for task in open_tasks for person in recipients.of_task(session, task)]
    message = N_("The joint supervision “{title}” is held together with your visit on {day}.")
    params = {"title": row.theme, "day": str(row.planned_on or "")}
    notices.post(session, people, "notice", message, params, instance, moment)


def _submitted_timely(session: Session, row: Joint, moment: Moment) -> bool | None:
    """S3.3: whether every matter of the tasks came in time after it was first needed; None where there was none."""
    days = int(parameters.value(session, "decision_timely_days", moment.today))
    found = session.execute(
        select(Matter.first_needed_on, Matter.requested_at).where(
            Matter.campaign_id == row.campaign_id,
            Matter.task_code.in_(row.task_codes),
            Matter.first_needed_on.is_not(None),
        )
    ).all()
    if not found:
        return None
    return all(requested_at <= moment.working_days(days, needed) for needed, requested_at in found if needed)


def _of_groups(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        _proposal(
            group["task_code"], next(iter(problem["units"] or ()), None), problem["problem"], problem["suggestion"]
        )
        for group in found
        for problem in group["problems"] or ()
    ]


def _of_units(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    exceptions = [
        _proposal(check["task_code"], check["unit"], one["matter"], one["reason"])
        for check in found
        for one in check["exceptions"] or ()
    ]
    pending = [
        _proposal(check["task_code"], check["unit"], one["matter"], one["background"])
        | {"needs_decision": True, "first_needed_on": one["first_needed_on"]}
        for check in found
        for one in check["pending"] or ()
    ]
    return [*exceptions, *pending]


def _proposal(task_code: str, unit: str | None, title: str, facts: str | None) -> dict[str, Any]:
    row = {"title": title, "facts": facts, "unit": unit, "task_code": task_code, "needs_decision": False}
    return {name: value for name, value in row.items() if value is not None}


def _finding(session: Session, row: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    decides = bool(row["needs_decision"])
    return {
        "problem_id": uuid4().hex,
        "number": serials.next_number(session, "problem", moment),
        "title": row["title"],
        "facts": row["facts"],
        "unit": row["unit"],
        "units": [unit.code for unit in lead_units([row["task_code"]])],
        "task_code": row["task_code"],
        "category": row.get("category"),
        "needs_decision": decides,
        "first_needed_on": row.get("first_needed_on"),
        "matter_id": uuid4().hex if decides else None,
        "matter_number": serials.next_number(session, "matter", moment) if decides else None,
    }


def _referral(session: Session, unit: str, moment: Moment) -> dict[str, Any]:
    return {"referral_id": uuid4().hex, "number": serials.next_number(session, "referral", moment), "unit": unit}


def _is_granted(reply: Mapping[str, Any]) -> bool:
    return reply["decision"] in ("amend", "revoke")
