"""One calendar of who is visited when: no duplicate and no many-headed supervision (decree 733, article 15).

Visits (M2), joint sessions (M1) and inspections of deputies (M3) are booked for each unit and day.  Before a day is
fixed, `conflict` counts what else is booked there; the decision table `M2_visit_conflict` says what follows.  Whoever
books looks once more with `require_free`: others may have booked since, or at the same instant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance, Organisation
from faults import N_
from workflows import parameters, tables_in_force
from workflows.organisation import units as known_units
from workflows.tables import Engagement, Visit
from workflows.tables.base import TITLE
from workflows.working_time import between

TABLE = "M2_visit_conflict"
KINDS = ("visit", "joint", "activity")
NUMBERS = ("visit_near_days", "visit_window_days", "visit_frequency")
LONGEST = 31
TAKEN = "day_taken"

Kind = Literal["visit", "joint", "activity"]


@dataclass(frozen=True, slots=True)
class Clash:
    """Another engagement of a unit that is asked about. ``rule``: same_day, near or frequency."""

    kind: str
    title: str
    day: date
    unit: str
    instance_id: str
    status: str
    rule: str


def book(
    session: Session,
    kind: Kind,
    units: Collection[str],
    days: Collection[date],
    title: str,
    instance: Instance,
    campaign_id: str | None,
) -> None:
    """Enter that the case visits the units on these days; what it had booked before is given back."""
    claim(session, units)
    release(session, instance.id)
    wanted = {(unit, day) for unit in units for day in sorted(set(days))[:LONGEST]}
    session.add_all(
        Engagement(
            kind=kind, unit=unit, day=day, title=title[:TITLE], instance_id=instance.id, campaign_id=campaign_id,
            status="planned", secret=False,
        )
        for unit, day in sorted(wanted)
    )  # fmt: skip
    session.flush()


def claim(session: Session, units: Collection[str]) -> None:
    """Let nobody else book the units, or what holds together with them, until the transaction ends.

    Two who book at once would not see each other's rows, as these are new.  So each locks the row of the district first
    (of the unit itself where it belongs to none), in the order of the codes.
    """
    roots = {_chain(unit)[-1] for unit in units}
    rows = select(Organisation.code).where(Organisation.code.in_(sorted(roots))).order_by(Organisation.code)
    session.scalars(rows.with_for_update(key_share=True)).all()


def require_free(
    session: Session, instance: Instance, asked: Mapping[str, Any], seen: Collection[Mapping[str, Any]], moment: Moment
) -> None:
    """Claim the units, and refuse what was booked since somebody judged ``seen``, the clashes of `conflict`.

    ``asked`` is what `conflict` is asked, with the ``objects`` and the ``date``.  Raises ServiceFault: day_taken.
    """
    claim(session, asked["objects"])
    known = {one["instance_id"] for one in seen}
    found = conflict(session, instance, asked, moment)
    if found["conflict"] and any(one["instance_id"] not in known for one in found["clashes"]):
        raise ServiceFault(TAKEN, N_("Others have been entered for these units and days in the meantime."))


def conceal(session: Session, instance_id: str) -> None:
    """Nobody in the district is to see what the case has booked until it has taken place: a surprise visit."""
    session.execute(update(Engagement).where(Engagement.instance_id == instance_id).values(secret=True))


def release(session: Session, instance_id: str) -> None:
    """Give back the days of a case that are still only planned: it is put off, merged or cancelled."""
    rows = select(Engagement).where(Engagement.instance_id == instance_id, Engagement.status == "planned")
    for row in session.scalars(rows):
        session.delete(row)
    session.flush()


def hold(session: Session, instance_id: str) -> None:
    """Enter that it has taken place: from now on it counts for the frequency, whatever becomes of the case."""
    planned = (Engagement.instance_id == instance_id, Engagement.status == "planned")
    session.execute(update(Engagement).where(*planned).values(status="held"))


def clashes(
    session: Session, units: Collection[str], days: Collection[date], instance_id: str, moment: Moment
) -> tuple[Clash, ...]:
    """What else is booked for the units, or for a body above or below one of them, around these days; the nearest
    first. Each engagement stands there once a unit, with the strictest rule that it touches; secret ones don't."""
    return _clashes(session, units, days, instance_id, moment, or_(~Engagement.secret, Engagement.status == "held"))


