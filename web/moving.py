"""What a version does to running cases, before it is published and after; moving them, and how far that has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from bpmn.diagram import Process
from bpmn.matching import candidates
from engine import definitions, impact, moving, organisations
from engine.access import ADMIN, AUDITOR, NotFound, require
from engine.impact import Group, Impact, Target
from engine.moving import NothingToMove, Report
from engine.tables import Version
from faults import Fault
from web import grounds, transaction
from web.desk import whose
from web.errors import status_of
from web.sessions import actor
from web.story import name_of
from web.transaction import database, moment
from web.words import content, gettext, say, say_problem

routes = Blueprint("moving", __name__)

MOST = 1_000_000


class BadNumber(Fault):
    """How many cases are to be moved at most must be a whole number from 1 on; empty means all of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A group of cases in words. ``examples`` are (id, title)."""

    number: int
    verdict: str
    stands: str
    goes: str
    reasons: tuple[str, ...]
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An element of an earlier version, and what may take its place: (id, name, whether it is chosen)."""

    field: str
    element: str
    name: str
    stood_at: int  # cases that stand there
    same: bool  # it is in the new version as it was
    offers: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """The mapping from one earlier version: what needs a look first, and what is as it was."""

    version: Version
    cases: int
    open: tuple[Choice, ...]
    settled: tuple[Choice, ...]


@routes.get("/admin/drafts/<draft_id>/impact")
@login_required
def of_draft(draft_id: str) -> str:
    """What publishing the draft would do to the cases that run; part of the draft's page, which fetches it."""
    ground = grounds.of_draft(draft_id)
    found, lines = None, []
    if ground.published is not None:
        target = Target(ground.published, ground.bundle)
        found = impact.assess(database(), actor(), target, {}, moment())
        lines = _lines(found, target.published.process)
    return render_template(
        "impact.html",
        ground=ground,
        impact=found,
        lines=lines,
        people=_people(found) if found else [],
        cases=url_for("affected.of_draft", draft_id=draft_id),
        refused=[say_problem(one) for one in ground.problems],
        place="desks",
    )


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/move")
@login_required
def page(version_id: int) -> Response:
    """The mapping as the diagrams suggest it, and what would come of it."""
    return _page(version_id, [], 200)


@routes.post("/admin/processes/versions/<int(max=2147483647):version_id>/move/preview")
@login_required
def preview(version_id: int) -> Response:
    """The same with the mapping that was chosen. Nothing is changed."""
    return _page(version_id, [], 200)


@routes.post("/admin/processes/versions/<int(max=2147483647):version_id>/moves")
@login_required
def begin(version_id: int) -> AnyResponse:
    """Order the move."""
    require(actor(), ADMIN)
    target = _target(version_id)
    try:
        most = _most(request.form.get("most", "").strip())
        comment = request.form.get("comment", "").strip()[:2000]
        mappings = _chosen(target)
        move = moving.begin(database(), actor(), version_id, mappings, comment, most, moment())
    except (BadNumber, NothingToMove) as fault:
        transaction.end()
        return _page(version_id, [say(fault)], status_of(fault))
    return redirect(url_for("moving.report", move_id=move.id))


@routes.get("/admin/moves/<move_id>")
@login_required
def report(move_id: str) -> str:
    """How far it has come, and what stayed where it was, and why."""
    found = moving.report(database(), actor(), move_id)
    lines = [(line, [say_problem(one) for one in line.problems]) for line in found.untouched]
    return render_template("move.html", report=found, lines=lines, moved=_moved(found), place="desks")


@routes.post("/admin/moves/<move_id>/stop")
@login_required
def stop(move_id: str) -> AnyResponse:
    moving.stop(database(), actor(), move_id)
    flash(gettext("The cases whose turn had not come stay where they are."), "success")
    return redirect(url_for("moving.report", move_id=move_id))


