"""Bulletins and reports of the supervision (督查与反馈): what goes into the flash, monthly and quarterly ones. S4.6

`collect` and `recipients` are services; the others collect what a paper is compiled from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows import material, periods
from workflows.categories import CATEGORIES
from workflows.organisation import units
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Cycle, Matter, Problem

# Section of a flash bulletin -> what of the material belongs into it.
SECTIONS = {
    "progress": ("verified", "closed"),
    "lagging": ("turned_red", "orders"),
    "common_problem": ("problems",),
    "instruction": ("instructions",),
}
# To whom a signed bulletin goes -> the roles that are told.
CIRCULATION = {
    "municipal_leader": ("municipal_leader", "group_leader"),
    "group_members": ("office_director", "office_deputy", "synthesis_lead", "task_group_lead", "liaison"),
    "units": ("lead_unit_head", "district_leader"),
}


def collect(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The material of a round, ``groups`` as `cycles.begin` gives them, from ``since`` to ``until`` (instants).

    Returns {"groups": the groups with their "text" (HTML), "counts", "is_new" and "source", "is_new": whether there is
    anything new at all, "new_groups": those with something new, "sections": of the flash bulletin that have something}.
    """
    since, until = datetime.fromisoformat(inputs["since"]), datetime.fromisoformat(inputs["until"])
    found = material.by_task(session, inputs["campaign_id"], since, until)
    groups = [dict(group) | _told(found[group["task_code"]]) for group in inputs["groups"]]
    return {
        "groups": groups,
        "new_groups": [group for group in groups if group["is_new"]],
        "is_new": any(group["is_new"] for group in groups),
        "sections": [name for name, parts in SECTIONS.items() if any(_has(found.values(), part) for part in parts)],
    }


