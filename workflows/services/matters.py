"""The register of matters for decision (P07)."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import matters

TABLE = (
    Service(
        "register_matter",
        N_("Enter a matter for decision into the register"),
        ("message",),
        ("matter_id", "number", "campaign_id", "profile", "lead_unit", "units", "timely"),
        matters.register,
    ),
    Service(
        "draft_matter",
        N_("Take over the draft of a request and find who countersigns"),
        ("request", "units"),
        ("units",),
        matters.draft,
    ),
    Service(
        "mark_matter",
        N_("Note how far a matter is"),
        ("status", "procedure"),
        ("status",),
        matters.mark,
    ),
    Service(
        "check_procedure",
        N_("Check the steps of the statutory procedure"),
        ("steps", "public_comment_days", "legality_review_days"),
        ("missing", "complete"),
        matters.check_procedure,
    ),
    Service(
        "decide_matter",
        N_("Enter the decision on a matter"),
        ("decision", "verdict"),
        ("number", "instruction_id", "instruction_number"),
        matters.decide,
    ),
    Service("reject_matter", N_("Enter that a matter was rejected"), ("reason",), ("status",), matters.reject),
    Service(
        "end_matter",
        N_("Enter that a matter is no longer to be decided"),
        ("status", "reason"),
        ("status", "told"),
        matters.end,
    ),
)
