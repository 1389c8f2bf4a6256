"""Why an item has its light, in words: the rule of D1 that decided it, with the figures that the rule saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faults import N_

# Rule of D1 -> what it means. Figures are those of the judgement, not of today.
_WORDS: Mapping[str, str] = {
    "ended": N_("The item is closed, cancelled or merged, so it has no light any more."),
    "suspended": N_("A suspension was granted; nothing is counted until it resumes."),
    "past_deadline": N_("The deadline is past and the item is not closed."),
    "falsified": N_("A false report was confirmed."),
    "far_behind": N_(
        "{verified} are verified where {planned} were planned: {gap} points behind, more than the {light_red_gap} "
        "at which the light turns red."
    ),
    "reports_missed": N_("{missed_reports} reports in a row were missed; from {light_red_missed} on the light is red."),
    "rectification_overdue": N_("A rectification order about this item is overdue."),
    "behind": N_(
        "{verified} are verified where {planned} were planned: {gap} points behind; from {light_yellow_gap} on the "
        "light is yellow."
    ),
    "near_deadline": N_(
        "Only {days_left} working days are left to the deadline; from {light_near_days} on the light is yellow."
    ),
    "report_missed": N_("A report was missed."),
    "on_schedule": N_("{planned} were planned and {gap} points are missing; no other rule of D1 applies."),
}
# The same in a word or two, for lists.
TITLES: Mapping[str, str] = {
    "ended": N_("ended"),
    "suspended": N_("suspended"),
    "past_deadline": N_("past the deadline"),
    "falsified": N_("false report"),
    "far_behind": N_("far behind the plan"),
    "reports_missed": N_("reports missed"),
    "rectification_overdue": N_("rectification overdue"),
    "behind": N_("behind the plan"),
    "near_deadline": N_("near the deadline"),
    "report_missed": N_("report missed"),
    "on_schedule": N_("on schedule"),
}
_OTHER = N_("Rule {rule} of the decision table D1.")


def words(rule: str, facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A template and its params. ``facts`` are those kept with the change of the light.

    An administrator may have published a table with rules of his own: they are called by their name.
    """
    planned, gap = float(facts.get("planned_percent") or 0), float(facts.get("gap") or 0)
    limits = facts.get("limits") or {}
    figures = {
        "rule": rule,
        "planned": f"{_plain(planned)}%",
        "verified": f"{_plain(planned - gap)}%",
        "gap": _plain(gap),
        "days_left": facts.get("days_left"),
        "missed_reports": facts.get("missed_reports"),
        **{name: _plain(value) for name, value in limits.items()},
    }
    return _WORDS.get(rule, _OTHER), figures


def _plain(value: Any) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
