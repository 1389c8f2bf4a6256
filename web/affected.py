"""The running cases one by one, with what a draft or version would do to each: filtered, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import login_required

from bpmn.diagram import Process
from engine import accounts, affected, definitions, impact, organisations
from engine.access import ADMIN, AUDITOR, NotFound, require
from engine.affected import Case, Holder, Wanted
from engine.impact import Mappings, Target, Verdict
from engine.tables import Version
from web import grounds, paging
from web.desk import whose
from web.paging import SIZE, Page
from web.sessions import actor
from web.story import name_of
from web.transaction import database, moment
from web.words import content, gettext, say_problem

routes = Blueprint("affected", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in words. ``holders`` are (who, step, whether the step changes)."""

    instance_id: str
    title: str
    started_at: datetime
    number: int
    verdict: str
    stands: str
    goes: str
    reasons: tuple[str, ...]
    holders: tuple[tuple[str, str, bool], ...]


@routes.get("/admin/drafts/<draft_id>/impact/cases")
@login_required
def of_draft(draft_id: str) -> Response:
    """``?verdict=&q=&holder=&page=``."""
    ground = grounds.of_draft(draft_id)
    if ground.published is None:
        raise NotFound
    target = Target(ground.published, ground.bundle)
    about = {"name": ground.name, "back": ground.home, "values": {"draft_id": draft_id}, "draft": True}
    return _page(target, {}, about)


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/move/cases")
@login_required
def of_version(version_id: int) -> Response:
    """The same for a version, with the mapping that the diagrams suggest."""
    require(actor(), ADMIN, AUDITOR)
    version = database().get(Version, version_id)
    if version is None:
        raise NotFound
    about = {
        "name": version.name,
        "back": url_for("moving.page", version_id=version_id),
        "values": {"version_id": version_id},
        "draft": False,
    }
    return _page(impact.target_of_version(database(), version_id), {}, about)


def _page(target: Target, mappings: Mappings, about: dict[str, Any]) -> Response:
    wanted = _wanted()
    found, total = affected.cases(database(), actor(), target, mappings, wanted, paging.offset(), SIZE, moment())
    html = render_template(
        "affected.html",
        rows=_rows(found, target.published.process),
        page=Page(paging.number(), total),
        wanted=wanted,
        holder=content(accounts.names(database(), {wanted.holder}).get(wanted.holder)) if wanted.holder else "",
        endpoint=request.endpoint,
        about=about,
        place="desks",
    )
    return make_response(html, 200)


def _wanted() -> Wanted:
    """What the address asks for; what is no verdict asks for all."""
    verdict: Verdict | None = next((one for one in get_args(Verdict) if one == request.args.get("verdict")), None)
    words, holder = (request.args.get(name, "").replace("\0", "").strip()[:100] for name in ("q", "holder"))
    return Wanted(verdict, words, holder)


def _rows(found: list[Case], after: Process) -> list[Row]:
    orgs = organisations.names(database(), {one.org for case in found for one in case.holders if one.org})
    return [_row(case, after, orgs) for case in found]


def _row(case: Case, after: Process, orgs: Any) -> Row:
    group, comma = case.judged.group, gettext(", ")
    before = definitions.published(database(), group.version_id).process
    return Row(
        instance_id=case.judged.instance_id,
        title=case.judged.title,
        started_at=case.started_at,
        number=group.number,
        verdict=group.verdict,
        stands=comma.join(name_of(before, one) for one in group.stands),
        goes=comma.join(name_of(after, one) for one in group.goes),
        reasons=tuple(say_problem(one) for one in group.problems),
        holders=tuple((_who(one, orgs), name_of(before, one.element), one.touched) for one in case.holders),
    )


def _who(one: Holder, orgs: Any) -> str:
    return whose(one.name, one.roles, orgs.get(one.org or "", one.org), None)
