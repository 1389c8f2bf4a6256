"""Names of lights and of the states of items, as pages call them."""

from __future__ import annotations

from decimal import Decimal

from faults import N_
from web.words import gettext

LIGHTS = {
    "red": N_("red"),
    "yellow": N_("yellow"),
    "green": N_("green"),
    "blue": N_("suspended (blue)"),
    "grey": N_("ended (grey)"),
    "none": N_("not lit yet"),
}
STATES = {
    "draft": N_("entered"),
    "submitted": N_("submitted"),
    "returned": N_("returned"),
    "established": N_("to be signed for"),
    "in_progress": N_("in progress"),
    "claimed": N_("completion claimed"),
    "verifying": N_("completion being verified"),
    "closed": N_("closed"),
    "suspended": N_("suspended"),
    "cancelled": N_("cancelled"),
    "merged": N_("merged"),
    "reopened": N_("reopened"),
    "exempt": N_("does not apply"),
    "running": N_("running"),
}


def light_name(light: str | None) -> str:
    return gettext(LIGHTS.get(light or "none", light or ""))


def item_state(status: str) -> str:
    return gettext(STATES.get(status, status))


def amount(value: Decimal | int | float | str | None) -> str:
    """Thousands apart, as few decimal places as it has."""
    if value is None:
        return "—"
    number = Decimal(str(value))
    whole = number == number.to_integral_value()
    return f"{int(number):,}" if whole else f"{number.normalize():,f}"


def percent(value: Decimal | int | float | None) -> str:
    return "—" if value is None else f"{float(value):.1f}".removesuffix(".0") + "%"
