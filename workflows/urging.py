"""Urging (催办): the ladder D2 of the domain guide, climbed one rung at a time while something is late.

The decision table says which rung a lateness has reached; pauses are taken off and days are working days.  Here are the
facts that it sees, and what a rung does: a row in the register with the number of its slip or order, notices, a mark at
the task.  A rung that was missed because no worker ran is made up for the next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import notices, tasks
from engine.tables import Instance, Task
from faults import N_
from workflows import parameters, pauses, serials, tables_in_force
from workflows.organisation import district_of, is_subordinate
from workflows.recipients import of_roles, of_task
from workflows.roles import ROLES
from workflows.tables import LedgerItem, Urging
from workflows.working_time import Lateness, Pause, lateness

TABLE = "D2_urging"
NUMBERS = (
    "urge_remind_days", "urge_second_days", "urge_order_days", "urge_talk_days", "urge_referral_days",
    "urge_referral_count",
)  # fmt: skip
FIRST_URGING, LAST = 2, 6


@dataclass(frozen=True, slots=True)
class Rung:
    """``kind`` and number as D2 gives them. Roles of the district and of the city hear of it besides who has the task.

    ``series``: of the document that goes out; "" where none does.
    """

    rung: int
    kind: str
    name: str
    message: str
    district: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    series: str = ""


_TABLE = (
    Rung(1, "reminder", "reminder", N_("“{task}” of “{title}” is due on {due}.")),
    Rung(
        2,
        "slip",
        "urging_1",
        N_("First urging: “{task}” of “{title}” was due on {due}. Please do it now."),
        series="urging_slip",
    ),
    Rung(
        3,
        "slip",
        "urging_2",
        N_("Second urging: “{task}” of “{title}” was due on {due}. The supervision office gets a copy."),
        ("district_supervision_officer",),
        ("task_group_officer",),
        "urging_slip",
    ),
    Rung(
        4,
        "order",
        "supervision_order",
        N_("Supervision order: “{task}” of “{title}” is {late} working days late (due {due})."),
        ("district_leader", "district_supervision_officer"),
        ("task_group_officer",),
        "supervision_order",
    ),
    Rung(
        5,
        "talk",
        "talk_proposed",
        N_("A talk is proposed: “{task}” of “{title}” is {late} working days late (due {due})."),
        ("district_leader",),
        ("task_group_lead",),
    ),
    Rung(
        6,
        "referral",
        "referral_proposed",
        N_("A referral for accountability is proposed: “{task}” of “{title}” is {late} working days late (due {due})."),
        (),
        ("task_group_lead", "synthesis_lead"),
    ),
)
RUNGS: Mapping[int, Rung] = MappingProxyType({rung.rung: rung for rung in _TABLE})


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that is to be done until ``due``: an open task, or an item as a whole (``task`` None).

    ``last``: the rung that was climbed for it last, 0 for none.  ``count``: the how many-eth overdue case of its item,
    or of its instance, this one is or would be.
    """

    task: Task | None
    item: LedgerItem | None
    due: datetime
    unit: str
    is_subordinate: bool
    late: Lateness
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """A rung that was climbed before: for a task, or for the due of the item as a whole (``task_id`` None)."""

    task_id: str | None
    due: datetime | None
    rung: int
    is_void: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the dues of one item or case share: when its clock stood still, and the rungs climbed so far."""

    pauses: tuple[Pause, ...]
    climbed: tuple[Step, ...]

    @property
    def count(self) -> int:
        """How many of its dues were urged for, those not counted that were declared void."""
        counted = (step for step in self.climbed if step.rung >= FIRST_URGING and not step.is_void)
        return len({(step.task_id, step.due) for step in counted})

    def last(self, task_id: str | None, due: datetime) -> int:
        """The highest rung climbed for a task, or for the item as a whole until ``due``; 0: none."""
        mine = (step for step in self.climbed if step.task_id == task_id and (task_id or step.due == due))
        return max((step.rung for step in mine), default=0)


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung that was climbed; ``told`` is how many people heard of it."""

    rung: Rung
    row: Urging
    told: int


