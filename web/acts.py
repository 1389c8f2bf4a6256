"""One act of a scenario: a task is filled in with its own form, a message comes, a service answers or fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from bpmn.expressions import compile_expression
from bpmn.moment import Moment
from engine import accounts, runtime, samples, scenarios, scripts
from engine.access import NotFound
from engine.rehearsal import Act, Open, Rehearsal, rehearse
from engine.runtime import Request, Subscription, TaskOpened
from engine.scripts import Play
from engine.tables import Scenario
from faults import Fault, Problem
from forms import answers as formed
from forms import posted, prefilled
from forms.answers import AnswersRefused
from forms.asked import Page, asked, complaints
from forms.field import Form
from web import desk, grounds, naming, transaction, values
from web.errors import status_of
from web.grounds import Ground
from web.naming import Lookup
from web.rehearsals import DEEDS, kind_of, loaded, revision
from web.security import island_page
from web.sessions import actor
from web.times import after_start, local
from web.transaction import database, moment
from web.values import Row
from web.wiring import wiring
from web.words import content, gettext, say, say_problem

routes = Blueprint("acts", __name__)

MOST_PEOPLE = 300  # who are offered for a task
MOST_ANSWERS = 50  # that are put in at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act is put in or changed: ``number`` is its place, None for a new one; ``one`` is open there."""

    ground: Ground
    scenario: Scenario
    play: Play
    number: int | None
    act: Act  # as it is, or as it is suggested
    rehearsal: Rehearsal  # up to there
    one: Open | None

    @property
    def before(self) -> datetime:
        """When what comes before it was done: working days are counted from there."""
        acts = self.play.script.acts if self.number is None else self.play.script.acts[: self.number]
        start = self.play.script.starts_at
        if self.number is None and self.rehearsal.now is not None:
            return self.rehearsal.now
        return start + acts[-1].at if acts else start

    @property
    def form(self) -> Form | None:
        if self.act.deed != "complete" or self.ground.published is None:
            return None
        element = self.ground.published.process.elements.get(self.act.element)
        named = self.one.form if isinstance(self.one, TaskOpened) else None
        if named is None and element is not None:
            named = element.attributes.get("form")
        return self.ground.published.form_of(self.act.element, named)


@routes.get("/admin/processes/<key>/scenarios/<scenario_id>/act")
@login_required
def page(key: str, scenario_id: str) -> Response:
    """``?number=`` changes an act; ``?element=&deed=&counter=`` is a new one at something that is open."""
    return _page(_place(key, scenario_id), None, (), "", 200)


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/act")
@login_required
def put(key: str, scenario_id: str) -> AnyResponse:
    place = _place(key, scenario_id)
    typed: Mapping[str, Any] | None = None
    try:
        if place.form is not None:
            items = desk.items_with_uploads(place.form)
            rows = posted.edited_rows(place.form, items)
            if rows is not None:
                return _page(place, rows, (), "", 200)
            typed = posted.parse(place.form, items)
        act = _act(place, typed)
        acts = [one for number, one in enumerate(place.play.script.acts) if number != place.number]
        acts.insert(len(acts) if place.number is None else place.number, act)
        _keep(place.scenario, place.play, acts)
    except Fault as fault:
        if status_of(fault) in (403, 404):
            raise
        transaction.end()
        problems = fault.problems if isinstance(fault, AnswersRefused) else ()
        return _page(_place(key, scenario_id), typed, problems, say(fault), status_of(fault))
    flash(gettext("The scenario is saved."), "success")
    return redirect(url_for("rehearsals.page", key=key, scenario_id=scenario_id, draft=place.ground.draft_id))


