"""The scenarios of a process: which pass, what they cover; recorded, begun by hand, in and out as files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import runs, scenarios, scripts
from engine.access import NotFound
from engine.expectations import Expected
from engine.rehearsal import Script, usual_start
from engine.scenarios import Coverage, Run
from engine.scripts import Play
from engine.tables import Instance
from faults import Fault
from web import grounds, transaction
from web.errors import status_of
from web.grounds import Ground
from web.rehearsals import ENDS, STEPS
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.words import gettext, say, say_problem

routes = Blueprint("scenarios", __name__)

RECORDABLE = 50  # finished cases that are offered


@routes.get("/admin/processes/<key>/scenarios")
@login_required
def all_scenarios(key: str) -> Response:
    return _page(key, [], 200)


@routes.get("/admin/drafts/<draft_id>/scenarios")
@login_required
def of_draft(draft_id: str) -> str:
    """Which of them pass on the draft; part of the draft's page, which fetches it."""
    ground = grounds.of_draft(draft_id)
    played = _played(ground)[0] if ground.published is not None else None
    return render_template("draft_scenarios.html", ground=ground, runs=played, place="desks")


@routes.post("/admin/processes/<key>/scenarios")
@login_required
def begin(key: str) -> AnyResponse:
    """One that is written by hand: what is done in it comes on its own page."""
    ground = grounds.of_request(key)
    start = usual_start(ground.published.definition) if ground.published else None
    given: dict[str, Any] = dict.fromkeys(("task_code", "org", "starter", "starter_org"))
    if ground.published and start and ground.published.process.elements[start].event != "none":
        given[start] = {}  # the payload, to be filled in
    script = Script(moment().now, start, {"title": ground.name, **given, "instance_id": "0" * 32}, ())
    play = Play(key, request.form.get("name", "")[:1000], script, Expected())
    return _taken(key, lambda: scenarios.add(database(), actor(), play, moment()))


@routes.post("/admin/processes/<key>/scenarios/import")
@login_required
def bring_in(key: str) -> AnyResponse:
    grounds.of_request(key)
    uploaded = request.files.get("file")
    data = uploaded.read(scripts.LARGEST * 4) if uploaded else b""
    return _taken(key, lambda: scenarios.bring_in(database(), actor(), key, data, moment()))


@routes.post("/admin/processes/<key>/scenarios/record")
@login_required
def record(key: str) -> AnyResponse:
    """A finished case as a scenario."""
    grounds.of_request(key)
    instance_id, name = (request.form.get(field, "").replace("\0", "")[:1000] for field in ("instance", "name"))
    return _taken(key, lambda: scenarios.record(database(), actor(), instance_id, name.strip(), moment()))


@routes.get("/admin/processes/<key>/scenarios/<scenario_id>.json")
@login_required
def export(key: str, scenario_id: str) -> Response:
    scenario = scenarios.get(database(), actor(), scenario_id)
    if scenario.process_key != key:
        raise NotFound
    answer = make_response(scripts.written(scenarios.play_of(scenario)))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(scenario.name[:80], safe='')}.json"
    return answer


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/remove")
@login_required
def remove(key: str, scenario_id: str) -> AnyResponse:
    scenarios.remove(database(), actor(), scenario_id)
    flash(gettext("The scenario was removed."), "success")
    return redirect(url_for("scenarios.all_scenarios", key=key, draft=request.args.get("draft")))


def progress_of(coverage: Coverage) -> dict[str, Any]:
    """What the viewer draws: what was passed, and how often."""
    elements = {ident: {"state": "completed", "times": times} for ident, times in coverage.elements.items()}
    return {"elements": elements, "flows": list(coverage.flows), "here": None}


def _taken(key: str, call: Any) -> AnyResponse:
    """On to the page of the scenario that the call gives, or back with what is wrong."""
    draft = request.args.get("draft")
    try:
        scenario = call()
    except Fault as fault:
        if status_of(fault) in (403, 404):
            raise
        transaction.end()
        return _page(key, [say(fault)], status_of(fault))
    flash(gettext("The scenario is kept. Look at what came of it, and say what is expected."), "success")
    return redirect(url_for("rehearsals.page", key=scenario.process_key, scenario_id=scenario.id, draft=draft))


def _page(key: str, errors: list[str], status: int) -> Response:
    ground = grounds.of_request(key)
    played, coverage = _played(ground)
    island_page()
    html = render_template(
        "scenarios.html",
        ground=ground,
        found=scenarios.of_process(database(), actor(), key),
        runs={run.scenario_id: run for run in played},
        words={run.scenario_id: [(one, say_problem(one)) for one in run.problems] for run in played},
        passing=sum(run.passes for run in played),
        coverage=coverage,
        missed_steps=_steps(coverage.missed, ground) if coverage else [],
        progress=progress_of(coverage) if coverage else {"elements": {}, "flows": [], "here": None},
        refused=[say_problem(one) for one in ground.problems],
        cases=_recordable(key, played),
        typed=request.form.get("name", "")[:300],
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _played(ground: Ground) -> tuple[list[Run], Coverage | None]:
    if ground.published is None:
        return [], None
    found = scenarios.of_process(database(), actor(), ground.process_key)
    played = runs.of(found, ground.bundle, ground.published, moment().calendar)
    return list(played), scenarios.coverage([run.rehearsal for run in played], ground.published)


def _steps(elements: Iterable[str], ground: Ground) -> list[str]:
    """Those of them that people know by their names: what is done, and how it ends."""
    known = ground.published.process.elements if ground.published else {}
    return [one for one in elements if one in known and known[one].name and known[one].kind in (*STEPS, *ENDS)]


def _recordable(key: str, played: list[Run]) -> list[Instance]:
    """Finished cases, without those that are scenarios already."""
    known = {run.from_instance for run in played}
    return [one for one in scenarios.recordable(database(), actor(), key, RECORDABLE) if one.id not in known]
