"""Names with values, typed in rows: what kind each is, is chosen, so that nobody has to know how JSON is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from engine.scripts import BadScenario
from faults import N_

KINDS = {
    "text": N_("text"),
    "number": N_("number"),
    "yes": N_("yes"),
    "no": N_("no"),
    "list": N_("several texts, a line each"),
    "none": N_("nothing"),
    "json": N_("as in a file (JSON)"),
}
MOST_ROWS = 200
BLANK_ROWS = 3  # for names that nobody has foreseen

BAD_NAME = N_("“{name}” can't be a name. Use letters, digits and _, without spaces.")
BAD_NUMBER = N_("“{text}”, the value of “{name}”, is no number.")
BAD_JSON = N_("The value of “{name}” can't be read as JSON.")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    kind: str
    text: str


def rows(values: Mapping[str, Any], known: Iterable[str] = ()) -> list[Row]:
    """A row for each value, for each other ``known`` name, and a few to be filled in."""
    found = [_row(name, value) for name, value in values.items()]
    found += [Row(name, "text", "") for name in known if name not in values]
    return [*found, *[Row("", "text", "")] * BLANK_ROWS]


def posted_rows(prefix: str) -> list[Row]:
    """As they were typed, to be shown again."""
    parts = [request.form.getlist(f"{prefix}_{part}")[:MOST_ROWS] for part in ("name", "kind", "value")]
    return [Row(name.strip()[:100], kind, text[:100_000]) for name, kind, text in zip(*parts, strict=False)]


def read(prefix: str) -> dict[str, Any]:
    """What was typed. A row without name is left out, and so is a text that is empty. Raises BadScenario."""
    found: dict[str, Any] = {}
    for row in posted_rows(prefix):
        if not row.name or (row.kind == "text" and not row.text.strip()):
            continue
        if not re.fullmatch(r"\w{1,100}", row.name):
            raise BadScenario(BAD_NAME, name=row.name[:60])
        found[row.name] = _value(row)
    return found


def _row(name: str, value: Any) -> Row:
    if isinstance(value, str) and value.strip():
        return Row(name, "text", value)
    if isinstance(value, bool):
        return Row(name, "yes" if value else "no", "")
    if isinstance(value, int | float):
        return Row(name, "number", str(value))
    if value is None:
        return Row(name, "none", "")
    if isinstance(value, list) and value and all(_is_line(one) for one in value):
        return Row(name, "list", "\n".join(value))
    return Row(name, "json", json.dumps(value, ensure_ascii=False))


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value == value.strip() != "" and value.splitlines() == [value]


def _value(row: Row) -> Any:
    text = row.text.replace("\0", "").replace("\r\n", "\n")
    if row.kind in ("yes", "no", "none"):
        return {"yes": True, "no": False}.get(row.kind)
    if row.kind == "number":
        return _number(row.name, text.strip())
    if row.kind == "list":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if row.kind == "json":
        return _json(row.name, text)
    return text


def _number(name: str, text: str) -> int | float:
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
        raise BadScenario(BAD_NUMBER, name=name, text=text[:40])
    return float(text) if "." in text else int(text)


def _json(name: str, text: str) -> Any:
    def refuse(_: str) -> Any:
        raise ValueError

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise BadScenario(BAD_JSON, name=name) from None
