"""Reports on ledger items (P03): planned, given, verified by the district, drawn for a desk check, and finished.

Reported figures are kept, but only what the district has verified counts for lights and completion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bpmn.instants import to_instant
from bpmn.moment import Moment
from engine import messages
from engine.access import Actor, NotFound, NotYours, grant_for
from engine.organisations import paths
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_, Fault
from workflows import lights, parameters
from workflows.changes import done_at
from workflows.progress import WANTED, is_waiting, item_of, number_of, touch, weekly_due
from workflows.rebaselining import share
from workflows.tables import LedgerItem, ProgressReport
from workflows.working_time import day_of_month

REPORTERS = ("district_unit_officer",)
DOUBTED = ("return", "suspect_false")


class NotWaiting(Fault):
    """No report of this item is waited for: it is being filled in or verified, or the item has ended."""


def want_report(session: Session, actor: Actor, item_id: str, moment: Moment) -> None:
    """Let the unit report before the next window opens, to claim completion say.

    Raises NotFound, NotYours, NotWaiting.
    """
    item = session.get(LedgerItem, item_id)
    if item is None or item.instance_id is None:
        raise NotFound
    path = paths(session, [item.responsible_unit or ""]).get(item.responsible_unit or "")
    if grant_for(actor, REPORTERS, path, item.task_code) is None:
        raise NotYours
    if not is_waiting(session, item.instance_id):
        raise NotWaiting
    messages.send(session, WANTED, item_id, {"item_id": item_id, "period": item.report_period}, moment)


def plan_report(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Which report is due next: monthly near the end of the month, weekly under a red light.

    ``early``: it may be given at once. Returns {"period", "opens", "due", "weekly", "watch_from"}; the last is when
    reminding may begin.
    """
    item = item_of(session, inputs["item_id"])
    numbers = parameters.values(session, moment.today)
    item.report_weekly = item.light == "red"
    due = weekly_due(numbers, moment) if item.report_weekly else _monthly_due(session, item, numbers, moment)
    zone = moment.calendar.zone
    day = due.astimezone(zone).date()
    item.report_period = day.isoformat() if item.report_weekly else day.isoformat()[:7]
    item.report_due = due
    opens = moment.now if inputs["early"] or item.report_weekly else max(moment.now, _window(due, numbers, moment))
    touch(session, item, moment)
    remind = int(numbers["urge_remind_days"])
    first = min(day, item.deadline or day)
    return {
        "period": item.report_period,
        "opens": opens.astimezone(zone).isoformat(),
        "due": due.isoformat(),
        "weekly": item.report_weekly,
        "watch_from": moment.working_days(-remind, first).isoformat(),
    }


