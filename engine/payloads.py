"""Lists in a payload for each item of which a start event begins an instance (``ducha:each``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faults import Fault


class NoItems(Fault):
    """“{name}” starts an instance for each item of “{each}”, but its payload has no such list of objects."""


def for_each(name: str, payload: Mapping[str, Any], each: str) -> list[dict[str, Any]]:
    """One payload for each item of the list ``each``: the item over what stands beside the list. Raises NoItems."""
    items = payload.get(each)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise NoItems(name=name, each=each)
    rest = {key: value for key, value in payload.items() if key != each}
    return [rest | item for item in items]
