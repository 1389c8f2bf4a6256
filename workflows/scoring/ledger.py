"""Evidence of the ledger: what is verified of items, and which reports and matters for decision came in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from workflows import lights
from workflows.scoring.rules import Entry
from workflows.scoring.scope import Found, Scope
from workflows.scoring.units import lead_units
from workflows.tables import Change, LedgerItem, Matter, ProgressReport
from workflows.working_time import between, day_of_month

COUNTED = ("established", "in_progress", "claimed", "verifying", "reopened", "closed")
AWAITED = ("in_progress", "claimed", "verifying", "reopened")


def items(scope: Scope) -> Found:
    """What is verified, against what was planned for the day; hard items weigh more.

    Nothing planned yet, or suspended: neutral.  If an extension was asked for too late, the old deadline counts.
    """
    late = _late_extensions(scope)
    rows = select(
        LedgerItem.id, LedgerItem.district, LedgerItem.task_code, LedgerItem.item_name, LedgerItem.status,
        LedgerItem.difficulty, LedgerItem.start_date, LedgerItem.deadline, LedgerItem.milestones,
        LedgerItem.verified_percent, LedgerItem.instance_id,
    ).where(
        LedgerItem.campaign_id == scope.campaign_id, LedgerItem.applicable.is_(True), LedgerItem.status.in_(COUNTED)
    )  # fmt: skip
    weights = {
        "hard": float(scope.numbers["score_hard_weight"]) / 100,
        "needs_decision": float(scope.numbers["score_decision_weight"]) / 100,
    }
    for row in scope.session.execute(rows):
        if row.start_date is None or row.deadline is None:
            continue
        planned = lights.planned_percent(row.start_date, row.deadline, row.milestones, scope.last)
        old = late.get(row.id)
        if old is not None and old <= scope.last:
            planned = 100.0
        is_closed = row.status == "closed"
        if planned <= 0 and not is_closed:
            continue
        verified = float(row.verified_percent or 0)
        entry = Entry(
            component="ledger",
            rule="closed" if is_closed else "late_extension" if old is not None and old <= scope.last else "progress",
            weight=weights.get(row.difficulty or "", 1.0),
            share=1.0 if is_closed else min(1.0, verified / planned),
            source_kind="item",
            source_id=row.id,
            instance_id=row.instance_id,
            item_id=row.id,
            task_code=row.task_code,
            day=scope.last,
            text=row.item_name or "",
            facts={"planned": planned, "verified": verified, "difficulty": row.difficulty or "normal"}
            | ({"old": old.isoformat()} if old is not None else {}),
        )
        yield row.district, entry
        for lead in lead_units().get(row.task_code, ()):
            yield lead, entry


def _late_extensions(scope: Scope) -> dict[str, date]:
    """Item -> the deadline that it had before an extension was asked for when it was too late."""
    rows = select(Change.item_id, func.min(Change.old_deadline)).where(
        Change.campaign_id == scope.campaign_id,
        Change.change_type == "extension",
        Change.in_time.is_(False),
        Change.status.in_(("approved", "partial")),
        Change.item_id.is_not(None),
        Change.old_deadline.is_not(None),
    )
    return {item: day for item, day in scope.session.execute(rows.group_by(Change.item_id)) if item and day}


def reports(scope: Scope) -> Found:
    """Reports that were due: on time if the first one for the period was; each return by the desk check."""
    rows = (
        select(
            ProgressReport.id, ProgressReport.item_id, ProgressReport.period, ProgressReport.due,
            ProgressReport.reported_at, ProgressReport.on_time, ProgressReport.desk_verdict, LedgerItem.district,
            LedgerItem.item_name, LedgerItem.task_code, LedgerItem.instance_id,
        )
        .join(LedgerItem, LedgerItem.id == ProgressReport.item_id)
        .where(
            LedgerItem.campaign_id == scope.campaign_id,
            ProgressReport.due >= scope.begin,
            ProgressReport.due < scope.end,
        )
        .order_by(ProgressReport.id)
    )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for row in scope.session.execute(rows):
        about = {
            "source_kind": "report", "source_id": str(row.id), "instance_id": row.instance_id, "item_id": row.item_id,
            "task_code": row.task_code, "day": scope.day(row.due), "text": row.item_name or "",
        }  # fmt: skip
        facts = {"period": row.period, "due": scope.iso(row.due), "done": scope.iso(row.reported_at)}
        if (row.item_id, row.period) not in seen:
            seen.add((row.item_id, row.period))
            rule = "report_on_time" if row.on_time else "report_late"
            yield row.district, Entry("timeliness", rule, 1.0, float(bool(row.on_time)), **about, facts=facts)
        if row.desk_verdict == "return":
            yield row.district, Entry("returned", "report_returned", 1.0, 1.0, **about, facts=facts)
    yield from _missing(scope, seen)


def _missing(scope: Scope, seen: set[tuple[str, str]]) -> Found:
    """Reports that never came, by the days that have passed."""
    rows = select(
        LedgerItem.id, LedgerItem.district, LedgerItem.item_name, LedgerItem.task_code, LedgerItem.instance_id,
        LedgerItem.report_due, LedgerItem.report_period, LedgerItem.report_weekly,
    ).where(
        LedgerItem.campaign_id == scope.campaign_id,
        LedgerItem.report_due < scope.end,
        LedgerItem.status.in_(AWAITED),
    )  # fmt: skip
    for row in scope.session.execute(rows):
        for number, due in enumerate(_dues(scope, row.report_due, row.report_weekly)):
            day = scope.day(due)
            assert day is not None
            if not scope.covers(day) or (number == 0 and (row.id, row.report_period) in seen):
                continue
            yield row.district, Entry(
                "timeliness", "report_missed", 1.0, 0.0, "report", f"{row.id}:{day.isoformat()}", row.instance_id,
                row.id, row.task_code, day, row.item_name or "",
                {"period": row.report_period if number == 0 else day.isoformat()[:7], "due": day.isoformat()},
            )  # fmt: skip


def _dues(scope: Scope, first: datetime, is_weekly: bool) -> Iterator[datetime]:
    due = first
    while due < scope.end:
        yield due
        if is_weekly:
            due += timedelta(days=int(scope.numbers["red_report_days"]))
        else:
            month = due.astimezone(scope.moment.calendar.zone).date().replace(day=1)
            following = (month + timedelta(days=32)).replace(day=1)
            due = day_of_month(int(scope.numbers["report_day"]), following, scope.moment)


def matters(scope: Scope) -> Found:
    """S3.3: lead units are to submit what needs a decision in time, counted from the first report that said so."""
    rows = select(
        Matter.id, Matter.title, Matter.task_code, Matter.first_needed_on, Matter.requested_at, Matter.instance_id
    ).where(
        Matter.campaign_id == scope.campaign_id,
        Matter.first_needed_on.is_not(None),
        Matter.requested_at >= scope.begin,
        Matter.requested_at < scope.end,
        Matter.status != "cancelled",
    )
    most = int(scope.numbers["decision_timely_days"])
    for row in scope.session.execute(rows):
        day = scope.day(row.requested_at)
        assert day is not None
        taken = between(row.first_needed_on, day, scope.moment.calendar)
        is_timely = taken <= most
        for lead in lead_units().get(row.task_code, ()):
            yield lead, Entry(
                "timeliness", "matter_timely" if is_timely else "matter_late", 1.0, float(is_timely), "matter", row.id,
                row.instance_id, None, row.task_code, day, row.title,
                {"needed": row.first_needed_on.isoformat(), "done": day.isoformat(), "days": taken, "most": most},
            )  # fmt: skip
