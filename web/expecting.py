"""What a scenario is to expect, as it is typed on its page: path, end, dates, values, and how long it may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import request

from bpmn.moment import Moment
from engine import scripts
from engine.expectations import Expected, as_happened, paths_of, said, value_at
from engine.rehearsal import Rehearsal, rehearse
from engine.scripts import BadScenario, Play
from faults import N_
from web.grounds import Ground
from web.times import instant, working_days_after
from web.transaction import moment

BAD_DAYS = N_("“{text}” is no number of days.")
MOST_VALUES = 60  # that are offered


def taken(play: Play, ground: Ground) -> Expected:
    """All that happens now; of the values those that are expected already, as they are now."""
    if ground.published is None:
        return play.expected
    rehearsal = rehearse(ground.published, play.script, moment().calendar)
    values = tuple((path, value_at(rehearsal.variables, path)) for path, _ in play.expected.values)
    return replace(as_happened(rehearsal, play.script, ground.published.process), values=values)


def posted(play: Play, ground: Ground) -> Expected:
    """As it was posted. Raises BadScenario."""
    start = play.script.starts_at
    within = _within(start)
    added = {name: [one] if (one := request.form.get(f"add_{name}", "")) else [] for name in ("passes", "avoids")}
    document = {
        "end": request.form.get("end", ""),
        "passes": request.form.getlist("passes") + added["passes"],
        "avoids": request.form.getlist("avoids") + added["avoids"],
        "dates": [list(one.rpartition("|")[::2]) for one in request.form.getlist("dates")] + _added_date(start),
        "ends_within": None if within is None else scripts.duration_text(within),
        "values": _values(play, ground),
    }
    return scripts.expected_of(document)


def offered(expected: Expected, rehearsal: Rehearsal) -> list[tuple[str, str, str, bool]]:
    """Values to tick, expected ones first: (path, what it is, what is expected, whether it is expected)."""
    wanted = dict(expected.values)
    first = [(path, said(value_at(rehearsal.variables, path)), said(value), True) for path, value in wanted.items()]
    others = [path for path in paths_of(rehearsal.variables) if path not in wanted]
    found = [(path, value_at(rehearsal.variables, path)) for path in others]
    return [*first, *((path, said(value), "", False) for path, value in found if value is not None)][:MOST_VALUES]


def _values(play: Play, ground: Ground) -> dict[str, Any]:
    """Those that are ticked: with the value that was expected, or the one that they have now."""
    ticked, wanted = request.form.getlist("values"), dict(play.expected.values)
    if ground.published is None:
        return {path: wanted[path] for path in ticked if path in wanted}
    variables = rehearse(ground.published, play.script, moment().calendar).variables
    return {path: wanted[path] if path in wanted else value_at(variables, path) for path in ticked[:MOST_VALUES]}


def _within(start: datetime) -> timedelta | None:
    days = request.form.get("within_days", "").strip()
    if not days:
        return None
    try:
        if request.form.get("within_unit") == "working":
            return _working(days, start)
        return timedelta(days=float(days))
    except (ValueError, OverflowError):
        raise BadScenario(BAD_DAYS, text=days[:20]) from None


def _working(days: str, start: datetime) -> timedelta:
    """Until the end of that working day."""
    until = Moment(working_days_after(start, days), moment().calendar)
    return until.end_of(until.today) - start


def _added_date(start: datetime) -> list[list[str]]:
    """A date by hand: a task, and when it is due; by working days it is the end of that day."""
    element, days = request.form.get("add_date", ""), request.form.get("add_date_workdays", "").strip()
    if not element:
        return []
    after = _working(days, start) if days else instant(request.form.get("add_date_at", "")) - start
    return [[element, scripts.duration_text(after)]]
