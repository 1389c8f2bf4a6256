"""Campaigns (专项督查): drafted, opened by the notice, closed at the end, or cancelled or rejected with a reason.

Services of `campaign_setup` (P01); a campaign has the id of its instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import catalogue, profiles, sub_items
from workflows.organisation import district_of, of_kind, units
from workflows.roles import TASK_CODES
from workflows.tables import Campaign

CLASSIFICATIONS = ("public", "internal", "work_secret")


def get(session: Session, campaign_id: Any) -> Campaign:
    """Raises ServiceFault: no_campaign."""
    campaign = session.get(Campaign, campaign_id) if isinstance(campaign_id, str) else None
    if campaign is None:
        raise ServiceFault("no_campaign", N_("There is no campaign with the id {id}."), id=campaign_id)
    return campaign


def only_active(session: Session) -> Campaign | None:
    """The campaign that is going on; None if there is none, or more than one."""
    found = session.scalars(select(Campaign).where(Campaign.status == "active").limit(2)).all()
    return found[0] if len(found) == 1 else None


def of_case(session: Session, named: Any) -> str | None:
    """The id of the campaign that is named, if there is such a one; else of the only one that is active."""
    campaign = session.get(Campaign, named) if isinstance(named, str) else None
    campaign = campaign or only_active(session)
    return campaign.id if campaign else None


def belonging(session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """The campaign that a case belongs to: ``campaign_id`` if there is such a one, else the only one that is active.

    Returns {"campaign_id", "campaign_end" (a day), "profile"}, all None where there is none, and "in_district": whether
    the ``unit`` that the case is about belongs to a district, None if it was not given.
    """
    campaign_id = of_case(session, inputs["campaign_id"])
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    return {
        "campaign_id": campaign.id if campaign else None,
        "campaign_end": campaign.end_date.isoformat() if campaign else None,
        "profile": campaign.profile if campaign else None,
        "in_district": district_of(unit) is not None if (unit := inputs.get("unit")) else None,
    }


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Save the draft; done again, the draft is brought up to date. Returns {"campaign_id", "profile"}.

    Raises ServiceFault: bad_classification (state secrets do not belong on this system), bad_dates.
    """
    if inputs["classification"] not in CLASSIFICATIONS:
        message = N_("“{value}” may not be kept on this system: only public, internal and work_secret may.")
        raise ServiceFault("bad_classification", message, value=inputs["classification"])
    start, end = day(inputs["start_date"], moment), day(inputs["end_date"], moment)
    if end < start:
        message = N_("The campaign ends ({end}) before it begins ({start}).")
        raise ServiceFault("bad_dates", message, start=start.isoformat(), end=end.isoformat())
    campaign = session.get(Campaign, instance.id)
    if campaign is None:
        campaign = Campaign(id=instance.id, created_at=moment.now)
        session.add(campaign)
    campaign.title = inputs["title"]
    campaign.supervision_type = inputs["supervision_type"]
    campaign.authority_basis = inputs["authority_basis"]
    campaign.scope = inputs["scope"]
    campaign.objects = list(inputs["objects"] or [])
    campaign.start_date, campaign.end_date = start, end
    campaign.classification = inputs["classification"]
    campaign.profile = profiles.on(start).name
    campaign.status = "draft"
    session.flush()
    return {"campaign_id": campaign.id, "profile": campaign.profile}


def bodies(session: Session, instance: Instance, _inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """Who takes part by the notice: the bodies that name a liaison officer (S1.7), the four task groups (S1.5), and the
    codes of the districts that are objects."""
    liaison = [{"unit": unit.code, "name": unit.name} for unit in units().values() if unit.names_liaison]
    return {
        "liaison_bodies": liaison,
        "task_groups": [_group(code) for code in TASK_CODES],
        "objects": list(districts_of(get(session, instance.id))),
    }


def open_campaign(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The notice is out: number and date are kept, the catalogue is written, the campaign is active.

    ``catalogue`` is what `catalogue.entries_of` understands.  Returns {"campaign_id", "notice_date", "districts",
    "entries"} with the last two as counts.
    """
    campaign = get(session, instance.id)
    campaign.doc_number = inputs["doc_number"]
    campaign.notice_date = day(inputs["issue_date"], moment)
    campaign.status = "active"
    campaign.opened_at = moment.now
    entries = catalogue.save(session, campaign, catalogue.entries_of(inputs["catalogue"]))
    session.flush()
    return {
        "campaign_id": campaign.id,
        "notice_date": campaign.notice_date.isoformat(),
        "districts": len(districts_of(campaign)),
        "entries": len(entries),
    }


def close(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The end as planned. Returns {"status"}."""
    campaign = get(session, instance.id)
    campaign.summary, campaign.disposition = inputs["summary"], inputs["disposition"]
    return _end(campaign, "closed", moment)


def reject(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """It was not approved. Returns {"status"}."""
    campaign = get(session, instance.id)
    campaign.reason = inputs["reason"]
    return _end(campaign, "rejected", moment)


def cancel(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """It was broken off, perhaps before anything was drafted. Returns {"status"}."""
    campaign = session.get(Campaign, instance.id)
    if campaign is None:
        return {"status": "cancelled"}
    campaign.reason = inputs["reason"]
    return _end(campaign, "cancelled", moment)


def districts_of(campaign: Campaign) -> tuple[str, ...]:
    """The codes of the districts among the objects; a campaign that names none is for all of them."""
    known = [unit.code for unit in of_kind("district")]
    return tuple(code for code in known if code in campaign.objects) or tuple(known)


def day(value: Any, moment: Moment) -> date:
    """A date of an answer. Raises ServiceFault: bad_date."""
    try:
        return to_date(value, moment)
    except (TypeError, ValueError):
        raise ServiceFault("bad_date", N_("“{value}” is no date."), value=value) from None


def _end(campaign: Campaign, status: str, moment: Moment) -> dict[str, Any]:
    campaign.status = status
    campaign.ended_at = moment.now
    return {"status": status}


def _group(task_code: str) -> dict[str, Any]:
    group = next(unit for unit in of_kind("working_group") if unit.task_code == task_code)
    lead = next(unit for unit in of_kind("lead_unit") if unit.task_code == task_code)
    proposed = [
        {
            "code": one.code,
            "name": one.name,
            "municipal_target": float(one.target),
            "unit_of_measure": one.unit_of_measure,
        }
        for one in sub_items.of_task(task_code)
    ]
    return {
        "task_code": task_code,
        "name": TASK_CODES[task_code],
        "unit": lead.code,
        "group": group.code,
        "colocated_body": group.colocated_body or "",
        "sub_items": proposed,
    }
