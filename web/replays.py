"""Finished cases on a draft: which would have taken another path, lasted longer, or missed a date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import login_required

from engine import replay
from engine.access import NotFound
from engine.rehearsal import Rehearsal
from engine.replay import Replay
from web import grounds, transaction
from web.grounds import Ground
from web.rehearsals import progress_of
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.words import gettext, ngettext, say_problem, template

routes = Blueprint("replays", __name__)

LIMITS = (20, 100, 1000)


@routes.get("/admin/drafts/<draft_id>/replay")
@login_required
def page(draft_id: str) -> str:
    """``?limit=`` of the last finished cases."""
    ground = grounds.of_draft(draft_id)
    limit = request.args.get("limit", LIMITS[0], type=int)
    limit = limit if limit in LIMITS else LIMITS[0]
    found: list[Replay] = []
    if ground.published is not None:
        calendar = moment().calendar
        gathered = replay.gather(database(), actor(), ground.process_key, limit)
        transaction.end()  # playing takes seconds, and nobody is to wait for it
        found = list(replay.play(gathered, ground.published, calendar))
    return render_template(
        "replay.html",
        ground=ground,
        limit=limit,
        limits=LIMITS,
        found=[(one, changes(one, ground)) for one in found if not one.is_the_same],
        total=len(found),
        sums=_sums(found),
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
        before=progress_of(found.before),
        after=progress_of(found.after),
        tasks=_tasks(found),
        place="desks",
    )


def changes(found: Replay, ground: Ground) -> list[tuple[str, str]]:
    """What is different, as (colour, sentence)."""
    said: list[tuple[str, str]] = []
    if found.added:
        said.append(("yellow", gettext("more often: %(names)s", names=_names(found.added, ground))))
    if found.skipped:
        said.append(("yellow", gettext("less often: %(names)s", names=_names(found.skipped, ground))))
    if found.longer is None:
        waits = dict.fromkeys(found.after.open, 1)
        said.append(("red", gettext("does not end any more; it waits at: %(names)s", names=_names(waits, ground))))
    elif found.longer > timedelta():
        said.append(("yellow", gettext("lasts longer: %(span)s", span=_span(found.longer))))
    if found.missed:
        names = _names(dict.fromkeys(found.missed, 1), ground)
        said.append(("red", gettext("misses its date: %(names)s", names=names)))
    for problem in found.refused:
        element, _, field = problem.element.partition("#")
        where = f"{ground.called(element)} · {field}" if field else ground.called(element)
        said.append(("red", gettext("answer refused: %(where)s: %(words)s", where=where, words=say_problem(problem))))
    if found.unused:
        unused = dict.fromkeys((act.element for act in found.unused), 1)
        said.append(("yellow", gettext("was done and is not asked any more: %(names)s", names=_names(unused, ground))))
    if found.after.troubles:
        said.append(("red", say_trouble(found.after, ground)))
    return said


def say_trouble(rehearsal: Rehearsal, ground: Ground) -> str:
    trouble = rehearsal.troubles[0]
    return gettext(
        "would halt at %(name)s: %(words)s",
        name=ground.called(trouble.element),
        words=template(trouble.message, trouble.params),
    )


def _sums(found: list[Replay]) -> dict[str, int]:
    return {
        "different": sum(not one.is_the_same for one in found),
        "path": sum(one.takes_another_path for one in found),
        "longer": sum(one.longer is None or one.longer > timedelta() for one in found),
        "missed": sum(bool(one.missed) for one in found),
        "refused": sum(bool(one.refused or one.unused) for one in found),
    }


def _tasks(found: Replay) -> list[dict[str, Any]]:
    """The tasks of both runs, paired by element and turn."""
    pairs: dict[tuple[str, int], dict[str, Any]] = {}
    for side, rehearsal in (("before", found.before), ("after", found.after)):
        turns: dict[str, int] = {}
        for task in rehearsal.tasks:
            turns[task.element] = turns.get(task.element, 0) + 1
            row = pairs.setdefault((task.element, turns[task.element]), {"element": task.element})
            row[side] = task
    return list(pairs.values())


def _names(counted: Any, ground: Ground) -> str:
    return gettext(", ").join(
        ground.called(element) + (f" ×{times}" if times > 1 else "") for element, times in counted.items()
    )


def _span(span: timedelta) -> str:
    if span >= timedelta(days=1):
        return ngettext("%(num)d day", "%(num)d days", span.days)
    return ngettext("%(num)d hour", "%(num)d hours", -(-span.seconds // 3600))
