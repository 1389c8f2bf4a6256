"""What a joint supervision finds and concludes: problems for the pool, requests for the government, duty; M1.

Source: domain guide, M1; clauses S4.1b to S4.1d, S3.3.  Every function is a service of `joint_supervision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from workflows import objections, profiles, serials
from workflows.joints import lead_units, of


def enter_findings(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Give every finding the keys of its messages. ``answers`` are those of `consolidate_findings`.

    Returns {"findings": [{problem_id, number, title, facts, unit, units, task_code, category, needs_decision,
    first_needed_on, matter_id, matter_number}]}, the last two null where nothing is to be decided.
    """
    answers, row = inputs["answers"], of(session, instance)
    row.findings = [_finding(session, one, moment) for one in answers["findings"]]
    row.duty_efficiency, row.submitted_timely = answers["duty_efficiency"], answers["submitted_timely"]
    row.poor_units = answers.get("poor_units") or []
    return {"findings": row.findings}


def conclude(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the conclusion (``answers`` of `issue_conclusion`) under its number; amended, it keeps it.

    Returns {"number", "units": who is to acknowledge, all lead units or those whose objection was granted, "referrals":
    [{referral_id, number, unit}] for inadequate duty, "matter_id", "matter_number": of the request that the government
    approve praise or criticism, where the rules of the campaign ask for it (decree 733 article 21), "filing_days":
    in which a unit may object}.
    """
    answers, row = inputs["answers"], of(session, instance)
    is_first = row.conclusion_number is None
    row.facts, row.conclusion = answers["facts"], answers["conclusion"]
    row.proposal = answers["commend_or_criticise"] or "none"
    row.concluded_at = moment.now
    if is_first:
        row.conclusion_number = serials.next_number(session, "conclusion", moment)
    rules = objections.rules(session, instance, {"campaign_id": row.campaign_id}, moment)
    profile = profiles.PROFILES[rules["profile"]]
    asks = is_first and profile.approval_of_criticism and row.proposal != "none"
    told_before = [reply["unit"] for reply in row.replies if not _is_granted(reply)]
    return {
        "number": row.conclusion_number,
        "units": [unit.code for unit in lead_units(row.task_codes) if unit.code not in told_before],
        "referrals": [_referral(session, unit, moment) for unit in row.poor_units] if is_first else [],
        "matter_id": uuid4().hex if asks else None,
        "matter_number": serials.next_number(session, "matter", moment) if asks else None,
        "filing_days": rules["filing_days"],
    }


def settle(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the lead units answered to the conclusion: ``replies`` [{unit, reply, decision}].

    Silence is no consent, it stands there as no_reply.  Returns {"amend": the units whose objection was granted}.
    """
    row = of(session, instance)
    answered = {reply["unit"] for reply in inputs["replies"]}
    row.replies = [*(one for one in row.replies if one["unit"] not in answered), *inputs["replies"]]
    return {"amend": [reply["unit"] for reply in inputs["replies"] if _is_granted(reply)]}


def _finding(session: Session, row: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    decides = bool(row["needs_decision"])
    return {
        "problem_id": uuid4().hex,
        "number": serials.next_number(session, "problem", moment),
        "title": row["title"],
        "facts": row["facts"],
        "unit": row["unit"],
        "units": [unit.code for unit in lead_units([row["task_code"]])],
        "task_code": row["task_code"],
        "category": row.get("category"),
        "needs_decision": decides,
        "first_needed_on": row.get("first_needed_on"),
        "matter_id": uuid4().hex if decides else None,
        "matter_number": serials.next_number(session, "matter", moment) if decides else None,
    }


def _referral(session: Session, unit: str, moment: Moment) -> dict[str, Any]:
    return {"referral_id": uuid4().hex, "number": serials.next_number(session, "referral", moment), "unit": unit}


def _is_granted(reply: Mapping[str, Any]) -> bool:
    return reply["decision"] in ("amend", "revoke")
