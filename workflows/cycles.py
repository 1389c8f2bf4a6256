"""Rounds of what recurs: which campaigns have one now, and that a round begins, is put off, ends or is left out. S4.6

The functions of the first part are asked by start events whose timer is due: they change nothing.  Those of the second
part are services of the processes that were started so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import insert_missing
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import campaigns, parameters, periods
from workflows.organisation import of_kind
from workflows.periods import Period
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Cycle

# Parameters that timers of start events may use as ``timing.<name>``.
TIMING = ("flash_day", "flash_hour", "monthly_day", "quarterly_day")
# Kind of round -> its name.
KINDS: Mapping[str, str] = {
    "flash": "督查与反馈（快报）",
    "monthly": "督查与反馈（专报）",
    "meeting": "协调小组例会",
    "quarterly": "季度综合报告",
    "assessment": "绩效考核",
    "disclosure": "社会公示",
    "joint": "联合督查",
}


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
    return _answer(session, [_item(campaign) | keys for campaign in _in_force(session, today)], moment)


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
    """
    found = []
    for campaign in _in_force(session, moment.today):
        begun = _begun(session, campaign.id, "flash")
        first = campaign.start_date if not begun else moment.today
        found += [_round(campaign, "flash", one) for one in _weeks(first, moment.today) if one.key not in begun]
    return _answer(session, found, moment)


def months_due(session: Session, moment: Moment) -> dict[str, Any]:
    """Monthly reports and meetings to be prepared now."""
    this = periods.month(moment.today)
    wanted = [one for one in _in_force(session, moment.today) if this.key not in _begun(session, one.id, "monthly")]
    return _answer(session, [_round(one, "monthly", this) for one in wanted], moment)


def quarters_due(session: Session, moment: Moment) -> dict[str, Any]:
    """Quarterly reports to be written now: of the quarter before this one."""
    last = periods.quarter(periods.quarter(moment.today).first - timedelta(days=1))
    wanted = [one for one in _during(session, last) if last.key not in _begun(session, one.id, "quarterly")]
    return _answer(session, [_round(one, "quarterly", last) for one in wanted], moment)


