"""What the supervision by the media needs: M5."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import media

_REGISTERED = ("clue_id", "number", "clue", "clue_source", "unit", "task_code", "item_id", "campaign_id", "order_id",
    "problem_id", "known", "fail_count", "running")  # fmt: skip
_ASSESSED = ("clue", "clue_source", "verification", "unit", "task_code", "problem_id")

TABLE = (
    Service("register_clue", N_("Keep a clue for the media"), ("report", "default_source"), _REGISTERED,
        media.register),
    Service("assess_clue", N_("Keep what was found out about a clue"), _ASSESSED,
        ("first_time", "exposures", "fail_count"), media.assess),
    Service("record_exposure", N_("Keep that a problem was made public"), ("outlet", "published_on", "link"),
        ("exposure_id", "number"), media.expose),
    Service("published_exposure", N_("Find what was made public in this case"), ("awaited_problem",),
        ("exposed", "outlet", "title", "number", "published_on"), media.published),
    Service("correct_exposure", N_("Keep that what was made public has been corrected"), ("text",), ("number",),
        media.correct),
    Service("settle_clue", N_("Close a clue with its outcome"), ("outcome", "channel", "reason", "fix_state"),
        ("outcome", "exposed"), media.settle),
)  # fmt: skip
