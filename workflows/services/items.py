"""What the tracking of ledger items may call (P03): reports, lights, urging, closing."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import item_urging, progress, reports
from workflows.papers.urged import with_papers

# What the decision table D1 looks at, and D2.
_LIGHT = (
    "status", "past_deadline", "days_left", "falsified", "gap", "missed_reports", "rectification_overdue", "parameters",
)  # fmt: skip
_URGING = ("paused", "subordinate", "days_late", "overdue_count", "parameters")

TABLE = (
    Service(
        "begin_item",
        N_("Begin to track a ledger item"),
        ("item_id",),
        ("item_id", "campaign_id", "ledger_id", "unit", "district", "deadline", "sign_days"),
        progress.begin,
    ),
    Service(
        "plan_report",
        N_("Say which report of an item is due next"),
        ("item_id", "early"),
        ("period", "opens", "due", "weekly", "watch_from"),
        reports.plan_report,
    ),
    Service(
        "record_report",
        N_("Enter a report on an item"),
        ("item_id", "period", "due", "report", "reporter"),
        ("period", "verify_days"),
        reports.record_report,
    ),
    Service(
        "record_return",
        N_("Enter that a report was returned"),
        ("item_id", "period", "due", "reasons", "verifier"),
        ("returned",),
        reports.record_return,
    ),
    Service(
        "record_verification",
        N_("Enter the verified value of an item"),
        ("item_id", "period", "verified_value", "verifier"),
        ("verified_value", "verified_percent", "problem_is_new", "first_needed_on", *_LIGHT),
        reports.record_verification,
    ),
    Service(
        "set_light",
        N_("Show the light that was decided for an item"),
        ("item_id", "light", "rule"),
        ("light", "before", "turned_red"),
        progress.set_light,
    ),
    Service(
        "sample_report",
        N_("Draw reports for a check at the desk, by risk"),
        ("item_id", "period"),
        ("selected", "chance", "reasons", "check_days"),
        reports.sample,
    ),
    Service(
        "finish_report",
        N_("End the period of a report"),
        ("item_id", "period", "due", "was_checked", "verdict", "checker"),
        ("returned", "claimed", "completion_days", "closing_days"),
        reports.finish_report,
    ),
    Service(
        "continue_item",
        N_("Go on with an item whose completion was not confirmed"),
        ("item_id", "reason"),
        ("status",),
        progress.resume_work,
    ),
    Service(
        "close_item",
        N_("Close an item with its closing slip"),
        ("item_id", "method"),
        ("status", "number", "text", "publicity_until"),
        progress.close,
    ),
    Service(
        "end_item",
        N_("End an item that was cancelled or merged"),
        ("item_id", "status", "reason"),
        ("status", "reason"),
        progress.end,
    ),
    Service(
        "adopt_change",
        N_("Go on with an item that was changed"),
        ("item_id", "unit"),
        ("unit", "deadline", "resumes_on"),
        progress.adopt_change,
    ),
    Service("resume_item", N_("End the suspension of an item"), ("item_id",), ("status",), progress.resume),
    Service(
        "hasten_report",
        N_("Let the report of an item under a red light be due sooner"),
        ("item_id",),
        ("waiting", "period"),
        progress.hasten,
    ),
    Service(
        "record_onsite",
        N_("Enter what was found of an item on site"),
        ("item_id", "verdict", "measured_value"),
        ("falsified", "light"),
        progress.record_onsite,
    ),
    Service(
        "urging_facts",
        N_("Say how late an item is, and with what"),
        ("item_id",),
        ("subject", "last_rung", "paused_days", *_URGING),
        item_urging.facts,
    ),
    Service(
        "issue_urging",
        N_("Urge for an item, one rung at a time"),
        ("item_id", "subject", "rung", "at_once", "days_late", "paused_days"),
        ("rung", "name", "number", "told", "facts"),
        with_papers(item_urging.issue),
    ),
)
