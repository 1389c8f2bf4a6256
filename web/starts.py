"""Starting a case by hand."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import instances
from engine.access import NotFound
from engine.instances import Startable, StartRefused
from web.naming import organisation_choices
from web.sessions import actor
from web.transaction import database, end, moment
from web.words import gettext, say_problem
from workflows import media
from workflows.roles import TASK_CODES

routes = Blueprint("starts", __name__)


@routes.get("/start")
@login_required
def choose() -> str:
    return render_template(
        "starts.html",
        processes=instances.startable(database(), actor()),
        may_hand_in=actor().holds(*media.REPORTERS),
        place="start",
    )


@routes.get("/start/<process_key>")
@login_required
def fill_in(process_key: str) -> Response:
    return _page(process_key, _suggested(_process(process_key)), secrets.token_hex(16))


@routes.post("/start/<process_key>")
@login_required
def begin(process_key: str) -> AnyResponse:
    typed = {name: request.form.get(name, "").replace("\0", "").strip() for name in ("title", "org", "task_code")}
    key = request.form.get("key", "").replace("\0", "") or secrets.token_hex(16)
    try:
        started = instances.start(
            database(),
            actor(),
            process_key,
            typed["title"],
            typed["org"] or None,
            typed["task_code"] or None,
            key,
            moment(),
        )
    except StartRefused as refused:
        end()
        return _page(process_key, typed, key, refused)
    if started.next_tasks:
        flash(gettext("The case is started. This is its first step."), "success")
        return redirect(url_for("tasks.page", task_id=started.next_tasks[0]))
    flash(gettext("The case is started."), "success")
    return redirect(url_for("instances.page", instance_id=started.instance_id))


def _page(process_key: str, typed: Mapping[str, str | None], key: str, refused: StartRefused | None = None) -> Response:
    process = _process(process_key)
    errors = {problem.element: say_problem(problem) for problem in refused.problems} if refused else {}
    page = render_template(
        "start.html",
        process=process,
        typed=typed,
        key=key,
        errors=errors,
        organisations=organisation_choices(database()),
        task_codes=_codes(process),
        place="start",
    )
    return make_response(page, 422 if refused else 200)


def _process(process_key: str) -> Startable:
    for process in instances.startable(database(), actor()):
        if process.process_key == process_key:
            return process
    raise NotFound


def _codes(process: Startable) -> list[tuple[str, str]]:
    """The task codes that the person's grants cover."""
    covered = {grant.task_code for grant in process.grants}
    return [(code, title) for code, title in TASK_CODES.items() if None in covered or code in covered]


def _suggested(process: Startable) -> dict[str, str | None]:
    """Where there is only one task code to choose, it is chosen."""
    codes = _codes(process)
    return {"title": "", "org": None, "task_code": codes[0][0] if len(codes) == 1 else None}
