"""Joint supervision (联合督查): proposed, checked against the calendar, prepared, held, closed; M1.

The Office meets with the headquarters of the tasks on a theme; what it concludes: `workflows.joint_conclusions`.
Source: domain guide, M1; clauses S4.1a to S4.1d.
The row is the register; every function is a service of the diagram `joint_supervision`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import notices
from engine.services import ServiceFault
from engine.tables import Instance, Task
from faults import N_
from workflows import (
    briefs,
    campaigns,
    cycles,
    joint_proposals,
    parameters,
    periods,
    recipients,
    serials,
    visit_calendar,
)
from workflows.organisation import of_kind
from workflows.periods import Period
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Cycle, Engagement, Joint, Matter
from workflows.tables.base import TITLE

CYCLE, CITY = "joint", "110000"
ENDS = ("concluded", "cancelled", "postponed")
# Whoever is asked to prepare it, or to come.
TOLD = ("task_group_officer", "lead_unit_officer", "lead_unit_head")
PROPOSED = ("theme", "task_codes", "objects", "methods", "period")


def due(session: Session, moment: Moment) -> dict[str, Any]:
    """The campaigns for which a joint supervision is to begin: every few months (parameter) from the month in which the
    campaign began; one that was missed, because nothing ran in its month, is made up for.  Asked by a start event,
    which changes nothing.

    Returns {"items": [{"campaign_id", "title", "org", "period": the month}]}.
    """
    step = int(parameters.value(session, "joint_months", moment.today))
    going_on = select(Campaign).where(
        Campaign.status == "active", Campaign.start_date <= moment.today, Campaign.end_date >= moment.today
    )
    rounds = select(Cycle.campaign_id, func.max(Cycle.period)).where(Cycle.kind == CYCLE).group_by(Cycle.campaign_id)
    begun: dict[str, str] = dict(session.execute(rounds).all())
    items = []
    for campaign in session.scalars(going_on.order_by(Campaign.created_at, Campaign.id)):
        month = _last_due(campaign.start_date, moment.today, step)
        if month is not None and month.key > begun.get(campaign.id, ""):
            title = f"{campaign.title}：{cycles.KINDS[CYCLE]}{month.label}"[:TITLE]
            items.append({"campaign_id": campaign.id, "title": title, "org": CITY, "period": month.key})
    return {"items": items}


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Open the row, for the campaign that is named, else for the only one that is active.

    With a ``period`` it is the regular one of that month, else one in between.  Returns {"number", "campaign_id",
    "campaign_end", "before": the proposal that was put off last, else None}.
    """
    campaign_id = campaigns.of_case(session, inputs["campaign_id"])
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    row = Joint(
        id=instance.id,
        number=serials.next_number(session, "joint", moment),
        campaign_id=campaign_id,
        theme=instance.title[:TITLE],
        origin="quarterly" if inputs["period"] else "manual",
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
    if inputs["period"]:
        begun = {"kind": CYCLE, "campaign_id": campaign_id, "period": inputs["period"]}
        cycles.begin(session, instance, begun, moment)
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

    ``seen`` are the clashes that were judged.  Raises ServiceFault: day_taken (there are others now).
    """
    row = of(session, instance)
    if (seen := inputs.get("seen")) is not None and row.planned_on:  # older versions do not give it
        asked = {"objects": row.objects, "date": row.planned_on.isoformat(), "purpose": "joint"}
        visit_calendar.require_free(session, instance, asked, seen, moment)
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
    the lead units.  Returns {"findings": a proposal for the list, "timely": whether matters were submitted in time,
    None where there were none, "silent": units that did not answer}.
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
        "findings": joint_proposals.gathered(inputs["briefs"], inputs["checks"]),
        "timely": _submitted_timely(session, row, moment),
        "silent": [check["unit"] for check in inputs["checks"] if check["reply"] == "no_reply"],
    }


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
    _end_round(session, instance, row, moment)
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


def _end_round(session: Session, instance: Instance, row: Joint, moment: Moment) -> None:
    """A regular one that did not take place is a round left out, with the reason: so it is flagged."""
    if session.scalar(select(Cycle.id).where(Cycle.instance_id == instance.id, Cycle.kind == CYCLE)) is None:
        return
    if row.status == "concluded":
        cycles.finish(session, instance, {"kind": CYCLE}, moment)
    else:
        cycles.skip(session, instance, {"kind": CYCLE, "reason": row.reason or ""}, moment)


def _last_due(start: date, today: date, step: int) -> Period | None:
    """The latest month until today that is a multiple of ``step`` months after that of the start."""
    months = 12 * (today.year - start.year) + today.month - start.month
    if months < step:
        return None
    years, month = divmod(start.month - 1 + months - months % step, 12)
    return periods.month(date(start.year + years, month + 1, 1))


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
