"""Bulletins, monthly and quarterly reports, the meeting of the month. S4.6"""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import bulletins, meetings, rankings

TABLE = (
    Service(
        "collect_material",
        N_("Collect the material of a bulletin or report"),
        ("campaign_id", "since", "until", "groups"),
        ("groups", "new_groups", "is_new", "sections"),
        bulletins.collect,
    ),
    Service(
        "bulletin_recipients",
        N_("Find who is told of a bulletin"),
        ("circulation",),
        ("roles",),
        bulletins.recipients,
    ),
    Service(
        "rank_districts",
        N_("Rank the districts by verified progress, if there are enough of them"),
        ("campaign_id",),
        ("units", "allowed", "rows"),
        rankings.rank,
    ),
    Service(
        "meeting_topics",
        N_("Collect the topics of the monthly meeting"),
        ("campaign_id", "period", "groups"),
        ("topics", "units", "proposed"),
        meetings.topics,
    ),
    Service(
        "reschedule_meeting",
        N_("Put the meeting off within its month"),
        ("reason", "meeting_date"),
        ("within", "meeting_date", "postponed"),
        meetings.reschedule,
    ),
    Service(
        "skip_meeting",
        N_("Leave the meeting out and carry its topics over"),
        ("campaign_id", "period", "reason"),
        ("status", "carried"),
        meetings.carry_over,
    ),
)
