"""The ledger of a district: its rows, one row as a form, what is missing, baselines, spreadsheets in and out."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import organisations
from engine.access import NotFound, NotYours
from faults import N_, Fault, Problem
from forms import posted
from forms.answers import AnswersRefused
from forms.asked import Page, asked, complaints
from forms.field import Field
from web import baseline_words, naming, transaction
from web.due import clock_words
from web.errors import status_of
from web.naming import Lookup
from web.sessions import actor
from web.sheets import as_text, read_posted
from web.transaction import database, moment
from web.words import content, gettext, say, say_problem, template
from workflows import baselines, clocks, ledger_imports, ledger_items, ledger_lists
from workflows.ledger_items import RowChanged, TooManyItems
from workflows.organisation import district_of
from workflows.spreadsheet import SheetRefused
from workflows.sub_items import find, sub_items
from workflows.tables import Campaign, Ledger, LedgerItem

routes = Blueprint("ledgers", __name__)

STATES = {
    "compiling": (N_("being compiled"), "mark-blue"),
    "submitted": (N_("under review"), "mark-blue"),
    "returned": (N_("returned"), "mark-red"),
    "approved": (N_("approved"), "mark-green"),
    "established": (N_("in force"), "mark-green"),
    "cancelled": (N_("cancelled"), ""),
}
KINDS = {
    "establishment": N_("Established"),
    "gap": N_("Gap of the city's target spread"),
    "change": N_("Change decided"),
    "decision": N_("Decided by the government"),
}
ROWS_SHOWN = 100


@routes.get("/ledgers/<ledger_id>")
@login_required
def page(ledger_id: str) -> str:
    view = ledger_lists.view(database(), actor(), ledger_id, moment())
    units = {row.responsible_unit for part in view.parts for chapter in part.chapters for row in chapter.rows}
    return render_template(
        "ledger.html",
        view=view,
        ledger=view.ledger,
        state=_state(view.ledger),
        failures=view.failures,
        about={key: [template(one.message, one.params) for one in found] for key, found in view.findings.items()},
        units=organisations.names(database(), {code for code in units if code}),
        versions=baselines.history(database(), ledger_id),
        clock=_clock(view.ledger),
        kinds={kind: gettext(words) for kind, words in KINDS.items()},
        place="campaigns",
    )


@routes.get("/ledgers/<ledger_id>/rows/new")
@login_required
def new_row(ledger_id: str) -> Response:
    _to_edit(ledger_id)
    wanted = find(request.args.get("sub_item", "")[:40])
    return _row_page(ledger_id, None, {"sub_item": wanted.code, "applicable": True} if wanted else {"applicable": True})


@routes.post("/ledgers/<ledger_id>/rows/new")
@login_required
def add_row(ledger_id: str) -> AnyResponse:
    def add(answers: Mapping[str, Any]) -> LedgerItem:
        return ledger_items.add(database(), actor(), ledger_id, answers, moment())

    return _edited(ledger_id, None, add)


@routes.get("/ledgers/<ledger_id>/rows/<item_id>")
@login_required
def row(ledger_id: str, item_id: str) -> Response:
    _to_edit(ledger_id)
    item = _item(ledger_id, item_id)
    return _row_page(ledger_id, item, ledger_items.answers_of(item))


@routes.post("/ledgers/<ledger_id>/rows/<item_id>")
@login_required
def change_row(ledger_id: str, item_id: str) -> AnyResponse:
    item = _item(ledger_id, item_id)

    def change(answers: Mapping[str, Any]) -> LedgerItem:
        return ledger_items.change(database(), actor(), item_id, _revision(), answers, moment())

    return _edited(ledger_id, item, change)


@routes.post("/ledgers/<ledger_id>/rows/<item_id>/remove")
@login_required
def remove_row(ledger_id: str, item_id: str) -> AnyResponse:
    item = _item(ledger_id, item_id)
    name = item.item_name or sub_items()[item.sub_item].title
    ledger_items.remove(database(), actor(), item_id, _revision())
    flash(gettext("Removed from the ledger: %(name)s", name=name), "success")
    return redirect(url_for("ledgers.page", ledger_id=ledger_id))


@routes.get("/ledgers/<ledger_id>/import")
@login_required
def to_import(ledger_id: str) -> Response:
    _to_edit(ledger_id)
    return _import_page(ledger_id)


@routes.post("/ledgers/<ledger_id>/import")
@login_required
def take(ledger_id: str) -> AnyResponse:
    """First it is only tried and shown; what is then confirmed is read and checked once more."""
    text = request.form.get("pasted", "").replace("\0", "")
    try:
        rows = read_posted(request.files.get("file"), text)
        text = as_text(rows)
        taken = ledger_imports.take(database(), actor(), ledger_id, rows, moment())
    except (SheetRefused, TooManyItems) as fault:
        transaction.end()
        return _import_page(ledger_id, text, fault)
    if request.form.get("_action") == "confirm":
        flash(
            gettext("Taken over: %(added)s added, %(changed)s changed.", added=taken.added, changed=taken.changed),
            "success",
        )
        return redirect(url_for("ledgers.page", ledger_id=ledger_id))
    preview = _touched(ledger_id)
    transaction.end()
    return _import_page(ledger_id, text, None, preview=preview, taken=taken)


@routes.get("/ledgers/<ledger_id>/export.xlsx")
@login_required
def export(ledger_id: str) -> Response:
    ledger, district = ledger_lists.seen(database(), actor(), ledger_id)
    name = gettext("Ledger of %(district)s", district=content(district.name))
    return send_file(
        io.BytesIO(ledger_imports.export(database(), ledger.id)), as_attachment=True, download_name=f"{name}.xlsx"
    )


@routes.get("/ledgers/<ledger_id>/baselines/<int(max=99999):version>")
@login_required
def baseline(ledger_id: str, version: int) -> str:
    ledger, district = ledger_lists.seen(database(), actor(), ledger_id)
    found = baselines.read(database(), ledger_id, version)
    before = baselines.read(database(), ledger_id, version - 1) if version > 1 else None
    changed = baselines.changes(before.content, found.content) if before else []

    def build(lookup: Lookup) -> dict[str, Any]:
        return {
            "changes": [baseline_words.change(one, lookup) for one in changed],
            "rows": [(one, lookup("org", one.get("responsible_unit") or "")) for one in found.content["items"]],
        }

    return render_template(
        "baseline.html",
        ledger=ledger,
        district=district,
        baseline=found,
        intact=baselines.is_intact(found),
        kind=gettext(KINDS[found.kind]) if found.kind in KINDS else found.kind,
        sub_items=sub_items(),
        **naming.named(database(), build),
        place="campaigns",
    )


def _to_edit(ledger_id: str) -> Ledger:
    """The ledger, for a page on which its rows are edited. Raises NotFound, NotYours."""
    ledger, district = ledger_lists.seen(database(), actor(), ledger_id)
    if not ledger_items.may_edit(actor(), ledger, district.path):
        raise NotYours
    return ledger


def _item(ledger_id: str, item_id: str) -> LedgerItem:
    ledger_lists.seen(database(), actor(), ledger_id)
    item = database().get(LedgerItem, item_id)
    if item is None or item.ledger_id != ledger_id:
        raise NotFound
    return item


def _revision() -> int:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _edited(ledger_id: str, item: LedgerItem | None, save: Callable[[Mapping[str, Any]], LedgerItem]) -> AnyResponse:
    items = request.form.to_dict(flat=False)
    rows = posted.edited_rows(ledger_items.form(), items)
    if rows is not None:
        _to_edit(ledger_id)
        return _row_page(ledger_id, item, rows)
    typed = posted.parse(ledger_items.form(), items)
    try:
        saved = save(typed)
    except (AnswersRefused, RowChanged, TooManyItems) as fault:
        transaction.end()
        return _row_page(ledger_id, item, typed, fault)
    flash(gettext("Saved: %(name)s", name=saved.item_name or sub_items()[saved.sub_item].title), "success")
    if request.form.get("_action") == "next":
        return redirect(url_for("ledgers.new_row", ledger_id=ledger_id, sub_item=saved.sub_item))
    return redirect(url_for("ledgers.page", ledger_id=ledger_id, _anchor=f"row-{saved.id}"))


def _row_page(
    ledger_id: str, item: LedgerItem | None, values: Mapping[str, Any], fault: Fault | None = None
) -> Response:
    ledger, district = ledger_lists.seen(database(), actor(), ledger_id)
    problems: Sequence[Problem] = fault.problems if isinstance(fault, AnswersRefused) else ()
    errors = {problem.element: say_problem(problem) for problem in problems}
    offered = naming.choices(database(), actor())

    def choices(field: Field) -> Sequence[tuple[str, str]]:
        """Units of other districts can't be responsible, and are not asked to help."""
        found = offered(field)
        if field.type not in ("org", "orgs"):
            return found
        return [(code, name) for code, name in found if district_of(code) in (None, ledger.district)]

    questions = asked(
        ledger_items.form(), values, errors, Page(choices, content, lambda kind, ident: None, lambda ident: None)
    )
    html = render_template(
        "ledger_row.html",
        ledger=ledger,
        district=district,
        item=item,
        revision=_revision() if fault or request.method == "POST" else item.revision if item else 0,
        questions=questions,
        complaints=complaints(questions, errors, content),
        words=say(fault) if fault else "",
        status=status_of(fault) if fault else 200,
        place="campaigns",
    )
    return make_response(html, status_of(fault) if fault else 200)


