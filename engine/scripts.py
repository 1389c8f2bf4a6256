"""Scenarios as JSON, as they are kept, edited by hand and lie beside diagrams in files.

    {"process": "errand", "name": "...", "starts_at": "2013-05-06T09:30:00+08:00", "start": "begin",
     "variables": {"title": "...", "org": "..."}, "ends_after": "P3D",
     "acts": [{"at": "PT2H", "do": "complete", "element": "issue", "data": {...}, "actor": "...", "counter": 0}],
     "expected": {"end": "finished", "passes": [...], "avoids": [...], "dates": [["issue", "P1D"]],
                  "ends_within": "P9D", "values": {"check.verdict": "pass"}}}

Times are ISO 8601 durations after the start, in days and less.  ``do`` is complete, deliver, respond, fail or skip.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn, cast, get_args

from bpmn.instants import Duration, format_duration, parse_duration
from engine.expectations import ANY, Expected
from engine.rehearsal import Act, Deed, Script
from engine.tables.base import NAME, TITLE
from faults import N_, Fault

MOST_ACTS = 1_000
LARGEST = 2 * 1024 * 1024  # characters of JSON
LONGEST = timedelta(days=36_500)
NO_TIME = timedelta()


class BadScenario(Fault):
    """This is no scenario. Write one as the export of a scenario does, and bring it in again."""


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario without a row: of which process, its name, what is done and what is expected of it."""

    process_key: str
    name: str
    script: Script
    expected: Expected


def written(play: Play) -> str:
    """The file of a scenario: JSON, with a line end at its end."""
    whole = {
        "process": play.process_key,
        "name": play.name,
        **script_document(play.script),
        "expected": expected_document(play.expected),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def read(data: bytes | str) -> Play:
    """Raises BadScenario, which says what is wrong and where."""
    if len(data) > LARGEST:
        _refuse(N_("The scenario is too long."))
    try:
        document = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        _refuse(N_("The scenario can't be read as JSON."))
    document = _mapping(document, "")
    name = " ".join(_text(document.get("name", ""), "name", TITLE).split())
    key = _text(document.get("process", ""), "process", NAME)
    return Play(key, name, script_of(document), expected_of(document.get("expected", {})))


def script_document(script: Script) -> dict[str, Any]:
    return {
        "starts_at": script.starts_at.isoformat(),
        "start": script.start,
        "variables": dict(script.variables),
        "acts": [_act_document(act) for act in script.acts],
        "ends_after": duration_text(script.ends_after),
    }


def expected_document(expected: Expected) -> dict[str, Any]:
    return {
        "end": expected.end,
        "passes": list(expected.passes),
        "avoids": list(expected.avoids),
        "dates": [[element, duration_text(after)] for element, after in expected.dates],
        "ends_within": None if expected.ends_within is None else duration_text(expected.ends_within),
        "values": dict(expected.values),
    }


def script_of(document: Any) -> Script:
    """Raises BadScenario. Acts are brought into the order of their times."""
    document = _mapping(document, "")
    acts = document.get("acts", [])
    if not isinstance(acts, list) or len(acts) > MOST_ACTS:
        _refuse(
            N_("The scenario can't be read: “{place}” must be a list with at most {limit} entries."),
            place="acts",
            limit=MOST_ACTS,
        )
    start = document.get("start")
    read_acts = [_act(one, f"acts[{number}]") for number, one in enumerate(acts)]
    return Script(
        starts_at=_instant(document.get("starts_at"), "starts_at"),
        start=None if start is None else _text(start, "start", TITLE),
        variables=_mapping(document.get("variables", {}), "variables"),
        acts=tuple(sorted(read_acts, key=lambda act: act.at)),
        ends_after=_duration(document.get("ends_after", "PT0S"), "ends_after"),
    )


def expected_of(document: Any) -> Expected:
    """Raises BadScenario."""
    document = _mapping(document, "expected")
    within = document.get("ends_within")
    dates = _list(document.get("dates", []), "expected.dates")
    if not all(isinstance(one, list) and len(one) == 2 for one in dates):
        _refuse(
            N_("The scenario can't be read: “{place}” must be pairs of an element and a duration."),
            place="expected.dates",
        )
    return Expected(
        end=_text(document.get("end", ANY), "expected.end", TITLE),
        passes=_elements(document.get("passes", []), "expected.passes"),
        avoids=_elements(document.get("avoids", []), "expected.avoids"),
        dates=tuple(
            (_text(element, "expected.dates", TITLE), _duration(after, "expected.dates")) for element, after in dates
        ),
        ends_within=None if within is None else _duration(within, "expected.ends_within"),
        values=_expected_values(document.get("values", {})),
    )


def _expected_values(document: Any) -> tuple[tuple[str, Any], ...]:
    values = _mapping(document, "expected.values")
    _list(list(values), "expected.values")
    return tuple((_text(path, "expected.values", TITLE), value) for path, value in values.items())


def duration_text(span: timedelta) -> str:
    """``P2DT3H``; negative ones, of what was due before the start, with a leading ``-``. Raises BadScenario."""
    if abs(span) > LONGEST:
        _refuse(N_("This is more than {days} days from the start."), days=LONGEST.days)
    return format_duration(Duration(0, span))


def lines_of(values: Mapping[str, Any]) -> str:
    """``name = value``, a line each: a value is JSON, and a text stands as it is where that can't be mistaken."""
    return "\n".join(f"{name} = {_value_text(value)}" for name, value in values.items())


def _value_text(value: Any) -> str:
    plain = isinstance(value, str) and value == value.strip() and "\n" not in value and value != ""
    if plain:
        try:
            json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, ensure_ascii=False)


