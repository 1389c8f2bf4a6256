"""Inspections by deputies of the congress and members of CPPCC (代表委员视察): scheduled, served, closed; M3.

The Office creates the conditions, coordinates and serves (S4.3a, S4.3b); bodies that inspect are not subordinate, so
nothing here urges or forbids.  Every function is a service of the diagram `democratic_supervision`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bpmn.instants import to_date
from bpmn.moment import Moment
from engine import notices
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import briefs, campaigns, joints, recipients, serials, visit_calendar
from workflows.organisation import district_of, units
from workflows.tables import Activity, Engagement
from workflows.tables.base import TITLE

ENDS = ("closed", "cancelled")
TOLD = ("lead_unit_officer", "district_supervision_officer")


def enter(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the activity (``answers`` of `register_activity`), under ``notice_id`` if the liaison announced it.

    Entered again, it keeps its number.  Returns {"number", "activity_id", "campaign_id"}.
    Raises ServiceFault: bad_dates.
    """
    answers = inputs["answers"]
    since, until = to_date(answers["date_from"], moment), to_date(answers["date_to"], moment)
    if until < since:
        message = N_("The activity ends ({end}) before it begins ({start}).")
        raise ServiceFault("bad_dates", message, start=since.isoformat(), end=until.isoformat())
    row = session.get(Activity, instance.id)
    if row is None:
        row = Activity(
            id=instance.id,
            number=serials.next_number(session, "activity", moment),
            notice_id=str(inputs["notice_id"]) if inputs["notice_id"] else None,
            campaign_id=campaigns.of_case(session, inputs["campaign_id"]),
            route=[],
            hosts=[],
            registered_at=moment.now,
        )
        session.add(row)
    row.inspecting_body, row.form = answers["inspecting_body"], answers["form"]
    row.theme, row.task_codes = answers["theme"], answers["task_codes"]
    row.date_from, row.date_to, row.status = since, until, "registered"
    session.flush()
    return {"number": row.number, "activity_id": row.id, "campaign_id": row.campaign_id}


