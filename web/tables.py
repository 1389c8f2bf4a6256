"""The decision tables of a draft: which there are, a new one, taking one out, and the page on which one is edited.

What is edited are the table and the tests beside it, which are kept in its document.  Whoever saves names the state of
the table that he has seen (its hash): others may change the diagram, the forms and other tables meanwhile.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from bpmn import table_compare
from bpmn.blank_table import blank_table
from bpmn.checks.case import is_name
from bpmn.decisions import read_decision
from bpmn.diagram import read_diagram
from bpmn.table_tests import TableTest, read_day, read_tests, with_tests
from engine import process_drafts
from engine.access import NotFound
from engine.process_drafts import Changes, EditedMeanwhile, NotOpen
from engine.tables import ProcessDraft
from engine.tables.base import NAME, TITLE
from faults import Fault, Refused
from web import reported, transaction, words
from web.drafts import revision_of
from web.errors import status_of
from web.security import island_page
from web.sessions import actor
from web.table_words import texts
from web.transaction import database, moment
from web.words import gettext, say
from workflows import decision_reports

routes = Blueprint("tables", __name__)

OPEN = ("open", "scheduled")


class BadTableId(Fault):
    """“{key}” can't be the id of a decision table. Use letters, digits and _, beginning with a letter."""


class TableTaken(Fault):
    """There is a decision table “{key}” in this draft already. Choose another id, or open that one."""


class BadTests(Fault):
    """The table and its tests could not be understood. Load the page again and repeat what you did."""


@routes.get("/admin/drafts/<draft_id>/tables")
@login_required
def all_tables(draft_id: str) -> Response:
    return _list(draft_id, {}, "", 200)


@routes.post("/admin/drafts/<draft_id>/tables")
@login_required
def begin(draft_id: str) -> AnyResponse:
    """A new table, to be filled on its page."""
    key, name = (request.form.get(field, "").replace("\0", "").strip() for field in ("key", "name"))
    typed = {"key": key[:NAME], "name": name[:TITLE]}
    try:
        draft = process_drafts.get(database(), actor(), draft_id)
        if not is_name(key) or not key.isascii() or not key[0].isalpha() or len(key) > NAME:
            raise BadTableId(key=typed["key"])
        if key in draft.decisions:
            raise TableTaken(key=key)
        table = blank_table(key, typed["name"] or key)
        process_drafts.save(database(), actor(), draft_id, draft.revision, Changes(decisions={key: table}), moment())
    except (BadTableId, TableTaken, EditedMeanwhile) as fault:
        transaction.end()
        return _list(draft_id, typed, say(fault), status_of(fault))
    return redirect(url_for("tables.page", draft_id=draft_id, name=key))


@routes.post("/admin/drafts/<draft_id>/tables/<name>/remove")
@login_required
def remove(draft_id: str, name: str) -> AnyResponse:
    """Take the table out of the draft; the version that the draft comes from keeps it."""
    try:
        revision = revision_of(request.form.get("revision"))
        _table(process_drafts.get(database(), actor(), draft_id), name)
        process_drafts.save(database(), actor(), draft_id, revision, Changes(decisions={name: None}), moment())
    except EditedMeanwhile as fault:
        transaction.end()
        return _list(draft_id, {}, say(fault), status_of(fault))
    flash(gettext("The decision table was taken out of the draft."), "success")
    return redirect(url_for("tables.all_tables", draft_id=draft_id))


@routes.get("/admin/drafts/<draft_id>/tables/<name>")
@login_required
def page(draft_id: str, name: str) -> str:
    draft = process_drafts.get(database(), actor(), draft_id)
    if draft.status not in OPEN:
        raise NotOpen
    report = decision_reports.report(database(), _table(draft, name), moment())
    island_page()
    return render_template(
        "table.html",
        draft=draft,
        name=name,
        title=report.name or name,
        used_by=_users(draft).get(name, []),
        texts=texts(),
        place="desks",
    )