def _clock(ledger: Ledger) -> str:
    """How the day on which the ledger is due was counted from the notice."""
    campaign = database().get_one(Campaign, ledger.campaign_id)
    if ledger.due is None or campaign.notice_date is None:
        return ""
    calendar = moment().calendar
    due = ledger.due.astimezone(calendar.zone).date()
    return clock_words(clocks.counted(clocks.NOTICE, "wd", campaign.notice_date, due, calendar))


def _import_page(ledger_id: str, text: str = "", fault: Fault | None = None, **more: Any) -> Response:
    ledger, district = ledger_lists.seen(database(), actor(), ledger_id)
    problems = fault.problems if isinstance(fault, SheetRefused) else ()
    html = render_template(
        "ledger_import.html",
        ledger=ledger,
        district=district,
        pasted=text,
        words=say(fault) if fault else "",
        general=[say_problem(one) for one in problems if "row" not in one.params],
        problems=[(one, say_problem(one)) for one in problems if "row" in one.params],
        **{"preview": None, "taken": None, **more},
        place="campaigns",
    )
    return make_response(html, status_of(fault) if fault else 200)


def _touched(ledger_id: str) -> list[dict[str, Any]]:
    """The rows that the import that is only tried has added or changed, as the preview shows them."""
    from_now = ledger_lists.changed_at(database(), ledger_id, moment().now, ROWS_SHOWN)
    names = organisations.names(database(), {row.responsible_unit for row in from_now if row.responsible_unit})
    return [
        {
            "position": row.position,
            "is_new": row.revision == 1,
            "sub_item": sub_items()[row.sub_item].title,
            "name": row.item_name or row.na_reason,
            "target": f"{row.target_value} {row.unit_of_measure}"
            if row.target_value is not None
            else row.qualitative_standard,
            "unit": names.get(row.responsible_unit or "", ""),
            "deadline": row.deadline,
            "milestones": len(row.milestones),
        }
        for row in from_now
    ]


def _state(ledger: Ledger) -> tuple[str, str]:
    words, classes = STATES[ledger.status]
    return gettext(words), classes
