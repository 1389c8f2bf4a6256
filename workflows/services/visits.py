"""What on-site supervision needs (M2), and the calendar against duplicate visits that M1 and M3 use as well."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import visit_calendar

TABLE = (
    Service(
        "visit_conflict",
        N_("Find what speaks against visiting units on a day"),
        ("campaign_id", "objects", "date", "purpose"),
        ("conflict", "advice", "basis", "clashes", "merge_with", "same_day", "near", "recent"),
        visit_calendar.conflict,
    ),
)
