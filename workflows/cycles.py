"""Rounds of what recurs: that one begins, is put off, ends or is left out. S4.6

Which are to begin, `cycle_starts` says.  Functions that take an instance are services.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Calendar, Moment
from engine.database import insert_missing
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import campaigns, parameters, periods
from workflows.organisation import of_kind
from workflows.periods import Period
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Cycle

# Parameters by which rounds are due.
RHYTHM = ("flash_day", "quarterly_day", "quarterly_report_days")
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


def in_force(session: Session, day: date) -> list[Campaign]:
    """The campaigns that go on that day, the oldest first."""
    wanted = select(Campaign).where(Campaign.status == "active", Campaign.start_date <= day, Campaign.end_date >= day)
    return list(session.scalars(wanted.order_by(Campaign.created_at, Campaign.id)))


def begun_periods(session: Session, campaign_id: str, kind: str) -> frozenset[str]:
    """The keys of the rounds of a kind that have begun, skipped ones too."""
    wanted = select(Cycle.period).where(Cycle.campaign_id == campaign_id, Cycle.kind == kind)
    return frozenset(session.scalars(wanted))


def due_day(kind: str, period: Period, rhythm: Mapping[str, Any], calendar: Calendar) -> date | None:
    """The last day on which a round is in time, by the parameters `RHYTHM`; None if it falls away.

    A week in which no day up to that of the bulletin is worked has none.  Rounds of other mechanisms end with their
    period.
    """
    moment = Moment(datetime.combine(period.last, time(), calendar.zone), calendar)
    if kind == "flash" and period.first != period.last:
        days = [period.first + timedelta(days=number) for number in range(int(rhythm["flash_day"]))]
        worked = [day for day in days if calendar.is_working_day(day)]
        return worked[-1] if worked else None
    if kind in ("monthly", "meeting"):
        return moment.working_days(-1, period.last + timedelta(days=1)).date()
    if kind == "quarterly":
        return moment.working_days(int(rhythm["quarterly_day"] + rhythm["quarterly_report_days"])).date()
    return period.last


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
    rhythm = parameters.values(session, moment.today, RHYTHM)
    due = due_day(kind, period, rhythm, moment.calendar) or period.last
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


def drop(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The case ends early, for a ``reason``: all of its rounds that still run are left out. Returns {"status"}."""
    wanted = select(Cycle).where(Cycle.instance_id == instance.id, Cycle.status == "running")
    for row in session.scalars(wanted):
        row.status, row.ended_at, row.reason = "skipped", moment.now, str(inputs["reason"])
    return {"status": "skipped"}


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


def _campaign(session: Session, named: Any, moment: Moment) -> Campaign:
    if named is not None:
        return campaigns.get(session, named)
    found = in_force(session, moment.today)
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
        begun = begun_periods(session, campaign.id, kind)
        keys = (f"{moment.today}-{number}" for number in range(1, len(begun) + 2))
        return periods.read(next(key for key in keys if key not in begun))
    if kind == "quarterly":
        return periods.quarter(periods.quarter(moment.today).first - timedelta(days=1))
    return periods.month(moment.today)


def _covered(
    session: Session, campaign: Campaign, kind: str, period: Period, moment: Moment
) -> tuple[datetime, datetime]:
    """From where the last round that was told ended (else from the begin of the campaign) to now, within the period."""
    zone = moment.calendar.zone
    first = datetime.combine(campaign.start_date, time(), zone)
    end = datetime.combine(period.last + timedelta(days=1), time(), zone)
    before = session.scalar(
        select(func.max(Cycle.covers_until)).where(
            Cycle.campaign_id == campaign.id,
            Cycle.kind == kind,
            Cycle.covers_until < end,
            Cycle.status != "skipped",  # what was not told then is told now
        )
    )
    until = min(moment.now, end)
    return min(before or first, until).astimezone(zone), until.astimezone(zone)


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
