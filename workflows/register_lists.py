"""The registers of a campaign as searchable lists: one visible table of what each shows.

To add a register, give it a row: its rows, what is searched, when they came, whose they are, which are still open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from engine.access import Actor, NotFound, not_hidden
from engine.tables import Instance
from faults import N_
from workflows.organisation import district_of, units
from workflows.sight import Sight, sight
from workflows.tables import (
    Activity,
    Change,
    DeputyOpinion,
    Disclosure,
    Exposure,
    Finding,
    Instruction,
    Joint,
    LedgerItem,
    Matter,
    MediaClue,
    Objection,
    Opinion,
    Problem,
    Referral,
    Urging,
    Visit,
)
from workflows.visits import secret

HEADING = 80  # characters of a text that stands for a title


@dataclass(frozen=True, slots=True)
class Register:
    """``about`` are the columns beside number, title, unit and state that the list shows, with their headings.

    ``unit`` is the column of an organisation code; ``mine(districts)`` the condition on rows of these districts;
    ``states`` the words for each status; ``open`` those that still wait for somebody.
    """

    name: str
    title: str
    table: Any
    number: Any
    heading: Any
    unit: Any
    state: Any
    states: Mapping[str, str]
    open: tuple[str, ...]
    came_at: Any
    due: Any
    instance: Any
    searched: tuple[Any, ...]
    mine: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """``row`` is the whole row; ``due`` a date, an instant or None."""

    number: str | None
    title: str
    unit: str | None
    state: str
    came_at: datetime
    due: date | datetime | None
    instance_id: str | None
    item_id: str | None
    task_code: str | None


def _of_units(column: Any) -> Any:
    """Rows of the organisations of some districts."""
    return lambda districts: column.in_([code for code in units() if district_of(code) in districts])


def _listed(column: Any) -> Any:
    """Rows whose JSON list of organisations names one of some districts: its text has the code in quotation marks."""
    return lambda districts: or_(false(), *(cast(column, String).contains(f'"{code}"') for code in sorted(districts)))


def _of_item(column: Any, unit: Any) -> Any:
    """Rows about an item of some districts, or of their organisations."""
    own = select(LedgerItem.id)
    return lambda districts: or_(
        column.in_(own.where(LedgerItem.district.in_(sorted(districts)))), _of_units(unit)(districts)
    )


def _visited(districts: frozenset[str]) -> ColumnElement[bool]:
    """Visits to some districts that are no surprise any more, and those that their own teams make elsewhere."""
    named = sorted(districts)
    own_team = and_(Visit.executor != "office", Visit.team_org.in_(named))
    return or_(and_(Visit.district.in_(named), ~secret()), own_team)


_FOUND_ON = select(Visit.number).where(Visit.id == Finding.visit_id).scalar_subquery()
_URGED = {"1": N_("reminder"), "2": N_("first urging"), "3": N_("second urging"), "4": N_("supervision order"),
          "5": N_("talk proposed"), "6": N_("referral")}  # fmt: skip
# What was urged for is said by the case.
_URGED_FOR = select(Instance.title).where(Instance.id == Urging.instance_id).scalar_subquery()
_TABLE = (
    Register(
        "problems", N_("Problems"), Problem, Problem.number, Problem.title, None, Problem.status,
        {"reported": N_("reported"), "open": N_("being handled"), "solved": N_("solved"), "merged": N_("merged"),
         "unfounded": N_("unfounded"), "transferred": N_("transferred"), "cancelled": N_("cancelled")},
        ("reported", "open"), Problem.reported_at, Problem.due, Problem.instance_id,
        (Problem.number, Problem.title, Problem.facts), _listed(Problem.districts),
    ),
    Register(
        "instructions", N_("Leaders' instructions"), Instruction, Instruction.number, Instruction.title,
        Instruction.lead_unit, Instruction.status,
        {"registered": N_("registered"), "dispatched": N_("dispatched"), "handling": N_("being handled"),
         "reported": N_("reported to the leader"), "satisfied": N_("leader satisfied"), "further": N_("further work"),
         "cancelled": N_("cancelled"), "archived": N_("put on file")},
        ("registered", "dispatched", "handling", "reported", "further"), Instruction.registered_at,
        Instruction.deadline, Instruction.instance_id,
        (Instruction.number, Instruction.title, Instruction.instruction_text), _of_units(Instruction.lead_unit),
    ),
    Register(
        "matters", N_("Matters for decision"), Matter, Matter.number, Matter.title, Matter.unit, Matter.status,
        {"drafting": N_("being drafted"), "countersigning": N_("being countersigned"),
         "procedure": N_("statutory procedure"),
         "reviewing": N_("under review"), "submitted": N_("submitted"), "decided": N_("decided"),
         "withdrawn": N_("withdrawn"), "cancelled": N_("cancelled")},
        ("drafting", "countersigning", "procedure", "reviewing", "submitted"), Matter.requested_at, Matter.deadline,
        Matter.instance_id, (Matter.number, Matter.title, Matter.background), _of_item(Matter.item_id, Matter.unit),
    ),
    Register(
        "objections", N_("Objections"), Objection, Objection.number, Objection.title, Objection.unit, Objection.status,
        {"filed": N_("filed"), "reviewing": N_("under review"), "overdue": N_("decision overdue"),
         "decided": N_("decided"), "rejected_late": N_("too late"), "inadmissible": N_("inadmissible"),
         "cancelled": N_("cancelled")},
        ("filed", "reviewing", "overdue"), Objection.filed_at, Objection.due_on, Objection.instance_id,
        (Objection.number, Objection.title, Objection.grounds), _of_units(Objection.unit),
    ),
    Register(
        "changes", N_("Changes of items"), Change, Change.number, Change.title, Change.unit, Change.status,
        {"filed": N_("under decision"), "approved": N_("approved"), "partial": N_("partly approved"),
         "rejected": N_("rejected"), "withdrawn": N_("withdrawn"), "cancelled": N_("cancelled"),
         "lapsed": N_("lapsed")},
        ("filed",), Change.filed_at, Change.asked_deadline, Change.id,
        (Change.number, Change.title, Change.reason), _of_item(Change.item_id, Change.unit),
    ),
    Register(
        "urgings", N_("Urgings"), Urging, Urging.number, _URGED_FOR, Urging.unit, cast(Urging.rung, String), _URGED,
        (), Urging.at, Urging.due, Urging.instance_id, (Urging.number, Urging.reason, _URGED_FOR),
        _of_units(Urging.unit),
    ),
    Register(
        "visits", N_("Visits on the spot"), Visit, Visit.number, Visit.title, Visit.org, Visit.status,
        {"planned": N_("planned"), "done": N_("done"), "refused": N_("refused entry"), "cancelled": N_("cancelled"),
         "merged": N_("merged")},
        ("planned",), Visit.planned_at, Visit.visit_date, Visit.id,
        (Visit.number, Visit.title, Visit.summary), _visited,
    ),
    Register(
        "findings", N_("Findings on the spot"), Finding, _FOUND_ON, func.substr(Finding.text, 1, HEADING), Finding.unit,
        Finding.status,
        {"found": N_("found"), "fixed": N_("fixed"), "ordered": N_("ordered to rectify"),
         "pooled": N_("in the pool of problems"), "observed": N_("being watched"), "cancelled": N_("cancelled")},
        ("found",), Finding.found_at, literal(None), Finding.visit_id, (_FOUND_ON, Finding.text, Finding.improvement),
        _of_units(Finding.unit),
    ),
    Register(
        "joints", N_("Joint supervisions"), Joint, Joint.number, Joint.theme, None, Joint.status,
        {"proposed": N_("proposed"), "preparing": N_("being prepared"), "held": N_("held"),
         "concluded": N_("concluded"), "cancelled": N_("cancelled"), "postponed": N_("put off")},
        ("proposed", "preparing", "held"), Joint.proposed_at, Joint.planned_on, Joint.id,
        (Joint.number, Joint.theme, Joint.conclusion), _listed(Joint.objects),
    ),
    Register(
        "activities", N_("Inspections of deputies"), Activity, Activity.number, Activity.theme, None, Activity.status,
        {"registered": N_("registered"), "scheduled": N_("scheduled"), "postponed": N_("put off"),
         "held": N_("held"), "closed": N_("closed"), "cancelled": N_("cancelled")},
        ("registered", "scheduled", "postponed", "held"), Activity.registered_at, Activity.date_to, Activity.id,
        (Activity.number, Activity.theme), _listed(Activity.hosts),
    ),
    Register(
        "deputy_opinions", N_("Opinions of deputies"), DeputyOpinion, DeputyOpinion.number,
        func.substr(DeputyOpinion.content, 1, HEADING), DeputyOpinion.unit, DeputyOpinion.status,
        {"handling": N_("being handled"), "replied": N_("answered, feedback awaited"), "settled": N_("settled"),
         "no_feedback": N_("no feedback"), "mediated": N_("mediated"), "answered": N_("answered on the spot"),
         "cancelled": N_("cancelled")},
        ("handling", "replied"), DeputyOpinion.raised_at, DeputyOpinion.due, DeputyOpinion.instance_id,
        (DeputyOpinion.number, DeputyOpinion.content), _of_units(DeputyOpinion.unit),
    ),
    Register(
        "opinions", N_("Opinions of the public"), Opinion, Opinion.number, Opinion.title, Opinion.unit, Opinion.status,
        {"received": N_("received"), "handling": N_("being handled"), "replied": N_("answered, rating awaited"),
         "closed": N_("closed"), "cancelled": N_("cancelled")},
        ("received", "handling", "replied"), Opinion.received_at, Opinion.due, Opinion.instance_id,
        (Opinion.number, Opinion.title), _of_units(Opinion.unit),
    ),
    Register(
        "disclosures", N_("Disclosures"), Disclosure, Disclosure.number, Disclosure.title, Disclosure.unit,
        Disclosure.status,
        {"preparing": N_("being prepared"), "published": N_("published"), "withheld": N_("withheld"),
         "cancelled": N_("cancelled")},
        ("preparing",), Disclosure.begun_at, Disclosure.published_at, Disclosure.instance_id,
        (Disclosure.number, Disclosure.title, Disclosure.text), _of_units(Disclosure.unit),
    ),
    Register(
        "clues", N_("Clues for the media"), MediaClue, MediaClue.number, MediaClue.title, MediaClue.unit,
        MediaClue.status,
        {"received": N_("received"), "verified": N_("verified"), "exposed": N_("made public"),
         "referred": N_("sent to leaders"), "held": N_("not published"), "refused": N_("publication refused"),
         "followed": N_("followed up"), "corrected": N_("corrected"), "withdrawn": N_("withdrawn"),
         "cancelled": N_("cancelled")},
        ("received", "verified", "exposed"), MediaClue.received_at, MediaClue.ended_at, MediaClue.instance_id,
        (MediaClue.number, MediaClue.title, MediaClue.content), _of_units(MediaClue.unit),
    ),
    Register(
        "exposures", N_("Exposures"), Exposure, Exposure.number, Exposure.title, Exposure.unit, Exposure.status,
        {"exposed": N_("not solved yet"), "resolved": N_("solved"), "corrected": N_("corrected")},
        ("exposed",), Exposure.recorded_at, Exposure.resolved_on, Exposure.instance_id,
        (Exposure.number, Exposure.title, Exposure.outlet), _of_units(Exposure.unit),
    ),
    Register(
        "referrals", N_("Referrals for accountability"), Referral, Referral.number, Referral.title,
        Referral.subject_unit, Referral.status,
        {"received": N_("received"), "registered": N_("registered"), "verified": N_("verified"),
         "awaiting": N_("result awaited"), "transferred": N_("transferred"), "closed": N_("closed"),
         "no_measure": N_("no measure"), "unfounded": N_("unfounded"), "rejected": N_("not approved"),
         "cancelled": N_("cancelled")},
        ("received", "registered", "verified", "awaiting", "transferred"), Referral.received_at, Referral.ended_at,
        Referral.instance_id, (Referral.number, Referral.title, Referral.facts), _of_units(Referral.subject_unit),
    ),
)  # fmt: skip
REGISTERS: Mapping[str, Register] = MappingProxyType({register.name: register for register in _TABLE})


def get(name: str) -> Register:
    """Raises NotFound."""
    if name not in REGISTERS:
        raise NotFound
    return REGISTERS[name]


def entries(
    session: Session, actor: Actor, register: Register, campaign_id: str | None, state: str, search: str,
    limit: int, offset: int,
) -> tuple[list[Entry], int]:  # fmt: skip
    """A page of the register, the newest first, and how many there are. ``state``: a status, ``open``, or nothing.

    Raises NotYours. Two statements.
    """
    conditions = [*_visible(register, actor, sight(actor), campaign_id), *_found(register, state, search)]
    total = session.scalar(select(func.count()).select_from(register.table).where(*conditions)) or 0
    if total <= offset:
        return [], total
    table = register.table
    query = (
        select(
            register.number,
            register.heading,
            register.unit if register.unit is not None else literal(None),
            register.state,
            register.came_at,
            register.due,
            register.instance,
            getattr(table, "item_id", literal(None)),
            getattr(table, "task_code", literal(None)),
        )
        .where(*conditions)
        .order_by(register.came_at.desc(), table.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Entry(*row) for row in session.execute(query)], total


def open_counts(session: Session, actor: Actor, campaign_id: str) -> dict[str, int]:
    """Register -> how many of its entries are open. One statement."""
    districts = sight(actor)
    parts = [
        select(literal(register.name), func.count())
        .select_from(register.table)
        .where(*_visible(register, actor, districts, campaign_id), *_found(register, "open", ""))
        for register in REGISTERS.values()
    ]
    return dict(session.execute(union_all(*parts)).all())


def _visible(register: Register, actor: Actor, districts: Sight, campaign_id: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [not_hidden(register.instance, actor)]
    if campaign_id is not None:
        found.append(register.table.campaign_id == campaign_id)
    if districts is not None:
        found.append(register.mine(districts))
    return found


def _found(register: Register, state: str, search: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if state == "open":
        found.append(_is_open(register))
    elif state in register.states:
        found.append(register.state == state)
    if words := search.strip():
        found.append(or_(*(column.contains(words, autoescape=True) for column in register.searched)))
    return found


def _is_open(register: Register) -> ColumnElement[bool]:
    if register.table is Urging:
        return and_(Urging.settled_at.is_(None), Urging.void_since.is_(None))
    found: ColumnElement[bool] = register.state.in_(register.open)
    return found
