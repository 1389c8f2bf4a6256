"""Runs processes: (definition, state, event, moment) -> `Outcome`. No database, no web, no clock.

The only importer of SpiffWorkflow; what leaves it are frozen values and bytes.
"""

from engine.runtime.codec import FORMAT
from engine.runtime.definition import Definition, Start, compile_definition
from engine.runtime.faults import BadValue, CannotReturn, CorruptState, NoSuchStart, NoSuchToken
from engine.runtime.operations import cancel, complete, deliver, fail, names, respond, retry, return_to, start, wake
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

__all__ = [
    "FORMAT",
    "BadValue",
    "CannotReturn",
    "CorruptState",
    "Definition",
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
    "cancel",
    "compile_definition",
    "complete",
    "deliver",
    "fail",
    "names",
    "respond",
    "retry",
    "return_to",
    "start",
    "wake",
]
