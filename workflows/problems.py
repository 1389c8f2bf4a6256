"""The pool of problems (问题池): reported, compared, assessed, put onto an agenda, settled; P05.

The rows are the register that others count in: D3 asks how many districts and tasks have a problem of one category.
Source: domain guide, P05 and D3; clauses S2.2, S4.1b, S4.2c, S4.6d, S4.6e.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import messages
from engine.access import Actor, NotFound, require
from engine.services import ServiceFault
from engine.tables import Instance, Message
from faults import N_, Fault
from workflows import campaigns, serials
from workflows.likeness import likeness
from workflows.organisation import district_of, of_kind
from workflows.tables import Campaign, LedgerItem, Problem
from workflows.tables.base import ID, TITLE

OPEN = ("reported", "open")
RESOLVED = "msg_problem_resolved"
ENDED = ("solved", "merged", "unfounded", "transferred", "cancelled")
OUTCOMES = ("solved", "merged", "unfounded", "transferred", "cancelled", "reopened")
MERGED, REOPENED = "msg_problem_merged", "msg_problem_reopened"
MOST_SIMILAR = 5
MOST_COMPARED = 1000
OFFICER = "synthesis_officer"


class NotOpen(Fault):
    """This problem has been settled already. Reopen it first."""


class IntoItself(Fault):
    """A problem can't be merged into itself, nor into one that is settled. Choose another open problem."""


# ---- services


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what was reported; a problem that is known already is opened again.

    ``report`` is the payload of msg_problem_reported or msg_problem_reopened.  Returns ids and what other processes
    need to be told.  Raises ServiceFault: bad_id.
    """
    report = inputs["report"]
    problem_id = str(report.get("problem_id") or instance.id)
    if len(problem_id) > ID:
        raise ServiceFault("bad_id", N_("The id of a problem has at most {most} characters."), most=ID)
    problem = session.get(Problem, problem_id)
    if problem is None:
        problem = _new(session, instance, problem_id, report, moment)
        session.add(problem)
    else:
        problem.status, problem.ended_at, problem.merged_into = "open", None, None
        problem.reopened += 1
        problem.facts = "\n".join(part for part in (problem.facts, str(report.get("reason") or "")) if part)
    problem.instance_id = instance.id
    session.flush()
    campaign = session.get(Campaign, problem.campaign_id) if problem.campaign_id else None
    return {
        "problem_id": problem.id,
        "number": problem.number,
        "title": problem.title,
        "facts": problem.facts,
        "unit": report.get("org") or instance.org or next(iter(problem.affected_units), None),
        "units": problem.affected_units,
        "task_code": problem.task_code,
        "item_id": problem.item_id,
        "campaign_id": problem.campaign_id,
        "campaign_end": campaign.end_date.isoformat() if campaign else None,
        "first_needed_on": report.get("first_needed_on"),
    }


def find_similar(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The open problems that are most like this one, by category, cause, task, district and text.

    ``least`` is the likeness from which one is shown, of 100 points.  Returns {"similar": [{problem_id, number, title,
    units, likeness}], "units": those of all of them, "likeliest": id or None}.
    """
    problem = _get(session, inputs["problem_id"])
    others = session.scalars(
        select(Problem)
        .where(Problem.status.in_(OPEN), Problem.id != problem.id)
        .order_by(Problem.reported_at.desc(), Problem.id)
        .limit(MOST_COMPARED)
    )
    scored = [(likeness(problem, other), other) for other in others]
    alike = sorted((one for one in scored if one[0] >= float(inputs["least"])), key=lambda one: (-one[0], one[1].id))
    found = [
        {
            "problem_id": other.id,
            "number": other.number,
            "title": other.title,
            "units": list(other.affected_units),
            "likeness": score,
        }
        for score, other in alike[:MOST_SIMILAR]
    ]
    shown = [other for _, other in alike[:MOST_SIMILAR]]
    units = dict.fromkeys(unit for one in (problem, *shown) for unit in one.affected_units)
    return {"similar": found, "units": list(units), "likeliest": found[0]["problem_id"] if found else None}


