"""Registers: problems, instructions, matters for decision, objections, changes and urgings as searchable lists."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import organisations
from web import paging
from web.sessions import actor
from web.transaction import database
from web.words import gettext
from workflows import overview, register_lists
from workflows.roles import TASK_CODES

routes = Blueprint("registers", __name__)


@routes.get("/registers")
@login_required
def first() -> AnyResponse:
    return redirect(url_for("registers.page", name=next(iter(register_lists.REGISTERS))))


@routes.get("/registers/<name>")
@login_required
def page(name: str) -> str:
    register = register_lists.get(name)
    state = request.args.get("state", "")
    state = state if state in (*register.states, "open") else ""
    search = request.args.get("q", "")[:100]
    campaign_id = request.args.get("campaign", "")[:32] or None
    found, total = register_lists.entries(
        database(), actor(), register, campaign_id, state, search, paging.SIZE, paging.offset()
    )
    return render_template(
        "register.html",
        register=register,
        registers=[(one.name, gettext(one.title)) for one in register_lists.REGISTERS.values()],
        rows=found,
        page=paging.page(total),
        state=state,
        search=search,
        campaign_id=campaign_id,
        states={"open": gettext("open")} | {key: gettext(words) for key, words in register.states.items()},
        units=organisations.names(database(), {row.unit for row in found if row.unit}),
        tasks=TASK_CODES,
        today_campaign=overview.newest(database(), actor()),
        place="campaigns",
    )
