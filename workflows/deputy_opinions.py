"""What deputies and members say (代表委员意见): recorded, handled by the lead unit, answered, judged by them; M3.

Deputies do not handle problems themselves (R5 article 9).  An answer that does not satisfy is worked over once; then
the Office mediates.  Source: domain guide, M3; clause S4.3c.  Every function is a service of `democratic_supervision`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import activities, joints, parameters, serials
from workflows.organisation import units
from workflows.tables import Activity, DeputyOpinion

ENDS = ("settled", "no_feedback", "mediated", "answered")
OPEN = ("handling", "replied")


def enter(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Give every opinion of the record a number, a handler and the key of its problem.

    ``opinions`` are the rows of `record_opinions`; ``formal_no`` is the number that the congress gave.  The handler is
    the lead unit that was named, else the first lead unit of the task.

    Returns {"opinions": [{opinion_id, number, content, route, unit, about, task_code, problem_id, problem_number,
    deputy, due, most_due}]}: the last two are the days for the answer, and at most, with the consent of the deputy.
    """
    activity = activities.of(session, instance)
    activity.formal_no = inputs["formal_no"] or activity.formal_no
    months = parameters.values(session, moment.today, ("deputy_reply_months", "deputy_most_months"))
    due, most = (_months_later(moment.today, int(count)) for count in months.values())
    days = {"due": due.isoformat(), "most_due": max(due, most).isoformat()}
    found = []
    for one in inputs["opinions"]:
        row = _entered(session, instance, activity, one, due, moment)
        found.append(_told(session, row, one, moment) | days)
    session.flush()
    return {"opinions": found}


def await_reply(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Note until when (``due``) the lead unit has to answer, whether the deputy agreed to more time (``extended``), and
    for which time it is worked over (``rework``). Returns {"due"}."""
    row = _get(session, inputs["opinion_id"])
    row.status, row.due = "handling", to_date(inputs["due"], moment)
    row.extended = row.extended or bool(inputs["extended"])
    row.rework_count = int(inputs["rework"])
    return {"due": row.due.isoformat()}


def reply(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The answer is signed and goes out: ``result`` and ``text``. Returns {"number", "on_time"}."""
    row = _get(session, inputs["opinion_id"])
    row.result, row.reply_text = inputs["result"], str(inputs["text"])
    row.status, row.replied_at = "replied", moment.now
    return {"number": row.number, "on_time": row.due is None or moment.today <= row.due}


def settle(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """How it ended: ``outcome`` settled, no_feedback (silence is no satisfaction), mediated or answered (on the spot),
    with the ``satisfaction`` that was told and the ``text`` of an answer given elsewhere. Returns {"outcome"}.

    Raises ServiceFault: bad_outcome.
    """
    row, outcome = _get(session, inputs["opinion_id"]), inputs["outcome"]
    if outcome not in ENDS:
        raise ServiceFault("bad_outcome", N_("An opinion of a deputy can't end as “{outcome}”."), outcome=outcome)
    row.status, row.ended_at = outcome, moment.now
    row.satisfaction = inputs["satisfaction"] or row.satisfaction
    row.reply_text = "\n".join(part for part in (row.reply_text, str(inputs["text"] or "")) if part)
    return {"outcome": outcome}


def cancel(session: Session, instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The activity is called off with its campaign: what is still open ends. Returns {"cancelled": how many}."""
    rows = session.scalars(
        select(DeputyOpinion).where(DeputyOpinion.instance_id == instance.id, DeputyOpinion.status.in_(OPEN))
    ).all()
    for row in rows:
        row.status, row.ended_at = "cancelled", moment.now
    return {"cancelled": len(rows)}


def _entered(
    session: Session, instance: Instance, activity: Activity, told: Mapping[str, Any], due: date, moment: Moment
) -> DeputyOpinion:
    row = DeputyOpinion(
        id=uuid4().hex,
        number=serials.next_number(session, "deputy_opinion", moment),
        activity_id=activity.id,
        instance_id=instance.id,
        campaign_id=activity.campaign_id,
        deputy=told.get("deputy"),
        content=told["content"],
        route=told["route"],
        unit=_handler(told.get("unit"), told["task_code"]),
        task_code=told["task_code"],
        formal_no=activity.formal_no,
        problem_id=uuid4().hex if told["route"] == "problem" else None,
        status="handling",
        due=None if told["route"] == "answered" else due,
        reply_text=told.get("answer") or "",
        rework_count=0,
        raised_at=moment.now,
    )
    session.add(row)
    return row


def _told(session: Session, row: DeputyOpinion, told: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    return {
        "opinion_id": row.id,
        "number": row.number,
        "content": row.content,
        "route": row.route,
        "unit": row.unit,
        "about": told.get("about") or row.unit,
        "task_code": row.task_code,
        "problem_id": row.problem_id,
        "problem_number": serials.next_number(session, "problem", moment) if row.problem_id else None,
        "deputy": row.deputy,
    }


def _months_later(day: date, count: int) -> date:
    """The same day some months later, or the last one of that month."""
    years, month = divmod(day.month - 1 + count, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _handler(named: str | None, task_code: str) -> str:
    known = units().get(named or "")
    if known is not None and known.kind == "lead_unit":
        return known.code
    return str(joints.lead_units([task_code])[0].code)


def _get(session: Session, opinion_id: Any) -> DeputyOpinion:
    row = session.get(DeputyOpinion, opinion_id) if isinstance(opinion_id, str) else None
    if row is None:
        raise ServiceFault("no_opinion", N_("There is no opinion with the id {id}."), id=opinion_id)
    return row
