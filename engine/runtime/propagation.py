"""Who catches an error or escalation: the nearest fitting event on the way outwards (BPMN 2.0 10.5.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.runtime.nodes.events import BoundaryEvent, Kind, StartEvent

if TYPE_CHECKING:
    from engine.runtime.token import Token

Catcher = BoundaryEvent | StartEvent


def catcher_of(token: Token, kind: Kind, code: str, own_boundaries: bool) -> tuple[Catcher, Token] | None:
    """The catching event, and the token it is sent off from: the activity's (boundary) or the scope's (handler).

    A scope whose main flow an event sub-process has interrupted starts no further one.
    """
    place = token
    own = own_boundaries
    while place.parent is not None:
        if own:
            boundary = _fitting(place.task_spec.boundaries, kind, code)
            if boundary is not None:
                return boundary, place
        own = True
        place = place.parent
        if not place.internal_data.get("interrupted"):
            handlers = getattr(place.task_spec, "handlers", ())
            handler = _fitting((handler.start for handler in handlers), kind, code)
            if handler is not None:
                return handler, place
    return None


def _fitting(events: Iterable[Catcher], kind: Kind, code: str) -> Catcher | None:
    """One for this code before one for all codes."""
    of_kind = [event for event in events if event.trigger.kind == kind]
    exact = [event for event in of_kind if event.trigger.name == code and code]
    general = [event for event in of_kind if not event.trigger.name]
    return next(iter(exact + general), None)
