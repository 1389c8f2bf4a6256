"""A campaign on one page: lights by district and task, their course, what changed, who has the ball, what is late."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from faults import N_
from web import desk
from web.lights import light_name
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext
from workflows import light_words, overview
from workflows.hands import Hand
from workflows.item_lists import LIGHTS, UNLIT
from workflows.overview import Counts, Day, Overview, Place
from workflows.register_lists import REGISTERS
from workflows.roles import TASK_CODES

routes = Blueprint("campaigns", __name__)

STATES = {
    "draft": (N_("in preparation"), ""),
    "active": (N_("under way"), "mark-blue"),
    "closed": (N_("finished"), "mark-green"),
    "cancelled": (N_("cancelled"), ""),
    "rejected": (N_("rejected"), ""),
}
LEDGERS = {
    "compiling": N_("being compiled"),
    "submitted": N_("under review"),
    "returned": N_("returned"),
    "approved": N_("approved"),
    "established": N_("in force"),
    "cancelled": N_("cancelled"),
}
EVENTS = {
    "reported": N_("Items reported on"),
    "verified": N_("Items verified"),
    "closed": N_("Items closed"),
    "urged": N_("Items urged"),
}
DEVELOPMENT_AREA = "BDA"  # no administrative division, with a name of nine characters
FEW_RED = 0.2
DAYS_IN_TABLE = 14


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: from ``start``, ``width`` wide, of 100."""

    light: str
    start: float
    width: float


@routes.get("/campaigns")
@login_required
def current() -> str | AnyResponse:
    found = overview.newest(database(), actor())
    if found is None:
        return render_template("campaign_none.html", place="campaigns")
    return redirect(url_for("campaigns.page", campaign_id=found))


@routes.get("/campaigns/<campaign_id>")
@login_required
def page(campaign_id: str) -> str:
    view = overview.view(database(), actor(), campaign_id, moment())
    return render_template(
        "campaign.html",
        view=view,
        campaign=view.campaign,
        states={key: (gettext(words), classes) for key, (words, classes) in STATES.items()},
        ledger_states={key: gettext(words) for key, words in LEDGERS.items()},
        events=[(name, gettext(words), view.events.get(name, 0)) for name, words in EVENTS.items()],
        registers=[(one, gettext(one.title), view.registers.get(name, 0)) for name, one in REGISTERS.items()],
        lights=[*LIGHTS, UNLIT],
        tasks=TASK_CODES,
        empty=Counts({}),
        bar=bar,
        tone=tone,
        tile_name=tile_name,
        hands=[(hand, _whose(hand)) for hand in view.hands],
        chart=_chart(view),
        days=_told_days(view.trend),
        rule_name=lambda rule: gettext(light_words.TITLES.get(rule, rule)),
        place="campaigns",
    )


def bar(counts: Counts) -> list[Part]:
    """How the lights share a bar of 100."""
    parts, start = [], 0.0
    for light in (*LIGHTS, UNLIT):
        width = 100 * counts.of(light) / counts.total if counts.total else 0
        if width:
            parts.append(Part(light, round(start, 2), round(width, 2)))
            start += width
    return parts


def tile_name(place: Place) -> str:
    """What fits on a tile."""
    if place.code == DEVELOPMENT_AREA:
        return gettext("Development Area")
    return content(place.name).removesuffix(" District").removesuffix(" County")


def tone(counts: Counts) -> str:
    """The colour of a tile: its legend says the same in words."""
    if not counts.total:
        return "blank"
    share = counts.of("red") / counts.total
    return "bad" if share >= FEW_RED else "some" if share else "good"


def _whose(hand: Hand) -> str:
    return desk.whose(hand.holder, hand.roles, hand.org_name, hand.task_code)


def _chart(view: Overview) -> dict[str, Any]:
    """What the island draws: an area for each light, day by day."""
    shown = [light for light in LIGHTS if any(day.lights[light] for day in view.trend)]
    return {
        "stacked": True,
        "series": [
            {
                "name": light_name(light),
                "look": light,
                "points": [[day.day.isoformat(), day.lights[light]] for day in view.trend],
            }
            for light in reversed(shown)
        ],
    }


def _told_days(trend: tuple[Day, ...]) -> list[Day]:
    """The days on which anything differed from the day before, the newest first; the last day always."""
    told = [now for before, now in pairwise(trend) if before.lights != now.lights]
    if trend and (not told or told[-1].day != trend[-1].day):
        told.append(trend[-1])
    return told[::-1][:DAYS_IN_TABLE]
