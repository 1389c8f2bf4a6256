"""A place on the map: degrees (WGS 84) as the device gives them, and its accuracy in metres where known."""

from __future__ import annotations

from typing import Any

from forms.field import Field
from forms.fields.kind import Posted, Shown, Words
from forms.fields.numbers import plain, read_decimal


def schema(field: Field) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "accuracy": {"type": "number", "minimum": 0, "maximum": 1_000_000},
        },
        "required": ["lat", "lon"],
        "additionalProperties": False,
    }


def parse(field: Field, posted: Posted, name: str) -> dict[str, float | str] | None:
    """Three inputs: ``<name>-lat``, ``<name>-lon``, ``<name>-accuracy``. An accuracy alone is no place."""
    typed = {part: posted.one(f"{name}-{part}") for part in ("lat", "lon", "accuracy")}
    if typed["lat"] is None and typed["lon"] is None:
        return None
    return {part: _number(text) for part, text in typed.items() if text is not None}


def show(field: Field, value: Any, words: Words) -> Shown:
    if not isinstance(value, dict) or not {"lat", "lon"} <= value.keys():
        return Shown(field.name, field.label)
    text = f"{plain(value['lat'])}, {plain(value['lon'])}"
    if "accuracy" in value:
        text += f" (±{plain(value['accuracy'])} m)"
    return Shown(field.name, field.label, "place", text)


def _number(text: str) -> float | str:
    number = read_decimal(text)
    return text if number is None else round(float(number), 7)
