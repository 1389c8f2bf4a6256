"""What start events ask whose timer is due: which campaigns go on, and which rounds are to begin for them. S4.6

These functions change nothing: they are also asked when a process is published, for the rhythm of its timer.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import campaigns, parameters, periods
from workflows.cycles import KINDS, RHYTHM, begun_periods, due_day, in_force
from workflows.periods import Period
from workflows.roles import TASK_CODES
from workflows.tables import Campaign

# Parameters that timers of start events may use as ``timing.<name>``.
TIMING = ("flash_day", "flash_hour", "monthly_day", "quarterly_day")

CITY = "110000"  # what these rounds are about: whoever holds a role for the whole city sees their cases


def campaigns_in_force(session: Session, moment: Moment) -> dict[str, Any]:
    """What a start event needs of each campaign that goes on today; for any rhythm.

    Returns {"items": [{"campaign_id", "title", "campaign", "period" (the month), "week", "month", "quarter",
    "last_quarter", "task_codes", "districts", "campaign_end", "profile"}], "timing": {parameter: value}}.
    """
    today = moment.today
    last = periods.quarter(periods.quarter(today).first - timedelta(days=1))
    keys = {
        "period": periods.month(today).key,
        "week": periods.week(today).key,
        "month": periods.month(today).key,
        "quarter": periods.quarter(today).key,
        "last_quarter": last.key,
    }
    return _answer(session, [_item(campaign) | keys for campaign in in_force(session, today)], moment)


def campaigns_of_quarter(session: Session, moment: Moment) -> dict[str, Any]:
    """The campaigns that went on in the quarter before this one, ended ones too: it is now that it is accounted for.

    Returns as `campaigns_in_force`, with "period" and "quarter" (both the quarter before) instead of the other periods.
    """
    last = periods.quarter(periods.quarter(moment.today).first - timedelta(days=1))
    keys = {"period": last.key, "quarter": last.key, "label": last.label}
    found = [_item(campaign) | keys for campaign in _during(session, last)]
    return _answer(session, found, moment)


def flashes_due(session: Session, moment: Moment) -> dict[str, Any]:
    """Flash bulletins to be made now: of this week, and before the first one of all weeks since the campaign began.

    A campaign may begin before its notice is out (S4.6b: from mid-April); the bulletins of those weeks are dated back.
    A round that was missed and is made up for on a Monday does not take away the bulletin of the week that begins then.
    """
    rhythm = parameters.values(session, moment.today, RHYTHM)
    found = []
    for campaign in in_force(session, moment.today):
        begun = begun_periods(session, campaign.id, "flash")
        first = campaign.start_date if not begun else moment.today
        found += [
            _round(campaign, "flash", one)
            for one in _weeks(first, moment.today)
            if one.key not in begun
            and (day := due_day("flash", one, rhythm, moment.calendar)) is not None
            and day <= moment.today
        ]
    return _answer(session, found, moment)


def months_due(session: Session, moment: Moment) -> dict[str, Any]:
    """Monthly reports and meetings to be prepared now."""
    this = periods.month(moment.today)
    wanted = [
        one for one in in_force(session, moment.today) if this.key not in begun_periods(session, one.id, "monthly")
    ]
    return _answer(session, [_round(one, "monthly", this) for one in wanted], moment)


def quarters_due(session: Session, moment: Moment) -> dict[str, Any]:
    """Quarterly reports to be written now: of the quarter before this one."""
    last = periods.quarter(periods.quarter(moment.today).first - timedelta(days=1))
    wanted = [one for one in _during(session, last) if last.key not in begun_periods(session, one.id, "quarterly")]
    return _answer(session, [_round(one, "quarterly", last) for one in wanted], moment)


def _answer(session: Session, items: list[dict[str, Any]], moment: Moment) -> dict[str, Any]:
    return {"items": items, "timing": parameters.values(session, moment.today, TIMING)}


def _during(session: Session, period: Period) -> list[Campaign]:
    wanted = select(Campaign).where(
        Campaign.status.in_(("active", "closed")),
        Campaign.start_date <= period.last,
        Campaign.end_date >= period.first,
    )
    return list(session.scalars(wanted.order_by(Campaign.created_at, Campaign.id)))


def _weeks(first: date, last: date) -> list[Period]:
    found = [periods.week(first)]
    while found[-1].last < last:
        found.append(periods.week(found[-1].last + timedelta(days=1)))
    return found


def _item(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign_id": campaign.id,
        "title": campaign.title,
        "campaign": campaign.title,
        "task_codes": list(TASK_CODES),
        "districts": list(campaigns.districts_of(campaign)),
        "campaign_end": campaign.end_date.isoformat(),
        "profile": campaign.profile,
    }


def _round(campaign: Campaign, kind: str, period: Period) -> dict[str, Any]:
    return _item(campaign) | {
        "title": f"{KINDS[kind]} {period.label} {campaign.title}",
        "org": CITY,
        "period": period.key,
        "label": period.label,
    }