def _page(version_id: int, errors: list[str], status: int) -> Response:
    require(actor(), ADMIN, AUDITOR)
    target = _target(version_id)
    mappings = _chosen(target)
    found = impact.assess(database(), actor(), target, mappings, moment())
    html = render_template(
        "moving.html",
        version=database().get_one(Version, version_id),
        impact=found,
        lines=_lines(found, target.published.process),
        people=_people(found),
        cases=url_for("affected.of_version", version_id=version_id),
        mapped=[_mapped(version_id, mapping, found, target) for version_id, mapping in mappings.items()],
        orders=moving.orders(database(), actor(), target.published.process_key),
        typed={name: request.form.get(name, "")[:2000] for name in ("comment", "most")},
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _target(version_id: int) -> Target:
    if database().get(Version, version_id) is None:
        raise NotFound
    return impact.target_of_version(database(), version_id)


def _chosen(target: Target) -> dict[int, dict[str, str]]:
    """The suggested mappings, with what the form says instead: ``<version>:<element>`` -> element, "" for none."""
    versions = impact.running_versions(database(), actor(), target)
    found = impact.suggestions(database(), target, [one.id for one in versions])
    for version_id, mapping in found.items():
        for element in mapping:
            typed = request.form.get(f"{version_id}:{element}")
            if typed is not None and (typed == "" or typed in target.published.process.elements):
                mapping[element] = typed
    return found


def _mapped(version_id: int, mapping: dict[str, str], found: Impact, target: Target) -> Mapped:
    before = definitions.published(database(), version_id).process
    groups = [group for group in found.groups if group.version_id == version_id]
    choices = [_choice(version_id, before, target.published.process, one, mapping[one], groups) for one in mapping]
    return Mapped(
        version=database().get_one(Version, version_id),
        cases=sum(group.count for group in groups),
        open=tuple(one for one in choices if not one.same),
        settled=tuple(one for one in choices if one.same),
    )


def _choice(
    version_id: int, before: Process, after: Process, element: str, chosen: str, groups: Iterable[Group]
) -> Choice:
    fitting = candidates(before.elements[element], after)
    return Choice(
        field=f"{version_id}:{element}",
        element=element,
        name=name_of(before, element),
        stood_at=sum(group.count for group in groups if element in group.stands),
        same=chosen == element,
        offers=tuple((one.id, name_of(after, one.id), one.id == chosen) for one in fitting),
    )


def _lines(found: Impact, after: Process) -> list[Line]:
    processes = {
        group.version_id: definitions.published(database(), group.version_id).process for group in found.groups
    }
    comma = gettext(", ")
    return [
        Line(
            number=group.number,
            verdict=group.verdict,
            stands=comma.join(name_of(processes[group.version_id], one) for one in group.stands),
            goes=comma.join(name_of(after, one) for one in group.goes),
            reasons=tuple(say_problem(one) for one in group.problems),
            count=group.count,
            examples=tuple((ident, content(title)) for ident, title in group.examples),
        )
        for group in found.groups
    ]


def _moved(report: Report) -> list[tuple[str, str, str, str]]:
    """The cases that were moved: (id, title, where it stood, where it stood afterwards)."""
    after, comma = definitions.published(database(), report.version.id).process, gettext(", ")
    found = []
    for one in report.moved:
        before = definitions.published(database(), one.from_version_id).process
        stood = comma.join(name_of(before, element) for element in one.stood)
        stands = comma.join(name_of(after, element) for element in one.stands)
        found.append((one.instance_id, content(one.title), stood, stands))
    return found


def _people(found: Impact) -> list[tuple[str, str | None, int]]:
    """Whose open tasks are touched: (who, the account if it is one, how many)."""
    orgs = organisations.names(database(), {one.org for one in found.touched if one.org})
    return [
        (whose(one.name or one.holder, one.roles, orgs.get(one.org or "", one.org), None), one.holder, one.count)
        for one in found.touched
    ]


def _most(typed: str) -> int | None:
    if not typed:
        return None
    try:
        number = int(typed)
    except ValueError:
        raise BadNumber from None
    if not 1 <= number <= MOST:
        raise BadNumber
    return number
