"""What on-site supervision needs (M2), and the calendar against duplicate visits that M1 and M3 use as well."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import visit_calendar, visit_plans, visit_records, visit_teams, visits

_REGISTERED = (
    "visit_id",
    "number",
    "campaign_id",
    "campaign_end",
    "district",
    "unit",
    "task_code",
    "targets",
    "reason",
    "source",
    "severity",
    "in_district",
    "by_office",
    "text",
)
_PLANNED = ("targets", "mode", "visit_date", "team_leader", "team", "invitees", "resolution", "join_visit")
_SEEN = ("checklist", "photos", "no_position", "position_reason", "measured_value", "access", "signed", "refusal")

TABLE = (
    Service("register_visit", N_("Enter a visit that was asked for"), ("request",), _REGISTERED, visits.register),
    Service(
        "assign_visit",
        N_("Send a visit to those who go"),
        ("executor",),
        ("executor", "groups", "team_org", "pending", "pending_date"),
        visit_teams.assign,
    ),
    Service(
        "check_visit_plan",
        N_("Check the plan of a visit"),
        _PLANNED,
        ("fits", "problems", "date", "objects", "joins", "keeps", "times"),
        visit_plans.check,
    ),
    Service(
        "visit_conflict",
        N_("Find what speaks against visiting units on a day"),
        ("campaign_id", "objects", "date", "purpose"),
        ("conflict", "advice", "basis", "clashes", "merge_with", "same_day", "near", "recent"),
        visit_calendar.conflict,
    ),
    Service(
        "book_visit",
        N_("Enter a visit into the calendar of the units it concerns"),
        ("clash_reason", "seen"),
        ("announced", "objects"),
        visits.book,
    ),
    Service(
        "merge_visit",
        N_("Let a visit go along with another one"),
        ("join_visit",),
        ("visit_id", "number", "targets"),
        visits.merge,
    ),
    Service(
        "visit_checklist",
        N_("Draw up the checklist of a visit"),
        (),
        ("rows", "units"),
        visit_records.checklist,
    ),
    Service("postpone_visit", N_("Put a visit off"), ("date", "reason"), ("date", "times"), visits.postpone),
    Service(
        "record_visit",
        N_("Keep what was seen on a visit"),
        _SEEN,
        ("grade", "measured", "checked", "proposed", "text", "signing", "signed"),
        visit_records.record,
    ),
    Service(
        "report_visit",
        N_("Keep the report on a visit and its findings"),
        ("findings", "verdict", "summary", "confirmations", "checked"),
        ("fits", "problems", "findings", "units", "item_verdicts"),
        visit_records.report,
    ),
    Service(
        "dispose_finding",
        N_("Keep what is done about a finding"),
        ("finding_id", "opinion_text", "disposition"),
        ("disposition", "problem_id", "number", "rectification_kind"),
        visit_records.dispose,
    ),
    Service(
        "finish_visit",
        N_("End a visit and say who is to be answered what"),
        ("status", "reason", "item_verdicts", "measured"),
        ("answers", "opinion", "evidence_grade"),
        visits.finish,
    ),
    Service("cancel_visit", N_("Call a visit off with its campaign"), ("reason",), ("status",), visits.cancel),
    Service(
        "monthly_visits",
        N_("Propose the visits of a month"),
        (),
        ("month_day", "items"),
        visit_plans.proposed,
        visit_plans.propose,
    ),
)
