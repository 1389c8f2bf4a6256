"""Who stands in for whom: secretaries and deputies, set and ended by administrators."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from engine import substitutes
from engine.access import ADMIN, AUDITOR, require
from engine.substitutes import DEPUTY, SECRETARY, SubstituteRefused
from engine.tables import Account
from faults import N_
from web import naming, transaction
from web.errors import status_of
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext, say_problem
from workflows.roles import ROLES

routes = Blueprint("substitutes", __name__)

KINDS = {SECRETARY: N_("secretary (encloses a scan)"), DEPUTY: N_("deputy")}
ASKED = ("account_id", "for_account", "role", "org_code", "kind", "valid_from", "valid_until")


@routes.get("/admin/substitutes")
@login_required
def all_substitutes() -> Response:
    require(actor(), ADMIN, AUDITOR)
    return _page({"kind": SECRETARY, "valid_from": moment().today.isoformat()}, {}, 200)


@routes.post("/admin/substitutes")
@login_required
def appoint() -> AnyResponse:
    typed = {name: request.form.get(name, "").replace("\0", "").strip()[:100] for name in ASKED}
    try:
        substitutes.appoint(database(), actor(), typed, moment())
    except SubstituteRefused as refused:
        transaction.end()
        errors = {problem.element: say_problem(problem) for problem in refused.problems}
        return _page(typed, errors, status_of(refused))
    flash(gettext("The substitute is set."), "success")
    return redirect(url_for("substitutes.all_substitutes"))


@routes.post("/admin/substitutes/<int(max=2147483647):substitute_id>/end")
@login_required
def end(substitute_id: int) -> AnyResponse:
    substitutes.end(database(), actor(), substitute_id, moment())
    flash(gettext("The substitution has ended."), "success")
    return redirect(url_for("substitutes.all_substitutes"))


def _page(typed: dict[str, str], errors: dict[str, str], status: int) -> Response:
    people = database().execute(select(Account.id, Account.name).where(Account.active).order_by(Account.id))
    html = render_template(
        "substitutes.html",
        rows=substitutes.listed(database(), moment()),
        people=[(ident, f"{content(name)} ({ident})") for ident, name in people],
        organisations=naming.organisation_choices(database()),
        roles=[(role.name, content(role.title)) for role in ROLES.values()],
        role_names={role.name: content(role.title) for role in ROLES.values()},
        kinds={kind: gettext(words) for kind, words in KINDS.items()},
        typed=typed,
        errors=errors,
        place="desks",
    )
    return make_response(html, status)
