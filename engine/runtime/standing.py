"""Where an instance stands, told from its state alone, without making an instance of it."""

from __future__ import annotations

from collections.abc import Hashable

from engine.runtime.codec import rows
from engine.runtime.definition import Definition
from engine.runtime.faults import CorruptState
from engine.runtime.nodes.base import Scope
from engine.runtime.nodes.multi_instance import MultiInstance


def standing(state: bytes) -> tuple[Hashable, ...]:
    """Where an instance stands, without its data: instances that are equal in it are moved, or not, alike."""
    kept = ("via", "interrupted", "done", "error")
    return tuple(
        (
            row[1],
            row[2],
            len(row) > 3 and row[3],
            tuple(str(row[4][name]) for name in kept if name in row[4]) if len(row) > 4 else (),
        )
        for row in rows(state)
    )


def elements_at(before: Definition, state: bytes) -> tuple[str, ...]:
    """The elements at which tokens wait, without those that only watch, each once, in the order of the tokens.

    Raises CorruptState, and NoSuchToken if it has ended.
    """
    specs = before.network.task_specs
    read = rows(state)
    if any(row[2] not in specs for row in read):
        raise CorruptState
    parents = {row[1] for row in read}
    found: dict[str, None] = {}
    for place, row in enumerate(read):
        node = specs[row[2]]
        holds = place in parents and isinstance(node, Scope | MultiInstance)
        watches = row[1] >= 0 and node.name in specs[read[row[1]][2]].attached
        if node.element is not None and not holds and not watches:
            found[node.element] = None
    return tuple(found)
