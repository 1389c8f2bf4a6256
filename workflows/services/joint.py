"""Joint supervision (M1)."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import joints

TABLE = (
    Service(
        "register_joint",
        N_("Enter a joint supervision into the register"),
        ("campaign_id", "origin"),
        ("number", "campaign_id", "campaign_end", "before"),
        joints.register,
    ),
    Service(
        "plan_joint",
        N_("Keep the theme of a joint supervision and find who prepares it"),
        ("plan",),
        ("day", "objects", "groups", "units"),
        joints.plan,
    ),
    Service(
        "book_joint",
        N_("Enter a joint session into the calendar of visits, or join it with a visit"),
        ("verdict", "clashes", "merge_with"),
        ("day", "merged_with"),
        joints.book,
    ),
    Service(
        "joint_brief",
        N_("Read what the ledgers say about a task"),
        ("task_code",),
        ("figures", "problems"),
        joints.brief,
    ),
    Service(
        "hold_joint",
        N_("Keep the record of a joint session and gather what was brought to it"),
        ("session", "briefs", "checks"),
        ("findings", "timely", "silent"),
        joints.hold,
    ),
    Service(
        "enter_joint_findings",
        N_("Number the findings of a joint supervision"),
        ("answers",),
        ("findings",),
        joints.enter_findings,
    ),
    Service(
        "conclude_joint",
        N_("Keep the conclusion of a joint supervision"),
        ("answers",),
        ("number", "units", "referrals", "matter_id", "matter_number", "filing_days"),
        joints.conclude,
    ),
    Service(
        "settle_joint_replies",
        N_("Keep what the lead units answered to a conclusion"),
        ("replies",),
        ("amend",),
        joints.settle,
    ),
    Service("end_joint", N_("Close a joint supervision"), ("status", "reason"), ("status", "told"), joints.end),
)
