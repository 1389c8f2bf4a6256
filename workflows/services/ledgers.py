"""Campaigns and ledgers: what `campaign_setup` (P01) and `ledger_establishment` (P02) call."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import campaigns, gaps, ledger_urging, ledgers
from workflows.papers.urged import with_papers

_PLAN = (
    "title",
    "supervision_type",
    "authority_basis",
    "scope",
    "objects",
    "start_date",
    "end_date",
    "classification",
)
_CLOCKS = ("due", "remind_at", "escalate_at", "round_at", "illegal_due")
_FACTS = ("rows", "uncovered", "unmeasured", "late", "without_unit", "not_monotone", "duplicates")

TABLE = (
    Service(
        "register_campaign", N_("Save the draft of a campaign"), _PLAN, ("campaign_id", "profile"), campaigns.register
    ),
    Service(
        "campaign_bodies",
        N_("Who takes part in a campaign"),
        (),
        ("liaison_bodies", "task_groups", "objects"),
        campaigns.bodies,
    ),
    Service(
        "open_campaign",
        N_("Open a campaign with its catalogue"),
        ("doc_number", "addressees", "issue_date", "liaisons", "groups", "catalogue"),
        ("campaign_id", "notice_date", "districts", "entries"),
        campaigns.open_campaign,
    ),
    Service("close_campaign", N_("Close a campaign"), ("summary", "disposition"), ("status",), campaigns.close),
    Service("reject_campaign", N_("Reject a campaign"), ("reason",), ("status",), campaigns.reject),
    Service("cancel_campaign", N_("Cancel a campaign"), ("reason",), ("status",), campaigns.cancel),
    Service(
        "open_ledgers",
        N_("Open a ledger for each district"),
        ("campaign_id",),
        ("ledgers", *_CLOCKS, "return_rounds", "task_codes"),
        ledgers.open_all,
    ),
    Service("hand_in_ledger", N_("Close a ledger until it is signed"), ("ledger_id",), ("status",), ledgers.hand_in),
    Service(
        "reopen_ledger", N_("Open a ledger that was not signed"), ("ledger_id", "reason"), ("reasons",), ledgers.reopen
    ),
    Service("ledger_facts", N_("Submit a ledger and count its shortcomings"), ("ledger_id",), _FACTS, ledgers.submit),
    Service(
        "return_ledger",
        N_("Return an incomplete ledger"),
        ("ledger_id", "failures"),
        ("reasons",),
        ledgers.give_back,
    ),
    Service(
        "tally_reviews",
        N_("Sum up the reviews of a ledger"),
        ("ledger_id", "codes", "reviews"),
        ("verdict", "rounds", "pending", "reasons"),
        ledgers.tally,
    ),
    Service(
        "settle_ledger",
        N_("Keep a mediated or decided target"),
        ("ledger_id", "proposed_target", "agreed", "decision"),
        ("settlement",),
        ledgers.settle,
    ),
    Service(
        "freeze_baseline",
        N_("Freeze a ledger as its next baseline"),
        ("ledger_id", "reason"),
        ("version", "hash", "number", "items"),
        ledgers.freeze,
    ),
    Service("check_gap", N_("Compare the districts' targets with the city's"), ("campaign_id",), ("gaps",), gaps.check),
    Service(
        "allocate_gap",
        N_("Spread gaps over districts"),
        ("campaign_id", "gaps", "allocations"),
        ("districts", "items"),
        gaps.allocate,
    ),
    Service(
        "urge_ledger",
        N_("Remind a district of its ledger, or urge it"),
        ("ledger_id", "step"),
        ("told", "number"),
        with_papers(ledger_urging.urge),
    ),
    Service(
        "cancel_ledgers",
        N_("Cancel the ledgers of a campaign"),
        ("campaign_id", "reason"),
        ("ledgers", "items"),
        ledgers.cancel,
    ),
)
