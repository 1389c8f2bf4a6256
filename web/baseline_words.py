"""What distinguishes two versions of a ledger, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.naming import Lookup
from web.words import content, gettext
from workflows import ledger_items


def change(one: Mapping[str, Any], lookup: Lookup) -> dict[str, Any]:
    """One of `baselines.changes`, as the page shows it."""
    field = ledger_items.form().field(one["field"])
    labels = {"original_deadline": gettext("Original deadline")}
    return {
        "item_id": one["item_id"],
        "name": one["item_name"],
        "field": content(field.label) if field else labels.get(one["field"], one["field"]),
        "before": _value(one["before"], lookup),
        "after": _value(one["after"], lookup),
        "is_row": not one["field"],
        "is_new": not one["field"] and one["after"],
    }


def _value(value: Any, lookup: Lookup) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return gettext("; ").join(_value(one, lookup) for one in value)
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values())
    return lookup("org", str(value)) or str(value)
