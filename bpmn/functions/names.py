"""Variables by their path, and who has completed a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.functions.arguments import Context, a_text

ABOVE = "/.."  # behind the code of an organisation: the one above it; codes have no slash


class Lacking(Exception):
    """``performer('x')`` of a task that nobody has completed yet, or a path that does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def exists(context: Context, path: Any) -> bool:
    try:
        _follow(context.names, a_text(path))
    except Lacking:
        return False
    return True


def value_at(context: Context, path: Any, otherwise: Any = None) -> Any:
    try:
        return _follow(context.names, a_text(path))
    except Lacking:
        return otherwise


def performer(context: Context, task: Any) -> Any:
    performers = context.names.get("performers", {})
    if not isinstance(performers, Mapping) or task not in performers:
        raise Lacking(a_text(task))
    return performers[task]


def superior(context: Context, org: Any) -> str:
    """The organisation above another one, as the engine reads it when it looks for who does a task."""
    return a_text(org) + ABOVE


def _follow(names: Mapping[str, Any], path: str) -> Any:
    here: Any = names
    for part in path.split("."):
        if not isinstance(here, Mapping) or part not in here or part.startswith("_"):
            raise Lacking(path)
        here = here[part]
    return here
