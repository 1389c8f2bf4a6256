"""The parameters of the house: each number that the guide leaves open, its value now, changing it from a day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import accounts
from engine.access import ADMIN, AUDITOR, NotFound, require
from faults import N_, Problem
from web import transaction
from web.sessions import actor
from web.transaction import database, moment
from web.words import gettext, say_problem
from workflows import parameters
from workflows.parameters import PARAMETERS, Parameter, ParameterRefused

routes = Blueprint("parameters", __name__)

UNITS = {
    "working_days": N_("working days"),
    "calendar_days": N_("calendar days"),
    "hours": N_("hours"),
    "count": N_("times"),
    "percent": "%",
    "points": N_("percentage points"),
    "score": N_("points"),
}
LONGEST_REASON = 500
MOST = 1_000_000


@routes.get("/admin/parameters")
@login_required
def all_parameters() -> str:
    require(actor(), ADMIN, AUDITOR)
    return render_template(
        "parameters.html",
        parameters=list(PARAMETERS.values()),
        values=parameters.values(database(), moment().today),
        changed=parameters.is_changed(database()),
        units={kind: unit(kind) for kind in UNITS},
        place="desks",
    )


@routes.get("/admin/parameters/<name>")
@login_required
def page(name: str) -> Response:
    require(actor(), ADMIN, AUDITOR)
    return _page(_parameter(name), {"valid_from": moment().today.isoformat()}, {})


@routes.post("/admin/parameters/<name>")
@login_required
def put(name: str) -> AnyResponse:
    require(actor(), ADMIN)
    parameter = _parameter(name)
    fields = ("value", "valid_from", "reason")
    typed = {field: request.form.get(field, "").replace("\0", "").strip() for field in fields}
    try:
        value, day = _read(typed)
        reason = typed["reason"][:LONGEST_REASON]
        parameters.put(database(), actor(), name, value, day, reason, moment())
    except ParameterRefused as refused:
        transaction.end()
        return _page(parameter, typed, {problem.element: say_problem(problem) for problem in refused.problems})
    flash(gettext("Set from %(day)s on.", day=day.isoformat()), "success")
    return redirect(url_for("parameters.page", name=name))


def _parameter(name: str) -> Parameter:
    if name not in PARAMETERS:
        raise NotFound
    return PARAMETERS[name]


def _read(typed: dict[str, str]) -> tuple[Decimal, date]:
    problems, value, day = [], Decimal(0), moment().today
    try:
        value = Decimal(typed["value"])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > MOST:
        problems.append(Problem("value", "number", N_("Enter a number.")))
    try:
        day = date.fromisoformat(typed["valid_from"])
    except ValueError:
        problems.append(Problem("valid_from", "date", N_("Enter a date.")))
    if problems:
        raise ParameterRefused(problems)
    return value, day


def _page(parameter: Parameter, typed: dict[str, str], errors: dict[str, str]) -> Response:
    history = parameters.history(database(), parameter.name)
    html = render_template(
        "parameter.html",
        parameter=parameter,
        value=parameters.value(database(), parameter.name, moment().today),
        unit=unit(parameter.type),
        history=history,
        people=accounts.names(database(), {one.set_by for one in history if one.set_by}),
        today=moment().today,
        typed=typed,
        errors=errors,
        place="desks",
    )
    return make_response(html, 422 if errors else 200)


def unit(kind: str) -> str:
    return UNITS[kind] if kind == "percent" else gettext(UNITS[kind])