def _clashes(
    session: Session,
    units: Collection[str],
    days: Collection[date],
    instance_id: str,
    moment: Moment,
    seen: ColumnElement[bool],
) -> tuple[Clash, ...]:
    numbers = parameters.values(session, moment.today, NUMBERS)
    window = timedelta(days=int(numbers["visit_window_days"]))
    if not units or not days:
        return ()
    rows = session.scalars(
        select(Engagement).where(
            _concerns(units),
            Engagement.day >= min(days) - window,
            Engagement.day <= max(days) + window,
            Engagement.instance_id != instance_id,
            seen,
        )
    )
    near = int(numbers["visit_near_days"])
    found: dict[tuple[str, str], tuple[int, Clash]] = {}
    for row in rows:
        distance, rule = min((_distance(row.day, day, near, moment) for day in days), key=lambda one: one[0])
        known = found.get((row.instance_id, row.unit))
        if known is None or distance < known[0]:
            clash = Clash(row.kind, row.title, row.day, row.unit, row.instance_id, row.status, rule)
            found[row.instance_id, row.unit] = (distance, clash)
    return tuple(clash for _, clash in sorted(found.values(), key=lambda one: (one[0], one[1].day, one[1].unit)))


def conflict(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service ``visit_conflict``: what speaks against visiting the ``objects`` on that ``date``, or those dates.

    ``purpose`` is the reason of a visit (suspect_false, red_light ...), or "joint" or "activity".  Returns
    {"conflict", "advice": pass | merge | space_out, "basis", "clashes": [{kind, title, date, unit, unit_name, rule,
    instance_id}], "merge_with": instance id or None, "same_day", "near", "recent": how many cases}.

    Raises ServiceFault: bad_date.
    """
    days = _days(inputs["date"], moment)
    asked = (session, inputs["objects"] or (), days, instance.id, moment)
    found = _clashes(*asked, true()) if _sees_secrets(session, instance, inputs) else clashes(*asked)
    counted = {rule: {one.instance_id for one in found if one.rule == rule} for rule in ("same_day", "near")}
    facts = {name: len(cases) for name, cases in counted.items()}
    facts["recent"] = _busiest(found)
    numbers = parameters.values(session, moment.today, NUMBERS)
    told = {**facts, "purpose": str(inputs["purpose"] or ""), "parameters": numbers}
    decided = tables_in_force.table(session, TABLE).decide(told, moment)
    assert isinstance(decided, dict)  # hit policy FIRST
    touching = [one for one in found if one.rule != "frequency"] or found
    return {
        "conflict": decided["advice"] != "pass",
        "advice": decided["advice"],
        "basis": decided["basis"],
        "clashes": [_told(one) for one in (touching if decided["advice"] == "merge" else found)],
        "merge_with": _partner(found, moment) if decided["advice"] == "merge" else None,
        **facts,
    }


def _sees_secrets(session: Session, instance: Instance, inputs: Mapping[str, Any]) -> bool:
    """The Office and the teams that it sends see all; a district, and those who invite deputies, what is no secret."""
    executor = session.scalar(select(Visit.executor).where(Visit.id == instance.id))
    return inputs["purpose"] == "joint" or executor in ("office", "cross_district")


def _concerns(units: Collection[str]) -> ColumnElement[bool]:
    """The unit itself, the district it belongs to, and what belongs to it: who visits a district, visits its units."""
    above = {code for unit in units for code in _chain(unit)}
    below = {code for code in known_units() if set(_chain(code)) & set(units)}
    return Engagement.unit.in_(sorted(above | below | set(units)))


def _chain(code: str) -> list[str]:
    """A district and its units hold together; above a district, everything holds together."""
    chain, unit = [code], known_units().get(code)
    while unit is not None and unit.kind in ("district_unit", "district_supervision_office") and unit.parent:
        chain.append(unit.parent)
        unit = known_units().get(unit.parent)
    return chain


def _distance(booked: date, wanted: date, near: int, moment: Moment) -> tuple[int, str]:
    if booked == wanted:
        return 0, "same_day"
    first, last = min(booked, wanted), max(booked, wanted)
    is_near = between(first, last, moment.calendar) <= near
    return (last - first).days, "near" if is_near else "frequency"


def _busiest(found: Iterable[Clash]) -> int:
    """The most cases that any one unit has in the window."""
    cases: dict[str, set[str]] = {}
    for one in found:
        cases.setdefault(one.unit, set()).add(one.instance_id)
    return max((len(ones) for ones in cases.values()), default=0)


def _partner(found: Iterable[Clash], moment: Moment) -> str | None:
    """The nearest case with which one can still go together."""
    open_ones = (
        one for one in found if one.status == "planned" and one.day >= moment.today and one.rule != "frequency"
    )
    return next((one.instance_id for one in open_ones), None)


def _days(given: Any, moment: Moment) -> list[date]:
    try:
        return [to_date(one, moment) for one in (given if isinstance(given, list) else [given])]
    except (TypeError, ValueError):
        raise ServiceFault("bad_date", N_("“{value}” is no date."), value=given) from None


def _told(clash: Clash) -> dict[str, Any]:
    unit = known_units().get(clash.unit)
    return {
        "kind": clash.kind,
        "title": clash.title,
        "date": clash.day.isoformat(),
        "unit": clash.unit,
        "unit_name": unit.name if unit else clash.unit,
        "rule": clash.rule,
        "instance_id": clash.instance_id,
    }
