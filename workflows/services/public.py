"""What the public says and reads: opinions and their answers, disclosures. M4a, M4b, S4.4"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import Service
from engine.tables import Instance
from faults import N_
from workflows import disclosure_cases, opinion_cases


def _due_now(session: Session, _instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    return disclosure_cases.due_now(session, moment)


_TAKEN_IN = (
    "opinion_id", "number", "code", "channel", "content", "location", "contact", "anonymous", "photos", "campaign_id",
    "similar",
)  # fmt: skip
_FACTS = ("classification", "personal_data", "draft", "publishable", "ground_given", "sha256", "held")

TABLE = (
    Service("register_opinion", N_("Take in an opinion of the public"), ("said",), _TAKEN_IN, opinion_cases.register),
    Service(
        "take_up_opinion",
        N_("Keep where an opinion goes, and until when it is to be answered"),
        ("opinion_id", "channel", "content", "location", "contact", "anonymous", "route", "task_code", "unit",
         "duplicate_of"),
        ("route", "task_code", "unit", "due", "round", "title", "earlier"),
        opinion_cases.take_up,
    ),
    Service(
        "name_opinion_problem",
        N_("Keep under which id an opinion goes into the pool of problems"),
        ("opinion_id", "problem_id"),
        ("problem_id", "facts"),
        opinion_cases.name_problem,
    ),
    Service(
        "opinion_outcome",
        N_("Read what has become of the problem that an opinion named"),
        ("opinion_id",),
        ("result", "number", "round"),
        opinion_cases.outcome,
    ),
    Service(
        "screen_reply",
        N_("Hold an answer to the public against the publication gate"),
        ("opinion_id", "text", "publish"),
        ("verdict", "basis", "passed"),
        opinion_cases.screen,
    ),
    Service(
        "reply_opinion",
        N_("Give out the answer to an opinion"),
        ("opinion_id", "text", "publish", "awaited_problem"),
        ("replied_at", "on_time", "published"),
        opinion_cases.reply,
    ),
    Service(
        "call_back",
        N_("Ask whoever said it what he thinks of the answer"),
        ("opinion_id",),
        ("way", "contact", "until"),
        opinion_cases.call_back,
    ),
    Service(
        "note_call",
        N_("Keep what was said when called back"),
        ("opinion_id", "reached", "resolved", "satisfaction", "comment"),
        ("reached",),
        opinion_cases.note_call,
    ),
    Service(
        "settle_opinion",
        N_("Close an opinion, or open it once more"),
        ("opinion_id",),
        ("resolved", "satisfaction", "comment", "reopen"),
        opinion_cases.settle,
    ),
    Service("cancel_opinion", N_("End an opinion with its campaign"), ("opinion_id", "reason"), ("status",),
            opinion_cases.cancel),
    Service("disclosures_due", N_("Find which disclosures are to be made"), (), ("items", "timing"), _due_now,
            disclosure_cases.due_now),
    Service(
        "open_disclosures",
        N_("Begin a round of disclosures"),
        ("campaign_id", "kind", "period"),
        ("campaign_id", "campaign", "kind", "period", "begun_on", "units"),
        disclosure_cases.open_round,
    ),
    Service(
        "draft_disclosure",
        N_("Compile the text of a disclosure"),
        ("disclosure_id",),
        ("kind", "period", "items", "title", "text", "held_back"),
        disclosure_cases.draft,
    ),
    Service(
        "screen_disclosure",
        N_("Find what the publication gate looks at"),
        ("disclosure_id", "items", "text", "secrecy_reviewed"),
        _FACTS,
        disclosure_cases.screen,
    ),
    Service("hide_personal_data", N_("Hide personal data in a text"), ("text",), ("text", "masked", "sha256"),
            disclosure_cases.hide),
    Service(
        "publish_disclosure",
        N_("Publish a disclosure"),
        ("disclosure_id", "kind", "period", "items", "text"),
        ("number", "title", "text", "published_at"),
        disclosure_cases.publish,
    ),
    Service("withhold_disclosure", N_("Keep why nothing is published"), ("disclosure_id", "ground"), ("status",),
            disclosure_cases.withhold),
    Service("disclosure_overdue", N_("Mark a disclosure as late, and tell of it"), ("disclosure_id",), ("told",),
            disclosure_cases.overdue),
    Service("close_disclosures", N_("End a round of disclosures"), (), ("published", "withheld", "late"),
            disclosure_cases.close),
    Service("cancel_disclosures", N_("End a round of disclosures with its campaign"), ("reason",), ("cancelled",),
            disclosure_cases.cancel),
)  # fmt: skip