@routes.get("/admin/drafts/<draft_id>/tables/<name>/table.json")
@login_required
def content(draft_id: str, name: str) -> Response:
    """What the page works on: {"table": XML, "tests", "revision", "mark"} and what is reported of it."""
    draft = process_drafts.get(database(), actor(), draft_id)
    data = _table(draft, name)
    return jsonify({"table": data.decode(), "tests": reported.tests(_tests(data)), **_reported(draft, name)})


@routes.post("/admin/drafts/<draft_id>/tables/<name>/save")
@login_required
def save(draft_id: str, name: str) -> AnyResponse:
    """JSON {"table": XML, "tests", "mark", "revision"}; answers {"revision", "mark"} and what is reported of it.

    409 with {"message", "revision", "mark", "differences"} if somebody else changed this table meanwhile.
    """
    draft = process_drafts.get(database(), actor(), draft_id)
    body, data, tests = _sent(request.get_json(silent=True))
    before = _table(draft, name)
    mine = with_tests(data, tests)
    revision = draft.revision if body.get("mark") == _mark(before) else revision_of(body.get("revision"))
    try:
        saved = process_drafts.save(database(), actor(), draft_id, revision, Changes(decisions={name: mine}), moment())
    except EditedMeanwhile as fault:
        transaction.end()
        return _conflict(draft_id, name, mine, fault)
    return jsonify(_reported(saved, name))


def _list(draft_id: str, typed: dict[str, str], error: str, status: int) -> Response:
    draft = process_drafts.get(database(), actor(), draft_id)
    html = render_template(
        "tables.html",
        draft=draft,
        reports=decision_reports.reports(database(), process_drafts.bundle_of(draft), moment()),
        users=_users(draft),
        is_open=draft.status in OPEN,
        typed=typed,
        error=error,
        place="desks",
    )
    return make_response(html, status)


def _conflict(draft_id: str, name: str, mine: bytes, fault: EditedMeanwhile) -> Response:
    draft = process_drafts.get(database(), actor(), draft_id)
    theirs = _table(draft, name)
    answer = {
        "message": say(fault),
        "revision": draft.revision,
        "mark": _mark(theirs),
        "differences": reported.differences(_compared(theirs, mine)),
    }
    return make_response(jsonify(answer), 409)


def _compared(theirs: bytes, mine: bytes) -> tuple[table_compare.Difference, ...]:
    """Empty where one of the two has errors."""
    try:
        return table_compare.compare(read_decision(theirs), read_decision(mine))
    except Refused:
        return ()


def _reported(draft: ProcessDraft, name: str) -> dict[str, Any]:
    data = _table(draft, name)
    report = decision_reports.report(database(), data, moment())
    return {"revision": draft.revision, "mark": _mark(data), **reported.table(report, name)}


def _table(draft: ProcessDraft, name: str) -> bytes:
    if name not in draft.decisions:
        raise NotFound
    return draft.decisions[name].encode()


def _tests(data: bytes) -> tuple[TableTest, ...]:
    try:
        return read_tests(data)
    except Refused:
        return ()


def _mark(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _users(draft: ProcessDraft) -> dict[str, list[str]]:
    """Table -> the names of the steps that ask it."""
    found: dict[str, list[str]] = {}
    for process in read_diagram(draft.diagram).processes:
        for element in process.elements.values():
            if decision := element.attributes.get("decision"):
                found.setdefault(decision, []).append(words.content(element.name) or element.id)
    return found


def _sent(body: Any) -> tuple[dict[str, Any], bytes, list[TableTest]]:
    """Raises BadTests."""
    if not isinstance(body, dict) or not isinstance(body.get("table"), str):
        raise BadTests
    listed = body.get("tests")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise BadTests
    return body, body["table"].encode("utf-8", "replace"), [_test(one) for one in listed]


def _test(sent: dict[str, Any]) -> TableTest:
    name, day = sent.get("name", ""), sent.get("on", "")
    if not isinstance(name, str) or not isinstance(day, str):
        raise BadTests
    return TableTest(name.strip(), read_day(day), _formulas(sent.get("given")), _formulas(sent.get("expected")))


def _formulas(sent: Any) -> dict[str, str]:
    if not isinstance(sent, dict) or not all(isinstance(text, str) for text in sent.values()):
        raise BadTests
    return {str(name): text.strip() for name, text in sent.items() if text.strip()}
