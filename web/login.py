"""The way in and out."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from engine import accounts
from engine.accounts import Locked, WrongPassword
from engine.tables import Account
from faults import N_, Fault
from web import carried, sessions, tasks
from web.errors import STALE_PAGE, STATUS, error_page, wants_json
from web.language import local_address
from web.security import same_origin
from web.transaction import database, keep_in_spite, moment
from web.wiring import wiring
from web.words import gettext, say
from workflows import demo

routes = Blueprint("login", __name__)

# The form that may be long: losing what was typed into it would hurt.
TYPED_INTO = "tasks.complete"

SIGN_IN_FIRST = N_("You are not signed in, or were signed out because nothing happened for a while.")
STALE_FORM = N_("The page was open for too long. Nothing is lost: check what you typed and send it again.")


@routes.get("/login")
def enter() -> AnyResponse:
    if sessions.signed_in():
        return redirect(url_for("tasks.mine"))
    return _page(200, next_address=local_address(request.args.get("next", "/")))


@routes.post("/login")
def sign_in() -> AnyResponse:
    account_id, password = request.form.get("account", "").replace("\0", "").strip(), request.form.get("password", "")
    try:
        account = accounts.authenticate(database(), account_id, password, moment())
    except (WrongPassword, Locked) as fault:
        keep_in_spite()
        return _page(STATUS[type(fault)], local_address(request.form.get("next", "/")), account_id, fault)
    return _welcome(account)


@routes.post("/logout")
@login_required
def leave() -> AnyResponse:
    sessions.finish()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("login.enter"))


def ask_to_sign_in() -> AnyResponse:
    """The answer to whoever is not, or no longer, signed in."""
    if wants_json():
        return error_page(401, gettext(SIGN_IN_FIRST))
    if request.method == "GET":
        return redirect(url_for("login.enter", next=request.full_path.rstrip("?")))
    return _page(401, typed=_typed())


def page_too_old(_error: CSRFError) -> AnyResponse:
    """The CSRF token is missing or of another session. What was typed comes back, if it came from a page of ours."""
    if request.endpoint == TYPED_INTO and same_origin() and not wants_json():
        if not sessions.signed_in():
            return _page(401, typed=_typed())
        assert request.view_args
        return tasks.typed_again(request.view_args["task_id"], 400, gettext(STALE_FORM))
    return error_page(400, gettext(STALE_PAGE))


def _typed() -> str | None:
    if request.endpoint != TYPED_INTO or not request.view_args:
        return None
    return carried.seal(request.view_args["task_id"])


def _welcome(account: Account) -> AnyResponse:
    who = accounts.actor(database(), account.id)
    typed = carried.unseal(request.form.get("carried", ""), account.id)
    sessions.begin(who)
    if typed is not None and carried.become_draft(typed, who):
        flash(gettext("You are signed in again, and what you had typed is back. Check it and send it."), "success")
        return redirect(url_for("tasks.page", task_id=typed.task_id))
    return redirect(local_address(request.form.get("next", "/")))


def _page(
    status: int, next_address: str = "/", account: str = "", fault: Fault | None = None, typed: str | None = None
) -> Response:
    settings = wiring().settings
    words = say(fault) if fault else None
    trial = {"password": demo.PASSWORD, "accounts": demo.ACCOUNTS} if settings.demo else None
    page = render_template("login.html", next=next_address, account=account, fault=words, carried=typed, trial=trial)
    return make_response(page, status)