@routes.post("/admin/processes/<key>/scenarios/<scenario_id>/answers")
@login_required
def answer_services(key: str, scenario_id: str) -> AnyResponse:
    """Let services and called processes answer as they did in the latest case, until something else is to be done."""
    ground, scenario = grounds.of_request(key), loaded(key, scenario_id)
    play = scenarios.play_of(scenario)
    given = _given(play, ground)
    if given:
        _keep(scenario, play, [*play.script.acts, *given])
        flash(
            gettext("%(count)s answers were put in, as in the latest cases. Look them over.", count=len(given)),
            "success",
        )
    else:
        flash(gettext("No case has had such an answer yet. Put it in yourself."), "warning")
    return redirect(url_for("rehearsals.page", key=key, scenario_id=scenario_id, draft=ground.draft_id))


def _given(play: Play, ground: Ground) -> list[Act]:
    """An act for each answer, one after the other."""
    found: list[Act] = []
    while ground.published is not None and len(found) < MOST_ANSWERS:
        script = replace(play.script, acts=(*play.script.acts, *found))
        rehearsal = rehearse(ground.published, script, moment().calendar)
        act = next(filter(None, (_answer_at(one, rehearsal, play, ground) for one in rehearsal.waits)), None)
        if act is None:
            break
        found.append(act)
    return found


def _answer_at(one: Open, rehearsal: Rehearsal, play: Play, ground: Ground) -> Act | None:
    if not isinstance(one, Request) or rehearsal.now is None:
        return None
    answer = samples.of_request(database(), actor(), ground.process_key, one.element, one.name)
    return None if answer is None else Act(rehearsal.now - play.script.starts_at, "respond", one.element, answer)


def _keep(scenario: Scenario, play: Play, acts: Sequence[Act]) -> None:
    script = replace(play.script, acts=tuple(sorted(acts, key=lambda one: one.at)))
    scenarios.change(database(), actor(), scenario.id, revision(), replace(play, script=script), moment())


def _place(key: str, scenario_id: str) -> Place:
    """Plays the scenario up to there. Raises NotFound for a place that there is not."""
    ground, scenario = grounds.of_request(key), loaded(key, scenario_id)
    if ground.published is None:
        raise NotFound
    play, number = scenarios.play_of(scenario), request.args.get("number", None, type=int)
    script = play.script
    if number is not None:
        if not 0 <= number < len(script.acts):
            raise NotFound
        act = script.acts[number]
        script = replace(script, acts=script.acts[:number], ends_after=act.at)
    else:
        act = _suggested()
    rehearsal = rehearse(ground.published, script, moment().calendar)
    if number is None and rehearsal.now is not None:
        act = replace(act, at=rehearsal.now - script.starts_at)
    one = _open(act, rehearsal)
    if number is None and isinstance(one, TaskOpened):
        act = replace(act, actor=one.assignee or "")
    return Place(ground, scenario, play, number, act, rehearsal, one)


def _suggested() -> Act:
    deed, element = request.args.get("deed", ""), request.args.get("element", "")[:300]
    if deed not in ("complete", "deliver", "respond"):
        raise NotFound
    return Act(scripts.NO_TIME, deed, element, counter=request.args.get("counter", None, type=int))  # type: ignore[arg-type]


def _open(act: Act, rehearsal: Rehearsal) -> Open | None:
    deed = {"fail": "respond", "skip": "complete"}.get(act.deed, act.deed)
    found = [one for one in rehearsal.waits if one.element == act.element and kind_of(one) == deed]
    counted = [one for one in found if getattr(one, "counter", None) == act.counter]
    return next(iter(counted or found), None)


def _act(place: Place, typed: Mapping[str, Any] | None) -> Act:
    """As it was posted. Raises AnswersRefused, BadScenario."""
    act = replace(place.act, at=after_start(place.play.script, "_at", place.act.at, place.before))
    if act.deed in ("complete", "skip"):
        who = request.form.get("_actor", "").replace("\0", "").strip()[:100]
        return replace(act, actor=who, data=_answers(place, typed or {}), counter=getattr(place.one, "counter", None))
    lines = values.read("_brings")
    if act.deed in ("respond", "fail"):
        failed = request.form.get("_outcome") == "fail"
        error = request.form.get("_error", "").replace("\0", "").strip()[:100]
        return replace(act, deed="fail" if failed else "respond", data={} if failed else lines, error=error)
    return replace(act, data=lines)


