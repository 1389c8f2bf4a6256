"""Finished cases on a draft: which would have taken another path, lasted longer, or missed a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import login_required

from engine import replay
from engine.access import NotFound
from engine.rehearsal import Rehearsal
from engine.replay import Replay
from faults import N_
from web import grounds, playing
from web.grounds import Ground
from web.paging import SIZE, Page, number
from web.rehearsals import progress_of
from web.security import island_page
from web.sessions import actor
from web.story import name_of
from web.transaction import database, moment
from web.words import gettext, ngettext, say_problem, template

routes = Blueprint("replays", __name__)

LIMITS = (20, 100, 1000)
KINDS: Mapping[str, Callable[[Replay], bool]] = {
    "different": lambda one: not one.is_the_same,
    "path": lambda one: one.takes_another_path,
    "longer": lambda one: one.longer is None or one.longer > timedelta(),
    "missed": lambda one: bool(one.missed),
    "refused": lambda one: bool(one.refused or one.unused),
}


@routes.get("/admin/drafts/<draft_id>/replay")
@login_required
def page(draft_id: str) -> str:
    """``?limit=`` of the last finished cases, ``&only=`` one kind of difference, ``&page=``.

    Plays for a while; the page asks again until all are played.
    """
    ground = grounds.of_draft(draft_id)
    limit = request.args.get("limit", LIMITS[0], type=int)
    limit = limit if limit in LIMITS else LIMITS[0]
    only = request.args.get("only", "")
    only = only if only in KINDS else "different"
    ids = replay.finished(database(), actor(), ground.process_key, limit) if ground.published is not None else ()
    played = playing.play_on(ground, ids)
    found = [one for one in played if KINDS[only](one)]
    first = (number() - 1) * SIZE
    return render_template(
        "replay.html",
        ground=ground,
        limit=limit,
        limits=LIMITS,
        only=only,
        found=[(one, changes(one, ground)) for one in found[first : first + SIZE]],
        page=Page(number(), len(found)),
        total=len(ids),
        played=len(played),
        sums={kind: sum(fits(one) for one in played) for kind, fits in KINDS.items()},
        refused=[say_problem(one) for one in ground.problems],
        place="desks",
    )


@routes.get("/admin/drafts/<draft_id>/replay/<instance_id>")
@login_required
def one(draft_id: str, instance_id: str) -> str:
    """One case, on its own version and on the draft, side by side."""
    ground = grounds.of_draft(draft_id)
    if ground.published is None:
        raise NotFound
    gathered = replay.gather_one(database(), actor(), ground.process_key, instance_id)
    (found,) = replay.play([gathered], ground.published, moment().calendar)
    island_page()
    return render_template(
        "replay_case.html",
        ground=ground,
        case=found,
        changes=changes(found, ground),
        before=_drawn(found.before, found.skipped),
        after=_drawn(found.after, (*found.added, *found.missed)),
        tasks=_tasks(found, ground),
        place="desks",
    )


def changes(found: Replay, ground: Ground) -> list[tuple[str, str]]:
    """What is different, as (colour, sentence)."""
    said: list[tuple[str, str]] = []

    def add(colour: str, message: str, counted: Mapping[str, int]) -> None:
        said.append((colour, gettext(message, names=_names(counted, found, ground))))

    if found.added:
        add("yellow", N_("more often: %(names)s"), found.added)
    if found.skipped:
        add("yellow", N_("less often: %(names)s"), found.skipped)
    if found.longer is None:
        add("red", N_("does not end any more; it waits at: %(names)s"), _once(found.after.open))
    elif found.longer > timedelta():
        said.append(("yellow", gettext("lasts longer: %(span)s", span=_span(found.longer))))
    if found.missed:
        add("red", N_("misses its date: %(names)s"), _once(found.missed))
    for problem in found.refused:
        element, _, field = problem.element.partition("#")
        where = ground.path_words(f"{element}.{field}") if field else _called(element, found, ground)
        said.append(("red", gettext("answer refused: %(where)s: %(words)s", where=where, words=say_problem(problem))))
    if found.unused:
        unused = _once(act.element for act in found.unused)
        add("yellow", N_("was done and is not asked any more: %(names)s"), unused)
    if found.after.troubles:
        said.append(("red", _trouble(found, ground)))
    return said


def _drawn(course: Rehearsal, different: Iterable[str]) -> dict[str, Any]:
    """The way it took; the picture begins where it differs."""
    return {**progress_of(course), "here": next((one for one in different if one in course.elements), None)}


def _trouble(found: Replay, ground: Ground) -> str:
    trouble = found.after.troubles[0]
    return gettext(
        "would halt at %(name)s: %(words)s",
        name=ground.called(trouble.element),
        words=template(trouble.message, trouble.params),
    )


def _tasks(found: Replay, ground: Ground) -> list[dict[str, Any]]:
    """The tasks of both runs, paired by element and turn."""
    pairs: dict[tuple[str, int], dict[str, Any]] = {}
    for side, rehearsal in (("before", found.before), ("after", found.after)):
        turns: dict[str, int] = {}
        for task in rehearsal.tasks:
            turns[task.element] = turns.get(task.element, 0) + 1
            name = _called(task.element, found, ground)
            row = pairs.setdefault((task.element, turns[task.element]), {"name": name})
            row[side] = task
    return list(pairs.values())


def _once(elements: Iterable[str]) -> Mapping[str, int]:
    return dict.fromkeys(elements, 1)


def _names(counted: Mapping[str, int], found: Replay, ground: Ground) -> str:
    """Those that have a name come first; nobody knows gateways and events by their ids, so they are only counted."""
    named = {one: times for one, times in counted.items() if _called(one, found, ground) != one}
    shown = named or counted
    return gettext(", ").join(
        _called(element, found, ground) + (f" ×{times}" if times > 1 else "") for element, times in shown.items()
    )


def _called(element: str, found: Replay, ground: Ground) -> str:
    """As the draft calls it, or else the version on which the case ran."""
    if ground.published is not None and element in ground.published.process.elements:
        return ground.called(element)
    return name_of(found.published.process, element)


def _span(span: timedelta) -> str:
    if span >= timedelta(days=1):
        return ngettext("%(num)d day", "%(num)d days", span.days)
    return ngettext("%(num)d hour", "%(num)d hours", -(-span.seconds // 3600))
