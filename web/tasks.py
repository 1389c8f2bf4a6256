"""My tasks: the lists, and what is done with one task. Its page is laid out in `web.desk`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, session, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import inbox, notices, substitutes, tasks
from engine.access import NotYours
from engine.attachments import FileEmpty, FileTooLarge, TooManyFiles
from engine.images import ImageDamaged, ImageTooLarge
from engine.inbox import MOST_COUNTED, Counts
from engine.sniffing import FileRefused
from engine.tasks import AlreadyDone, Claimed, Completed
from faults import N_, Fault
from forms import posted
from forms.answers import AnswersRefused
from web import desk, seen, transaction
from web.behalf import principal_id, reader
from web.errors import status_of, wants_json
from web.seen import FormChanged
from web.sessions import actor
from web.transaction import database, moment
from web.words import gettext, say, template

routes = Blueprint("tasks", __name__)

SIZE = 20
SMALL_NUMBER = re.compile(r"[0-9]{1,9}")
NOTICES_SHOWN = 5
UNFIT_FILES = (FileEmpty, FileTooLarge, TooManyFiles, FileRefused, ImageDamaged, ImageTooLarge)
LIGHTS = {"": N_("All"), "red": N_("Overdue"), "yellow": N_("Soon due"), "green": N_("In time")}


@dataclass(frozen=True, slots=True)
class Sum:
    """One of the counts above the list, which is also its filter."""

    light: str
    label: str
    count: str
    chosen: bool


@routes.get("/")
@login_required
def home() -> AnyResponse:
    return redirect(url_for("tasks.mine"))


@routes.get("/tasks")
@login_required
def mine() -> str:
    only = request.args.get("light", "")
    only = only if only in LIGHTS else ""
    search = request.args.get("q", "")[:100]
    after = request.args.get("after")
    whose, principal = reader(), principal_id()
    found = inbox.open_tasks(database(), whose, moment(), search, only or None, after, SIZE)  # type: ignore[arg-type]
    counts = inbox.counts(database(), whose, moment())
    return render_template(
        "tasks.html",
        which="open",
        found=found,
        search=search,
        light=only,
        after=after,
        sums=_sums(counts, only),
        notices=_notices() if not after and principal is None else [],
        principals=substitutes.principals(database(), actor(), moment()),
        principal=principal,
        place="tasks",
    )


@routes.get("/tasks/done")
@login_required
def done() -> str:
    search, after = request.args.get("q", "")[:100], request.args.get("after")
    found = inbox.done_tasks(database(), actor(), moment(), search, after, SIZE)
    return render_template(
        "tasks.html",
        which="done",
        found=found,
        search=search,
        light="",
        after=after,
        sums=[],
        notices=[],
        principals=substitutes.principals(database(), actor(), moment()),
        principal=None,
        place="tasks",
    )


@routes.post("/notices/read")
@login_required
def read_notices() -> AnyResponse:
    ids = [int(text) for text in request.form.getlist("notice") if SMALL_NUMBER.fullmatch(text)]
    notices.mark_read(database(), actor(), ids[:100], moment())
    return redirect(url_for("tasks.mine"))


@routes.get("/tasks/<task_id>")
@login_required
def page(task_id: str) -> Response:
    return desk.page(task_id)


@routes.post("/tasks/<task_id>")
@login_required
def complete(task_id: str) -> AnyResponse:
    form = desk.form_of(task_id)
    try:
        items = desk.items_with_uploads(form)
    except UNFIT_FILES as fault:
        return _again(task_id, posted.parse(form, request.form.to_dict(flat=False)), fault)
    rows = posted.edited_rows(form, items)
    if rows is not None:
        words = say(FormChanged()) if seen.asks_otherwise(task_id) else ""
        return desk.page(task_id, typed=rows, words=words, key=_key())
    typed = posted.parse(form, items)
    try:
        if request.form.get("_action") == "draft":
            return _keep(task_id, typed)
        completed = _complete(task_id, typed)
    except NotYours:
        if wants_json() or not seen.has_moved(task_id):
            raise
        return _again(task_id, typed, NotYours(seen.FOR_OTHERS))
    except (AnswersRefused, AlreadyDone, Claimed, FormChanged) as fault:
        if wants_json():
            raise
        return _again(task_id, typed, fault)
    flash(_thanks(bool(completed.next_tasks), completed.repeated), "success")
    # The next page tells the script that the copy of the form on this device is no longer needed.
    session["form_done"] = url_for("tasks.keep_draft", task_id=task_id, on_behalf_of=principal_id())
    following = url_for("tasks.mine", on_behalf_of=principal_id())
    if completed.next_tasks:
        following = url_for("tasks.page", task_id=completed.next_tasks[0])
    # A phone that sends what it had kept asks for JSON.
    return jsonify(next=following, repeated=completed.repeated) if wants_json() else redirect(following)


@routes.post("/tasks/<task_id>/draft")
@login_required
def keep_draft(task_id: str) -> AnyResponse:
    """What the script saves while somebody types: the same items as the form, answered in JSON."""
    typed = posted.parse(desk.form_of(task_id), request.form.to_dict(flat=False))
    _save_draft(task_id, typed)
    if seen.asks_otherwise(task_id):
        raise FormChanged(seen.STILL_TYPING)
    return jsonify(saved_at=moment().now.isoformat())


@routes.post("/tasks/<task_id>/claim")
@login_required
def claim(task_id: str) -> AnyResponse:
    tasks.claim(database(), actor(), task_id, moment())
    flash(gettext("You have taken this task; the others see that you are at it."), "success")
    return redirect(url_for("tasks.page", task_id=task_id))


@routes.post("/tasks/<task_id>/release")
@login_required
def release(task_id: str) -> AnyResponse:
    tasks.release(database(), actor(), task_id, moment())
    flash(gettext("The task is back with the group."), "success")
    return redirect(url_for("tasks.page", task_id=task_id))


def typed_again(task_id: str, status: int, words: str) -> Response:
    """The page with what was just posted, where it could not be taken. Nothing is changed."""
    typed = posted.parse(desk.form_of(task_id), request.form.to_dict(flat=False))
    transaction.end()
    return desk.page(task_id, typed=typed, words=words, status=status, key=_key())


def _again(task_id: str, typed: Mapping[str, Any], fault: Fault) -> Response:
    """The page with what was typed and what is wrong with it; who was first, if somebody was."""
    if isinstance(fault, AnswersRefused) and seen.asks_otherwise(task_id):
        fault = FormChanged()  # what is wrong with answers to other questions helps nobody
    transaction.end()
    problems = fault.problems if isinstance(fault, AnswersRefused) else ()
    # A repeated key would answer with the first result, so a corrected form gets the same one: it is one completion.
    return desk.page(task_id, typed, problems, say(fault), status_of(fault), _key())


def _keep(task_id: str, typed: Mapping[str, Any]) -> AnyResponse:
    _save_draft(task_id, typed)
    seen.require_same(task_id)
    flash(gettext("The draft is kept. Nobody else sees it."), "success")
    return redirect(url_for("tasks.page", task_id=task_id, on_behalf_of=principal_id()))


def _complete(task_id: str, typed: Mapping[str, Any]) -> Completed:
    principal, key = principal_id(), _key() or None
    if principal is None:
        completed = tasks.complete(database(), actor(), task_id, typed, key, moment())
    else:
        completed = tasks.complete_for(database(), actor(), principal, task_id, typed, key, moment())
    if not completed.repeated and seen.is_other(completed.version_id):  # what is the same needs no statement
        seen.require_same(task_id)
    return completed


def _save_draft(task_id: str, typed: Mapping[str, Any]) -> None:
    principal = principal_id()
    if principal is None:
        tasks.save_draft(database(), actor(), task_id, typed, moment())
    else:
        tasks.save_draft_for(database(), actor(), principal, task_id, typed, moment())


def _key() -> str:
    return request.form.get("_key", "").replace("\0", "")[:64]


def _thanks(more: bool, repeated: bool) -> str:
    if repeated:
        return gettext("You had submitted this already; it counts once.")
    return gettext("Submitted. The next step is yours too.") if more else gettext("Submitted. The case has gone on.")


def _sums(counts: Counts, chosen: str) -> list[Sum]:
    numbers = {"red": counts.red, "yellow": counts.yellow, "green": counts.green}
    capped = any(number >= MOST_COUNTED for number in numbers.values())
    numbers[""] = sum(numbers.values())
    return [
        Sum(light, gettext(label), _number(numbers[light], capped and not light), light == chosen)
        for light, label in LIGHTS.items()
    ]


def _number(count: int, capped: bool) -> str:
    return f"{MOST_COUNTED - 1}+" if capped or count >= MOST_COUNTED else str(count)


def _notices() -> list[dict[str, Any]]:
    found, _ = notices.of(database(), actor(), NOTICES_SHOWN)
    return [
        {"id": one.id, "words": template(one.message, one.params), "at": one.sent_at, "instance_id": one.instance_id}
        for one in found
        if one.read_at is None
    ]
