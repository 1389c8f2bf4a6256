"""Whether a value is plain, bounded JSON that can be stored anywhere: looked at before anything else touches it."""

from __future__ import annotations

import math
from typing import Any

from faults import N_
from forms.fields.kind import Fault

DEEPEST = 8  # a photo's position in a row of a table that stands in a table's row needs seven
MOST_VALUES = 20_000
LONGEST = 100_000  # characters of one text; no field type allows more
MOST_CHARACTERS = 300_000  # of all texts together: large things are attached, not written into the answers
_LARGEST = 2**63


def fault_of(value: Any) -> Fault | None:
    """None for plain JSON. Looks at most at `MOST_VALUES` values and never recurses."""
    pending: list[tuple[Any, int]] = [(value, 0)]
    seen = characters = 0
    while pending:
        one, depth = pending.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_VALUES:
            return Fault("nested", N_("This answer is nested too deeply or has too many parts."), {})
        fault = _fault_of_one(one)
        if fault is not None:
            return fault
        if isinstance(one, dict):
            if any(not isinstance(key, str) or _bad_text(key) or len(key) > 100 for key in one):
                return Fault("malformed", N_("This is not a valid value."), {})
            pending.extend((part, depth + 1) for part in one.values())
        elif isinstance(one, list):
            pending.extend((part, depth + 1) for part in one)
        elif isinstance(one, str):
            characters += len(one)
            if characters > MOST_CHARACTERS:
                return Fault("size", N_("This is too long. Attach it as a file instead."), {})
    return None


def _fault_of_one(one: Any) -> Fault | None:
    if one is None or isinstance(one, bool | dict | list):
        return None
    if isinstance(one, str):
        if len(one) > LONGEST:
            return Fault("size", N_("This is too long. Attach it as a file instead."), {})
        return Fault("characters", N_("This contains characters that can't be stored."), {}) if _bad_text(one) else None
    if isinstance(one, int) and abs(one) < _LARGEST:
        return None
    if isinstance(one, float) and math.isfinite(one):
        return None
    if isinstance(one, int | float):
        return Fault("range", N_("This is not a number that can be stored."), {})
    return Fault("malformed", N_("This is not a valid value."), {})


def _bad_text(text: str) -> bool:
    """Control characters (tabs and line breaks are fine) and lone surrogates, which no database takes."""
    if text.isprintable():
        return False
    return any((char < " " and char not in "\t\n\r") or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in text)
