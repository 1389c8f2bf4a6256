"""What the pool of problems, orders and the review of objections need: P05, P06, P08."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import campaigns, objections, problems

_REGISTERED = (
    "problem_id",
    "number",
    "title",
    "facts",
    "unit",
    "units",
    "task_code",
    "item_id",
    "campaign_id",
    "campaign_end",
    "first_needed_on",
)
_ASSESSED = ("category", "task_code", "affected_units", "cause", "severity", "verified", "route")
_RULES = ("profile", "basis", "filing_days", "review_days", "warning_day", "accept_days")

TABLE = (
    Service(
        "campaign_of_case",
        N_("Find the campaign that a case belongs to"),
        ("campaign_id", "unit"),
        ("campaign_id", "campaign_end", "profile", "in_district"),
        campaigns.belonging,
    ),
    Service("register_problem", N_("Keep a reported problem"), ("report",), _REGISTERED, problems.register),
    Service(
        "find_similar",
        N_("Find open problems that are alike"),
        ("problem_id", "least"),
        ("similar", "units", "likeliest"),
        problems.find_similar,
    ),
    Service(
        "assess_problem",
        N_("Keep the assessment of a problem and count how far its kind has spread"),
        ("problem_id", "days", "merge_into", *_ASSESSED),
        ("districts", "tasks", "like", "consulted", "merge_into", "mergeable"),
        problems.assess,
    ),
    Service(
        "put_on_agenda",
        N_("Put an open problem onto the agenda of the next monthly meeting"),
        ("problem_id",),
        ("month",),
        problems.put_on_agenda,
    ),
    Service(
        "settle_problem",
        N_("Close a problem with its outcome"),
        ("problem_id", "outcome", "merge_into"),
        ("outcome", "merged_into", "number"),
        problems.settle,
    ),
    Service(
        "register_objection",
        N_("Keep an objection to a conclusion"),
        ("filed",),
        ("objection_id", "number", "unit", "campaign_id", "received_on", "filed_on", "grounds"),
        objections.register,
    ),
    Service(
        "objection_rules", N_("Read the rules that an objection is under"), ("campaign_id",), _RULES, objections.rules
    ),
    Service(
        "exclude_authors",
        N_("Find who wrote a conclusion and so must not review it"),
        ("objection_id", "authors", "received_on", "filed_on", "grounds", "review_days"),
        ("authors", "due_on"),
        objections.exclude_authors,
    ),
    Service(
        "objection_overdue",
        N_("Record that the limit of a review has passed"),
        ("objection_id",),
        ("status",),
        objections.mark_overdue,
    ),
    Service(
        "settle_objection",
        N_("Close an objection with its outcome"),
        ("objection_id", "outcome", "verdict"),
        ("outcome", "decision", "on_time"),
        objections.settle,
    ),
    Service(
        "correct_conclusion",
        N_("Undo what a revoked conclusion has brought upon a unit"),
        ("objection_id",),
        ("urgings", "scores", "exposures", "source_instance_id"),
        objections.correct,
    ),
)
