"""Papers: read in the page, taken along as .docx or PDF; and the templates that administrators edit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import accounts
from engine.access import ADMIN, AUDITOR, NotFound, require
from web import paging, transaction
from web.behalf import reader
from web.sessions import actor
from web.transaction import database, moment
from web.wiring import wiring
from web.words import gettext, say_problem
from workflows.papers import docx, editions, pdf, register
from workflows.papers.kinds import PAPERS, Kind
from workflows.papers.language import TemplateRefused
from workflows.papers.printed import Printed, printed, sampled

routes = Blueprint("papers", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@routes.get("/papers")
@login_required
def all_papers() -> str:
    kind = request.args.get("kind", "")
    kind = kind if kind in PAPERS else ""
    search = request.args.get("q", "")[:100]
    found, total = register.listed(database(), actor(), kind, search, paging.SIZE, paging.offset())
    return render_template(
        "papers.html",
        papers=found,
        kinds=PAPERS,
        kind=kind,
        search=search,
        page=paging.page(total),
        place="campaigns",
    )


@routes.get("/papers/<paper_id>")
@login_required
def page(paper_id: str) -> str:
    paper = register.get(database(), reader(), paper_id)
    return render_template("paper.html", paper=paper, kind=PAPERS[paper.kind], sheet=printed(paper), place="cases")


@routes.get("/papers/<paper_id>.docx")
@login_required
def as_docx(paper_id: str) -> Response:
    return _sent(docx.to_docx(_sheet(paper_id)), DOCX, "docx")


@routes.get("/papers/<paper_id>.pdf")
@login_required
def as_pdf(paper_id: str) -> Response:
    return _sent(pdf.to_pdf(_sheet(paper_id), wiring().settings.fonts), PDF, "pdf")


@routes.get("/admin/templates")
@login_required
def all_templates() -> str:
    require(actor(), ADMIN, AUDITOR)
    return render_template(
        "paper_templates.html", kinds=list(PAPERS.values()), edited=editions.edited(database()), place="desks"
    )


@routes.get("/admin/templates/<kind>")
@login_required
def template(kind: str) -> Response:
    require(actor(), ADMIN, AUDITOR)
    return _template_page(_kind(kind), editions.in_force(database(), _kind(kind).name), "", {}, False)


@routes.post("/admin/templates/<kind>")
@login_required
def save_template(kind: str) -> AnyResponse:
    require(actor(), ADMIN)
    text = request.form.get("text", "").replace("\0", "")
    reason = request.form.get("reason", "").replace("\0", "").strip()
    try:
        if request.form.get("_action") == "preview":
            editions.preview(_kind(kind).name, text)
            transaction.end()
            return _template_page(_kind(kind), text, reason, {}, True)
        editions.save(database(), actor(), _kind(kind).name, text, reason, moment())
    except TemplateRefused as refused:
        transaction.end()
        errors = {problem.element: say_problem(problem) for problem in refused.problems}
        return _template_page(_kind(kind), text, reason, errors, True)
    flash(gettext("Saved. Papers are compiled by this text from now on."), "success")
    return redirect(url_for("papers.template", kind=kind))


@routes.post("/admin/templates/<kind>/revert")
@login_required
def revert_template(kind: str) -> AnyResponse:
    edition = request.form.get("edition", "")
    if not (edition.isascii() and edition.isdecimal() and len(edition) < 7):
        raise NotFound
    editions.revert(database(), actor(), _kind(kind).name, int(edition), moment())
    flash(gettext("The earlier text is in force again."), "success")
    return redirect(url_for("papers.template", kind=kind))


@routes.post("/admin/templates/<kind>/sample.pdf")
@login_required
def sample(kind: str) -> AnyResponse:
    """The sample, set by the text that is in the page, saved or not."""
    require(actor(), ADMIN, AUDITOR)
    found, text = _kind(kind), request.form.get("text", "").replace("\0", "")
    day = moment().today
    try:
        made = editions.preview(found.name, text)
    except TemplateRefused as refused:
        transaction.end()
        errors = {problem.element: say_problem(problem) for problem in refused.problems}
        return _template_page(found, text, "", errors, True)
    sheet = sampled(found, made, editions.sample(found.name)["paper"], day)
    transaction.end()
    return _sent(pdf.to_pdf(sheet, wiring().settings.fonts), PDF, "pdf")


def _sheet(paper_id: str) -> Printed:
    """What is to be printed; the transaction is over before the printing begins."""
    sheet = printed(register.get(database(), reader(), paper_id))
    transaction.end()
    return sheet


def _sent(data: bytes, media_type: str, ending: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = media_type
    show = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{show}; filename="paper.{ending}"'
    return answer


def _kind(name: str) -> Kind:
    if name not in PAPERS:
        raise NotFound
    return PAPERS[name]


def _template_page(kind: Kind, text: str, reason: str, errors: dict[str, str], is_tried: bool) -> Response:
    history = editions.history(database(), kind.name)
    html = render_template(
        "paper_template.html",
        kind=kind,
        text=text,
        reason=reason,
        errors=errors,
        is_tried=is_tried,
        made=_made(kind, text) if not errors.get("text") else None,
        data=editions.sample(kind.name)["data"],
        history=history,
        people=accounts.names(database(), {one.saved_by for one in history if one.saved_by}),
        place="desks",
    )
    return make_response(html, 422 if errors else 200)


def _made(kind: Kind, text: str) -> Any:
    try:
        return editions.preview(kind.name, text)
    except TemplateRefused:
        return None
