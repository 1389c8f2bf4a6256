"""One scenario, played with a moved clock: what was done and what came of it, what is open then, what is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import scenarios, scripts
from engine.access import NotFound
from engine.expectations import ANY, NONE, Expected, as_happened
from engine.rehearsal import Act, Open, Rehearsal, Script, rehearse
from engine.runtime import Subscription, TaskOpened, TimerSet
from engine.scenarios import Run
from engine.scripts import BadScenario, Play
from engine.tables import Scenario
from faults import N_, Fault
from web import grounds, transaction
from web.errors import status_of
from web.grounds import Ground
from web.naming import organisation_choices
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.wiring import wiring
from web.words import gettext, say, say_problem
from workflows.roles import TASK_CODES

routes = Blueprint("rehearsals", __name__)

GIVEN = ("title", "org", "task_code", "starter")  # variables with an input of their own
DEEDS = {
    "complete": N_("done"),
    "deliver": N_("a message or signal comes"),
    "respond": N_("is answered"),
    "fail": N_("fails"),
    "skip": N_("is skipped"),
}
ENDS = ("endEvent",)
STEPS = (
    "userTask", "serviceTask", "businessRuleTask", "callActivity", "sendTask", "receiveTask", "manualTask",
    "scriptTask", "subProcess", "boundaryEvent", "intermediateCatchEvent",
)  # fmt: skip
BAD_TIME = N_("This is no date and time. Write it as 2013-05-06T09:30.")
TOO_EARLY = N_("Nothing can be done before the start.")
BAD_DAYS = N_("“{text}” is no number of days.")


@routes.get("/admin/processes/<key>/scenarios/<scenario_id>")
@login_required
def page(key: str, scenario_id: str) -> Response:
    return _page(key, scenario_id, [], 200)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/start")
@login_required
def begin(key: str, scenario_id: str) -> AnyResponse:
    """Its name, and with what and when the case starts."""

    def changed(play: Play, _ground: Ground) -> Play:
        typed = {name: request.form.get(name, "").replace("\0", "").strip()[:300] for name in GIVEN}
        typed_start = request.form.get("starts_at", "")
        given = {name: text or None for name, text in typed.items()}
        script = replace(
            play.script,
            starts_at=play.script.starts_at if typed_start == local(play.script.starts_at) else instant(typed_start),
            start=request.form.get("start", "")[:300] or None,
            variables={**given, **scripts.values_of(request.form.get("variables", ""))},
        )
        return replace(play, name=request.form.get("name", ""), script=script)

    return _changed(key, scenario_id, changed)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/clock")
@login_required
def move_clock(key: str, scenario_id: str) -> AnyResponse:
    """Let time pass after the last act, so that timers fire."""

    def changed(play: Play, _ground: Ground) -> Play:
        return replace(
            play, script=replace(play.script, ends_after=after_start(play.script, "until", play.script.ends_after))
        )

    return _changed(key, scenario_id, changed)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/expected")
@login_required
def expect(key: str, scenario_id: str) -> AnyResponse:
    """What is expected; with ``take``, all that happened now."""

    def changed(play: Play, ground: Ground) -> Play:
        if request.form.get("take") and ground.published is not None:
            rehearsal = rehearse(ground.published, play.script, moment().calendar)
            return replace(play, expected=as_happened(rehearsal, play.script, ground.published.process))
        return replace(play, expected=_expected())

    return _changed(key, scenario_id, changed)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/acts/<int(max=100000):number>/remove")
@login_required
def remove_act(key: str, scenario_id: str, number: int) -> AnyResponse:
    def changed(play: Play, _ground: Ground) -> Play:
        acts = tuple(act for place, act in enumerate(play.script.acts) if place != number)
        return replace(play, script=replace(play.script, acts=acts))

    return _changed(key, scenario_id, changed)


def loaded(key: str, scenario_id: str) -> Scenario:
    """Raises NotFound for a scenario of another process."""
    scenario = scenarios.get(database(), actor(), scenario_id)
    if scenario.process_key != key:
        raise NotFound
    return scenario


def revision() -> int:
    """That of the page which was changed; one that never was, where it says none."""
    return request.form.get("_revision", 0, type=int)


def instant(typed: str) -> datetime:
    """A local time as the browser writes it. Raises BadScenario."""
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=wiring().calendar.zone)
    except ValueError:
        raise BadScenario(BAD_TIME) from None


def local(when: datetime) -> str:
    """For an input of the browser, which knows no seconds."""
    return when.astimezone(wiring().calendar.zone).strftime("%Y-%m-%dT%H:%M")


def after_start(script: Script, field: str, shown: timedelta) -> timedelta:
    """How long after the start the instant in the field lies; ``shown`` is what stood there.

    An input of the browser knows no seconds: what was not changed is taken as it was.  Raises BadScenario.
    """
    typed = request.form.get(field, "")
    if typed == local(script.starts_at + shown):
        return shown
    after = instant(typed) - script.starts_at
    if after <= timedelta(minutes=-1):
        raise BadScenario(TOO_EARLY)
    return max(after, timedelta())


def kind_of(one: Open) -> str:
    """The deed that goes with something open; "" for a timer, which fires by itself."""
    if isinstance(one, TaskOpened):
        return "complete"
    if isinstance(one, Subscription):
        return "deliver"
    return "" if isinstance(one, TimerSet) else "respond"


def progress_of(rehearsal: Rehearsal) -> dict[str, Any]:
    """What the viewer draws: what was passed, what is open, where it failed."""
    passed, waits = Counter(rehearsal.passed), {one.element for one in rehearsal.waits}
    failed = {one.element for one in rehearsal.troubles}
    elements = {}
    for ident, times in rehearsal.elements.items():
        state = "completed" if passed[ident] else "cancelled"
        state = "active" if ident in waits else state
        elements[ident] = {"state": "failed" if ident in failed else state, "times": times}
    return {"elements": elements, "flows": list(rehearsal.flows), "here": None}


def _changed(key: str, scenario_id: str, change: Callable[[Play, Ground], Play]) -> AnyResponse:
    """Apply a change to the scenario and show it again; what is wrong with it is said there."""
    ground = grounds.of_request(key)
    try:
        play = change(scenarios.play_of(loaded(key, scenario_id)), ground)
        scenarios.change(database(), actor(), scenario_id, revision(), play, moment())
    except Fault as fault:
        if status_of(fault) in (403, 404):
            raise
        transaction.end()
        return _page(key, scenario_id, [say(fault)], status_of(fault))
    flash(gettext("The scenario is saved."), "success")
    return redirect(url_for("rehearsals.page", key=key, scenario_id=scenario_id, draft=ground.draft_id))


def _expected() -> Expected:
    """As it was posted. Raises BadScenario."""
    days = request.form.get("within_days", "").strip()
    try:
        within = timedelta(days=float(days)) if days else None
    except (ValueError, OverflowError):
        raise BadScenario(BAD_DAYS, text=days[:20]) from None
    added = {name: [one] if (one := request.form.get(f"add_{name}", "")) else [] for name in ("passes", "avoids")}
    document = {
        "end": request.form.get("end", ""),
        "passes": request.form.getlist("passes") + added["passes"],
        "avoids": request.form.getlist("avoids") + added["avoids"],
        "dates": [list(one.rpartition("|")[::2]) for one in request.form.getlist("dates")],
        "ends_within": None if within is None else scripts.duration_text(within),
    }
    return scripts.expected_of(document)


def _page(key: str, scenario_id: str, errors: list[str], status: int) -> Response:
    ground, scenario = grounds.of_request(key), loaded(key, scenario_id)
    play = scenarios.play_of(scenario)
    run = scenarios.run(scenario, ground.published, moment().calendar) if ground.published else None
    island_page()
    variables = {name: value for name, value in play.script.variables.items() if name not in GIVEN}
    html = render_template(
        "scenario.html",
        ground=ground,
        scenario=scenario,
        script=play.script,
        expected=play.expected,
        run=run,
        words=[(one, say_problem(one)) for one in run.problems] if run else [],
        refused=[say_problem(one) for one in ground.problems],
        acts=_acts(play, run),
        waits=[(one, kind_of(one)) for one in run.rehearsal.waits] if run else [],
        progress=progress_of(run.rehearsal) if run else None,
        deeds={deed: gettext(words) for deed, words in DEEDS.items()},
        ends=[(ANY, ground.end_words(ANY)), (NONE, ground.end_words(NONE)), *ground.kinds(*ENDS)],
        steps=ground.kinds(*STEPS),
        starts=[one.element for one in ground.published.definition.starts] if ground.published else [],
        variables=scripts.lines_of(variables),
        duration_text=scripts.duration_text,
        organisations=organisation_choices(database()),
        task_codes=TASK_CODES,
        local=local,
        after=lambda when: when if not when.second and not when.microsecond else when + timedelta(minutes=1),
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _acts(play: Play, run: Run | None) -> list[tuple[Act, datetime, str, bool]]:
    """Each act with its instant, its data in lines (without gaps), and whether there was nothing open for it."""
    left = run.rehearsal.left if run else ()
    return [
        (
            act,
            play.script.starts_at + act.at,
            scripts.lines_of({name: value for name, value in act.data.items() if value is not None}),
            act in left,
        )
        for act in play.script.acts
    ]
