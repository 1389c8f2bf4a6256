"""The public portal: what is disclosed, and a place to say something and to see what became of it. Without sign-in.

Nothing is shown here that has not passed the publication gate; nobody's name or contact is.  What is written is read by
people of the office only.  All of it works without JavaScript.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, session, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from engine import attachments
from engine.access import NotFound
from engine.attachments import Captured, FileEmpty, FileTooLarge, Taken, TooManyFiles
from engine.images import ImageDamaged, ImageTooLarge
from engine.sniffing import FileRefused
from faults import N_, Fault
from web import challenge, paging, transaction
from web.errors import status_of
from web.transaction import database, moment
from web.wiring import wiring
from web.words import gettext, say, say_problem
from workflows import disclosures, opinions, portal_uses, publicity
from workflows.opinions import NoSuchOpinion, NotRatable, OpinionRefused
from workflows.portal_uses import TooOften, UsedUp
from workflows.roles import TASK_CODES

routes = Blueprint("portal", __name__, url_prefix="/public")

LATEST = 5
LONGEST_SEARCH = 100
GIVEN_FOR = 15 * 60  # seconds for which the page with the code can be opened again
TAKES = {"portal": N_("For myself"), "organisation": N_("For a people's or social organisation")}
UNFIT_PHOTOS = (FileEmpty, FileTooLarge, FileRefused, ImageDamaged, ImageTooLarge)
NOT_SOLVED = N_("The answer to the question is not right, or the page was open for more than an hour. Try the new one.")


class NoPhoto(Fault):
    """Only photos can be sent here: JPEG, PNG or WebP. Leave the other file out and send it again."""


@routes.get("/")
def home() -> str:
    disclosed, _ = disclosures.published(database(), "", None, None, LATEST, 0)
    notices, _ = publicity.shown(database(), "", moment(), LATEST, 0)
    answers, _ = opinions.answered(database(), "", LATEST, 0)
    return render_template("public/home.html", disclosed=disclosed, notices=notices, answers=answers, place="home")


@routes.get("/disclosures")
def disclosed() -> str:
    kind, unit = request.args.get("kind", ""), request.args.get("unit", "")[:LONGEST_SEARCH]
    kind = kind if kind in disclosures.KINDS else ""
    found, total = disclosures.published(
        database(), _search(), kind or None, unit or None, paging.SIZE, paging.offset()
    )
    return render_template(
        "public/disclosures.html",
        found=found,
        page=paging.page(total),
        search=_search(),
        kind=kind,
        unit=unit,
        kinds={key: gettext(words) for key, words in disclosures.KINDS.items()},
        tasks=TASK_CODES,
        place="disclosures",
    )


@routes.get("/disclosures/<disclosure_id>")
def disclosure(disclosure_id: str) -> str:
    found = disclosures.get(database(), disclosure_id)
    return render_template(
        "public/disclosure.html",
        one=found,
        kind=gettext(disclosures.KINDS[found.kind]),
        tasks=TASK_CODES,
        place="disclosures",
    )


@routes.get("/notices")
def notices() -> str:
    found, total = publicity.shown(database(), _search(), moment(), paging.SIZE, paging.offset())
    return render_template(
        "public/notices.html", found=found, page=paging.page(total), search=_search(), place="notices"
    )


@routes.get("/answers")
def answers() -> str:
    found, total = opinions.answered(database(), _search(), paging.SIZE, paging.offset())
    return render_template(
        "public/answers.html", found=found, page=paging.page(total), search=_search(), tasks=TASK_CODES, place="answers"
    )


@routes.get("/opinions/new")
def write() -> Response:
    return _form({}, {}, 200)


@routes.post("/opinions/new")
def send() -> AnyResponse:
    typed = {name: request.form.get(name, "").replace("\0", "") for name in ("content", "contact", "channel")}
    typed["anonymous"] = request.form.get("anonymous", "")
    if request.form.get("website"):  # nobody sees this input; whoever fills it in is no person
        return redirect(url_for("portal.given"))
    solution = challenge.solved(request.form.get("question", ""), request.form.get("answer", "")[:20], moment())
    if solution is None:
        return _form(typed, {"answer": gettext(NOT_SOLVED)}, 422)
    try:
        portal_uses.look(database(), "opinion", _visitor(), moment())
        transaction.end()  # pictures are worked on while no transaction is open
        photos = [_photo(file) for file in request.files.getlist("photos")[: opinions.MOST_PHOTOS + 1] if file.filename]
        portal_uses.count(database(), "opinion", _visitor(), moment())
        portal_uses.use_once(database(), solution[0], replace(moment(), now=solution[1]))
        portal_uses.forget(database(), moment())
        found = opinions.submit(
            database(),
            typed["channel"] if typed["channel"] in TAKES else "portal",
            typed["content"],
            _place(),
            typed["contact"],
            typed["anonymous"] == "true",
            photos,
            moment(),
        )
    except OpinionRefused as refused:
        transaction.keep_in_spite()  # the try counts; nothing else was written
        return _form(typed, {one.element: say_problem(one) for one in refused.problems}, 422)
    except UNFIT_PHOTOS as fault:
        return _form(typed, {"photos": say(fault)}, status_of(fault))
    except NoPhoto as fault:
        return _form(typed, {"photos": say(fault)}, 422)
    except (TooOften, UsedUp, TooManyFiles) as fault:
        return _form(typed, {"": say(fault)}, status_of(fault))
    session["given"] = [found.number, opinions.written(found.code), int(moment().now.timestamp())]
    return redirect(url_for("portal.given"))


@routes.get("/opinions/given")
def given() -> str:
    """The code, for as long as one needs to note it down."""
    number, code, since = session.get("given") or ("", "", 0)
    if not 0 <= moment().now.timestamp() - since <= GIVEN_FOR:
        session.pop("given", None)
        raise NotFound
    return render_template("public/given.html", number=number, code=code, place="write")


@routes.get("/opinions/follow")
def ask_for_code() -> str:
    return render_template("public/follow.html", code="", fault="", place="follow")


@routes.post("/opinions/follow")
def follow() -> Response:
    """Posted, so that the code stands neither in addresses nor in logs."""
    return _followed(request.form.get("code", "").replace("\0", "")[:64])


@routes.post("/opinions/rate")
def rate() -> Response:
    code = request.form.get("code", "").replace("\0", "")[:64]
    resolved, satisfaction = request.form.get("resolved", ""), request.form.get("satisfaction", "")
    if resolved not in ("true", "false") or not satisfaction:
        return _followed(code, gettext("Say whether it is resolved, and how content you are."), 422)
    try:
        portal_uses.count(database(), "lookup", _visitor(), moment())
        comment = request.form.get("comment", "").replace("\0", "")
        opinions.rate(database(), code, resolved == "true", satisfaction, comment, moment())
    except OpinionRefused as refused:
        return _followed(code, " ".join(say_problem(one) for one in refused.problems), 422)
    except (NoSuchOpinion, NotRatable, TooOften) as fault:
        return _followed(code, say(fault), status_of(fault))
    return _followed(code, thanks=gettext("Thank you. What you said goes to the office."))


def _followed(code: str, fault: str = "", status: int = 200, thanks: str = "") -> Response:
    """What became of the opinion with that code; looking is counted even where nothing was found."""
    if status != 200:
        transaction.end()
    found = None
    try:
        portal_uses.count(database(), "lookup", _visitor(), moment())
        found = opinions.followed(database(), code, moment())
    except (NoSuchOpinion, TooOften) as lost:
        transaction.keep_in_spite()
        fault, status = fault or say(lost), status_of(lost)
    page = render_template("public/follow.html", code=code, one=found, fault=fault, thanks=thanks, place="follow")
    return make_response(page, status)


def _form(typed: Mapping[str, str], faults: Mapping[str, str], status: int) -> Response:
    page = render_template(
        "public/opinion.html",
        typed=typed,
        faults=faults,
        question=challenge.draw(moment()),
        takes={key: gettext(words) for key, words in TAKES.items()},
        most=opinions.MOST,
        most_photos=opinions.MOST_PHOTOS,
        place="write",
    )
    return make_response(page, status)


def _photo(file: FileStorage) -> Taken:
    data = file.stream.read(attachments.MAX_BYTES + 1)
    taken = attachments.take(wiring().settings.attachments, data, file.filename or "", Captured(), moment())
    if not taken.width:
        attachments.erase(wiring().settings.attachments, [taken.stored_name])
        raise NoPhoto
    return taken


def _place() -> dict[str, float] | None:
    """Where the visitor's device said that it was; whatever is no number counts as not said."""
    try:
        return {"lat": float(request.form["lat"]), "lon": float(request.form["lon"])}
    except (KeyError, ValueError):
        return None


def _search() -> str:
    return request.args.get("q", "")[:LONGEST_SEARCH]


def _visitor() -> str:
    """A code for the address of the visitor that is another one tomorrow and leads back to nobody."""
    said = f"{request.remote_addr} {moment().today.isoformat()}"
    key = current_app.secret_key
    assert key
    return hmac.new(key if isinstance(key, bytes) else key.encode(), said.encode(), hashlib.sha256).hexdigest()
