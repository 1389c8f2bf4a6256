"""The rounds of a campaign on a page: bulletins, reports and meetings, and which of them are late or were left out."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_login import login_required

from faults import N_
from web.sessions import actor
from web.transaction import database, moment
from web.words import gettext
from workflows import cycle_lists
from workflows.cycles import KINDS

routes = Blueprint("rounds", __name__)

STATES = {
    "running": (N_("under way"), "mark-blue"),
    "done": (N_("done"), "mark-green"),
    "late": (N_("late"), "mark-red"),
    "skipped": (N_("left out"), "mark-yellow"),
    "missed": (N_("never begun"), "mark-red"),
}


@routes.get("/campaigns/<campaign_id>/rounds")
@login_required
def page(campaign_id: str) -> str:
    kind = request.args.get("kind", "")
    view = cycle_lists.view(database(), actor(), campaign_id, moment())
    return render_template(
        "rounds.html",
        campaign=view.campaign,
        rounds=[one for one in view.rounds if kind in ("", one.kind)],
        flagged=sum(one.is_alarming for one in view.rounds),
        cases=view.cases,
        kinds={name: title for name, title in KINDS.items() if any(one.kind == name for one in view.rounds)},
        kind=kind,
        states={key: (gettext(words), classes) for key, (words, classes) in STATES.items()},
        place="campaigns",
    )
