"""What a change of an item, order or instruction may call (P09)."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import changes

_SIZE = ("days", "count", "leader", "leader_set", "between_districts", "target_cut", "district", "in_time")

TABLE = (
    Service(
        "apply_change",
        N_("Let a granted change take effect on open tasks"),
        ("elements", "deadline", "unit"),
        ("deadline", "unit", "in_district", "moved"),
        changes.apply,
    ),
    Service(
        "file_change",
        N_("Enter an application for a change, and how large it is"),
        ("item_id", "application", "unit", "deadline", "leader", "campaign_id"),
        ("number", *_SIZE),
        changes.file,
    ),
    Service(
        "rebaseline",
        N_("Carry out a granted change, with a new baseline of the ledger"),
        ("item_id", "verdict", "granted_deadline", "decider"),
        ("verdict", "granted_deadline", "new_unit", "new_target", "version"),
        changes.settle,
    ),
    Service(
        "close_change",
        N_("End an application that changes nothing"),
        ("status", "decider"),
        ("verdict",),
        changes.close,
    ),
)