def _act_document(act: Act) -> dict[str, Any]:
    whole = {
        "at": duration_text(act.at),
        "do": act.deed,
        "element": act.element,
        "data": dict(act.data),
        "actor": act.actor,
        "error": act.error,
        "counter": act.counter,
    }
    return {name: value for name, value in whole.items() if value not in ("", None, {})}


def _act(document: Any, place: str) -> Act:
    document = _mapping(document, place)
    deed = document.get("do")
    if deed not in get_args(Deed):
        _refuse(
            N_("The scenario can't be read: “{place}” must be one of {values}."),
            place=f"{place}.do",
            values=list(get_args(Deed)),
        )
    counter = document.get("counter")
    if counter is not None and (not isinstance(counter, int) or isinstance(counter, bool)):
        _refuse(N_("The scenario can't be read: “{place}” must be a number."), place=f"{place}.counter")
    return Act(
        at=_duration(document.get("at", "PT0S"), f"{place}.at"),
        deed=cast("Deed", deed),
        element=_text(document.get("element"), f"{place}.element", TITLE),
        data=_mapping(document.get("data", {}), f"{place}.data"),
        actor=_text(document.get("actor", ""), f"{place}.actor", NAME),
        error=_text(document.get("error", ""), f"{place}.error", TITLE),
        counter=counter,
    )


def _duration(value: Any, place: str) -> timedelta:
    try:
        duration = parse_duration(value.strip() if isinstance(value, str) else "")
    except ValueError:
        duration = None
    if duration is None or duration.months or abs(duration.time) > LONGEST:
        _refuse(
            N_("The scenario can't be read: “{place}” must be a duration in days and less, such as P3D or PT2H."),
            place=place,
        )
    return duration.time


def _instant(value: Any, place: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        instant = None
    if instant is None or instant.tzinfo is None or not 1950 <= instant.year <= 2200:
        _refuse(
            N_(
                "The scenario can't be read: “{place}” must be an instant with its zone, "
                "such as 2013-05-06T09:30:00+08:00."
            ),
            place=place,
        )
    return instant


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _refuse(N_("The scenario can't be read: “{place}” must be an object."), place=place or "{}")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_ACTS:
        _refuse(
            N_("The scenario can't be read: “{place}” must be a list with at most {limit} entries."),
            place=place,
            limit=MOST_ACTS,
        )
    return value


def _elements(value: Any, place: str) -> tuple[str, ...]:
    return tuple(_text(one, place, TITLE) for one in _list(value, place))


def _text(value: Any, place: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        _refuse(
            N_("The scenario can't be read: “{place}” must be a text of at most {limit} characters."),
            place=place,
            limit=longest,
        )
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _refuse(message: str, **params: Any) -> NoReturn:
    raise BadScenario(message, **params)
