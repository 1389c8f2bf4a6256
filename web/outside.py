"""What comes from outside of a process and is entered by hand: clues, results of authorities, mistakes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine.access import require
from web.naming import organisation_choices
from web.sessions import actor
from web.transaction import database, end, moment
from web.words import gettext, say_problem
from workflows import media, referrals
from workflows.media import ClueRefused
from workflows.roles import TASK_CODES

routes = Blueprint("outside", __name__)

CLUE = ("title", "clue", "unit", "task_code")


@routes.get("/clues/new")
@login_required
def new_clue() -> Response:
    require(actor(), *media.REPORTERS)
    return _page(dict.fromkeys(CLUE, ""))


@routes.post("/clues/new")
@login_required
def hand_in_clue() -> AnyResponse:
    typed = {name: _typed(name) for name in CLUE}
    try:
        media.report(database(), actor(), typed, moment())
    except ClueRefused as refused:
        end()
        return _page(typed, refused)
    flash(gettext("The clue is handed in. It is looked into before anything is published."), "success")
    return redirect(url_for("tasks.home"))


@routes.post("/cases/<instance_id>/result")
@login_required
def enter_result(instance_id: str) -> AnyResponse:
    referrals.enter_result(database(), actor(), instance_id, _typed("result"), moment())
    flash(gettext("The result is entered. The next step follows at once."), "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


@routes.post("/cases/<instance_id>/correction")
@login_required
def ask_correction(instance_id: str) -> AnyResponse:
    media.ask_correction(database(), actor(), instance_id, _typed("reason"), moment())
    flash(gettext("The correction is asked for. What was under way is stopped."), "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()


def _page(typed: Mapping[str, str], refused: ClueRefused | None = None) -> Response:
    page = render_template(
        "clue.html",
        typed=typed,
        errors={problem.element: say_problem(problem) for problem in refused.problems} if refused else {},
        organisations=organisation_choices(database()),
        task_codes=list(TASK_CODES.items()),
        place="start",
    )
    return make_response(page, 422 if refused else 200)
