"""Assessments and scores: the table of a period, a unit's score down to each event behind it, the spreadsheet."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import organisations
from web import paging
from web.sessions import actor
from web.transaction import database
from web.words import gettext, template
from workflows import score_lists, score_sheet, score_words
from workflows.scoring.rules import ADJUSTED, COUNTS, RATES, family
from workflows.spreadsheet import XLSX
from workflows.tables import Score

routes = Blueprint("scores", __name__)

STATES = {"computed": "mark-blue", "confirmed": "mark-blue", "published": "mark-green", "cancelled": ""}
GRADES = {"excellent": "mark-green", "good": "mark-green", "fair": "mark-yellow", "poor": "mark-red"}


@routes.get("/assessments")
@login_required
def current() -> str | AnyResponse:
    campaign_id = request.args.get("campaign", "")[:32] or None
    found = score_lists.newest(database(), actor(), campaign_id)
    if found is None:
        return render_template("assessment_none.html", place="campaigns")
    return redirect(url_for("scores.table", assessment_id=found))


@routes.get("/assessments/<assessment_id>")
@login_required
def table(assessment_id: str) -> str:
    found = score_lists.table(database(), actor(), assessment_id)
    kinds = [(kind, [one for one in found.scores if one.kind == kind]) for kind in score_words.KINDS]
    return render_template(
        "assessment.html",
        view=found,
        assessment=found.assessment,
        kinds=[(kind, gettext(score_words.KINDS[kind]), _columns(rows), rows) for kind, rows in kinds if rows],
        points={one.id: {part["name"]: part for part in one.components} for one in found.scores},
        names=_names({one.unit for one in found.scores} | {rating.lead_unit for rating in found.ratings}),
        **_words(),
    )


@routes.get("/assessments/<assessment_id>.xlsx")
@login_required
def export(assessment_id: str) -> AnyResponse:
    found = score_lists.table(database(), actor(), assessment_id)
    events = score_lists.all_events(database(), [one.id for one in found.scores])
    data = score_sheet.write(found, events, lambda rule, facts: template(*score_words.words(rule, facts)))
    name = f"{found.assessment.title}.xlsx"
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


@routes.get("/scores/<score_id>")
@login_required
def page(score_id: str) -> str:
    found = score_lists.view(database(), actor(), score_id)
    component = request.args.get("component", "")
    component = component if component in score_words.COMPONENTS else ""
    lost_only = request.args.get("lost") == "1"
    events, total = score_lists.events(
        database(), actor(), score_id, component, lost_only, paging.SIZE, paging.offset()
    )
    return render_template(
        "score.html",
        view=found,
        score=found.score,
        assessment=found.assessment,
        events=[(event, template(*score_words.words(event.rule, event.facts))) for event in events],
        page=paging.page(total),
        component=component,
        lost_only=lost_only,
        names=_names({found.score.unit}),
        **_words(),
    )


def _columns(rows: list[Score]) -> list[str]:
    """The components that any of them has, in the order of the rules."""
    present = {part["name"] for row in rows for part in row.components}
    order = (*RATES[family(rows[0].kind)], *COUNTS, ADJUSTED)
    return [name for name in order if name in present]


def _names(codes: set[str]) -> dict[str, str]:
    return dict(organisations.names(database(), codes))


def _words() -> dict[str, Any]:
    return {
        "components": {name: gettext(words) for name, words in score_words.COMPONENTS.items()},
        "grades": {name: (GRADES[name], gettext(words)) for name, words in score_words.GRADES.items()},
        "answers": {name: gettext(words) for name, words in score_words.ANSWERS.items()},
        "reasons": {name: gettext(words) for name, words in score_words.REASONS.items()},
        "opinions": {name: gettext(words) for name, words in score_words.OPINIONS.items()},
        "services": {name: gettext(words) for name, words in score_words.SERVICES.items()},
        "states": {name: (STATES[name], gettext(words)) for name, words in score_words.STATES.items()},
        "place": "campaigns",
    }