def begin(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """A round of a ``kind`` begins: for the ``campaign_id`` and ``period`` of the start event, or begun by hand.

    By hand it is of the only campaign that goes on, and for a flash bulletin of today (an extra issue), else of the
    running month or the quarter before.  Returns {"campaign_id", "campaign", "period", "label", "first", "last" (days),
    "since", "until" (instants that the round covers), "due_on", "is_late", "task_codes", "groups": [{"task_code",
    "name", "unit", "lead_unit"}], "campaign_end"}.  Raises ServiceFault: no_campaign, bad_period, already_begun.
    """
    kind = str(inputs["kind"])
    campaign = _campaign(session, inputs.get("campaign_id"), moment)
    period = _period(session, campaign, kind, inputs.get("period"), moment)
    due = _due(session, kind, period, moment)
    since, until = _covered(session, campaign, kind, period, moment)
    row = {
        "campaign_id": campaign.id,
        "kind": kind,
        "period": period.key,
        "due_on": due,
        "status": "running",
        "postponed": 0,
        "covers_until": until,
        "started_at": moment.now,
        "instance_id": instance.id,
    }
    if not insert_missing(session, Cycle, [row]):
        message = N_("The round {period} of “{kind}” has begun already.")
        raise ServiceFault("already_begun", message, period=period.label, kind=KINDS.get(kind, kind))
    return {
        "campaign_id": campaign.id,
        "campaign": campaign.title,
        "period": period.key,
        "label": period.label,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "due_on": due.isoformat(),
        "is_late": due < moment.today,
        "task_codes": list(TASK_CODES),
        "groups": _groups(),
        "campaign_end": campaign.end_date.isoformat(),
    }


def finish(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The round of the ``kind`` of this case is done. Returns {"status", "is_late"}. Raises ServiceFault: no_cycle."""
    row = _of(session, instance, inputs["kind"])
    row.status, row.ended_at = "done", moment.now
    return {"status": row.status, "is_late": row.due_on < moment.today}


def skip(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The round of the ``kind`` of this case is left out, for a ``reason``. Returns {"status"}.

    Raises ServiceFault: no_cycle.
    """
    row = _of(session, instance, inputs["kind"])
    row.status, row.ended_at, row.reason = "skipped", moment.now, str(inputs["reason"])
    return {"status": row.status}


def postpone(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The round of the ``kind`` of this case is put off for a ``reason``, within its period.

    Returns {"due_on": the day proposed for it, "postponed": how often, "within": whether there still is a working day
    left in the period}.  Raises ServiceFault: no_cycle.
    """
    row = _of(session, instance, inputs["kind"])
    last = periods.read(row.period).last
    step = int(parameters.value(session, "meeting_postpone_days", moment.today))
    proposed = moment.working_days(step).date()
    while proposed > last and step > 1:
        step -= 1
        proposed = moment.working_days(step).date()
    row.postponed += 1
    row.reason = str(inputs["reason"])
    if proposed <= last:
        row.due_on = proposed
    return {"due_on": row.due_on.isoformat(), "postponed": row.postponed, "within": proposed <= last}


def _answer(session: Session, items: list[dict[str, Any]], moment: Moment) -> dict[str, Any]:
    return {"items": items, "timing": parameters.values(session, moment.today, TIMING)}


def _in_force(session: Session, day: date) -> list[Campaign]:
    wanted = select(Campaign).where(Campaign.status == "active", Campaign.start_date <= day, Campaign.end_date >= day)
    return list(session.scalars(wanted.order_by(Campaign.created_at, Campaign.id)))


def _during(session: Session, period: Period) -> list[Campaign]:
    wanted = select(Campaign).where(
        Campaign.status.in_(("active", "closed")),
        Campaign.start_date <= period.last,
        Campaign.end_date >= period.first,
    )
    return list(session.scalars(wanted.order_by(Campaign.created_at, Campaign.id)))


def _begun(session: Session, campaign_id: str, kind: str) -> frozenset[str]:
    wanted = select(Cycle.period).where(Cycle.campaign_id == campaign_id, Cycle.kind == kind)
    return frozenset(session.scalars(wanted))


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
        "title": f"{KINDS[kind]}{period.label}",
        "period": period.key,
        "label": period.label,
    }


def _campaign(session: Session, named: Any, moment: Moment) -> Campaign:
    if named is not None:
        return campaigns.get(session, named)
    found = _in_force(session, moment.today)
    if len(found) != 1:
        message = N_("There is not exactly one campaign that goes on today, so it is not clear which one is meant.")
        raise ServiceFault("no_campaign", message)
    return found[0]


def _period(session: Session, campaign: Campaign, kind: str, named: Any, moment: Moment) -> Period:
    if named is not None:
        try:
            return periods.read(str(named))
        except ValueError:
            raise ServiceFault("bad_period", N_("“{period}” is no period."), period=str(named)) from None
    if kind == "flash":  # an extra issue
        begun = _begun(session, campaign.id, kind)
        keys = (f"{moment.today}-{number}" for number in range(1, len(begun) + 2))
        return periods.read(next(key for key in keys if key not in begun))
    if kind == "quarterly":
        return periods.quarter(periods.quarter(moment.today).first - timedelta(days=1))
    return periods.month(moment.today)


def _due(session: Session, kind: str, period: Period, moment: Moment) -> date:
    """The last day on which a round is in time; rhythms of other mechanisms end with their period."""
    values = parameters.values(session, moment.today, ("flash_day", "quarterly_day", "quarterly_report_days"))
    if kind == "flash" and period.first != period.last:
        days = [period.first + timedelta(days=number) for number in range(int(values["flash_day"]))]
        worked = [day for day in days if moment.calendar.is_working_day(day)]
        return worked[-1] if worked else period.last
    if kind in ("monthly", "meeting"):
        return moment.working_days(-1, period.last + timedelta(days=1)).date()
    if kind == "quarterly":
        after = int(values["quarterly_day"] + values["quarterly_report_days"])
        return moment.working_days(after, period.last).date()
    return period.last


def _covered(
    session: Session, campaign: Campaign, kind: str, period: Period, moment: Moment
) -> tuple[datetime, datetime]:
    """From where the round before ended to now, at most to the end of the period."""
    zone = moment.calendar.zone
    first = datetime.combine(period.first, time(), zone)
    end = datetime.combine(period.last + timedelta(days=1), time(), zone)
    before = session.scalar(
        select(func.max(Cycle.covers_until)).where(
            Cycle.campaign_id == campaign.id, Cycle.kind == kind, Cycle.covers_until < end
        )
    )
    until = min(moment.now, end)
    return (min(before, until) if before is not None else first), until


def _groups() -> list[dict[str, Any]]:
    groups = {unit.task_code: unit for unit in of_kind("working_group") if unit.task_code}
    leads = {unit.task_code: unit for unit in reversed(of_kind("lead_unit"))}
    return [
        {"task_code": code, "name": name, "unit": groups[code].code, "lead_unit": leads[code].code}
        for code, name in TASK_CODES.items()
    ]


def _of(session: Session, instance: Instance, kind: Any) -> Cycle:
    wanted = select(Cycle).where(Cycle.instance_id == instance.id, Cycle.kind == str(kind))
    row = session.scalars(wanted.order_by(Cycle.id.desc()).limit(1)).first()
    if row is None:
        raise ServiceFault("no_cycle", N_("This case has no round of “{kind}”."), kind=KINDS.get(str(kind), str(kind)))
    return row