def _answers(place: Place, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Validated by the form as on that day, with what it prefills. Raises AnswersRefused."""
    if place.form is None:
        return {}
    now = _moment(place)
    clean = formed.validate(place.form, typed, prefilled=_prefilled(place, place.form), today=now.today)
    return dict(formed.with_gaps(place.form, clean))


def _prefilled(place: Place, form: Form) -> dict[str, Any]:
    """What the form's prefill expressions give at that point of the scenario."""
    if not isinstance(place.one, TaskOpened) or place.ground.published is None:
        return {}
    now = _moment(place)
    names = runtime.names(place.ground.published.definition, place.rehearsal.state, place.one.token, now)
    found: dict[str, Any] = {}
    for field, expression in prefilled.expressions(form).items():
        try:
            found[field] = compile_expression(expression).evaluate(names, now)
        except Fault:  # as for officers: what can't be computed is left to be filled in
            continue
    return prefilled.fit(form, found)


def _moment(place: Place) -> Moment:
    return Moment(place.play.script.starts_at + place.act.at, moment().calendar)


def _page(
    place: Place, typed: Mapping[str, Any] | None, problems: tuple[Problem, ...], words: str, status: int
) -> Response:
    island_page()
    errors = {problem.element: say_problem(problem) for problem in problems}
    form = place.form
    kept = place.act.data if place.number is not None else _prefilled(place, form) if form else {}
    shown = kept if typed is None else typed
    offer, file = naming.choices(database(), actor()), naming.files(database(), actor(), "")

    def build(lookup: Lookup) -> dict[str, Any]:
        questions = asked(form, shown, errors, Page(offer, content, lookup, file)) if form else ()
        return {"questions": questions, "complaints": complaints(questions, errors, content)}

    at, people = place.play.script.starts_at + place.act.at, _people(place)
    suggested = people[0][0] if people and place.number is None else ""
    html = render_template(
        "act.html",
        spot=place,
        act=place.act,
        name=place.ground.called(place.act.element),
        deed="" if form else gettext(DEEDS[place.act.deed]),
        at=request.form.get("_at") or local(at),
        people=people,
        who=request.form.get("_actor", place.act.actor or suggested),
        brings=values.posted_rows("_brings") if "_brings_name" in request.form else _brings(place),
        kinds=values.KINDS,
        before=place.before,
        workdays=request.form.get("_at_workdays", "")[:10],
        failed=request.form.get("_outcome", place.act.deed) == "fail",
        error=request.form.get("_error", place.act.error),
        words=words,
        status=status,
        place="desks",
        **naming.named(database(), build),
    )
    return make_response(html, status)


def _brings(place: Place) -> list[Row]:
    """The payload or result as it is, and the names that the service answers with or that the process reads of it."""
    service = wiring().services.get(place.one.name) if isinstance(place.one, Request) else None
    known = service.outputs if service else place.ground.read_of(place.act.element)
    return values.rows(_sample(place) if place.number is None else place.act.data, known)


def _sample(place: Place) -> Mapping[str, Any]:
    """What came there in the latest case; nothing if there was none."""
    if isinstance(place.one, Request):
        name = place.one.name
        return samples.of_request(database(), actor(), place.ground.process_key, place.act.element, name) or {}
    if isinstance(place.one, Subscription):
        return samples.of_message(database(), actor(), place.one.name) or {}
    return {}


def _people(place: Place) -> list[tuple[str, str]]:
    """Who may do the task, by its roles, and who did it so far."""
    roles = place.one.roles if isinstance(place.one, TaskOpened) else ()
    barred = place.one.barred if isinstance(place.one, TaskOpened) else ()
    found = {one.id: one.name for role in roles for one in accounts.holders(database(), role)}
    if place.act.actor and place.act.actor not in found:
        found |= {place.act.actor: place.act.actor, **accounts.names(database(), {place.act.actor})}
    return [(ident, content(name)) for ident, name in sorted(found.items()) if ident not in barred][:MOST_PEOPLE]
