"""Errors: one table from fault to HTTP status, and the page (or JSON) that says what happened and what to do."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from engine.access import NotFound, NotYours
from engine.accounts import Locked, WrongPassword
from engine.attachments import FileChanged, FileEmpty, FileTooLarge, TooManyFiles
from engine.images import ImageDamaged, ImageTooLarge
from engine.incidents import AlreadyResolved
from engine.instances import HasEnded, NotPublished
from engine.moving import NothingLeft, NothingToMove
from engine.process_drafts import EditedMeanwhile, KeyTaken, NotOpen
from engine.runtime.faults import BadValue, CannotReturn, NoSuchToken
from engine.scenarios import ChangedMeanwhile, Confidential, NotFinished, TooManyScenarios
from engine.sniffing import FileRefused
from engine.tasks import AlreadyDone, Claimed, DraftTooLarge, NotClaimed
from faults import N_, Fault, Problem, Refused
from web import transaction
from web.draft_forms import FormExists
from web.seen import FormChanged
from web.words import gettext, say, say_problem
from workflows.changes import NothingToWithdraw
from workflows.ledger_items import LedgerClosed, RowChanged, TooManyItems
from workflows.media import NothingToCorrect
from workflows.opinions import NoSuchOpinion, NotRatable
from workflows.portal_uses import TooOften, UsedUp
from workflows.referrals import NotAwaited
from workflows.reports import NotWaiting

# The most special class counts; what is not listed is the client's mistake.
STATUS: dict[type[Fault], int] = {
    Fault: 400,
    Refused: 422,
    WrongPassword: 401,
    NotYours: 403,
    NotFound: 404,
    NoSuchOpinion: 404,
    NotPublished: 404,
    AlreadyDone: 409,
    AlreadyResolved: 409,
    CannotReturn: 409,
    Claimed: 409,
    ChangedMeanwhile: 409,
    Confidential: 409,
    EditedMeanwhile: 409,
    FormExists: 409,
    HasEnded: 409,
    KeyTaken: 409,
    LedgerClosed: 409,
    NoSuchToken: 409,
    NotClaimed: 409,
    NotFinished: 409,
    NotOpen: 409,
    NotRatable: 409,
    NotWaiting: 409,
    NotAwaited: 409,
    NothingLeft: 409,
    NothingToCorrect: 409,
    NothingToMove: 409,
    NothingToWithdraw: 409,
    RowChanged: 409,
    TooManyScenarios: 409,
    UsedUp: 409,
    DraftTooLarge: 413,
    FileTooLarge: 413,
    ImageTooLarge: 413,
    TooManyFiles: 413,
    TooManyItems: 413,
    BadValue: 422,
    FileChanged: 422,
    FileEmpty: 422,
    FileRefused: 422,
    FormChanged: 422,
    ImageDamaged: 422,
    Locked: 429,
    TooOften: 429,
}

TITLES: dict[int, str] = {
    400: N_("This could not be understood"),
    401: N_("Please sign in"),
    403: N_("This is not for you"),
    404: N_("There is nothing here"),
    405: N_("This can't be done here"),
    409: N_("Somebody was quicker"),
    413: N_("This is too large"),
    422: N_("Something has to be mended first"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("The system is busy"),
}

WORDS: dict[int, str] = {
    400: N_("The request was incomplete or damaged. Go back, load the page again and repeat what you did."),
    404: N_("There is no such page, or it has moved. Go back to your tasks and try again from there."),
    405: N_("This address is not opened like that. Go back to your tasks and try again from there."),
    413: N_("What you sent is larger than allowed. Send fewer or smaller files, or shorten the text."),
    500: N_("Nothing was changed. Try again; if it happens again, tell the administrator the number {number}."),
    503: N_("Nothing was changed. Wait a few seconds and send it again."),
}

# Values that no column or parser takes: a NUL in a text or too large a number (each driver says so in its own way),
# JSON nested beyond what the parser follows. They come from outside, so they are the client's mistake.
UNFIT = (DataError, OverflowError, RecursionError)

STALE_PAGE = N_(
    "The page was open for too long or the sign-in has changed since. Nothing was changed. "
    "Go back, load the page again and repeat what you did."
)


def status_of(fault: Fault) -> int:
    return next(STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS)


def answer(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Fault, _fault)
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _busy)
    app.register_error_handler(OperationalError, _busy)
    for kind in UNFIT:
        app.register_error_handler(kind, _unfit)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/") or request.is_json or best == "application/json"


def error_page(status: int, words: str, problems: Iterable[Problem] = ()) -> Response:
    """The answer for an error; what the request had begun to change is undone."""
    transaction.end()
    title = gettext(TITLES.get(status, TITLES[400]))
    if wants_json():
        listed = [{"element": one.element, "code": one.code, "message": say_problem(one)} for one in problems]
        return make_response(jsonify({"error": title, "message": words, "problems": listed}), status)
    said = [say_problem(one) for one in problems]
    page = render_template("error.html", title=title, words=words, problems=said, status=status)
    return make_response(page, status)


def _fault(fault: Fault) -> Response:
    return error_page(status_of(fault), say(fault), fault.problems if isinstance(fault, Refused) else ())


def _stale_page(_error: CSRFError) -> Response:
    return error_page(400, gettext(STALE_PAGE))


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.get_response())
    status = error.code or 500
    response = error_page(status, gettext(WORDS.get(status, WORDS[400])))
    if error.code == 405:
        response.headers.extend(error.get_headers())
        response.headers["Content-Type"] = "application/json" if wants_json() else "text/html; charset=utf-8"
    return response


def _busy(error: Exception) -> Response:
    current_app.logger.warning("%s %s: %s", request.method, request.path, error)
    return error_page(503, gettext(WORDS[503]))


def _unfit(error: Exception) -> Response:
    current_app.logger.warning("%s %s: %s", request.method, request.path, type(error).__name__)
    return error_page(400, gettext(WORDS[400]))


def _unexpected(error: Exception) -> Response:
    number = secrets.token_hex(4)
    current_app.logger.exception("%s %s failed, number %s", request.method, request.path, number, exc_info=error)
    return error_page(500, gettext(WORDS[500]).format(number=number))
