"""Joint supervision (M1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import Service
from engine.tables import Instance
from faults import N_
from workflows import joint_conclusions, joints


def _due(session: Session, _instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    return joints.due(session, moment)


TABLE = (
    Service(
        "joint_due", N_("Find the campaigns for which a joint supervision is due"), (), ("items",), _due, joints.due
    ),
    Service(
        "register_joint",
        N_("Enter a joint supervision into the register"),
        ("campaign_id", "period"),
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
        ("verdict", "clashes", "merge_with", "seen"),
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
        joint_conclusions.enter_findings,
    ),
    Service(
        "conclude_joint",
        N_("Keep the conclusion of a joint supervision"),
        ("answers",),
        ("number", "units", "referrals", "matter_id", "matter_number", "filing_days"),
        joint_conclusions.conclude,
    ),
    Service(
        "settle_joint_replies",
        N_("Keep what the lead units answered to a conclusion"),
        ("replies",),
        ("amend",),
        joint_conclusions.settle,
    ),
    Service("end_joint", N_("Close a joint supervision"), ("status", "reason"), ("status", "told"), joints.end),
)