def record_report(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Enter what was reported. Returns {"period", "verify_days"}."""
    item = item_of(session, inputs["item_id"])
    report: Mapping[str, Any] = inputs["report"]
    due = to_instant(inputs["due"], moment)
    reported_at = done_at(session, instance, "report_progress") or moment.now
    row = ProgressReport(
        item_id=item.id,
        period=inputs["period"],
        due=due,
        no_change=report["no_change"],
        actual_value=_amount(report.get("actual_value")),
        progress_percent=_amount(report["progress_percent"]),
        narrative=report.get("narrative"),
        evidence=list(report.get("evidence") or []),
        blocker=report.get("blocker") if report["has_blocker"] else None,
        needs_decision=bool(report.get("needs_decision")),
        self_disclosed=bool(report.get("self_disclosed")),
        claims_completion=bool(report.get("claim_completion")),
        reporter=inputs["reporter"],
        reported_at=reported_at,
        on_time=reported_at <= due,
    )
    session.add(row)
    if row.actual_value is not None:
        item.reported_value = row.actual_value
    item.progress_percent = row.progress_percent
    item.report_due = None
    if row.claims_completion:
        item.status = "claimed"
    touch(session, item, moment)
    return {"period": row.period, "verify_days": parameters.value(session, "verify_days", moment.today)}


def record_return(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The district has returned the report: it still is awaited. Returns {"returned": how often in this period}."""
    item = item_of(session, inputs["item_id"])
    row = _report(session, item, inputs["period"])
    row.verdict, row.return_reason = "return", list(inputs["reasons"] or [])
    row.verifier, row.verified_at = inputs["verifier"], moment.now
    _await_again(item, inputs["due"], moment)
    touch(session, item, moment)
    returned = select(func.count()).select_from(ProgressReport)
    returned = returned.where(ProgressReport.item_id == item.id, ProgressReport.period == row.period)
    return {"returned": session.scalar(returned.where(ProgressReport.verdict == "return"))}


def record_verification(
    session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment
) -> dict[str, Any]:
    """Enter what the district has verified.

    Returns {"verified_value", "verified_percent", "problem_is_new", "first_needed_on"} and what D1 looks at.
    """
    item = item_of(session, inputs["item_id"])
    row = _report(session, item, inputs["period"])
    before = _last_passed(session, item, row.id)
    row.verdict, row.verified_value = "pass", _amount(inputs["verified_value"])
    row.verifier, row.verified_at = inputs["verifier"], moment.now
    _take(item, row)
    touch(session, item, moment)
    told = (before.blocker, before.self_disclosed) if before else (None, False)
    is_new = (row.blocker is not None and row.blocker != told[0]) or (bool(row.self_disclosed) and not told[1])
    needed = select(func.min(ProgressReport.reported_at)).where(
        ProgressReport.item_id == item.id, ProgressReport.needs_decision.is_(True)
    )
    first = session.scalar(needed) if row.needs_decision else None
    return {
        "verified_value": number_of(item.verified_value),
        "verified_percent": number_of(item.verified_percent),
        "problem_is_new": is_new,
        "first_needed_on": first.astimezone(moment.calendar.zone).date().isoformat() if first else None,
        **lights.facts(session, item, moment),
    }


def sample(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Whether the report is drawn for a desk check: about one in ten, risks weigh.

    The lot is drawn from the hash of the instance's record so far: nobody knows it before, everybody can check it
    afterwards.  Returns {"selected", "chance" (percent), "reasons", "check_days"}.
    """
    item = item_of(session, inputs["item_id"])
    row = _report(session, item, inputs["period"])
    numbers = parameters.values(session, moment.today, ("sample_percent", "sample_jump", "check_days"))
    reasons = _risks(item, row, _last_passed(session, item, row.id), float(numbers["sample_jump"]))
    chance = min(100.0, float(numbers["sample_percent"]) * (1 + len(reasons)))
    seed = f"{instance.record_hash}:{row.period}:{row.id}".encode()
    lot = int.from_bytes(hashlib.sha256(seed).digest()[:8]) / 2**64 * 100
    return {
        "selected": lot < chance,
        "chance": chance,
        "reasons": reasons,
        "check_days": numbers["check_days"],
    }


def finish_report(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """End the period: the verdict of a desk check counts, a doubted figure is taken back.

    Returns {"returned", "claimed", "completion_days", "closing_days"}.
    """
    item = item_of(session, inputs["item_id"])
    row = _report(session, item, inputs["period"])
    is_doubted = False
    if inputs["was_checked"]:
        row.desk_verdict = inputs["verdict"]
        is_doubted = row.desk_verdict in DOUBTED
    if is_doubted:
        _take(item, _last_passed(session, item, row.id))
    is_returned = row.desk_verdict == "return"
    if is_returned:
        _await_again(item, inputs["due"], moment)
    is_claimed = bool(row.claims_completion) and not is_doubted
    if item.status == "claimed":
        item.status = "verifying" if is_claimed else "in_progress"
    touch(session, item, moment)
    lights.tell(session, lights.judge(session, [item.id], moment), moment)
    numbers = parameters.values(session, moment.today, ("completion_days", "closing_days"))
    return {"returned": is_returned, "claimed": is_claimed, **numbers}


def _monthly_due(session: Session, item: LedgerItem, numbers: Mapping[str, Any], moment: Moment) -> datetime:
    """The next monthly day that is not past and for which nothing was reported: neither for its month, nor since its
    window is open, as a late or a weekly report."""
    month = moment.today.replace(day=1)
    while True:
        due = day_of_month(int(numbers["report_day"]), month, moment)
        for_it = ProgressReport.period == month.isoformat()[:7]
        given = exists().where(
            ProgressReport.item_id == item.id,
            ProgressReport.verdict == "pass",
            for_it | (ProgressReport.reported_at >= _window(due, numbers, moment)),
        )
        if due > moment.now and not session.scalar(select(given)):
            return due
        month = (month + timedelta(days=32)).replace(day=1)


def _window(due: datetime, numbers: Mapping[str, Any], moment: Moment) -> datetime:
    """The beginning of the first day on which a monthly report may be given."""
    zone = moment.calendar.zone
    first = moment.working_days(-int(numbers["report_window_days"]), due.astimezone(zone).date())
    return first.astimezone(zone).replace(hour=0, minute=0)


def _report(session: Session, item: LedgerItem, period: str) -> ProgressReport:
    """The last report of the period. Raises ServiceFault: no_report."""
    rows = select(ProgressReport).where(ProgressReport.item_id == item.id, ProgressReport.period == period)
    row = session.scalars(rows.order_by(ProgressReport.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise ServiceFault("no_report", N_("Nothing was reported for {period}."), period=period)
    return row


def _last_passed(session: Session, item: LedgerItem, before: int) -> ProgressReport | None:
    """The last report before that one whose figures nobody doubts."""
    passed = select(ProgressReport).where(
        ProgressReport.item_id == item.id,
        ProgressReport.id < before,
        ProgressReport.verdict == "pass",
        ProgressReport.desk_verdict.is_(None) | ProgressReport.desk_verdict.not_in(DOUBTED),
    )
    return session.scalars(passed.order_by(ProgressReport.id.desc()).limit(1)).one_or_none()


def _take(item: LedgerItem, row: ProgressReport | None) -> None:
    """Let the figures of the report be the verified ones; without one, nothing is verified."""
    item.verified_value = row.verified_value if row else None
    reached = share(item.verified_value, item.target_value)
    item.verified_percent = reached if item.target_value else (row.progress_percent if row else None)


def _await_again(item: LedgerItem, due: Any, moment: Moment) -> None:
    item.report_due = to_instant(due, moment)
    if item.status == "claimed":
        item.status = "in_progress"


def _risks(item: LedgerItem, row: ProgressReport, before: ProgressReport | None, jump: float) -> list[str]:
    """Why this report is more likely to be drawn than others."""
    risen = float(row.progress_percent or 0) - float(before.progress_percent or 0 if before else 0)
    weak = [one for one in row.evidence if one.get("grade") not in ("A", "B")]
    found = {
        "light": item.light in ("red", "yellow"),
        "jump": risen >= jump,
        "weak_evidence": bool(weak) or not (row.evidence or row.no_change),
        "falsified_before": item.falsified,
        "claims_completion": bool(row.claims_completion),
    }
    return [name for name, holds in found.items() if holds]


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
