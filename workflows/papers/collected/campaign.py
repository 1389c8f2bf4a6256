"""The plan, the notice and the summary of a campaign: S0.1 to S2.8."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import sub_items
from workflows.organisation import of_kind, units
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, LedgerItem, Problem


def plan(session: Session, campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment) -> Mapping[str, Any]:
    """{"campaign": {title, scope, objects, start_date, end_date, ...}, "objects": names, "tasks", "groups"}.

    The campaign is the one that the facts name, which is a draft yet; else that of the case.
    """
    campaign = session.get_one(Campaign, facts.get("campaign_id") or campaign_id)
    return {
        "campaign": facts_of(campaign),
        "objects": _objects(campaign),
        "tasks": list(TASK_CODES),
        "groups": [_group(code) for code in TASK_CODES],
        "issuer": facts.get("issuer"),
        "source": [{"kind": "campaign", "id": campaign.id, "title": campaign.title}],
    }


def summary(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """What `plan` gives, and how the items ended: {"items": {"total", "closed", "open", "red"}, "by_task": [...]}."""
    found = dict(plan(session, campaign_id, facts, moment))
    where = LedgerItem.campaign_id == found["campaign"]["id"]
    rows = session.execute(
        select(LedgerItem.task_code, LedgerItem.status, func.count()).where(where).group_by("task_code", "status")
    ).all()
    counts: dict[str, Counter[str]] = {code: Counter() for code in TASK_CODES}
    for code, status, count in rows:
        counts[code][status] += count
    by_task = [
        {"task": code, "total": sum(one.values()), "closed": one["closed"], "cancelled": one["cancelled"]}
        for code, one in counts.items()
    ]
    problems = select(Problem.status, func.count()).where(Problem.campaign_id == found["campaign"]["id"])
    solved = Counter(dict(list(session.execute(problems.group_by(Problem.status)))))
    return {
        **found,
        "by_task": by_task,
        "items": {name: sum(one[name] for one in by_task) for name in ("total", "closed", "cancelled")},
        "problems": {"total": sum(solved.values()), "solved": solved["solved"]},
        "summary": facts.get("summary"),
        "open_items_disposition": facts.get("open_items_disposition"),
    }


def facts_of(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "title": campaign.title,
        "scope": campaign.scope,
        "supervision_type": campaign.supervision_type,
        "authority_basis": campaign.authority_basis,
        "start_date": campaign.start_date,
        "end_date": campaign.end_date,
        "notice_date": campaign.notice_date,
        "doc_number": campaign.doc_number,
    }


def _objects(campaign: Campaign) -> list[str]:
    return [units()[code].name for code in campaign.objects if code in units()]


def _group(task_code: str) -> dict[str, Any]:
    group = next(unit for unit in of_kind("working_group") if unit.task_code == task_code)
    return {
        "name": group.name,
        "task": task_code,
        "lead_units": [unit.code for unit in of_kind("lead_unit") if unit.task_code == task_code],
        "colocated_body": group.colocated_body or "",
        "sub_items": [one.name for one in sub_items.of_task(task_code)],
    }
