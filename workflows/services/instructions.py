"""The register of leaders' instructions (P04)."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import instructions

TABLE = (
    Service(
        "register_instruction",
        N_("Enter a leader's instruction into the register"),
        ("answers", "message"),
        ("instruction_id", "number", "campaign_id"),
        instructions.register,
    ),
    Service(
        "dispatch_instruction",
        N_("Hand an instruction out to the units that handle it"),
        ("proposal", "units"),
        ("units",),
        instructions.dispatch,
    ),
    Service(
        "pass_on_instruction",
        N_("Give an instruction to another unit"),
        ("before", "after", "declined"),
        ("unit", "name"),
        instructions.pass_on,
    ),
    Service(
        "change_instruction",
        N_("Let a granted change of an instruction take effect"),
        ("deadline", "before", "after"),
        ("deadline", "unit", "moved"),
        instructions.change,
    ),
    Service(
        "note_instruction_stage",
        N_("Note the stage report of an instruction"),
        ("unit",),
        ("told",),
        instructions.note_stage,
    ),
    Service(
        "mark_instruction",
        N_("Note how far an instruction is"),
        ("status", "quality", "verdict"),
        ("status",),
        instructions.mark,
    ),
    Service(
        "archive_instruction",
        N_("Put an instruction on file"),
        ("file_no", "retention"),
        ("status",),
        instructions.archive,
    ),
    Service(
        "cancel_instruction",
        N_("Cancel an instruction and tell who worked on it"),
        ("reason",),
        ("status", "told"),
        instructions.cancel,
    ),
)
