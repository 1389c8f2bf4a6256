"""Inspections of deputies and their opinions (M3)."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import activities, deputy_opinions

TABLE = (
    Service(
        "enter_activity",
        N_("Enter an inspection of deputies into the register"),
        ("answers", "notice_id", "campaign_id"),
        ("number", "activity_id", "campaign_id"),
        activities.enter,
    ),
    Service(
        "compare_route",
        N_("Find like visits at the stops of a route"),
        ("route",),
        ("conflict", "clashes"),
        activities.compare_route,
    ),
    Service(
        "schedule_activity",
        N_("Enter the stops of a route into the calendar of visits"),
        ("route", "hosts", "choice", "clashes", "seen"),
        ("route", "merged", "units"),
        activities.schedule,
    ),
    Service(
        "activity_pack",
        N_("Put together the material of a lead unit"),
        ("task_code",),
        ("figures", "problems"),
        activities.pack,
    ),
    Service(
        "note_support",
        N_("Note whether an inspection of deputies took place"),
        ("held", "attendees", "reason"),
        ("status",),
        activities.note_support,
    ),
    Service(
        "end_activity", N_("Close an inspection of deputies"), ("status", "reason"), ("status", "told"), activities.end
    ),
    Service(
        "enter_deputy_opinions",
        N_("Number the opinions of deputies and find who handles them"),
        ("opinions", "formal_no"),
        ("opinions",),
        deputy_opinions.enter,
    ),
    Service(
        "await_deputy_reply",
        N_("Note until when an opinion of a deputy is to be answered"),
        ("opinion_id", "due", "extended", "rework"),
        ("due",),
        deputy_opinions.await_reply,
    ),
    Service(
        "reply_to_deputy",
        N_("Send the answer to a deputy"),
        ("opinion_id", "result", "text"),
        ("number", "on_time"),
        deputy_opinions.reply,
    ),
    Service(
        "settle_deputy_opinion",
        N_("Close an opinion of a deputy"),
        ("opinion_id", "outcome", "satisfaction", "text"),
        ("outcome",),
        deputy_opinions.settle,
    ),
    Service(
        "cancel_deputy_opinions",
        N_("End the opinions of an inspection that is called off"),
        (),
        ("cancelled",),
        deputy_opinions.cancel,
    ),
)
