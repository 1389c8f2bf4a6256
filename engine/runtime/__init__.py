"""Runs processes: (definition, state, event, moment) -> `Outcome`. No database, no web, no clock.

The only importer of SpiffWorkflow; what leaves it are frozen values and bytes.
"""

from engine.runtime.codec import FORMAT
from engine.runtime.definition import Definition, Start, compile_definition
from engine.runtime.faults import BadValue, CannotReturn, CorruptState, NoSuchStart, NoSuchToken
from engine.runtime.migration import Immovable, Kept, Moved, move
from engine.runtime.operations import (
    answers_when_skipped,
    cancel,
    complete,
    deliver,
    fail,
    names,
    respond,
    retry,
    return_to,
    skip,
    start,
    wake,
)
from engine.runtime.outcome import (
    Outcome,
    Request,
    Status,
    Step,
    Subscription,
    TaskClosed,
    TaskOpened,
    Thrown,
    TimerSet,
    Trouble,
)
from engine.runtime.standing import elements_at, standing

__all__ = [
    "FORMAT",
    "BadValue",
    "CannotReturn",
    "CorruptState",
    "Definition",
    "Immovable",
    "Kept",
    "Moved",
    "NoSuchStart",
    "NoSuchToken",
    "Outcome",
    "Request",
    "Start",
    "Status",
    "Step",
    "Subscription",
    "TaskClosed",
    "TaskOpened",
    "Thrown",
    "TimerSet",
    "Trouble",
    "answers_when_skipped",
    "cancel",
    "compile_definition",
    "complete",
    "deliver",
    "elements_at",
    "fail",
    "move",
    "names",
    "respond",
    "retry",
    "return_to",
    "skip",
    "standing",
    "start",
    "wake",
]