def recipients(_session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """The service: who is told of a paper with this ``circulation``. Returns {"roles"}."""
    return {"roles": [role for name in inputs["circulation"] for role in CIRCULATION.get(name, ())]}


def flash(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"label", "until", "groups" (as `collect` gives them), "confirmations": [{"task_code", "confirmed",
    "correction"}]}.  Gives each group "state": confirmed, corrected or unconfirmed, and "correction"."""
    answers = {one["task_code"]: one for one in facts.get("confirmations") or ()}
    groups = [
        group | {"state": _state(answers.get(group["task_code"])), "correction": _correction(answers, group)}
        for group in facts["groups"]
        if group["is_new"]
    ]
    return {
        "campaign": _campaign(session, campaign_id),
        "label": facts["label"],
        "groups": groups,
        "unconfirmed": [group["name"] for group in groups if group["state"] == "unconfirmed"],
        "source": _source(groups),
    }


def monthly(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"label", "groups", "summaries": [{"task_code", "confirmed", "highlights"}], "problems": ids}."""
    answers = {one["task_code"]: one for one in facts.get("summaries") or ()}
    groups = [
        group
        | {
            "confirmed": bool((answers.get(group["task_code"]) or {}).get("confirmed")),
            "highlights": (answers.get(group["task_code"]) or {}).get("highlights"),
        }
        for group in facts["groups"]
    ]
    problems = _chosen(session, facts.get("problems") or ())
    return {
        "campaign": _campaign(session, campaign_id),
        "label": facts["label"],
        "groups": groups,
        "totals": _totals(groups),
        "problems": problems,
        "source": [
            *_source(groups),
            *({"kind": "problem", "id": one["id"], "title": one["title"]} for one in problems),
        ],
    }


def ranking(
    _session: Session, _campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment
) -> Mapping[str, Any]:
    """``facts``: {"label", "rows"} as `rankings.rank` gives them."""
    return {"label": facts["label"], "rows": facts["rows"], "source": []}


def quarterly(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: {"label", "period", "groups", "chapters": [{"task_code", "confirmed", "assessment"}]}."""
    answers = {one["task_code"]: one for one in facts.get("chapters") or ()}
    groups = [
        group
        | {
            "confirmed": bool((answers.get(group["task_code"]) or {}).get("confirmed")),
            "assessment": (answers.get(group["task_code"]) or {}).get("assessment"),
        }
        for group in facts["groups"]
    ]
    period = periods.read(facts["period"])
    return {
        "campaign": _campaign(session, campaign_id),
        "label": facts["label"],
        "groups": groups,
        "totals": _totals(groups),
        "rounds": _rounds(session, campaign_id, period),
        "matters": _matters(session, campaign_id, period, moment),
        "common": _common(session, campaign_id),
        "source": _source(groups),
    }


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    source = [
        {"kind": name, "id": row["id"], "title": row["title"]}
        for name in material.COUNTED
        for row in found[name]["rows"]
    ]
    counts = {name: found[name]["count"] for name in material.COUNTED}
    counts |= {name: found[name] for name in ("total", "closed_in_all", "verified")}
    counts |= {"red": found["lights"].get("red", 0), "yellow": found["lights"].get("yellow", 0)}
    return {"text": material.text(found), "counts": counts, "is_new": found["is_new"], "source": source}


def _has(found: Iterable[Mapping[str, Any]], part: str) -> bool:
    return any(one[part] if part == "verified" else one[part]["count"] for one in found)


def _state(answer: Mapping[str, Any] | None) -> str:
    if answer is None or answer.get("confirmed") is None:
        return "unconfirmed"
    return "confirmed" if answer["confirmed"] else "corrected" if answer.get("correction") else "unconfirmed"


def _correction(answers: Mapping[str, Mapping[str, Any]], group: Mapping[str, Any]) -> str | None:
    answer = answers.get(group["task_code"])
    return answer.get("correction") if answer else None


def _campaign(session: Session, campaign_id: str | None) -> str:
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    return campaign.title if campaign else ""


def _source(groups: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [row for group in groups for row in group["source"]]


def _totals(groups: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for group in groups:
        counted.update(group["counts"])
    return dict(counted)


def _chosen(session: Session, idents: Iterable[str]) -> list[dict[str, Any]]:
    wanted = list(idents)
    rows = session.scalars(
        select(Problem).where(
            Problem.id.in_(wanted), material.not_restricted(Problem.instance_id, Problem.source_instance_id)
        )
    )
    found = {row.id: _problem(row) for row in rows}
    return [found[ident] for ident in wanted if ident in found]


def _common(session: Session, campaign_id: str | None) -> list[dict[str, Any]]:
    """The common problems that are still open."""
    wanted = select(Problem).where(
        Problem.campaign_id == campaign_id,
        Problem.route.in_(("common", "decision")),
        Problem.status.in_(("reported", "open")),
        material.not_restricted(Problem.instance_id, Problem.source_instance_id),
    )
    return [_problem(row) for row in session.scalars(wanted.order_by(Problem.reported_at, Problem.id))]


def _problem(row: Problem) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "facts": row.facts,
        "category": CATEGORIES.get(row.category or "", ""),
        "task": TASK_CODES.get(row.task_code or "", ""),
        "cause": row.cause,
        "districts": [units()[code].name for code in row.districts if code in units()],
        "status": row.status,
    }


def _rounds(session: Session, campaign_id: str | None, period: periods.Period) -> dict[str, int]:
    """How many bulletins, reports and meetings there were in the quarter, and how many were left out.

    A bulletin is left out when there is nothing new, which is not worth a word.
    """
    wanted = select(Cycle.kind, Cycle.status, func.count()).where(
        Cycle.campaign_id == campaign_id, Cycle.due_on >= period.first, Cycle.due_on <= period.last
    )
    found: Counter[str] = Counter(flash=0, monthly=0, meeting=0, skipped=0)
    for kind, status, count in session.execute(wanted.group_by(Cycle.kind, Cycle.status)):
        if status == "done" or kind != "flash":
            found[kind if status == "done" else status] += count
    return dict(found)


def _matters(session: Session, campaign_id: str | None, period: periods.Period, moment: Moment) -> list[dict[str, Any]]:
    zone = moment.calendar.zone
    first = datetime.combine(period.first, time(), zone)
    last = datetime.combine(period.last + timedelta(days=1), time(), zone)
    wanted = select(Matter).where(
        Matter.campaign_id == campaign_id,
        Matter.requested_at >= first,
        Matter.requested_at < last,
        material.not_restricted(Matter.instance_id, Matter.source_instance_id),
    )
    rows = session.scalars(wanted.order_by(Matter.requested_at, Matter.id))
    return [{"number": row.number, "title": row.title, "status": row.status} for row in rows]
