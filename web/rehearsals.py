"""One scenario, played with a moved clock: what was done and what came of it, what is open then, what is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import accounts, scenarios, scripts
from engine.access import NotFound
from engine.expectations import ANY, NONE
from engine.rehearsal import Act, Open, Rehearsal, Script, rehearse
from engine.runtime import Subscription, TaskOpened, TimerSet
from engine.scenarios import Run
from engine.scripts import Play
from engine.tables import Scenario
from faults import N_, Fault
from forms.fields.kind import Shown
from forms.shown import shown
from web import expecting, grounds, naming, transaction, values
from web.errors import status_of
from web.grounds import Ground
from web.naming import Lookup, organisation_choices
from web.security import island_page
from web.sessions import actor
from web.times import after_start, instant, local, working_day
from web.transaction import database, moment
from web.values import Row
from web.wiring import wiring
from web.words import content, gettext, say, say_problem
from workflows.roles import TASK_CODES

routes = Blueprint("rehearsals", __name__)

GIVEN = ("title", "org", "task_code", "starter")  # variables with an input of their own
MOST_PEOPLE = 300  # who are offered as starters
HIDDEN = ("starter_org", "instance_id")  # that nobody needs to see
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


@routes.get("/admin/processes/<key>/scenarios/<scenario_id>")
@login_required
def page(key: str, scenario_id: str) -> Response:
    return _page(key, scenario_id, [], 200)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/start")
@login_required
def begin(key: str, scenario_id: str) -> AnyResponse:
    """Its name, and with what and when the case starts."""

    def changed(play: Play, ground: Ground) -> Play:
        typed = {name: request.form.get(name, "").replace("\0", "").strip()[:300] for name in GIVEN}
        typed_start = request.form.get("starts_at", "")
        given = {name: text or None for name, text in typed.items()}
        kept = {name: play.script.variables[name] for name in HIDDEN if name in play.script.variables}
        start = request.form.get("start", "")[:300] or None
        script = replace(
            play.script,
            starts_at=play.script.starts_at if typed_start == local(play.script.starts_at) else instant(typed_start),
            start=start,
            variables={**given, **kept, **values.read("given"), **_brought(play.script, start, ground)},
        )
        return replace(play, name=request.form.get("name", ""), script=script)

    return _changed(key, scenario_id, changed)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/clock")
@login_required
def move_clock(key: str, scenario_id: str) -> AnyResponse:
    """Let time pass after the last act, so that timers fire."""

    def changed(play: Play, ground: Ground) -> Play:
        script = play.script
        since = rehearse(ground.published, script, moment().calendar).now if ground.published else None
        after = after_start(script, "until", script.ends_after, since or script.starts_at)
        return replace(play, script=replace(script, ends_after=after))

    return _changed(key, scenario_id, changed)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/expected")
@login_required
def expect(key: str, scenario_id: str) -> AnyResponse:
    """What is expected; with ``take``, all that happened now."""

    def changed(play: Play, ground: Ground) -> Play:
        expected = expecting.taken if request.form.get("take") else expecting.posted
        return replace(play, expected=expected(play, ground))

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


def kind_of(one: Open) -> str:
    """The deed that goes with something open; "" for a timer, which fires by itself."""
    if isinstance(one, TaskOpened):
        return "complete"
    if isinstance(one, Subscription):
        return "deliver"
    return "" if isinstance(one, TimerSet) else "respond"


def service_name(name: str) -> str:
    """What a service is called for people; a called process by its key."""
    service = wiring().services.get(name)
    return content(service.title) if service else name


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


def _page(key: str, scenario_id: str, errors: list[str], status: int) -> Response:
    ground, scenario = grounds.of_request(key), loaded(key, scenario_id)
    play = scenarios.play_of(scenario)
    run = scenarios.run(scenario, ground.published, moment().calendar) if ground.published else None
    island_page()
    set_apart = {*GIVEN, *HIDDEN, *([play.script.start] if _has_payload(play.script) else [])}
    given = {name: value for name, value in play.script.variables.items() if name not in set_apart}
    html = render_template(
        "scenario.html",
        ground=ground,
        scenario=scenario,
        script=play.script,
        expected=play.expected,
        run=run,
        words=[(one, say_problem(one)) for one in run.problems] if run else [],
        refused=[say_problem(one) for one in ground.problems],
        acts=naming.named(database(), lambda lookup: _acts(play, run, ground, lookup)),
        file=naming.files(database(), actor(), scenario.from_instance or ""),
        waits=[(one, kind_of(one)) for one in run.rehearsal.waits] if run else [],
        progress=progress_of(run.rehearsal) if run else None,
        deeds={deed: gettext(words) for deed, words in DEEDS.items()},
        ends=[(ANY, ground.end_words(ANY)), (NONE, ground.end_words(NONE)), *ground.kinds(*ENDS)],
        steps=ground.kinds(*STEPS),
        starts=[one.element for one in ground.published.definition.starts] if ground.published else [],
        given=values.rows(given),
        starters=_starters(ground, play.script),
        payload=_payload(play.script, ground),
        kinds=values.KINDS,
        service_name=service_name,
        offered=expecting.offered(play.expected, run.rehearsal) if run else [],
        tasks=ground.kinds("userTask"),
        value_name=ground.path_words,
        working_day=lambda when: working_day(play.script.starts_at, when),
        duration_text=scripts.duration_text,
        organisations=organisation_choices(database()),
        task_codes=TASK_CODES,
        local=local,
        after=lambda when: when if not when.second and not when.microsecond else when + timedelta(minutes=1),
        errors=errors,
        place="desks",
    )
    return make_response(html, status)


def _has_payload(script: Script) -> bool:
    """Whether a message started it: what it brought stands under the id of the start event."""
    return bool(script.start) and isinstance(script.variables.get(script.start or ""), Mapping)


def _brought(script: Script, start: str | None, ground: Ground) -> dict[str, Any]:
    """The payload as it was typed; an empty one for another start than before, if that is a message."""
    drawn = ground.published.process.elements.get(start or "") if ground.published else None
    if start == script.start and _has_payload(script):
        return {start: values.read("payload")} if start else {}
    return {start: {}} if start and drawn is not None and drawn.event != "none" else {}


def _starters(ground: Ground, script: Script) -> list[tuple[str, str]]:
    """Who may start it, by its roles, and who does so in the script."""
    roles = ground.published.process.starter_groups if ground.published else ()
    found = {one.id: one.name for role in roles for one in accounts.holders(database(), role)}
    starter = script.variables.get("starter")
    if isinstance(starter, str) and starter and starter not in found:
        found |= {starter: starter, **accounts.names(database(), {starter})}
    return [(ident, content(name)) for ident, name in sorted(found.items())][:MOST_PEOPLE]


def _payload(script: Script, ground: Ground) -> list[Row] | None:
    if not _has_payload(script) or script.start is None:
        return None
    return values.rows(script.variables[script.start], ground.read_of(script.start))


@dataclass(frozen=True, slots=True)
class Line:
    """An act in words. ``told`` are the answers of a form, ``brings`` what else came; ``brief`` the first of them."""

    act: Act
    when: datetime
    who: str
    unused: bool  # there was nothing open for it
    told: tuple[Shown, ...]
    brings: str
    brief: str


def _acts(play: Play, run: Run | None, ground: Ground, lookup: Lookup) -> list[Line]:
    left = run.rehearsal.left if run else ()
    names = accounts.names(database(), {act.actor for act in play.script.acts if act.actor})
    return [_line(act, play, act in left, names, ground, lookup) for act in play.script.acts]


def _line(act: Act, play: Play, unused: bool, names: Mapping[str, str], ground: Ground, lookup: Lookup) -> Line:
    form = ground.form_at(act.element) if act.deed == "complete" else None
    told = shown(form, act.data, lookup, content) if form else ()
    given = {name: value for name, value in act.data.items() if value is not None}
    texts = [f"{one.label}{gettext(': ')}{one.text}" for one in told if one.text and one.kind != "html"]
    brief = gettext(", ").join(texts[:4]) if form else gettext("%(count)s values", count=len(given))
    return Line(
        act=act,
        when=play.script.starts_at + act.at,
        who=content(names.get(act.actor, act.actor)),
        unused=unused,
        told=told,
        brings="" if form else scripts.lines_of(given),
        brief=brief or gettext("%(count)s values", count=len(given)),
    )