def assess(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the officer found, and count for D3 how far problems of this category have spread.

    ``days`` is the window, counted back from today.  Unfounded problems do not count.  Returns {"districts": count,
    "tasks": count, "like": [ids of the others], "consulted": [municipal units to be asked], "merge_into": id or None,
    "mergeable": whether the problem can go on there, true if it is nowhere}.
    """
    problem = _get(session, inputs["problem_id"])
    problem.category, problem.task_code = inputs["category"], inputs["task_code"]
    problem.affected_units = list(inputs["affected_units"])
    problem.districts = _districts(problem.affected_units)
    problem.cause, problem.severity = inputs["cause"], inputs["severity"]
    problem.verified, problem.route = inputs["verified"], inputs["route"]
    problem.status = "open"
    session.flush()
    since = moment.now - timedelta(days=int(inputs["days"]))
    others = session.scalars(
        select(Problem).where(
            Problem.category == problem.category,
            Problem.reported_at >= since,
            Problem.id != problem.id,
            Problem.status != "unfounded",
        )
    ).all()
    counted = (problem, *others)
    tasks = {one.task_code for one in counted if one.task_code}
    return {
        "districts": len({district for one in counted for district in one.districts}),
        "tasks": len(tasks),
        "like": sorted(one.id for one in others),
        "consulted": _consulted(problem.affected_units, tasks),
        "merge_into": inputs["merge_into"],
        "mergeable": inputs["merge_into"] is None or _target(session, problem, inputs["merge_into"]) is not None,
    }


def put_on_agenda(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Put an open problem onto the list of the next month's meeting (S4.6e); what is settled stays off.

    Returns {"month": "2013-06" or None}. What is on a list that is still to come stays there.
    """
    problem = _get(session, inputs["problem_id"])
    if problem.status not in OPEN:
        return {"month": None}
    this_month = moment.today.replace(day=1)
    if problem.agenda_month is None or problem.agenda_month <= this_month.isoformat()[:7]:
        problem.agenda_month = (this_month + timedelta(days=32)).isoformat()[:7]
    return {"month": problem.agenda_month}


def settle(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the problem with its ``outcome``; merged ones leave their units and facts to the other.

    Returns {"outcome", "merged_into", "number"}. Raises ServiceFault: bad_outcome, not_mergeable.
    """
    problem, outcome = _get(session, inputs["problem_id"]), inputs["outcome"]
    if outcome not in OUTCOMES:
        raise ServiceFault("bad_outcome", N_("A problem can't end as “{outcome}”."), outcome=outcome)
    if outcome == "merged":
        _merge(session, problem, inputs["merge_into"])
    problem.status = "reported" if outcome == "reopened" else outcome
    problem.ended_at = None if outcome == "reopened" else moment.now
    return {"outcome": outcome, "merged_into": problem.merged_into, "number": problem.number}


# ---- operations


def merge(session: Session, actor: Actor, problem_id: str, merge_into: str, reason: str, moment: Moment) -> None:
    """Tell the case of an open problem that it goes on in another one.

    Raises NotYours, NotFound, NotOpen, IntoItself.
    """
    require(actor, OFFICER)
    problem = _found(session, problem_id)
    if problem.status not in OPEN:
        raise NotOpen()
    if _target(session, problem, merge_into) is None:
        raise IntoItself()
    payload = {"problem_id": problem.id, "merge_into": merge_into, "reason": reason}
    messages.send(session, MERGED, problem.id, payload, moment)


def reopen(session: Session, actor: Actor, problem_id: str, reason: str, moment: Moment) -> None:
    """Have a settled problem, or one on which nothing helps, assessed anew. Raises NotYours, NotFound."""
    require(actor, OFFICER)
    problem = _found(session, problem_id)
    payload = {
        "problem_id": problem.id,
        "reason": reason,
        "title": problem.title,
        "task_code": problem.task_code,
        "org": next(iter(problem.affected_units), None),
        "campaign_id": problem.campaign_id,
        "item_id": problem.item_id,
    }
    messages.send(session, REOPENED, problem.id, payload, moment)


def tell_end_again(session: Session, problem_id: str, moment: Moment) -> None:
    """If the problem has ended, send what was told then once more: for a case that began to wait for it later.

    What the pool doesn't know is an order that was given by hand: it tells of its end under its own id.
    """
    problem = session.get(Problem, problem_id)
    if problem is not None and problem.status not in ENDED:
        return
    told = select(Message.payload).where(Message.name == RESOLVED, Message.key == problem_id)
    payload = session.scalar(told.order_by(Message.sent_at.desc()).limit(1))
    if payload is not None:
        messages.send(session, RESOLVED, problem_id, payload, moment)


# ---- within


def _get(session: Session, problem_id: Any) -> Problem:
    problem = session.get(Problem, problem_id) if isinstance(problem_id, str) else None
    if problem is None:
        raise ServiceFault("no_problem", N_("There is no problem with the id {id}."), id=problem_id)
    return problem


def _found(session: Session, problem_id: str) -> Problem:
    problem = session.get(Problem, problem_id)
    if problem is None:
        raise NotFound()
    return problem


def _new(session: Session, instance: Instance, problem_id: str, report: Mapping[str, Any], moment: Moment) -> Problem:
    units = [unit for unit in (report.get("org") or instance.org,) if isinstance(unit, str)]
    return Problem(
        id=problem_id,
        number=report.get("number") or serials.next_number(session, "problem", moment),
        title=str(report.get("title") or instance.title)[:TITLE],
        facts=str(report.get("description") or ""),
        campaign_id=campaigns.of_case(session, report.get("campaign_id")),
        item_id=_existing(session, LedgerItem, report.get("item_id")),
        category=report.get("category"),
        task_code=report.get("task_code") or instance.task_code,
        districts=_districts(units),
        affected_units=units,
        cause=report.get("cause"),
        status="reported",
        source=str(report.get("source") or "external"),
        source_instance_id=_existing(session, Instance, report.get("source_instance_id")),
        reported_at=moment.now,
        reopened=0,
    )


def _existing(session: Session, table: type[Any], ident: Any) -> str | None:
    """The id, if there is such a row: a message from outside may name what is not here."""
    return ident if isinstance(ident, str) and session.get(table, ident) is not None else None


def _districts(units: list[str]) -> list[str]:
    return sorted({district for unit in units if (district := district_of(unit))})


def _consulted(units: list[str], tasks: set[str]) -> list[str]:
    """The lead units of the tasks, and the municipal units among those affected: S4.1d, each on its own duty."""
    lead = [unit.code for unit in of_kind("lead_unit") if unit.task_code in tasks]
    municipal = {unit.code for kind in ("lead_unit", "co_unit") for unit in of_kind(kind)}
    return list(dict.fromkeys([*lead, *(unit for unit in units if unit in municipal)]))


def _target(session: Session, problem: Problem, merge_into: Any) -> Problem | None:
    """The other problem, if it is open and another one indeed."""
    target = session.get(Problem, merge_into) if isinstance(merge_into, str) else None
    return target if target is not None and target.id != problem.id and target.status in OPEN else None


def _merge(session: Session, problem: Problem, merge_into: Any) -> None:
    # Both at once, in the order of their ids: two problems must not be merged into each other.
    both = select(Problem).where(Problem.id.in_([problem.id, str(merge_into)])).order_by(Problem.id).with_for_update()
    session.scalars(both.execution_options(populate_existing=True)).all()
    target = _target(session, problem, merge_into)
    if target is None:
        raise ServiceFault(
            "not_mergeable", N_("The problem {id} is not open, so nothing can go on in it."), id=merge_into
        )
    problem.merged_into = target.id
    target.affected_units = list(dict.fromkeys([*target.affected_units, *problem.affected_units]))
    target.districts = _districts(target.affected_units)
    target.facts = "\n".join(part for part in (target.facts, f"{problem.number}：{problem.facts}") if part)
