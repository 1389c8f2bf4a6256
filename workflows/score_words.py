"""Why a score has a point or lacks it, in words: the rule behind an event, with the figures that it saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faults import N_

# Components, as pages call them.
COMPONENTS: Mapping[str, str] = {
    "ledger": N_("Ledger"),
    "timeliness": N_("Timely reports"),
    "rectification": N_("Rectification in time"),
    "instructions": N_("Instructions in time"),
    "public": N_("What the public says"),
    "returned": N_("Returned reports"),
    "urged": N_("Supervision orders"),
    "exposed": N_("Open exposures"),
    "falsified": N_("Confirmed false reports"),
    "disclosed": N_("Own problems solved"),
    "commended": N_("Commendations"),
    "replies": N_("Timely replies"),
    "promises": N_("Handled in time"),
    "rating": N_("Rating by lead units"),
    "adjusted": N_("Adjusted after an appeal"),
}
GRADES: Mapping[str, str] = {
    "excellent": N_("excellent"),
    "good": N_("good"),
    "fair": N_("fair"),
    "poor": N_("poor"),
}
KINDS: Mapping[str, str] = {
    "district": N_("Districts"),
    "lead_unit": N_("Lead units"),
    "co_unit": N_("Co-units"),
}
ANSWERS: Mapping[str, str] = {
    "accepted": N_("accepted"),
    "appealed": N_("appealed"),
    "no_reply": N_("no reply"),
}
STATES: Mapping[str, str] = {
    "computed": N_("being checked"),
    "confirmed": N_("being approved"),
    "published": N_("published"),
    "cancelled": N_("cancelled"),
}
# What the Organisation Department says of leaders.
OPINIONS: Mapping[str, str] = {"good": N_("strong"), "fair": N_("average"), "poor": N_("weak")}
SERVICES: Mapping[str, str] = {
    "investment": N_("investment"),
    "approval": N_("approval"),
    "financing": N_("financing"),
    "other": N_("other"),
}
# Why a score was computed anew.
REASONS: Mapping[str, str] = {
    "appeal": N_("an appeal was upheld"),
    "rating": N_("lead units have rated"),
    "revoked": N_("a conclusion was revoked"),
}
# Rule of an event -> what it means.
_WORDS: Mapping[str, str] = {
    "progress": N_("{verified} verified where {planned} were planned."),
    "late_extension": N_(
        "{verified} verified; an extension was asked for too late, so the deadline of {old} counts for the score."
    ),
    "closed": N_("Closed: counts in full."),
    "report_on_time": N_("The report for {period} came in time (due {due}, came {done})."),
    "report_late": N_("The report for {period} came late (due {due}, came {done})."),
    "report_missed": N_("The report for {period} did not come (due {due})."),
    "report_returned": N_("The report for {period} was returned by the desk check."),
    "matter_timely": N_("Submitted for decision {days} working days after it was first needed."),
    "matter_late": N_("Submitted for decision {days} working days after it was first needed; {most} are allowed."),
    "order_on_time": N_("Rectified in time (due {due}, handed in {done})."),
    "order_late": N_("Not rectified in time (due {due}, handed in {done})."),
    "instruction_on_time": N_("Reported in time (due {due}, reported {done})."),
    "instruction_late": N_("Not reported in time (due {due}, reported {done})."),
    "answered_yes": N_("Answered in time (due {due}, answered {done})."),
    "answered_no": N_("Not answered in time (due {due}, answered {done})."),
    "resolved_yes": N_("Solved, says who brought it up."),
    "resolved_no": N_("Not solved, says who brought it up."),
    "satisfied_yes": N_("Who brought it up is satisfied."),
    "satisfied_no": N_("Who brought it up is not satisfied."),
    "order_level": N_("Supervision order {number}: {days} working days late (due {due})."),
    "exposure_open": N_("Exposed by {outlet} and not put right since."),
    "item_false": N_("A false report was confirmed on site."),
    "order_false": N_("A false report on an order was verified."),
    "problem_solved": N_("Reported of its own accord, and solved."),
    "leader_satisfied": N_("Handled well, and the leader was satisfied."),
    "conclusion_commends": N_("The conclusion of a joint supervision commends it."),
    "reply_on_time": N_("“{task}”: replied in time (due {due}, replied {done})."),
    "reply_late": N_("“{task}”: not replied in time (due {due}, replied {done})."),
    "rated": N_("Rated with {rating} of 100."),
    "appeal": N_("Adjusted by {points} points after an appeal."),
}
_OTHER = N_("Rule {rule} of the decision table D6.")


def words(rule: str, facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A template and its params. What is not known is a dash."""
    figures = {name: "—" if value is None else value for name, value in facts.items()}
    for name in ("planned", "verified"):
        if name in facts:
            figures[name] = f"{_plain(facts[name])}%"
    if "points" in facts:
        figures["points"] = _plain(facts["points"])
    return _WORDS.get(rule, _OTHER), {**figures, "rule": rule}


def _plain(value: Any) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
