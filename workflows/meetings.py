"""The monthly meeting of the coordination group (协调小组例会): its topics, its agenda, its minutes. S4.6d S4.6e

The first functions are services; the others collect what a paper is compiled from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows import cycles, material, periods
from workflows.organisation import units
from workflows.tables import Campaign, Problem

OPEN = ("reported", "open")


def topics(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What the meeting of a ``period`` (a month) of a ``campaign_id`` speaks about, as far as it is known.

    The ``groups`` report on their tasks, then come the open problems that were put on the agenda of this month or an
    earlier one (S4.6d).  Returns {"topics": [{"topic" (None: the report of a group), "reporter": organisation,
    "problem": id or None}], "units": who is invited, "proposed": an instant}.
    """
    wanted = select(Problem).where(
        Problem.campaign_id == inputs["campaign_id"],
        Problem.status.in_(OPEN),
        Problem.agenda_month <= inputs["period"],
        material.not_restricted(Problem.instance_id, Problem.source_instance_id),
    )
    found = session.scalars(wanted.order_by(Problem.agenda_month, Problem.reported_at, Problem.id)).all()
    leads = {group["task_code"]: group["lead_unit"] for group in inputs["groups"]}
    reports = [{"topic": None, "reporter": group["lead_unit"], "problem": None} for group in inputs["groups"]]
    raised = [
        {"topic": problem.title, "reporter": leads.get(problem.task_code or ""), "problem": problem.id}
        for problem in found
    ]
    last = periods.read(inputs["period"]).last
    proposed = moment.working_days(-1, last + timedelta(days=1))
    return {
        "topics": [*reports, *raised],
        "units": list(dict.fromkeys(leads.values())),
        "proposed": proposed.replace(hour=9, minute=30).isoformat(),
    }


def carry_over(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The meeting of a ``period`` is left out, for a ``reason``: what it should have spoken of waits for the next one.

    Returns {"status", "carried": how many problems}.  Raises ServiceFault: no_cycle.
    """
    following = periods.month(periods.read(inputs["period"]).last + timedelta(days=1)).key
    wanted = select(Problem).where(
        Problem.campaign_id == inputs["campaign_id"],
        Problem.status.in_(OPEN),
        Problem.agenda_month <= inputs["period"],
    )
    carried = session.scalars(wanted).all()
    for problem in carried:
        problem.agenda_month = following
    skipped = cycles.skip(session, instance, {"kind": "meeting", "reason": inputs["reason"]}, moment)
    return {"status": skipped["status"], "carried": len(carried)}


def reschedule(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The meeting is put off for a ``reason``, at the same hour as the ``meeting_date`` before, within its month.

    Returns {"within": whether there is such a day, "meeting_date": the new instant, "postponed": how often}.
    Raises ServiceFault: no_cycle.
    """
    put_off = cycles.postpone(session, instance, {"kind": "meeting", "reason": inputs["reason"]}, moment)
    before = datetime.fromisoformat(inputs["meeting_date"]).astimezone(moment.calendar.zone)
    day = datetime.fromisoformat(put_off["due_on"]).date()
    again = datetime.combine(day, before.timetz())
    return {"within": put_off["within"], "meeting_date": again.isoformat(), "postponed": put_off["postponed"]}


def agenda(session: Session, campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"label", "meeting_date", "topics", "units"}."""
    idents = [topic["problem"] for topic in facts["topics"] if topic.get("problem")]
    rows = session.execute(select(Problem.id, Problem.number, Problem.title).where(Problem.id.in_(idents)))
    problems = {ident: {"kind": "problem", "id": ident, "title": f"{number} {title}"} for ident, number, title in rows}
    return {
        "campaign": _title(session, campaign_id),
        "label": facts["label"],
        "meeting_date": facts["meeting_date"],
        "topics": [
            {
                "topic": topic["topic"],
                "reporter": _name(topic.get("reporter")),
                "problem": problems.get(topic.get("problem") or "", {}).get("title"),
            }
            for topic in facts["topics"]
        ],
        "units": [_name(unit) for unit in facts["units"]],
        "source": list(problems.values()),
    }


def minutes(session: Session, campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"label", "meeting_date", "attendance", "resolutions", "replies": [{"unit", "attend"}]}."""
    return {
        "campaign": _title(session, campaign_id),
        "label": facts["label"],
        "meeting_date": facts["meeting_date"],
        "attendance": [
            {"unit": _name(one["unit"]), "person_post": one.get("person_post"), "present": one["present"]}
            for one in facts["attendance"]
        ],
        "resolutions": [
            {
                "content": one["content"],
                "handling": one["handling"],
                "unit": _name(one.get("unit")),
                "deadline": one.get("deadline"),
            }
            for one in facts["resolutions"]
        ],
        "absent": [_name(one["unit"]) for one in facts.get("replies") or () if one.get("attend") == "absent"],
        "source": [],
    }


def _title(session: Session, campaign_id: str | None) -> str:
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    return campaign.title if campaign else ""


def _name(code: Any) -> str:
    known = units().get(code) if isinstance(code, str) else None
    return known.name if known else str(code or "")