def compare_route(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What else is planned at the stops of the ``route`` [{day, unit, place}], a stop at a time.

    Returns {"conflict", "clashes": as `visit_calendar.conflict` gives them, each once}.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    conflict = False
    for stop in inputs["route"]:
        answer = visit_calendar.conflict(session, instance, _asked(stop), moment)
        if not answer["conflict"]:
            continue
        conflict = True
        found |= {(clash["instance_id"], clash["unit"]): clash for clash in answer["clashes"]}
    return {"conflict": conflict, "clashes": list(found.values())}


def schedule(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Fix route and hosts, and enter every stop into the calendar.

    With ``choice`` merge, a stop that would follow a like visit (``clashes``) is made together with it: on that day,
    and the unit is not booked twice.  Returns {"route": [{day, unit, place, merged_with}], "merged": how many stops,
    "units": [{unit, task_code}] that prepare material, the lead units of the tasks and those among the hosts}.

    ``seen`` are the clashes that were judged.  Raises ServiceFault: day_taken (there are others now).
    """
    row = of(session, instance)
    if (seen := inputs.get("seen")) is not None:  # older versions do not give it
        visit_calendar.claim(session, [stop["unit"] for stop in inputs["route"]])
        for stop in inputs["route"]:
            visit_calendar.require_free(session, instance, _asked(stop), seen, moment)
    clashes = inputs["clashes"] if inputs["choice"] == "merge" else []
    row.route = sorted((_stop(stop, clashes, moment) for stop in inputs["route"]), key=lambda stop: stop["day"])
    row.hosts, row.status = inputs["hosts"], "scheduled"
    _book(session, instance, row)
    preparing = {unit.code: unit.task_code for unit in joints.lead_units(row.task_codes)}
    known = units()
    for host in row.hosts:
        if host in known and known[host].kind == "lead_unit":
            preparing.setdefault(host, known[host].task_code)
    return {
        "route": row.route,
        "merged": sum(1 for stop in row.route if stop["merged_with"]),
        "units": [{"unit": unit, "task_code": task_code} for unit, task_code in preparing.items()],
    }


def pack(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The material of a lead unit that nobody has to write: {"figures", "problems"} of the ``task_code``.

    The figures are those of the districts on the route, of the whole city where it names none.
    """
    row = of(session, instance)
    places = [*row.hosts, *(stop["unit"] for stop in row.route)]
    districts = {district for place in places if (district := district_of(place))}
    tasks = [inputs["task_code"]]
    return {
        "figures": briefs.figures(session, row.campaign_id, tasks, districts, moment),
        "problems": briefs.open_problems(session, row.campaign_id, tasks),
    }


def note_support(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Whether the inspection took place (``held``: held, postponed, cancelled) and with how many ``attendees``.

    What was put off or given up frees its days. Returns {"status"}.
    """
    row = of(session, instance)
    row.attendee_count = inputs["attendees"]
    row.status = inputs["held"]
    if row.status == "held":
        visit_calendar.hold(session, instance.id)
    else:
        visit_calendar.release(session, instance.id)
        row.reason = inputs["reason"] or None
    return {"status": row.status}


def end(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the activity with its ``status`` (closed, cancelled) and the ``reason``; the hosts are told if it is off.

    Returns {"status", "told"}. Raises ServiceFault: bad_outcome.
    """
    status = inputs["status"]
    if status not in ENDS:
        raise ServiceFault("bad_outcome", N_("An inspection of deputies can't end as “{outcome}”."), outcome=status)
    row = session.get(Activity, instance.id)
    if row is None:  # called off before it was entered
        return {"status": status, "told": 0}
    was_announced, row.status, row.ended_at = bool(row.hosts), status, moment.now
    row.reason = inputs["reason"] or row.reason
    visit_calendar.release(session, instance.id)
    if status == "closed" or not was_announced:
        return {"status": status, "told": 0}
    people = [person for host in row.hosts for person in recipients.of_roles(session, TOLD, host, None)]
    message = N_("The inspection of deputies “{title}” is cancelled: {reason}")
    params = {"title": row.theme, "reason": row.reason or ""}
    return {"status": status, "told": notices.post(session, people, "notice", message, params, instance, moment)}


def of(session: Session, instance: Instance) -> Activity:
    """The row of the case. Raises ServiceFault: no_activity."""
    row = session.get(Activity, instance.id)
    if row is None:
        raise ServiceFault("no_activity", N_("This inspection of deputies is not in the register."))
    return row


def _asked(stop: Mapping[str, Any]) -> dict[str, Any]:
    return {"objects": [stop["unit"]], "date": stop["day"], "purpose": "activity"}


def _stop(stop: Mapping[str, Any], clashes: Sequence[Mapping[str, Any]], moment: Moment) -> dict[str, Any]:
    """The stop as it is kept; one that joins another visit takes its day."""
    like = next((clash for clash in clashes if clash["unit"] == stop["unit"]), None)
    day = like["date"] if like else stop["day"]
    return {
        "day": to_date(day, moment).isoformat(),
        "unit": stop["unit"],
        "place": stop.get("place"),
        "merged_with": like["instance_id"] if like else None,
    }


def _book(session: Session, instance: Instance, row: Activity) -> None:
    """A stop each, where the calendar's own `book` enters every unit for every day."""
    visit_calendar.release(session, instance.id)
    stops = {(stop["unit"], date.fromisoformat(stop["day"])) for stop in row.route if stop["merged_with"] is None}
    session.add_all(
        Engagement(
            kind="activity", unit=unit, day=day, title=row.theme[:TITLE], instance_id=instance.id,
            campaign_id=row.campaign_id, status="planned",
        )
        for unit, day in sorted(stops)
    )  # fmt: skip
    session.flush()