def urge(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Remind of, or urge, the open tasks of ``element`` (one, or a list); only those of ``unit``, if that is not None.

    Returns {"rung": name of the highest rung that was climbed or None, "told": count, "unit": whose rung that was}.
    """
    elements = [inputs["element"]] if isinstance(inputs["element"], str) else list(inputs["element"])
    wanted = [Task.instance_id == instance.id, Task.element.in_(elements), Task.status == "open"]
    unit = inputs.get("unit")
    if unit is not None:
        wanted.append(Task.org == unit)
    known = standing(session, instance, None, moment)
    found = owed_tasks(instance, session.scalars(select(Task).where(*wanted)), None, known, moment)
    climbed = [(owed, climb(session, instance, owed, moment)) for owed in found]
    reached = [(owed.task, one) for owed, one in climbed if owed.task is not None and one is not None]
    for element in sorted({task.element for task, one in reached if one.rung.rung >= FIRST_URGING}):
        tasks.urge(session, instance.id, element, moment)
    highest = max((one for _, one in reached), key=lambda one: one.rung.rung, default=None)
    return {
        "rung": highest.rung.name if highest else None,
        "told": sum(one.told for _, one in reached),
        "unit": highest.row.unit if highest else None,
    }


def standing(session: Session, instance: Instance, item: LedgerItem | None, moment: Moment) -> Standing:
    """What the dues of an item, or else of a case, share. Two statements."""
    about = Urging.item_id == item.id if item else Urging.instance_id == instance.id
    rungs = session.execute(select(Urging.task_id, Urging.due, Urging.rung, Urging.void_since).where(about))
    return Standing(
        pauses=pauses.of_item(session, item, moment) if item else pauses.of_case(session, instance.id, moment),
        climbed=tuple(Step(task, due, rung, void is not None) for task, due, rung, void in rungs),
    )


def owed_tasks(
    instance: Instance, found: Iterable[Task], item: LedgerItem | None, known: Standing, moment: Moment
) -> list[Owed]:
    """What the open tasks owe; those without a due time owe nothing."""
    return [
        owed(task, item, task.due, task.org or instance.org or "", known, moment)
        for task in found
        if task.due is not None
    ]


def owed(task: Task | None, item: LedgerItem | None, due: datetime, unit: str, known: Standing, moment: Moment) -> Owed:
    """What is owed until ``due``. Who is not subordinate is reminded and no more (domain guide, section 2)."""
    last = known.last(task.id if task else None, due)
    roles = task.roles if task else ["district_unit_officer"]
    return Owed(
        task=task,
        item=item,
        due=due,
        unit=unit,
        is_subordinate=is_subordinate(unit) and any(ROLES[role].subordinate for role in roles if role in ROLES),
        late=lateness(due, known.pauses, moment),
        last=last,
        count=known.count + (last < FIRST_URGING),
    )


def facts(one: Owed, session: Session, moment: Moment) -> dict[str, Any]:
    """What D2 looks at, with the numbers as ``parameters``."""
    return {
        "paused": one.late.is_paused,
        "subordinate": one.is_subordinate,
        "days_late": one.late.days,
        "overdue_count": one.count,
        "parameters": parameters.values(session, moment.today, NUMBERS),
    }


def next_rung(one: Owed, reached: int, is_at_once: bool) -> int | None:
    """The rung to be climbed now: one above the last, or at once; urging begins with the first urging. None: none."""
    if reached <= one.last:
        return None
    if is_at_once or reached < FIRST_URGING:
        return reached
    return max(one.last + 1, FIRST_URGING)


def climb(session: Session, instance: Instance, one: Owed, moment: Moment) -> Climbed | None:
    """Climb the rung that D2 says it is time for; None if it is not."""
    found = tables_in_force.table(session, TABLE).decide(facts(one, session, moment), moment)
    assert isinstance(found, dict)  # hit policy FIRST
    rung = next_rung(one, int(found["rung"]), found["at_once"])
    return None if rung is None else issue(session, instance, one, rung, moment)


def issue(session: Session, instance: Instance, one: Owed, rung: int, moment: Moment) -> Climbed:
    """Enter the rung into the register, and tell who is to hear of it."""
    step = RUNGS[rung]
    row = Urging(
        campaign_id=one.item.campaign_id if one.item else None,
        item_id=one.item.id if one.item else None,
        instance_id=instance.id,
        task_id=one.task.id if one.task else None,
        unit=one.unit,
        district=district_of(one.unit),
        rung=rung,
        kind=step.kind,
        number=serials.next_number(session, step.series, moment) if step.series else None,
        due=one.due,
        at=moment.now,
        days_late=max(0, one.late.days),
        paused_days=one.late.paused,
    )
    session.add(row)
    session.flush()
    return Climbed(step, row, _tell(session, instance, one, step, moment))


def settle(session: Session, moment: Moment) -> None:
    """Note for which urgings what was asked for is done by now: their task is closed, or their item is."""
    closed = select(Task.id).where(Task.status != "open")
    over = select(LedgerItem.id).where(LedgerItem.status.in_(("closed", "cancelled", "merged")))
    for done in (Urging.task_id.in_(closed), Urging.task_id.is_(None) & Urging.item_id.in_(over)):
        session.execute(
            update(Urging).where(Urging.settled_at.is_(None), done).values(settled_at=moment.now),
            execution_options={"synchronize_session": False},
        )


def _tell(session: Session, instance: Instance, one: Owed, step: Rung, moment: Moment) -> int:
    due = one.due.astimezone(moment.calendar.zone).date().isoformat()
    name = one.task.name if one.task else (one.item.item_name if one.item else None) or instance.title
    params = {"task": name, "title": instance.title, "due": due, "late": one.late.days}
    params |= {"task_id": one.task.id} if one.task else {}
    code = one.task.task_code if one.task else instance.task_code
    doers = of_task(session, one.task) if one.task else of_roles(session, ["district_unit_officer"], one.unit, code)
    people = (
        *doers,
        *of_roles(session, step.district, one.unit, code),
        *of_roles(session, step.city, None, code),
    )
    return notices.post(session, people, step.name, step.message, params, instance, moment)
