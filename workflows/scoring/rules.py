"""From evidence to points: the tables D6 say how much each thing is worth, here it is handed out to the things.

Pure but for the tables, which are given.  Points have four decimal places, and those of the evidence add up to those of
their component exactly: what is rounded off one is given to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bpmn.decisions import Decision
from bpmn.moment import Moment

SCORE_TABLE, GRADE_TABLE = "D6_score", "D6_grade"
# Components that are a share of what was to be done, for each kind of unit; and those that are counted.
RATES: Mapping[str, tuple[str, ...]] = {
    "principal": ("ledger", "timeliness", "rectification", "instructions", "public"),
    "co_unit": ("replies", "promises", "rating"),
}
COUNTS = ("returned", "urged", "exposed", "falsified", "disclosed", "commended")
ADJUSTED = "adjusted"
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of evidence for a unit.

    ``weight``: within its component.  ``share``: how much of it was reached, 0 to 1; of what was adjusted, the points.
    ``rule`` and ``facts`` are what words explain it; ``text`` is what the source is called.
    """

    component: str
    rule: str
    weight: float
    share: float
    source_kind: str
    source_id: str
    instance_id: str | None = None
    item_id: str | None = None
    task_code: str | None = None
    day: date | None = None
    text: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """``possible`` is None for deductions and bonuses."""

    entry: Entry
    points: Decimal
    possible: Decimal | None


@dataclass(frozen=True, slots=True)
class Component:
    """``rate`` 0 to 1 or None; ``count``: how many things stand behind it, ``missed`` of them in part or wholly."""

    name: str
    points: Decimal
    possible: Decimal | None
    rate: float | None
    count: int
    missed: int


@dataclass(frozen=True, slots=True)
class Computed:
    """``total``: 0 to 100, two places; None where nothing was to be done. ``low``: a referral is proposed."""

    total: Decimal | None
    grade: str | None
    low: bool
    components: tuple[Component, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables in force and the numbers that they use."""

    score: Decision
    grade: Decision
    numbers: Mapping[str, Any]
    moment: Moment


def family(kind: str) -> str:
    """Whether a unit is scored as one that is in charge, or as one that helps."""
    return "co_unit" if kind == "co_unit" else "principal"


def facts(kind: str, entries: Iterable[Entry], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What D6 looks at for one unit; a component without evidence is None."""
    found = _sorted(entries)
    rates = {name: _rate(found.get(name, ())) for name in RATES[family(kind)]}
    weighed = sum(float(numbers[f"score_{name}"]) for name, rate in rates.items() if rate is not None)
    if not weighed:
        rates = dict.fromkeys(rates)
    every = {name: None for names in RATES.values() for name in names}
    adjusted = [entry.share for entry in found.get(ADJUSTED, ())]
    return {
        "kind": family(kind),
        **every,
        **rates,
        **{name: len(found.get(name, ())) for name in COUNTS},
        ADJUSTED: sum(adjusted) if adjusted else None,
        "weighed": weighed,
    }


def decide(kind: str, entries: Sequence[Entry], rules: Rules) -> Computed:
    """The score of one unit, from its evidence."""
    seen = {**facts(kind, entries, rules.numbers), "parameters": rules.numbers}
    lines = rules.score.decide(seen, rules.moment)
    assert isinstance(lines, list)  # hit policy COLLECT
    return price(kind, entries, lines, rules)


def price(kind: str, entries: Iterable[Entry], lines: Iterable[Mapping[str, Any]], rules: Rules) -> Computed:
    """Hand the points that D6 gave (``lines``) out to the evidence, and grade their sum."""
    found = _sorted(entries)
    components: list[Component] = []
    events: list[Event] = []
    for line in lines:
        behind = found.get(line["component"], ())
        priced = _priced(line, behind)
        events += priced
        components.append(
            Component(
                name=line["component"],
                points=sum((one.points for one in priced), Decimal(0)),
                possible=None if line["possible"] is None else _exact(line["possible"]),
                rate=_rate(behind) if line["possible"] is not None else None,
                count=len(behind),
                missed=sum(1 for one in behind if one.share < 1) if line["possible"] is not None else len(behind),
            )
        )
    has_base = any(component.possible is not None for component in components)
    total = _total(components) if has_base else None
    graded = rules.grade.decide(
        {"total": None if total is None else float(total), "parameters": rules.numbers}, rules.moment
    )
    assert isinstance(graded, dict)  # hit policy FIRST
    return Computed(total, graded["grade"], bool(graded["low"]), tuple(components), tuple(events))


def _sorted(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """By component, in the order of their days: a cap spares what came last."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: (one.day or date.min, one.source_kind, one.source_id)):
        found.setdefault(entry.component, []).append(entry)
    return found


def _rate(entries: Sequence[Entry]) -> float | None:
    weight = sum(entry.weight for entry in entries)
    return sum(entry.weight * entry.share for entry in entries) / weight if weight else None


def _priced(line: Mapping[str, Any], entries: Sequence[Entry]) -> list[Event]:
    if line["possible"] is None and line["each"] is not None:
        return _counted(line, entries)
    if line["possible"] is None:
        given = _spread(line["points"], [entry.share for entry in entries])
        return [Event(entry, points, None) for entry, points in zip(entries, given, strict=True)]
    reached = _spread(line["points"], [entry.weight * entry.share for entry in entries])
    possible = _spread(line["possible"], [entry.weight for entry in entries])
    return [Event(*one) for one in zip(entries, reached, possible, strict=True)]


def _counted(line: Mapping[str, Any], entries: Sequence[Entry]) -> list[Event]:
    """Each the same, until the limit is reached."""
    events, each, left = [], _exact(line["each"]), _exact(line["points"])
    for entry in entries:
        points = max(each, left) if each < 0 else min(each, left)
        left -= points
        events.append(Event(entry, points, None))
    return events


def _spread(whole: float, parts: Sequence[float]) -> list[Decimal]:
    """Split an amount in proportion; the pieces add up to it exactly."""
    sum_ = sum(parts)
    given: list[Decimal] = []
    before, reached = Decimal(0), 0.0
    for part in parts:
        reached += part
        until = _exact(whole * reached / sum_) if sum_ else Decimal(0)
        given.append(until - before)
        before = until
    return given


def _exact(value: float) -> Decimal:
    return Decimal(str(value)).quantize(PLACES, ROUND_HALF_UP)


def _total(components: Iterable[Component]) -> Decimal:
    points = sum((component.points for component in components), Decimal(0))
    return min(Decimal(100), max(Decimal(0), points)).quantize(Decimal("0.01"), ROUND_HALF_UP)
