"""The plan of an inspection by deputies, the digest of what they said, the answer to one of them (M3). S4.3"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows.tables import Activity, Campaign, DeputyOpinion


def activity(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: "activity_id".

    Returns {"campaign": title, "activity": {number, inspecting_body, form, theme, date_from, date_to, task_codes,
    route, hosts, attendee_count, formal_no}, "opinions": [{number, content, route, unit, task_code, reply_text}],
    "today", "source"}.
    """
    row = session.get_one(Activity, facts["activity_id"])
    named = row.campaign_id or campaign_id
    campaign = session.get(Campaign, named) if named else None
    said = session.scalars(
        select(DeputyOpinion).where(DeputyOpinion.activity_id == row.id).order_by(DeputyOpinion.number)
    ).all()
    return {
        "campaign": campaign.title if campaign else "",
        "activity": facts_of(row),
        "opinions": [_opinion(one) for one in said],
        "today": moment.today,
        "source": [{"kind": "activity", "id": row.id, "title": row.theme}],
    }


def reply(session: Session, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """``facts``: "opinion_id", and the "text" and "result" that were signed.

    Returns {"campaign", "activity": as `activity` gives it, "opinion": {number, content, unit, reply_text, result,
    rework, formal_no}, "today", "source"}.
    """
    row = session.get_one(DeputyOpinion, facts["opinion_id"])
    visit = session.get_one(Activity, row.activity_id)
    named = row.campaign_id or campaign_id
    campaign = session.get(Campaign, named) if named else None
    told = {"reply_text": facts["text"], "result": facts["result"], "rework": row.rework_count > 0}
    return {
        "campaign": campaign.title if campaign else "",
        "activity": facts_of(visit),
        "opinion": _opinion(row) | told | {"formal_no": row.formal_no},
        "today": moment.today,
        "source": [{"kind": "deputy_opinion", "id": row.id, "title": row.number}],
    }


def facts_of(row: Activity) -> dict[str, Any]:
    return {
        "number": row.number,
        "inspecting_body": row.inspecting_body,
        "form": row.form,
        "theme": row.theme,
        "date_from": row.date_from,
        "date_to": row.date_to,
        "task_codes": row.task_codes,
        "route": row.route,
        "hosts": row.hosts,
        "attendee_count": row.attendee_count,
        "formal_no": row.formal_no,
    }


def _opinion(row: DeputyOpinion) -> dict[str, Any]:
    return {
        "number": row.number,
        "content": row.content,
        "route": row.route,
        "unit": row.unit,
        "task_code": row.task_code,
        "reply_text": row.reply_text,
    }
